//! The lines between two `+++` at the beginning of a file: TOML, read strictly, wrong lines named. Pure.

use serde::de::DeserializeOwned;

use super::Fault;

const MARK: &str = "+++";

/// A file in two parts, with the number of the first line of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split<'a> {
    pub front: &'a str,
    pub body: &'a str,
    pub body_line: usize,
}

/// A file without front matter is all body.
///
/// # Errors
/// A beginning without an end.
pub fn split(text: &str) -> Result<Split<'_>, Fault> {
    let text = text.trim_start_matches('\u{feff}');
    let Some((first, rest)) = text.split_once('\n').filter(|(first, _)| first.trim_end() == MARK) else {
        return Ok(Split { front: "", body: text, body_line: 1 });
    };
    let mut at = 0;
    for (number, line) in (2..).zip(rest.split_inclusive('\n')) {
        if line.trim_end() == MARK {
            let front = text.get(first.len() + 1..first.len() + 1 + at).unwrap_or_default();
            let body = rest.get(at + line.len()..).unwrap_or_default();
            return Ok(Split { front, body, body_line: number + 1 });
        }
        at += line.len();
    }
    Err(Fault::at(1, "开头的 +++ 没有对应的结尾 +++"))
}

impl Split<'_> {
    /// # Errors
    /// What is wrong with the TOML, by line of the file.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        toml::from_str(self.front).map_err(|e| {
            let before = e.span().and_then(|span| self.front.get(..span.start)).unwrap_or_default();
            Fault::at(before.matches('\n').count() + 2, said(e.message()))
        })
    }

    /// The line of the file that gives this key a value; the first one when none does.
    #[must_use]
    pub fn line_of(&self, key: &str) -> usize {
        let gives =
            |line: &str| line.trim_start().strip_prefix(key).is_some_and(|r| r.trim_start().starts_with('='));
        self.front.lines().position(gives).map_or(1, |at| at + 2)
    }
}

/// The library's words may change and are English; the names in them are the author's.
fn said(message: &str) -> String {
    let name = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("unknown field") {
        format!("不认识的项 {name}")
    } else if message.starts_with("missing field") {
        format!("缺少 {name}")
    } else if message.starts_with("unknown variant") {
        format!("没有 {name} 这个选项")
    } else if message.starts_with("invalid type") {
        "这一项的类型不对：文字要加引号，数字和 true/false 不加，列表写成 [\"甲\", \"乙\"]".to_owned()
    } else if message.starts_with("duplicate key") {
        "这一项写了两遍".to_owned()
    } else {
        "写法不对，应是“名称 = 值”，文字加英文引号".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Front {
        title: String,
        #[serde(default)]
        draw: i32,
    }

    #[test]
    fn parts_and_lines_are_told_apart() {
        let split = split("+++\ntitle = \"问\"\ndraw = 2\n+++\n\n正文\n").unwrap();
        assert_eq!((split.body, split.body_line), ("\n正文\n", 5));
        let front: Front = split.read().unwrap();
        assert_eq!((front.title.as_str(), front.draw), ("问", 2));
        assert_eq!((split.line_of("draw"), split.line_of("title"), split.line_of("pass")), (3, 2, 1));
        assert_eq!(super::split("只有正文").unwrap().body_line, 1);
        assert_eq!(super::split("+++\ntitle = \"x\"\n").unwrap_err().line, 1);
        assert_eq!(super::split("+++\r\ntitle = \"x\"\r\n+++\r\n正文").unwrap().body, "正文");
    }

    #[test]
    fn what_is_wrong_is_said_by_line() {
        let wrong = |front: &str| {
            let text = format!("+++\n{front}\n+++\n");
            split(&text).unwrap().read::<Front>().unwrap_err()
        };
        for (front, line, words) in [
            ("title = \"x\"\ntitel = 1", 3, "不认识的项 titel"),
            ("draw = 1", 2, "缺少 title"),
            ("title = \"x\"\n\ndraw = \"两\"", 4, "类型不对"),
            ("title = \"x\"\ntitle = \"y\"", 3, "两遍"),
            ("title = \"x\"\n标题：问", 3, "写法不对"),
        ] {
            let fault = wrong(front);
            assert!(fault.line == line && fault.text.contains(words), "{front}: {fault:?}");
        }
    }
}
