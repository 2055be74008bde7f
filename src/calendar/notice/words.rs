//! The words of a notice: its characters made plain, and a cursor that reads dates with their weekdays.
//!
//! A weekday in brackets must be the weekday of the date; dates without a year or month take them from
//! what stands before, as in 「4月5日至7日」 and 「2018年12月30日至2019年1月1日」.

use chrono::{Datelike, NaiveDate};

use super::super::day::{DAY_MS, number, weekday};

/// Full-width digits and punctuation become half-width, every kind of dash one, ；a full stop; all white
/// space goes, because pasted lines break anywhere.
pub fn plain(text: &str) -> String {
    let one = |c: char| match c {
        '\u{ff10}'..='\u{ff19}' => char::from_u32(u32::from(c) - 0xff10 + 0x30).unwrap_or(c),
        '：' | '∶' => ':',
        '，' => ',',
        '（' => '(',
        '）' => ')',
        '；' | ';' => '。',
        '—' | '–' | '－' | '―' | '～' | '~' | '至' | '到' => '-',
        '[' | '［' | '【' => '〔',
        ']' | '］' | '】' => '〕',
        other => other,
    };
    let kept =
        |c: &char| !c.is_whitespace() && !matches!(*c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}');
    text.chars().filter(kept).map(one).collect()
}

/// Why a sentence cannot be read.
pub type Problem = String;

/// Reads forward through one sentence.
pub struct Cursor<'a> {
    rest: &'a str,
    /// Where a date without a year belongs: of the festival, and the month named last.
    year: i32,
    new_year: bool,
    last: Option<NaiveDate>,
}

impl<'a> Cursor<'a> {
    /// `new_year`: in the sentences on 元旦 a date in December without a year is in the year before.
    pub fn new(sentence: &'a str, year: i32, new_year: bool) -> Self {
        Self { rest: sentence, year, new_year, last: None }
    }

    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn rest(&self) -> &'a str {
        self.rest
    }

    pub fn eat(&mut self, word: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(word) else { return false };
        self.rest = rest;
        true
    }

    pub fn number(&mut self) -> Option<u32> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        let number = digits.parse().ok()?;
        self.rest = rest;
        Some(number)
    }

    /// 「4月5日至7日、9日（周六）」
    pub fn dates(&mut self) -> Result<Vec<NaiveDate>, Problem> {
        let mut all = Vec::new();
        loop {
            let from = self.date()?;
            if self.eat("-") {
                all.extend(between(from, self.date()?)?);
            } else {
                all.push(from);
            }
            if !["、", "和", "及"].iter().any(|word| self.eat(word)) {
                return Ok(all);
            }
        }
    }

    fn date(&mut self) -> Result<NaiveDate, Problem> {
        let unreadable = || format!("在「{}」处读不出日期", beginning(self.rest));
        let text = unreadable();
        let mut value = self.number().ok_or_else(|| text.clone())?;
        let mut year = None;
        if self.eat("年") {
            year = Some(i32::try_from(value).map_err(|_| text.clone())?);
            value = self.number().ok_or_else(|| text.clone())?;
        }
        let month = if self.eat("月") {
            let month = value;
            value = self.number().ok_or_else(|| text.clone())?;
            Some(month)
        } else {
            None
        };
        if !self.eat("日") {
            return Err(text);
        }
        let month = month.or(self.last.map(|d| d.month())).ok_or(text)?;
        let before = self.new_year && month == 12 && self.last.is_none_or(|d| d.year() < self.year);
        let carried = self.last.filter(|d| d.month() <= month).map(|d| d.year());
        let year = year.or(before.then_some(self.year - 1)).or(carried).unwrap_or(self.year);
        let date = NaiveDate::from_ymd_opt(year, month, value)
            .ok_or_else(|| format!("没有 {year}年{month}月{value}日 这一天"))?;
        self.remarks(date)?;
        self.last = Some(date);
        Ok(date)
    }

    /// 「（农历正月初九，星期日）」: weekdays are checked, words about the lunar calendar are passed over.
    fn remarks(&mut self, date: NaiveDate) -> Result<(), Problem> {
        if !self.eat("(") {
            return Ok(());
        }
        let Some((inside, rest)) = self.rest.split_once(')') else {
            return Err("括号没有结束".to_owned());
        };
        self.rest = rest;
        for remark in inside.split(['、', ',']) {
            if let Some(named) = named_weekday(remark) {
                let is = weekday(number(date));
                if named != is {
                    let (month, day) = (date.month(), date.day());
                    let words = ["一", "二", "三", "四", "五", "六", "日"];
                    let right = words.get(is).copied().unwrap_or_default();
                    return Err(format!("{month}月{day}日是星期{right}，文中写的是「{remark}」"));
                }
            } else if !["农历", "除夕", "春节", "正月", "腊月"].iter().any(|w| remark.starts_with(w))
            {
                return Err(format!("括号里的「{remark}」不认识"));
            }
        }
        Ok(())
    }
}

/// Monday 0 … Sunday 6.
fn named_weekday(text: &str) -> Option<usize> {
    let day = ["星期", "周", "礼拜"].iter().find_map(|prefix| text.strip_prefix(prefix))?;
    let all: [&[&str]; 7] = [
        &["一", "1"],
        &["二", "2"],
        &["三", "3"],
        &["四", "4"],
        &["五", "5"],
        &["六", "6"],
        &["日", "天", "7"],
    ];
    all.iter().position(|names| names.contains(&day))
}

fn between(from: NaiveDate, to: NaiveDate) -> Result<Vec<NaiveDate>, Problem> {
    let days = to.signed_duration_since(from).num_milliseconds() / DAY_MS;
    if !(0..=20).contains(&days) {
        return Err(format!("{from} 至 {to} 不是一段假期"));
    }
    Ok(from.iter_days().take_while(|d| *d <= to).collect())
}

/// The first words of a sentence, for messages.
pub fn beginning(text: &str) -> String {
    let mut words: String = text.chars().take(40).collect();
    if words.len() < text.len() {
        words.push('…');
    }
    words
}
