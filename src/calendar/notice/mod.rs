//! The pasted text of a notice of the State Council's General Office becomes a [`Year`].
//!
//! Every sentence about days off or days worked is understood completely or named in an error: nothing is
//! guessed. Read are the yearly notices (since 2018, and earlier ones of the same style) and the two kinds
//! that change a year later: 调整…假期安排 (2019) and 延长…假期 (2020).

mod words;

use chrono::{Datelike, NaiveDate, Weekday};

use self::words::{Cursor, Problem, beginning, plain};
use super::day::DayKind;
use super::published::Calendar;
use super::year::{BadYear, FESTIVALS, Notice, Special, Year};

impl Calendar {
    /// Reads a notice (国务院办公厅关于2026年部分节假日安排的通知): a yearly one on its own, a changing one on top of the year that is published.
    ///
    /// # Errors
    /// What cannot be read, named by its sentence; a missing festival; a change to a year that is not published.
    pub fn read_notice(&self, text: &str) -> Result<Year, BadYear> {
        let text = plain(text);
        let change = ["关于调整", "关于延长"].iter().find_map(|words| text.split_once(words));
        let Some((_, after)) = change else { return yearly(&text) };
        let year = year_in(after).ok_or_else(|| unknown_year(&text))?;
        let Some(published) = self.year(year) else {
            return Err(BadYear::new(beginning(after), format!("{year} 年尚未公布，请先导入全年的通知")));
        };
        changed(published, &text, after)
    }
}

/// What a sentence says.
#[derive(Default)]
struct Said {
    off: Vec<NaiveDate>,
    worked: Vec<NaiveDate>,
}

fn yearly(text: &str) -> Result<Year, BadYear> {
    let year = named_year(text)?;
    let mut items: Vec<(usize, usize, Vec<&str>)> = Vec::new();
    for (at, _) in text.char_indices() {
        if let Some((festivals, length)) = text.get(at..).and_then(heading) {
            items.push((at, at + length, festivals));
        }
    }
    let ends = items.iter().skip(1).map(|(at, ..)| *at).chain([text.len()]);
    let mut entries = Vec::new();
    for ((_, from, festivals), to) in items.iter().zip(ends) {
        let name = festivals.join("、");
        let is_new_year = festivals.contains(&"元旦");
        for sentence in sentences(text.get(*from..to).unwrap_or_default()) {
            let said = read(sentence, year, is_new_year)
                .map_err(|problem| BadYear::new(format!("{name}：{}", beginning(sentence)), problem))?;
            let entry = |date, kind| (format!("{name}：{}", beginning(sentence)), date, name.clone(), kind);
            entries.extend(said.off.into_iter().map(|date| entry(date, DayKind::Holiday)));
            entries.extend(said.worked.into_iter().map(|date| entry(date, DayKind::MakeUp)));
        }
    }
    if entries.is_empty() {
        return Err(BadYear::new("通知", "没有找到「一、元旦：…」这样的放假安排"));
    }
    let title = format!("国务院办公厅关于{year}年部分节假日安排的通知");
    Year::checked(year, vec![source(text, title)], entries.into_iter())
}

/// 「关于2026年部分节假日安排的通知」 and 「现将2026年元旦」 must agree where both stand.
fn named_year(text: &str) -> Result<i32, BadYear> {
    let title = text.match_indices("部分节假日安排").find_map(|(at, _)| year_before(text.get(..at)?));
    let body = text.split_once("现将").and_then(|(_, after)| year_in(after));
    match (title, body) {
        (Some(a), Some(b)) if a != b => {
            Err(BadYear::new("通知", format!("标题写的是 {a} 年，正文写的是 {b} 年")))
        }
        (Some(year), _) | (None, Some(year)) => Ok(year),
        (None, None) => Err(unknown_year(text)),
    }
}

fn unknown_year(text: &str) -> BadYear {
    BadYear::new(beginning(text), "看不出是哪一年的通知，请连同标题一起粘贴")
}

/// 「2026年…」 at the beginning.
fn year_in(text: &str) -> Option<i32> {
    let (digits, rest) = text.split_at_checked(4)?;
    rest.starts_with('年').then(|| digits.parse().ok())?
}

/// 「…2026年」 at the end.
fn year_before(text: &str) -> Option<i32> {
    let text = text.strip_suffix('年')?;
    text.get(text.len().checked_sub(4)?..)?.parse().ok()
}

/// 「六、国庆节、中秋节:」: the festivals and the length of the heading.
fn heading(text: &str) -> Option<(Vec<&'static str>, usize)> {
    let numeral = text.chars().next().filter(|c| "一二三四五六七八九十".contains(*c))?;
    let mut rest = text.get(numeral.len_utf8()..)?.strip_prefix('、')?;
    let mut festivals = Vec::new();
    loop {
        let festival = FESTIVALS.iter().find(|f| rest.starts_with(**f))?;
        festivals.push(*festival);
        rest = rest.strip_prefix(*festival)?;
        match rest.strip_prefix('、') {
            Some(more) => rest = more,
            None => return Some((festivals, text.len() - rest.strip_prefix(':')?.len())),
        }
    }
}

/// The sentences of an item that settle days: encouragement and what follows the items is left out.
fn sentences(item: &str) -> impl Iterator<Item = &str> {
    let settles = |s: &&str| !s.is_empty() && !s.starts_with("鼓励");
    let ends = |s: &&str| !s.starts_with("节假日期间") && !s.starts_with("国务院办公厅");
    item.split('。').take_while(ends).filter(settles)
}

fn read(sentence: &str, year: i32, is_new_year: bool) -> Result<Said, Problem> {
    let mut said = Said::default();
    let mut cursor = Cursor::new(sentence, year, is_new_year);
    loop {
        clause(&mut cursor, &mut said)?;
        if cursor.is_at_end() {
            return Ok(said);
        }
        if !cursor.eat(",") {
            return Err(format!("读不懂「{}」", beginning(cursor.rest())));
        }
    }
}

fn clause(cursor: &mut Cursor, said: &mut Said) -> Result<(), Problem> {
    if cursor.eat("不调休") {
        return Ok(());
    }
    if cursor.eat("与周末连休") {
        let joined = said.off.last().copied().and_then(weekend_beside);
        said.off.extend(joined.ok_or("这一天与周末不相连")?);
        return Ok(());
    }
    if cursor.eat("共") {
        return counted(cursor, said);
    }
    let dates = cursor.dates()?;
    if cursor.eat("放假") {
        said.off.extend(dates);
        cursor.eat("调休");
        if cursor.rest().starts_with(|c: char| c.is_ascii_digit()) {
            counted(cursor, said)?;
        }
    } else if cursor.eat("补休") {
        said.off.extend(dates);
    } else if cursor.eat("上班") {
        said.worked.extend(dates);
    } else {
        return Err(format!("读不懂「{}」", beginning(cursor.rest())));
    }
    Ok(())
}

fn counted(cursor: &mut Cursor, said: &Said) -> Result<(), Problem> {
    let days = cursor.number().filter(|_| cursor.eat("天")).ok_or("读不出共几天")?;
    let off = said.off.len();
    if usize::try_from(days).is_ok_and(|days| days == off) {
        return Ok(());
    }
    Err(format!("文中写的是 {days} 天，日期数出来是 {off} 天"))
}

/// The Saturday and Sunday that a Monday or Friday joins; the announced break is all of them, as in the
/// years whose notices write the same three days as a range.
fn weekend_beside(date: NaiveDate) -> Option<[NaiveDate; 2]> {
    match date.weekday() {
        Weekday::Mon => Some([date.pred_opt()?.pred_opt()?, date.pred_opt()?]),
        Weekday::Fri => Some([date.succ_opt()?, date.succ_opt()?.succ_opt()?]),
        _ => None,
    }
}

/// A notice on top of a published year. `after` begins behind 关于调整 or 关于延长.
fn changed(published: &Year, text: &str, after: &str) -> Result<Year, BadYear> {
    let year = published.year;
    let named: String = after.chars().take(16).collect();
    let festival = FESTIVALS.iter().find(|f| named.contains(**f));
    let Some(festival) = festival.copied() else {
        return Err(BadYear::new(beginning(after), "看不出是哪个节日"));
    };
    let mut days = published.days.clone();
    let (prolonged, title) = match text.contains("关于延长") {
        true => (true, format!("国务院办公厅关于延长{year}年{festival}假期的通知")),
        false => (false, format!("国务院办公厅关于调整{year}年{festival}假期安排的通知")),
    };
    let body = text.split_once("通知如下").map_or(text, |(_, body)| body);
    let mut sentences = body.split('。').map(|s| s.trim_start_matches("一、")).filter(|s| {
        let about =
            if prolonged { s.starts_with("延长") } else { s.contains("放假") || s.contains("上班") };
        about && s.contains('日')
    });
    if prolonged {
        let sentence = sentences.next().unwrap_or_default();
        let bad = |problem: Problem| BadYear::new(beginning(sentence), problem);
        for date in prolongation(published, festival, sentence).map_err(bad)? {
            days.insert(date, Special { kind: DayKind::Holiday, name: festival.to_owned() });
        }
    } else {
        days.retain(|_, special| special.name != festival);
        for sentence in sentences {
            let said =
                read(sentence, year, festival == "元旦").map_err(|p| BadYear::new(beginning(sentence), p))?;
            let special = |kind| Special { kind, name: festival.to_owned() };
            days.extend(said.off.into_iter().map(|date| (date, special(DayKind::Holiday))));
            days.extend(said.worked.into_iter().map(|date| (date, special(DayKind::MakeUp))));
        }
    }
    let mut notices = published.notices.clone();
    notices.push(source(text, title));
    let entries = days.into_iter().map(|(date, s)| (beginning(after), date, s.name, s.kind));
    Year::checked(year, notices, entries)
}

/// 「延长2020年春节假期至2月2日（…），2月3日（星期一）起正常上班」: the days that are added.
fn prolongation(published: &Year, festival: &str, sentence: &str) -> Result<Vec<NaiveDate>, Problem> {
    let expected = format!("延长{}年{festival}假期-", published.year);
    let rest =
        sentence.strip_prefix(&*expected).ok_or_else(|| format!("读不懂「{}」", beginning(sentence)))?;
    let mut cursor = Cursor::new(rest, published.year, false);
    let last_day =
        |dates: Vec<NaiveDate>| <[NaiveDate; 1]>::try_from(dates).map(|[d]| d).map_err(|_| "应为一个日期");
    let to = last_day(cursor.dates()?)?;
    if cursor.eat(",") {
        let work = last_day(cursor.dates()?)?;
        if to.succ_opt() != Some(work) || !cursor.eat("起正常上班") {
            return Err("恢复上班的日期与假期不相接".to_owned());
        }
    }
    if !cursor.is_at_end() {
        return Err(format!("读不懂「{}」", beginning(cursor.rest())));
    }
    let is_off = |s: &Special| s.kind == DayKind::Holiday && s.name.split('、').any(|n| n == festival);
    let off = published.days.iter().filter(|(_, s)| is_off(s)).map(|(date, _)| *date);
    let added: Vec<NaiveDate> = match off.max() {
        Some(last) => last.iter_days().skip(1).take_while(|d| *d <= to).take(62).collect(),
        None => Vec::new(),
    };
    if added.is_empty() { Err(format!("{festival}假期本来就放到这一天之后")) } else { Ok(added) }
}

/// Number and date of the notice, where the pasted text has them.
fn source(text: &str, title: String) -> Notice {
    let number = text.split_once("国办发明电").and_then(|(_, after)| {
        let end = after.find('号')?;
        Some(format!("国办发明电{}号", after.get(..end)?)).filter(|n| n.chars().count() <= 20)
    });
    // The signature stands last: 国务院办公厅2025年11月4日.
    let signed = text.rsplit("国务院办公厅").find_map(|after| {
        let end = after.find('日')?;
        let (year, rest) = after.get(..end)?.split_once('年')?;
        let (month, day) = rest.split_once('月')?;
        NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    });
    Notice { title, number, issued_on: signed }
}
