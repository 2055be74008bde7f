//! Markdown becomes what the mini-program's `rich-text` shows: rendered once when it is written, sanitised then and
//! again whenever it is read. Pure.
//!
//! Nothing in it leads anywhere: no links, no ids, no styles, no frames, no SVG. Pictures are named by the digest
//! of their content (`images/<sha256>`) and by nothing else. Raw HTML is text.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};

use super::Fault;

/// Before the digest in the target of a picture.
pub const IMAGES: &str = "images/";

/// Of the tags that `rich-text` trusts those that Markdown makes, and a few that do no harm.
const TAGS: &[&str] = &[
    "p",
    "br",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "strong",
    "em",
    "b",
    "i",
    "u",
    "s",
    "del",
    "ins",
    "mark",
    "sub",
    "sup",
    "small",
    "span",
    "div",
    "section",
    "blockquote",
    "pre",
    "code",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "img",
];

/// Whose content goes with them; of any other tag the text stays.
const WHOLE: &[&str] = &[
    "script",
    "style",
    "svg",
    "math",
    "template",
    "iframe",
    "object",
    "embed",
    "noscript",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "title",
    "textarea",
    "select",
    "audio",
    "video",
    "canvas",
    "applet",
];

/// A text as it is shown, and as plain words for searching and counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    pub html: String,
    pub text: String,
}

/// A picture that a text shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub target: String,
    /// The whole of `![…](…)` in the source.
    pub(super) span: Range<usize>,
    /// Counted from 1.
    pub line: usize,
}

fn parser(source: &str) -> Parser<'_> {
    // Footnotes would need ids and links, task lists would need inputs.
    Parser::new_ext(source, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
}

fn line_of(source: &str, at: usize) -> usize {
    source.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

/// The pictures of a text, in order.
///
/// # Errors
/// A picture that is not written as `![…](…)`, with its line.
pub fn pictures(source: &str) -> Result<Vec<Picture>, Fault> {
    let mut found = Vec::new();
    for (event, span) in parser(source).into_offset_iter() {
        if let Event::Start(Tag::Image { link_type, dest_url, .. }) = event {
            let line = line_of(source, span.start);
            if link_type != LinkType::Inline {
                return Err(Fault::at(line, "图片请写成 ![说明](img/文件名)"));
            }
            found.push(Picture { target: dest_url.into_string(), span, line });
        }
    }
    Ok(found)
}

/// The text with its pictures named otherwise; a target that has no new name stays.
#[must_use]
pub fn renamed(source: &str, pictures: &[Picture], names: &HashMap<String, String>) -> String {
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    for picture in pictures {
        let Some(name) = names.get(&picture.target) else { continue };
        let alt = description(source, picture);
        out.push_str(source.get(at..picture.span.start).unwrap_or_default());
        out.push_str(&format!("![{alt}]({name})"));
        at = picture.span.end;
    }
    out.push_str(source.get(at..).unwrap_or_default());
    out
}

/// The text with its pictures as words, for where they cannot be had.
#[must_use]
pub fn without_pictures(source: &str, pictures: &[Picture]) -> String {
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    for picture in pictures {
        out.push_str(source.get(at..picture.span.start).unwrap_or_default());
        out.push_str(&format!("〔图：{}〕", description(source, picture)));
        at = picture.span.end;
    }
    out.push_str(source.get(at..).unwrap_or_default());
    out
}

/// What is said of a picture in its square brackets.
pub(super) fn description<'a>(source: &'a str, picture: &Picture) -> &'a str {
    let whole = source.get(picture.span.clone()).unwrap_or_default();
    whole.rfind("](").and_then(|end| whole.get(2..end)).unwrap_or_default()
}

/// The digest that a target names, when it names one.
#[must_use]
pub fn digest_of(target: &str) -> Option<&str> {
    let digest = target.strip_prefix(IMAGES)?;
    let hex = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    hex.then_some(digest)
}

/// # Errors
/// A picture that is not one of ours, with its line.
pub fn render(source: &str) -> Result<Rendered, Fault> {
    for picture in pictures(source)? {
        if digest_of(&picture.target).is_none() {
            return Err(Fault::at(picture.line, "这张图片还没有上传，请先上传再引用"));
        }
    }
    let mut text = String::new();
    let mut targets: Vec<Option<String>> = Vec::new();
    let mut events = Vec::new();
    for event in parser(source) {
        match event {
            Event::Html(raw) | Event::InlineHtml(raw) => {
                text.push_str(&raw);
                events.push(Event::Text(raw));
            }
            // What leads out of the app is shown, not followed.
            Event::Start(Tag::Link { dest_url, .. }) => {
                targets.push(Some(dest_url.into_string()).filter(|url| url.starts_with("http")));
            }
            Event::End(TagEnd::Link) => {
                if let Some(url) = targets.pop().flatten().filter(|url| !text.ends_with(url.as_str())) {
                    events.push(Event::Text(CowStr::from(format!("（{url}）"))));
                }
            }
            event => {
                match &event {
                    Event::Text(words) | Event::Code(words) => text.push_str(words),
                    Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push(' '),
                    _ => {}
                }
                events.push(event);
            }
        }
    }
    let mut dirty = String::new();
    html::push_html(&mut dirty, events.into_iter());
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Rendered { html: sanitised(&dirty), text })
}

/// `source` says what stands as the source of a picture, by the digest that names it.
fn builder(source: impl Fn(&str) -> String + Send + Sync + 'static) -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.iter().copied().collect())
        // An empty builder still lets `title` and `lang` through.
        .generic_attributes(HashSet::new())
        .clean_content_tags(WHOLE.iter().copied().collect())
        .tag_attributes(HashMap::from([
            ("img", HashSet::from(["src", "alt"])),
            ("ol", HashSet::from(["start"])),
            ("td", HashSet::from(["colspan", "rowspan"])),
            ("th", HashSet::from(["colspan", "rowspan"])),
        ]))
        // Relative ones pass, and of those the filter lets through digests alone.
        .url_schemes(HashSet::new())
        .strip_comments(true)
        .link_rel(None)
        .attribute_filter(move |tag, name, value| match (tag, name) {
            ("img", "src") => digest_of(value).map(|digest| source(digest).into()),
            ("ol" | "td" | "th", _) if !short_number(value) => None,
            _ => Some(value.into()),
        });
    builder
}

/// What may be shown of this, whoever wrote it.
#[must_use]
pub fn sanitised(html: &str) -> String {
    static CLEAN: LazyLock<Builder<'static>> =
        LazyLock::new(|| builder(|digest| format!("{IMAGES}{digest}")));
    CLEAN.clean(html).to_string()
}

/// As [`sanitised`], with the address of each picture in place of its name.
#[must_use]
pub fn shown(html: &str, address: impl Fn(&str) -> String + Send + Sync + 'static) -> String {
    builder(address).clean(html).to_string()
}

fn short_number(value: &str) -> bool {
    (1..=4).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
#[path = "markup_tests.rs"]
mod tests;
