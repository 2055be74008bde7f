//! Quizzes as people write them: questions under `##`, options as a check list, explanations as quotes, pools under
//! `#`. Pure; what cannot be read is named by its line. [`write()`] is the inverse of [`read`].

use std::collections::HashSet;
use std::fmt::Write as _;

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use super::quiz::{Choice, Paper, Pool, Question, QuestionKind, ShowAnswers};
use super::{Fault, front};

const MOST_QUESTIONS: usize = 200;
const MOST_OPTIONS: usize = 10;
const LONGEST_QUESTION: usize = 500;
const LONGEST_OPTION: usize = 200;
const LONGEST_EXPLANATION: usize = 1000;

/// What stands above the questions; everything may be left out.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Percent of right answers, 1..100; 80.
    pub pass: Option<i32>,
    /// Questions on one paper; all.
    pub draw: Option<i32>,
    /// Attempts a day, 1..20; 3.
    pub attempts: Option<i32>,
    /// `after_attempt` (so it is when nothing is said) or `after_pass`.
    pub show: Option<ShowAnswers>,
}

/// A question that is being read.
struct Open {
    line: usize,
    text: String,
    options: Vec<(String, bool)>,
    explanation: String,
}

/// Reads the questions; `first_line` is the number of the first line of `body` in its file.
///
/// # Errors
/// The line and what is wrong with it.
pub fn read(head: Head, body: &str, first_line: usize) -> Result<Paper, Fault> {
    let mut reading = Reading::default();
    for (line, text) in (first_line..).zip(body.lines()) {
        reading.line(line, text.trim())?;
    }
    reading.close()?;
    let mut pools = Vec::new();
    for (line, pool) in reading.pools {
        let there = i32::try_from(pool.questions.len()).unwrap_or(i32::MAX);
        if pool.draw.is_some_and(|n| n < 1 || n > there) {
            return Err(Fault::at(line, format!("这一组有 {there} 道题，抽题数应在 1 到 {there} 之间")));
        }
        if there == 0 {
            return Err(Fault::at(line, "这一组里没有题目"));
        }
        pools.push(pool);
    }
    if pools.is_empty() {
        return Err(Fault::at(first_line, "没有题目：每道题以“## ”开头，选项写成“- [x] 对的”“- [ ] 错的”"));
    }
    let within = |value: Option<i32>, default: i32, most: i32, what: &str| match value {
        Some(n) if !(1..=most).contains(&n) => Err(Fault::at(1, format!("{what}应在 1 到 {most} 之间"))),
        value => Ok(value.unwrap_or(default)),
    };
    let paper = Paper {
        pass_percent: within(head.pass, 80, 100, "及格线 pass ")?,
        attempts_per_day: within(head.attempts, 3, 20, "每天次数 attempts ")?,
        draw: head.draw,
        show_answers: head.show.unwrap_or(ShowAnswers::AfterAttempt),
        pools,
    };
    let there = paper.pools.iter().map(Pool::drawn).sum::<i32>();
    match paper.draw {
        Some(n) if n < 1 || n > there => Err(Fault::at(1, format!("抽题数 draw 应在 1 到 {there} 之间"))),
        _ => Ok(paper),
    }
}

/// Reads questions with an optional head between two `+++`, as they are written by hand.
///
/// # Errors
/// As [`read`].
pub fn read_whole(text: &str) -> Result<Paper, Fault> {
    let split = front::split(text)?;
    read(split.read()?, split.body, split.body_line)
}

/// The inverse of [`read_whole`].
#[must_use]
pub fn write_whole(paper: &Paper) -> String {
    let (head, text) = write(paper);
    let head = toml::to_string(&head).unwrap_or_default();
    format!("+++\n{head}+++\n{text}")
}

#[derive(Default)]
struct Reading {
    pools: Vec<(usize, Pool)>,
    open: Option<Open>,
    ids: HashSet<String>,
}

impl Reading {
    fn line(&mut self, line: usize, text: &str) -> Result<(), Fault> {
        if let Some(question) = text.strip_prefix("## ") {
            self.close()?;
            let text = question.trim().to_owned();
            self.open = Some(Open { line, text, options: Vec::new(), explanation: String::new() });
            return Ok(());
        }
        if let Some(pool) = text.strip_prefix("# ") {
            self.close()?;
            self.pools.push((line, pool_head(pool)));
            return Ok(());
        }
        let Some(open) = &mut self.open else {
            let strange = !text.is_empty();
            return if strange {
                Err(Fault::at(line, "这一行不属于任何题目：题目以“## ”开头"))
            } else {
                Ok(())
            };
        };
        if let Some(option) = text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")) {
            let right = option.strip_prefix("[x]").or_else(|| option.strip_prefix("[X]"));
            let wrong = option.strip_prefix("[ ]").or_else(|| option.strip_prefix("[]"));
            let (option, correct) = match (right, wrong) {
                (Some(text), _) => (text, true),
                (None, Some(text)) => (text, false),
                (None, None) => return Err(Fault::at(line, "选项请写成“- [x] 对的选项”或“- [ ] 错的选项”")),
            };
            let option = option.trim();
            let chars = option.chars().count();
            if chars == 0 || chars > LONGEST_OPTION {
                return Err(Fault::at(line, format!("选项应有 1 到 {LONGEST_OPTION} 个字")));
            }
            if open.options.iter().any(|(text, _)| text == option) {
                return Err(Fault::at(line, "同一道题里有两个一样的选项"));
            }
            if !open.explanation.is_empty() {
                return Err(Fault::at(line, "选项应写在解析（“> ”）之前"));
            }
            open.options.push((option.to_owned(), correct));
        } else if let Some(explanation) = text.strip_prefix('>') {
            join(&mut open.explanation, explanation.trim());
        } else if !text.is_empty() && open.options.is_empty() && open.explanation.is_empty() {
            join(&mut open.text, text);
        } else if !text.is_empty() {
            return Err(Fault::at(line, "看不懂这一行：选项以“- [ ] ”开头，解析以“> ”开头"));
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let wrong = |what: String| Err(Fault::at(open.line, what));
        let chars = open.text.chars().count();
        if chars == 0 || chars > LONGEST_QUESTION {
            return wrong(format!("题目应有 1 到 {LONGEST_QUESTION} 个字"));
        }
        if open.explanation.chars().count() > LONGEST_EXPLANATION {
            return wrong(format!("解析最多 {LONGEST_EXPLANATION} 个字"));
        }
        if !(2..=MOST_OPTIONS).contains(&open.options.len()) {
            return wrong(format!("一道题应有 2 到 {MOST_OPTIONS} 个选项"));
        }
        let right = open.options.iter().filter(|(_, correct)| *correct).count();
        let yes_or_no = open.options.iter().all(|(text, _)| ["对", "错"].contains(&text.as_str()));
        let kind = match right {
            0 => return wrong("这道题没有标出对的选项（[x]）".to_owned()),
            1 if yes_or_no => QuestionKind::TrueFalse,
            1 => QuestionKind::Single,
            _ if yes_or_no => return wrong("判断题只能有一个对的选项".to_owned()),
            _ => QuestionKind::Multiple,
        };
        let id = identity(&open.text, &open.options);
        if !self.ids.insert(id.clone()) {
            return wrong("这道题前面已经有了".to_owned());
        }
        if self.ids.len() > MOST_QUESTIONS {
            return wrong(format!("一份测验最多 {MOST_QUESTIONS} 道题"));
        }
        let keys = ('A'..='Z').map(String::from);
        let options = keys.zip(open.options).map(|(key, (text, correct))| Choice { key, text, correct });
        let question = Question {
            id,
            kind,
            text: open.text,
            options: options.collect(),
            explanation: Some(open.explanation).filter(|text| !text.is_empty()),
        };
        if self.pools.is_empty() {
            self.pools.push((open.line, Pool { name: None, draw: None, questions: Vec::new() }));
        }
        if let Some((_, pool)) = self.pools.last_mut() {
            pool.questions.push(question);
        }
        Ok(())
    }
}

/// `名称 抽 3`, or a name alone.
fn pool_head(text: &str) -> Pool {
    let text = text.trim();
    let drawn =
        text.rsplit_once('抽').and_then(|(name, n)| Some((name.trim(), n.trim().parse::<i32>().ok()?)));
    let (name, draw) = drawn.map_or((text, None), |(name, n)| (name, Some(n)));
    Pool { name: Some(name.to_owned()), draw, questions: Vec::new() }
}

fn join(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}

/// The first 16 hex digits of a digest over text and options.
fn identity(text: &str, options: &[(String, bool)]) -> String {
    let mut digest = Context::new(&SHA256);
    for part in [text].into_iter().chain(options.iter().map(|(text, _)| text.as_str())) {
        digest.update(&part.len().to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.finish().as_ref().iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The text of the questions, and what stands above them.
#[must_use]
pub fn write(paper: &Paper) -> (Head, String) {
    let head = Head {
        pass: Some(paper.pass_percent),
        draw: paper.draw,
        attempts: Some(paper.attempts_per_day),
        show: Some(paper.show_answers),
    };
    let mut text = String::new();
    for pool in &paper.pools {
        if let Some(name) = &pool.name {
            let draw = pool.draw.map(|n| format!(" 抽 {n}")).unwrap_or_default();
            let _ = writeln!(text, "# {name}{draw}\n");
        }
        for question in &pool.questions {
            let _ = writeln!(text, "## {}", question.text);
            for option in &question.options {
                let _ = writeln!(text, "- [{}] {}", if option.correct { 'x' } else { ' ' }, option.text);
            }
            if let Some(explanation) = &question.explanation {
                let _ = writeln!(text, "> {explanation}");
            }
            text.push('\n');
        }
    }
    (head, text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SAMPLE: &str = "\
# 报修 抽 1
## 故障报修后多久应有人回应？
- [x] 8 小时内
- [ ] 24 小时内
> 协议 4.2。

## 报修时哪些信息有用？
- [x] 出错的截图
- [x] 发生的时间
- [ ] 同事的身份证号
# 隐私
## 手机号可以写在标题里。
- [ ] 对
- [x] 错
> 标题会出现在列表里，
> 请写在描述里。
";

    #[test]
    fn a_paper_is_read_and_written() {
        let paper = read(Head::default(), SAMPLE, 1).unwrap();
        assert_eq!((paper.pass_percent, paper.attempts_per_day, paper.drawn()), (80, 3, 2));
        let kinds: Vec<_> = paper.questions().map(|q| q.kind.wire()).collect();
        assert_eq!(kinds, ["single", "multiple", "true_false"]);
        let last = paper.questions().last().unwrap();
        assert_eq!(last.explanation.as_deref(), Some("标题会出现在列表里， 请写在描述里。"));
        assert_eq!(last.options[1].key, "B");
        let (head, text) = write(&paper);
        assert_eq!(read(head, &text, 1).unwrap(), paper);
        assert_eq!(read_whole(&write_whole(&paper)).unwrap(), paper);
        assert_eq!(read_whole(SAMPLE).unwrap(), paper);
        assert_eq!(read_whole("+++\npass = 80\n+++\n## 问\n- [x] a").unwrap_err().line, 4);
    }

    #[test]
    fn what_cannot_be_read_names_its_line() {
        let cases = [
            ("闲话\n## 问\n- [x] a\n- [ ] b", 10, "不属于任何题目"),
            ("## 问\n- [x] a\n- [ ] b\n还有", 13, "看不懂"),
            ("## 问\n- [x] a\n- b", 12, "选项请写成"),
            ("## 问\n- [ ] a\n- [ ] b", 10, "没有标出"),
            ("## 问\n- [x] a", 10, "2 到 10 个选项"),
            ("## 问\n- [x] a\n- [ ] a", 12, "一样的选项"),
            ("## 问\n- [x] 对\n- [x] 错", 10, "判断题"),
            ("## 问\n- [x] a\n- [ ] b\n\n## 问\n- [x] a\n- [ ] b", 14, "已经有了"),
            ("## 问\n- [x] a\n- [ ] b\n# 组 抽 2\n## 又\n- [x] a\n- [ ] b", 13, "抽题数"),
            ("# 空\n# 组\n## 又\n- [x] a\n- [ ] b", 10, "没有题目"),
            ("## 问\n- [x] a\n- [ ] b\n> 因为\n- [ ] c", 14, "之前"),
            ("\n\n", 10, "没有题目"),
        ];
        for (text, line, words) in cases {
            let fault = read(Head::default(), text, 10).unwrap_err();
            assert_eq!(fault.line, line, "{text}: {fault:?}");
            assert!(fault.text.contains(words), "{text}: {fault:?}");
        }
        let asked = |head| read(head, "## 问\n- [x] a\n- [ ] b", 5).unwrap_err().text;
        assert!(asked(Head { draw: Some(2), ..Head::default() }).contains("draw"));
        assert!(asked(Head { pass: Some(0), ..Head::default() }).contains("pass"));
        assert!(asked(Head { attempts: Some(21), ..Head::default() }).contains("attempts"));
    }

    #[test]
    fn a_question_keeps_its_id_when_only_the_answer_is_put_right() {
        let id = |text: &str| read(Head::default(), text, 1).unwrap().questions().next().unwrap().id.clone();
        let first = id("## 问\n- [x] a\n- [ ] b");
        assert_eq!(first, id("# 组\n## 问\n- [ ] a\n- [x] b\n> 因为"));
        assert_ne!(first, id("## 问\n- [x] a\n- [ ] c"));
        assert_eq!(first.len(), 16);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_is_read_can_be_written(text in "([#>-]{0,2} ?(\\[[x ]\\])? ?[a-c对错抽1 ]{0,4}\n){0,12}") {
            if let Ok(paper) = read(Head::default(), &text, 1) {
                let (head, written) = write(&paper);
                prop_assert_eq!(read(head, &written, 1).unwrap(), paper);
            }
        }
    }
}
