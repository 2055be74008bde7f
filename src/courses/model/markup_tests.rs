//! What people write, and what attackers would: nothing but trusted tags with harmless attributes comes out.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

const CORPUS: &str = include_str!("hostile.txt");
const DIGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Reads tags as a browser's tokeniser does, without any of the sanitiser's code, and names the first that must
/// not be there.
fn first_offence(html: &str) -> Option<String> {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let after = &rest[at + 1..];
        let Some(first) = after.chars().next() else { return Some("a bare < at the end".into()) };
        if !(first.is_ascii_alphabetic() || first == '/') {
            return Some(format!("< before {first:?}"));
        }
        let end = after.find('>')?;
        let tag = &after[..end];
        let name: String =
            tag.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        if !TAGS.contains(&name.as_str()) {
            return Some(format!("<{name}>"));
        }
        let attributes = tag.trim_start_matches('/')[name.len()..].trim();
        for (place, part) in attributes.split('"').enumerate() {
            let own = if place % 2 == 0 { part.trim() } else { continue };
            let known = matches!(own, "" | "src=" | "alt=" | "start=" | "colspan=" | "rowspan=");
            if !known {
                return Some(format!("{own} of <{name}>"));
            }
        }
        if let Some(src) = attributes.split("src=\"").nth(1) {
            let src = src.split('"').next().unwrap_or_default();
            if src.len() != 71
                || !src.starts_with("images/")
                || !src[7..].bytes().all(|b| b.is_ascii_hexdigit())
            {
                return Some(format!("src {src}"));
            }
        }
        rest = &after[end + 1..];
    }
    None
}

#[test]
fn nothing_hostile_comes_through() {
    for line in CORPUS.lines().filter(|line| !line.is_empty()) {
        for html in [sanitised(line), sanitised(&format!("<p>{line}</p>"))] {
            assert_eq!(first_offence(&html), None, "{line}\n{html}");
            assert_eq!(sanitised(&html), html, "not settled: {line}");
        }
        // As Markdown, where raw HTML is text and stays readable.
        let html = render(line).map(|r| r.html).unwrap_or_default();
        assert_eq!(first_offence(&html), None, "{line}\n{html}");
        assert_eq!(sanitised(&html), html, "not settled: {line}");
    }
    let whole = render(&CORPUS.replace('\n', "\n\n")).unwrap().html;
    assert_eq!(first_offence(&whole), None);
}

#[test]
fn the_judge_of_this_test_judges() {
    for bad in
        ["<script>", "<p onclick=\"x\">", "<img src=\"//e/x\">", "<p id=\"a\">", "<a href=\"x\">", "a < b"]
    {
        assert!(first_offence(bad).is_some(), "{bad}");
    }
}

#[test]
fn what_people_write_is_shown() {
    let source = format!(
        "# 报修\n\n先**看清**提示，再[截图](https://help.example/a)。\n\n![截图](images/{DIGEST})\n\n\
         | 现象 | 做法 |\n|---|:-:|\n| 打不开 | 重启 |\n\n1. 一\n2. 二\n\n> 提醒\n\n`<b>` ~~旧~~\n"
    );
    let rendered = render(&source).unwrap();
    for part in [
        "<h1>报修</h1>",
        "<strong>看清</strong>",
        "截图（https://help.example/a）",
        &format!("<img src=\"images/{DIGEST}\" alt=\"截图\">"),
        "<td>重启</td>",
        "<ol>",
        "<blockquote>",
        "<code>&lt;b&gt;</code>",
        "<del>旧</del>",
    ] {
        assert!(rendered.html.contains(part), "{part}\n{}", rendered.html);
    }
    assert!(rendered.text.starts_with("报修 先 看清 提示") || rendered.text.starts_with("报修 先看清"));
    let shown = shown(&rendered.html, |digest| format!("/api/v1/x/{digest}?t=1&u=2"));
    assert!(shown.contains(&format!("<img src=\"/api/v1/x/{DIGEST}?t=1&amp;u=2\"")), "{shown}");
}

#[test]
fn pictures_are_found_renamed_and_refused_with_their_line() {
    let source = "一\n\n![a](img/x.png)和![b](img/y.png \"题\")\n\n![c](img/x.png)";
    let found = pictures(source).unwrap();
    let seen: Vec<_> = found.iter().map(|p| (p.target.as_str(), p.line)).collect();
    assert_eq!(seen, [("img/x.png", 3), ("img/y.png", 3), ("img/x.png", 5)]);
    let names: HashMap<_, _> =
        ["x", "y"].map(|n| (format!("img/{n}.png"), format!("images/{n}"))).into_iter().collect();
    let renamed = renamed(source, &found, &names);
    assert_eq!(renamed, "一\n\n![a](images/x)和![b](images/y)\n\n![c](images/x)");
    assert_eq!(render(source).unwrap_err().line, 3);
    assert_eq!(pictures("![a][r]\n\n[r]: img/x.png").unwrap_err().line, 1);
    assert!(render("\n![x](https://evil.example/x.png)").is_err());
}

proptest! {
    #[test]
    fn any_soup_of_markup_is_harmless(parts in proptest::collection::vec(
        prop_oneof![
            proptest::sample::select(CORPUS.lines().collect::<Vec<_>>()).prop_map(str::to_owned),
            "[<>/\"'=&;a-z `\\[\\]()!*|#-]{0,12}",
        ], 0..6)) {
        let soup = parts.concat();
        let html = sanitised(&soup);
        prop_assert_eq!(first_offence(&html), None);
        prop_assert_eq!(&sanitised(&html), &html);
        let html = render(&soup).map(|r| r.html).unwrap_or_default();
        prop_assert_eq!(first_offence(&html), None);
    }
}
