//! Slides: a text whose pictures are its pages. What stands below a picture, up to the next one, are the words of that
//! page, for those who cannot see it and for the search. Pure.

use super::Fault;
use super::markup::{self, Picture};

/// Pages of one item.
pub const MOST: usize = 200;

/// One page as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slide {
    /// The digest that names the picture.
    pub digest: String,
    /// What the picture shows, in a few words.
    pub alt: String,
    /// The words below it, sanitised; without pictures.
    pub html: String,
}

/// How many pages there are.
///
/// # Errors
/// No page, too many, words before the first one, a picture that shares its line; by line.
pub fn count(source: &str) -> Result<usize, Fault> {
    let pictures = markup::pictures(source)?;
    let Some(first) = pictures.first() else {
        return Err(Fault::at(1, "幻灯片至少要有一页：一页一张图片"));
    };
    if let Some(extra) = pictures.get(MOST) {
        return Err(Fault::at(extra.line, format!("幻灯片最多 {MOST} 页")));
    }
    if !before(source, first).trim().is_empty() {
        return Err(Fault::at(1, "先放第一页的图片，说明写在图片下面"));
    }
    match pictures.iter().find(|picture| !is_alone(source, picture)) {
        Some(picture) => Err(Fault::at(picture.line, "每一页的图片要单独占一行")),
        None => Ok(pictures.len()),
    }
}

fn before<'a>(source: &'a str, picture: &Picture) -> &'a str {
    source.get(..picture.span.start).unwrap_or_default()
}

/// In a list or beside other words a picture could not be cut out of the text.
fn is_alone(source: &str, picture: &Picture) -> bool {
    let before = before(source, picture);
    let after = source.get(picture.span.end..).unwrap_or_default();
    let rest = after.split('\n').next().unwrap_or_default();
    (before.is_empty() || before.ends_with('\n')) && rest.trim().is_empty()
}

/// The pages of a text that [`count`] takes.
///
/// # Errors
/// A picture that is none of ours, by line.
pub fn pages(source: &str) -> Result<Vec<Slide>, Fault> {
    let pictures = markup::pictures(source)?;
    let ends = pictures.iter().skip(1).map(|p| p.span.start).chain([source.len()]);
    let page = |(picture, end): (&Picture, usize)| {
        let digest = markup::digest_of(&picture.target);
        let digest = digest.ok_or_else(|| Fault::at(picture.line, "这张图片还没有上传，请先上传再引用"))?;
        let words = source.get(picture.span.end..end).unwrap_or_default();
        Ok(Slide {
            digest: digest.to_owned(),
            alt: markup::description(source, picture).to_owned(),
            html: markup::render(words.trim())?.html,
        })
    };
    pictures.iter().zip(ends).map(page).collect()
}

/// Between the words of two pages, in a folder.
const BREAK: &str = "---";

/// The words of each page, with the line that they begin in, counted from 0. Nothing is written: no words.
#[must_use]
pub fn words(body: &str) -> Vec<(usize, String)> {
    let mut pages = vec![(0, String::new())];
    for (number, line) in body.lines().enumerate() {
        if line.trim_end() == BREAK {
            pages.push((number + 1, String::new()));
        } else if let Some((_, page)) = pages.last_mut() {
            page.push_str(line);
            page.push('\n');
        }
    }
    if pages.len() == 1 && body.trim().is_empty() { Vec::new() } else { pages }
}

/// The text of a page: its picture, called by the heading of its words, and the words.
#[must_use]
pub fn page(number: usize, target: &str, words: &str) -> String {
    let heading = words.trim().lines().next().and_then(|line| line.strip_prefix('#'));
    let heading = heading.map(|line| line.trim_start_matches('#').trim().replace(['[', ']', '\\'], " "));
    let alt = heading.filter(|h| !h.is_empty()).unwrap_or_else(|| format!("第 {number} 页"));
    format!("![{alt}]({target})\n\n{}\n\n", words.trim())
}

/// Names of files as people number them: `2.png` before `10.png`.
#[must_use]
pub fn in_order(name: &str) -> Vec<(String, u64)> {
    let mut parts: Vec<(String, String)> = vec![Default::default()];
    for c in name.to_lowercase().chars() {
        let Some((text, digits)) = parts.last_mut() else { break };
        match (c.is_ascii_digit(), digits.is_empty()) {
            (true, _) => digits.push(c),
            (false, true) => text.push(c),
            (false, false) => parts.push((c.to_string(), String::new())),
        }
    }
    parts.into_iter().map(|(text, digits)| (text, digits.parse().unwrap_or(u64::MAX))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn each_picture_is_a_page_with_the_words_below_it() {
        let source =
            format!("![报修](images/{A})\n\n说清**哪里**。\n\n![](images/{A})\n![三](images/{A})\n- 一\n");
        assert_eq!(count(&source), Ok(3));
        let shown: Vec<_> = pages(&source).unwrap().into_iter().map(|p| (p.alt, p.html)).collect();
        let html = |text: &str| text.to_owned();
        assert_eq!(
            shown,
            [
                (html("报修"), html("<p>说清<strong>哪里</strong>。</p>\n")),
                (html(""), html("")),
                (html("三"), html("<ul>\n<li>一</li>\n</ul>\n")),
            ]
        );
        assert!(pages(&source).unwrap().iter().all(|p| p.digest == A));
    }

    #[test]
    fn what_is_no_row_of_pages_is_said_by_line() {
        let wrong = |text: &str| {
            let fault = count(text).unwrap_err();
            (fault.line, fault.text)
        };
        assert_eq!(wrong("只有文字").0, 1);
        assert!(wrong("").1.contains("一页一张图片"));
        assert!(wrong("先说两句\n\n![a](x)").1.contains("先放第一页"));
        assert_eq!(wrong("![a](x)\n\n- ![b](y)\n"), (3, "每一页的图片要单独占一行".into()));
        assert_eq!(wrong("![a](x)\n\n看 ![b](y)").0, 3);
        assert_eq!(wrong("![a](x) 看").0, 1);
        assert_eq!(wrong(&"![a](x)\n".repeat(MOST + 1)).0, MOST + 1);
        assert_eq!(count(&"![a](x)\n".repeat(MOST)), Ok(MOST));
    }

    #[test]
    fn words_of_a_folder_are_parted_by_lines_and_name_their_page() {
        assert!(words("\n\n").is_empty());
        assert_eq!(words("一\n---\n---\n三\n"), [(0, "一\n".into()), (2, String::new()), (3, "三\n".into())]);
        assert_eq!(page(2, "p", "\n## 回执 [1]\n有编号\n"), "![回执  1 ](p)\n\n## 回执 [1]\n有编号\n\n");
        assert_eq!(page(2, "p", ""), "![第 2 页](p)\n\n\n\n");
        let mut names = ["幻灯片10.PNG", "幻灯片2.png", "幻灯片1.png", "封面.png", "幻灯片.png"];
        names.sort_by_key(|name| in_order(name));
        assert_eq!(names, ["封面.png", "幻灯片1.png", "幻灯片2.png", "幻灯片10.PNG", "幻灯片.png"]);
    }
}
