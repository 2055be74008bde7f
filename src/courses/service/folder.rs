//! A course as a folder of text files, read whole before anything is stored. What is wrong is named by file and line.
//!
//! `course.md` says what the course is; `NN-key.md` and `NN-key.quiz` are its items in the order of their names;
//! media, captions and pictures stand beside them and never outside the folder. Slides are a folder of pictures, in the
//! order of their names; the item's text has the words of each page, parted by lines `---`.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use ring::digest::{Context, SHA256};
use serde::Deserialize;

use super::courses::Head;
use crate::courses::model::content::{Draft, Wrong};
use crate::courses::model::front::{self, Split};
use crate::courses::model::markup::{self, Picture};
use crate::courses::model::{Category, Fault, Kind, paper_text, quiz::ShowAnswers, slides};

const LONGEST_SLUG: usize = 60;
/// Bytes of one text file.
const LARGEST_TEXT: u64 = 1024 * 1024;

/// Something wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    pub file: PathBuf,
    pub line: Option<usize>,
    pub text: String,
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{} 第 {line} 行：{}", self.file.display(), self.text),
            None => write!(f, "{}：{}", self.file.display(), self.text),
        }
    }
}

/// A course as its folder has it.
#[derive(Debug)]
pub(super) struct Folder {
    pub slug: String,
    pub head: Head,
    pub head_file: PathBuf,
    pub mandatory_line: usize,
    pub digest: Vec<u8>,
    pub items: Vec<FolderItem>,
}

/// An item as its file has it; media and pictures are still files.
#[derive(Debug)]
pub(super) struct FolderItem {
    pub file: PathBuf,
    pub key: String,
    pub kind: Kind,
    pub section: String,
    pub required: bool,
    pub draft: Draft,
    pub media: Option<PathBuf>,
    pub pictures: Vec<Picture>,
    pub picture_files: HashMap<String, PathBuf>,
    /// Over the file and everything that it names.
    pub digest: Vec<u8>,
    /// Which line of the file a field of the draft stands in.
    lines: HashMap<&'static str, usize>,
    body_line: usize,
}

impl FolderItem {
    /// Where something that the rules of content refuse stands in the file.
    pub(super) fn bad(&self, wrong: Wrong) -> Bad {
        let line = match (wrong.field, wrong.line) {
            // The text of slides is made from the folder that this line names.
            ("body_md", _) if self.kind == Kind::Slides => self.lines.get("slides").copied().unwrap_or(1),
            ("body_md" | "questions_text", line) => self.body_line + line.map_or(0, |l| l.saturating_sub(1)),
            (field, _) => self.lines.get(field).copied().unwrap_or(1),
        };
        Bad { file: self.file.clone(), line: Some(line), text: wrong.text }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseFront {
    category: Category,
    title: String,
    #[serde(default)]
    mandatory: Vec<String>,
    due_days: Option<i32>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemFront {
    title: String,
    section: Option<String>,
    required: Option<bool>,
    video: Option<String>,
    audio: Option<String>,
    pdf: Option<String>,
    /// The folder of its pages.
    slides: Option<String>,
    link: Option<String>,
    captions: Option<String>,
    min_coverage: Option<i32>,
    min_dwell_seconds: Option<i32>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuizFront {
    title: String,
    section: Option<String>,
    required: Option<bool>,
    pass: Option<i32>,
    draw: Option<i32>,
    attempts: Option<i32>,
    show: Option<ShowAnswers>,
    #[serde(default)]
    tags: Vec<String>,
}

/// One line of a file, or what is wrong with reading it.
struct At<'a>(&'a Path);

impl At<'_> {
    fn fault(&self, fault: Fault) -> Bad {
        Bad { file: self.0.to_owned(), line: Some(fault.line), text: fault.text }
    }

    fn bad(&self, line: usize, text: impl Into<String>) -> Bad {
        self.fault(Fault::at(line, text))
    }

    fn file(&self, text: impl Into<String>) -> Bad {
        Bad { file: self.0.to_owned(), line: None, text: text.into() }
    }
}

fn read_text(path: &Path) -> Result<String, Bad> {
    let at = At(path);
    let size = fs::metadata(path).map_err(|e| at.file(format!("读不出来（{}）", e.kind())))?.len();
    if size > LARGEST_TEXT {
        return Err(at.file("文本文件不能超过 1 MB"));
    }
    let bytes = fs::read(path).map_err(|e| at.file(format!("读不出来（{}）", e.kind())))?;
    // Editors on Windows end lines with two characters.
    String::from_utf8(bytes).map(|text| text.replace("\r\n", "\n")).map_err(|e| {
        let good = e.as_bytes().get(..e.utf8_error().valid_up_to()).unwrap_or_default();
        at.bad(good.iter().filter(|b| **b == b'\n').count() + 1, "不是 UTF-8 文字，请另存为 UTF-8")
    })
}

/// Reads everything; a list of what is wrong, with at most one for each file.
pub(super) fn read(folder: &Path) -> Result<Folder, Vec<Bad>> {
    let slug = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut wrong = Vec::new();
    if !is_name(&slug) || slug.len() > LONGEST_SLUG {
        wrong.push(At(folder).file("课程文件夹的名字只能用小写字母、数字和短横线，最多 60 个字符"));
    }
    let head_file = folder.join("course.md");
    let head = read_head(&head_file).map_err(|bad| wrong.push(bad)).ok();
    let names = item_names(folder).map_err(|bad| wrong.push(bad)).unwrap_or_default();
    let mut items: Vec<FolderItem> = Vec::new();
    let mut keys = HashSet::new();
    for name in names {
        let file = folder.join(&name);
        match read_item(folder, &file, &name, items.last().map(|i| i.section.as_str())) {
            Ok(item) if keys.insert(item.key.clone()) => items.push(item),
            Ok(item) => wrong.push(At(&file).file(format!("名字里的“{}”和另一个文件重复", item.key))),
            Err(bad) => wrong.push(bad),
        }
    }
    if items.is_empty() && wrong.is_empty() {
        wrong.push(At(folder).file("课程里没有内容：内容文件的名字形如 01-login.md、02-check.quiz"));
    }
    match head {
        Some((head, mandatory_line, digest)) if wrong.is_empty() => {
            Ok(Folder { slug, head, head_file, mandatory_line, digest, items })
        }
        _ => Err(wrong),
    }
}

fn is_name(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.bytes().all(fits)
}

fn item_names(folder: &Path) -> Result<Vec<String>, Bad> {
    let unreadable = |e: std::io::Error| At(folder).file(format!("读不出来（{}）", e.kind()));
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        let is_item = name.ends_with(".md") || name.ends_with(".quiz");
        if is_item && name != "course.md" && !name.eq_ignore_ascii_case("readme.md") && !name.starts_with('.')
        {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn read_head(file: &Path) -> Result<(Head, usize, Vec<u8>), Bad> {
    let at = At(file);
    let text = read_text(file)?;
    let split = front::split(&text).map_err(|f| at.fault(f))?;
    let front: CourseFront = split.read().map_err(|f| at.fault(f))?;
    let line = split.line_of("mandatory");
    let head = Head {
        category: front.category,
        title: front.title,
        summary: split.body.to_owned(),
        tags: front.tags,
        mandatory_for: front.mandatory,
        due_days: front.due_days,
    };
    let head = head.checked().map_err(|wrong| {
        let line = match wrong.field {
            "summary" => split.body_line,
            "mandatory_for" => line,
            field => split.line_of(field),
        };
        at.bad(line, wrong.text)
    })?;
    Ok((head, line, digest([text.as_bytes()])))
}

fn read_item(folder: &Path, file: &Path, name: &str, before: Option<&str>) -> Result<FolderItem, Bad> {
    let at = At(file);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let key = stem.split_once('-').filter(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let key = key.map(|(_, key)| key).filter(|key| is_name(key) && key.len() <= LONGEST_SLUG);
    let key = key.ok_or_else(|| {
        at.file("内容文件的名字应形如 01-login.md 或 02-check.quiz（小写字母、数字、短横线）")
    })?;
    let text = read_text(file)?;
    let split = front::split(&text).map_err(|f| at.fault(f))?;
    match extension {
        "quiz" => read_quiz(&at, key, &text, &split, before),
        _ => read_material(folder, &at, key, &text, &split, before),
    }
}

fn read_quiz(
    at: &At<'_>,
    key: &str,
    text: &str,
    split: &Split<'_>,
    before: Option<&str>,
) -> Result<FolderItem, Bad> {
    let front: QuizFront = split.read().map_err(|f| at.fault(f))?;
    let QuizFront { title, section, required, pass, draw, attempts, show, tags } = front;
    let head = paper_text::Head { pass, draw, attempts, show };
    let paper = paper_text::read(head, split.body, split.body_line).map_err(|f| at.fault(f))?;
    Ok(FolderItem {
        file: at.0.to_owned(),
        key: key.to_owned(),
        kind: Kind::Quiz,
        section: section_of(section, before),
        required: required.unwrap_or(true),
        draft: Draft { title, tags, paper: Some(paper), ..Draft::default() },
        media: None,
        pictures: Vec::new(),
        picture_files: HashMap::new(),
        digest: digest([text.as_bytes()]),
        lines: lines(split),
        body_line: split.body_line,
    })
}

/// The section that is named, otherwise that of the item before.
fn section_of(named: Option<String>, before: Option<&str>) -> String {
    named.unwrap_or_else(|| before.unwrap_or("内容").to_owned())
}

fn lines(split: &Split<'_>) -> HashMap<&'static str, usize> {
    let medium = ["video", "audio", "pdf"].map(|k| split.line_of(k)).into_iter().max();
    let own = ["title", "tags", "captions", "slides", "link", "min_coverage", "min_dwell_seconds"];
    let mut lines: HashMap<_, _> = own.into_iter().map(|k| (k, split.line_of(k))).collect();
    lines.insert("upload_id", medium.unwrap_or(1));
    lines
}

fn read_material(
    folder: &Path,
    at: &At<'_>,
    key: &str,
    text: &str,
    split: &Split<'_>,
    before: Option<&str>,
) -> Result<FolderItem, Bad> {
    let front: ItemFront = split.read().map_err(|f| at.fault(f))?;
    let given = [
        (Kind::Video, "video", &front.video),
        (Kind::Audio, "audio", &front.audio),
        (Kind::Pdf, "pdf", &front.pdf),
        (Kind::Slides, "slides", &front.slides),
        (Kind::Link, "link", &front.link),
    ];
    let mut chosen = given.iter().filter_map(|(kind, name, value)| Some((*kind, *name, value.as_ref()?)));
    let first = chosen.next();
    if let Some((_, second, _)) = chosen.next() {
        return Err(at.bad(split.line_of(second), "video、audio、pdf、slides、link 只能写一个"));
    }
    let kind = first.map_or(Kind::Article, |(kind, ..)| kind);
    let beside =
        |key: &str, value: &str| inside(folder, value).map_err(|text| at.bad(split.line_of(key), text));
    let media = match first.filter(|(kind, ..)| kind.has_media()) {
        Some((_, name, value)) => Some(beside(name, value)?),
        None => None,
    };
    let captions_file = front.captions.as_deref().map(|value| beside("captions", value)).transpose()?;
    let captions = captions_file.as_deref().map(read_text).transpose()?;
    let Text { body, pictures, picture_files } = match &front.slides {
        Some(pages) => read_pages(folder, at, split, pages)?,
        None => read_body(folder, at, split)?,
    };
    let mut parts = vec![digest([text.as_bytes()])];
    let mut files: Vec<&PathBuf> = media.iter().chain(&captions_file).chain(picture_files.values()).collect();
    files.sort_unstable();
    for file in files {
        parts.push(file_digest(file).map_err(|e| At(file).file(format!("读不出来（{}）", e.kind())))?);
    }
    Ok(FolderItem {
        file: at.0.to_owned(),
        key: key.to_owned(),
        kind,
        section: section_of(front.section, before),
        required: front.required.unwrap_or(true),
        draft: Draft {
            title: front.title,
            tags: front.tags,
            body_md: body,
            paper: None,
            medium: None,
            captions,
            link: front.link,
            min_coverage: front.min_coverage,
            min_dwell_seconds: front.min_dwell_seconds,
        },
        media,
        pictures,
        picture_files,
        digest: digest(parts.iter().map(Vec::as_slice)),
        lines: lines(split),
        body_line: split.body_line,
    })
}

/// A text with the pictures that it shows.
struct Text {
    body: String,
    pictures: Vec<Picture>,
    picture_files: HashMap<String, PathBuf>,
}

fn read_body(folder: &Path, at: &At<'_>, split: &Split<'_>) -> Result<Text, Bad> {
    let in_body = |fault: Fault| at.bad(split.body_line + fault.line - 1, fault.text);
    let pictures = markup::pictures(split.body).map_err(in_body)?;
    let mut picture_files = HashMap::new();
    for picture in &pictures {
        let file = inside(folder, &picture.target).map_err(|text| in_body(Fault::at(picture.line, text)))?;
        picture_files.insert(picture.target.clone(), file);
    }
    Ok(Text { body: split.body.to_owned(), pictures, picture_files })
}

/// Slides: each picture of a folder, with the words that the text has for it.
fn read_pages(folder: &Path, at: &At<'_>, split: &Split<'_>, pages: &str) -> Result<Text, Bad> {
    let bad = |text: String| at.bad(split.line_of("slides"), text);
    let place = within(folder, pages).map_err(bad)?;
    if !place.is_dir() {
        return Err(bad(format!("课程文件夹里没有 {pages} 文件夹")));
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&place).map_err(|e| bad(format!("{pages} 读不出来（{}）", e.kind())))? {
        let entry = entry.map_err(|e| bad(format!("{pages} 读不出来（{}）", e.kind())))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| !name.starts_with('.'));
    names.sort_by_key(|name| slides::in_order(name));
    if names.is_empty() {
        return Err(bad(format!("{pages} 里还没有图片：一页一张，按文件名排序")));
    }
    let in_body = |line: usize, text: String| at.bad(split.body_line + line, text);
    let own = markup::pictures(split.body).map_err(|fault| in_body(fault.line - 1, fault.text))?;
    if let Some(picture) = own.first() {
        return Err(in_body(picture.line - 1, format!("幻灯片的图片放进 {pages}，这里只写每一页的说明")));
    }
    let words = slides::words(split.body);
    if let Some((line, _)) = words.get(names.len()) {
        let all = names.len();
        return Err(in_body(*line, format!("{pages} 里只有 {all} 页，这是第 {} 段说明", all + 1)));
    }
    let mut picture_files = HashMap::new();
    let mut body = String::new();
    for (number, name) in (1..).zip(&names) {
        // Names of files may hold what Markdown would read as something else.
        let target = format!("page-{number}");
        let said = words.get(number - 1).map_or("", |(_, words)| words);
        body.push_str(&slides::page(number, &target, said));
        picture_files.insert(target, place.join(name));
    }
    let pictures = markup::pictures(&body).map_err(|fault| bad(fault.text))?;
    Ok(Text { body, pictures, picture_files })
}

/// A place in this folder, named as in it.
fn within(folder: &Path, name: &str) -> Result<PathBuf, String> {
    let path = Path::new(name);
    let within = !name.is_empty() && path.components().all(|c| matches!(c, Component::Normal(_)));
    if !within || name.contains("://") {
        return Err(format!("{name} 应是课程文件夹里的文件"));
    }
    Ok(folder.join(path))
}

fn inside(folder: &Path, name: &str) -> Result<PathBuf, String> {
    let file = within(folder, name)?;
    if !file.is_file() {
        return Err(format!("课程文件夹里没有 {name}"));
    }
    Ok(file)
}

fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut all = Context::new(&SHA256);
    for part in parts {
        all.update(&part.len().to_be_bytes());
        all.update(part);
    }
    all.finish().as_ref().to_vec()
}

fn file_digest(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut from = fs::File::open(file)?;
    let mut buffer = vec![0; 256 * 1024];
    let mut all = Context::new(&SHA256);
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok(all.finish().as_ref().to_vec());
        }
        all.update(buffer.get(..read).unwrap_or_default());
    }
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
