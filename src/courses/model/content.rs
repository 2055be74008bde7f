//! What an item may contain, by its kind, and what a course says about itself. Pure: services and the importer ask
//! here, so that both take and refuse the same.

use super::markup::{self, Rendered};
use super::{Fault, Kind, Paper, slides};
use crate::files::Medium;
use crate::kit::error::Result;
use crate::kit::text::{Lines, checked};

pub const LONGEST_TITLE: usize = 60;
pub const LONGEST_SUMMARY: usize = 300;
pub const LONGEST_BODY: usize = 50_000;
const LONGEST_CAPTIONS: usize = 200_000;
const LONGEST_LINK: usize = 200;
const MOST_TAGS: usize = 10;
const LONGEST_TAG: usize = 20;
const MOST_DEPARTMENTS: usize = 100;
const MOST_DUE_DAYS: i32 = 3650;
/// Percent of what plays, when nothing is said; of slides every page.
const COVERAGE: i32 = 90;
const DWELL: std::ops::RangeInclusive<i32> = 5..=600;

/// An item as somebody wrote it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub title: String,
    pub tags: Vec<String>,
    pub body_md: String,
    pub paper: Option<Paper>,
    pub medium: Option<Medium>,
    pub captions: Option<String>,
    pub link: Option<String>,
    pub min_coverage: Option<i32>,
    pub min_dwell_seconds: Option<i32>,
}

/// What is wrong, in which field, and in which line of it where that can be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub field: &'static str,
    pub line: Option<usize>,
    pub text: String,
}

impl Wrong {
    pub fn new(field: &'static str, text: impl Into<String>) -> Self {
        Self { field, line: None, text: text.into() }
    }

    pub fn at(field: &'static str, fault: Fault) -> Self {
        Self { field, line: Some(fault.line), text: fault.text }
    }
}

/// An item that may be stored.
#[derive(Clone, Debug)]
pub struct Good {
    pub title: String,
    pub tags: Vec<String>,
    pub body: Rendered,
    pub body_md: String,
    pub captions: Option<String>,
    pub link: Option<String>,
    pub min_coverage: i32,
    pub min_dwell_seconds: i32,
}

/// # Errors
/// The first thing that is wrong with it.
pub fn check(kind: Kind, draft: &Draft) -> Result<Good, Wrong> {
    let title = line("title", &draft.title, LONGEST_TITLE)?;
    let tags = tags(&draft.tags)?;
    let body_md = body(&draft.body_md)?;
    let rendered = markup::render(&body_md).map_err(|fault| Wrong::at("body_md", fault))?;
    if kind == Kind::Article && rendered.text.is_empty() && !rendered.html.contains("<img") {
        return Err(Wrong::new("body_md", "图文不能没有正文"));
    }
    let pages = match kind {
        Kind::Slides => Some(slides::count(&body_md).map_err(|fault| Wrong::at("body_md", fault))?),
        _ => draft.medium.as_ref().and_then(|m| m.pages).and_then(|n| usize::try_from(n).ok()),
    };
    medium(kind, draft.medium.as_ref())?;
    match (&draft.paper, kind == Kind::Quiz) {
        (None, true) => return Err(Wrong::new("questions_text", "测验不能没有题目")),
        (Some(_), false) => return Err(Wrong::new("questions_text", "只有测验有题目")),
        _ => {}
    }
    let captions = match &draft.captions {
        Some(_) if !kind.plays() => return Err(Wrong::new("captions", "只有视频和音频有字幕")),
        Some(text) => Some(vtt(text)?),
        None => None,
    };
    let link = match (&draft.link, kind == Kind::Link) {
        (Some(link), true) => Some(page(link)?),
        (None, true) => {
            return Err(Wrong::new("link", "请填写小程序里的页面，例如 /packages/ticket/new/index"));
        }
        (Some(_), false) => return Err(Wrong::new("link", "只有功能链接能填页面")),
        (None, false) => None,
    };
    let usual = match kind {
        Kind::Video | Kind::Audio => COVERAGE,
        Kind::Slides => 100,
        _ => 0,
    };
    let min_coverage = draft.min_coverage.unwrap_or(usual);
    if !(0..=100).contains(&min_coverage) {
        return Err(Wrong::new("min_coverage", "应在 0 到 100 之间"));
    }
    let dwell = draft.min_dwell_seconds.unwrap_or_else(|| dwell(kind, &rendered, pages));
    if !(0..=*DWELL.end()).contains(&dwell) {
        return Err(Wrong::new("min_dwell_seconds", "应在 0 到 600 秒之间"));
    }
    Ok(Good { title, tags, body: rendered, body_md, captions, link, min_coverage, min_dwell_seconds: dwell })
}

/// A text in Markdown; it may be empty.
///
/// # Errors
/// Too long, or with a character that is not accepted.
pub fn body(source: &str) -> Result<String, Wrong> {
    match source.trim().is_empty() {
        true => Ok(String::new()),
        false => text("body_md", source, Lines::Many, LONGEST_BODY),
    }
}

fn medium(kind: Kind, medium: Option<&Medium>) -> Result<(), Wrong> {
    let fits = |m: &Medium| match kind {
        Kind::Video => m.kind.is_video(),
        Kind::Audio => m.kind.is_audio(),
        Kind::Pdf => m.kind == crate::files::model::Kind::Pdf,
        _ => false,
    };
    let text = match (kind, medium) {
        (_, Some(m)) if fits(m) => return Ok(()),
        (Kind::Video, _) => "请上传 MP4 或 MOV 视频",
        (Kind::Audio, _) => "请上传 MP3 或 M4A 音频",
        (Kind::Pdf, _) => "请上传 PDF",
        (Kind::Slides, Some(_)) => "幻灯片一页一张图片，不是一个文件",
        (_, Some(_)) => "这一类内容没有媒体文件",
        (_, None) => return Ok(()),
    };
    Err(Wrong::new("upload_id", text))
}

/// One second for eight characters, five for a page; what plays is measured by coverage.
fn dwell(kind: Kind, body: &Rendered, pages: Option<usize>) -> i32 {
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let seconds = match kind {
        Kind::Article => count(body.text.chars().count()) / 8,
        Kind::Pdf | Kind::Slides => count(pages.unwrap_or(1)).saturating_mul(5),
        Kind::Link | Kind::Quiz | Kind::Video | Kind::Audio => return 0,
    };
    seconds.clamp(*DWELL.start(), *DWELL.end())
}

fn text(field: &'static str, text: &str, lines: Lines, most: usize) -> Result<String, Wrong> {
    checked(field, text, lines, most).map_err(|e| {
        let said = e.fields().first().map(|f| f.message.clone());
        Wrong::new(field, said.unwrap_or_else(|| e.code().title().to_owned()))
    })
}

/// One line of text.
///
/// # Errors
/// Empty, too long, or with a character that is not accepted.
pub fn line(field: &'static str, value: &str, most: usize) -> Result<String, Wrong> {
    text(field, value, Lines::One, most)
}

/// # Errors
/// Too many, too long, one twice.
pub fn tags(given: &[String]) -> Result<Vec<String>, Wrong> {
    names("tags", given, MOST_TAGS, LONGEST_TAG)
}

/// `["*"]`, or names of departments of the client, which the caller looks up.
///
/// # Errors
/// Too many, one twice, `*` beside others.
pub fn departments(given: &[String]) -> Result<Vec<String>, Wrong> {
    let names = names("mandatory_for", given, MOST_DEPARTMENTS, 100)?;
    match names.iter().any(|n| n == "*") && names.len() > 1 {
        true => Err(Wrong::new("mandatory_for", "“*”表示甲方全员，不能和部门一起写")),
        false => Ok(names),
    }
}

fn names(field: &'static str, given: &[String], most: usize, longest: usize) -> Result<Vec<String>, Wrong> {
    if given.len() > most {
        return Err(Wrong::new(field, format!("最多 {most} 个")));
    }
    let mut names = Vec::with_capacity(given.len());
    for name in given {
        let name = line(field, name, longest)?;
        if names.contains(&name) {
            return Err(Wrong::new(field, "有重复的"));
        }
        names.push(name);
    }
    Ok(names)
}

/// 0 = none.
///
/// # Errors
/// Out of range.
pub fn due_days(given: Option<i32>) -> Result<Option<i32>, Wrong> {
    match given.filter(|n| *n != 0) {
        Some(days) if !(1..=MOST_DUE_DAYS).contains(&days) => {
            Err(Wrong::new("due_days", "应在 1 到 3650 天之间"))
        }
        days => Ok(days),
    }
}

/// The first paragraph of a text.
///
/// # Errors
/// Empty or too long.
pub fn summary(value: &str) -> Result<String, Wrong> {
    let first = value.trim().split("\n\n").next().unwrap_or_default();
    line("summary", &first.split('\n').map(str::trim).collect::<String>(), LONGEST_SUMMARY)
}

/// A page inside the mini-program, never an address.
fn page(link: &str) -> Result<String, Wrong> {
    let link = line("link", link, LONGEST_LINK)?;
    let inside = ["/packages/", "/pages/"].iter().any(|start| link.starts_with(start));
    let plain = link.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_?=&".contains(&b));
    match inside && plain && !link.contains("//") {
        true => Ok(link),
        false => Err(Wrong::new("link", "只能链接到小程序里的页面，例如 /packages/ticket/new/index")),
    }
}

/// WebVTT, with at least one cue.
fn vtt(captions: &str) -> Result<String, Wrong> {
    let captions = text("captions", captions.trim_start_matches('\u{feff}'), Lines::Many, LONGEST_CAPTIONS)?;
    match captions.starts_with("WEBVTT") && captions.contains("-->") {
        true => Ok(captions + "\n"),
        false => Err(Wrong::new(
            "captions",
            "字幕应是 WebVTT：第一行写 WEBVTT，每段前写起止时间（00:01.000 --> 00:04.000）",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(body: &str) -> Draft {
        Draft { title: "报修".into(), body_md: body.into(), ..Draft::default() }
    }

    #[test]
    fn each_kind_takes_its_own_and_nothing_else() {
        let good = check(Kind::Article, &draft(&"字".repeat(400))).unwrap();
        assert_eq!((good.min_dwell_seconds, good.min_coverage), (50, 0));
        assert_eq!(check(Kind::Article, &draft("短")).unwrap().min_dwell_seconds, 5);
        let field = |kind, draft: &Draft| check(kind, draft).unwrap_err().field;
        assert_eq!(field(Kind::Article, &draft("  ")), "body_md");
        assert_eq!(field(Kind::Video, &draft("")), "upload_id");
        assert_eq!(field(Kind::Quiz, &draft("")), "questions_text");
        assert_eq!(field(Kind::Link, &draft("")), "link");
        for bad in
            ["https://evil.example/", "//evil.example", "/packages//evil.example", "/packages/a b", "/x"]
        {
            let draft = Draft { link: Some(bad.into()), ..draft("") };
            assert_eq!(field(Kind::Link, &draft), "link", "{bad}");
        }
        let link = Draft { link: Some("/packages/ticket/new/index?kind=fault".into()), ..draft("") };
        assert_eq!(check(Kind::Link, &link).unwrap().min_dwell_seconds, 0);
        let captions = Draft { captions: Some("WEBVTT\n".into()), ..draft("x") };
        assert_eq!(field(Kind::Article, &captions), "captions");
        assert_eq!(field(Kind::Slides, &draft("没有图片")), "body_md");
        let page = format!("![一](images/{})\n\n字\n\n", "a".repeat(64));
        let slides = check(Kind::Slides, &draft(&page.repeat(3))).unwrap();
        assert_eq!((slides.min_dwell_seconds, slides.min_coverage), (15, 100));
        let long = Draft { title: "长".repeat(61), ..draft("x") };
        assert_eq!(field(Kind::Article, &long), "title");
    }

    #[test]
    fn summaries_are_one_paragraph_and_all_means_all() {
        assert_eq!(summary("\n一句，\n又一句。\n\n第二段").unwrap(), "一句，又一句。");
        assert!(summary("").is_err());
        assert!(departments(&["*".into(), "财务部".into()]).is_err());
        assert!(departments(&["财务部".into(), "财务部".into()]).is_err());
        assert_eq!(due_days(Some(0)).unwrap(), None);
        assert!(due_days(Some(-1)).is_err());
    }
}
