//! The real notices of 2018 to 2026 against the year files, and texts that must be refused with their place.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{builtin, read};
use crate::calendar::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    notice: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    year: i32,
    number: String,
    issued_on: NaiveDate,
    #[expect(dead_code, reason = "for the reader of the file")]
    source: String,
    #[serde(default)]
    changes: bool,
    #[serde(default)]
    joined: Vec<NaiveDate>,
    text: String,
}

fn texts() -> Vec<Text> {
    read::<File>("notices.toml").notice
}

/// The text for 2026 with a piece replaced.
fn with(piece: &str, by: &str) -> Result<Year, BadYear> {
    let text = texts().into_iter().find(|t| t.year == 2026).unwrap().text;
    assert!(text.contains(piece), "{piece}");
    Calendar::default().read_notice(&text.replace(piece, by))
}

#[test]
fn every_notice_says_what_the_year_file_says() {
    let mut read = Calendar::default();
    for text in texts() {
        let year = read.read_notice(&text.text).unwrap();
        assert_eq!(year.year(), text.year);
        let notice = year.notices().last().unwrap();
        assert_eq!((notice.number.as_ref(), notice.issued_on), (Some(&text.number), Some(text.issued_on)));
        assert_eq!(year.notices().len(), 1 + usize::from(text.changes));
        read = read.with(year);
    }
    let joined: Vec<NaiveDate> = texts().into_iter().flat_map(|t| t.joined).collect();
    assert_eq!(read.years().count(), 9);
    for year in builtin().years() {
        assert_eq!(read.year(year.year()).unwrap().notices(), year.notices(), "{}", year.year());
        for from_file in builtin().days(year.year()) {
            let from_text = read.day(from_file.date);
            let same = from_text.kind == from_file.kind;
            let weekend_joined = joined.contains(&from_file.date)
                && (from_text.kind, from_file.kind) == (DayKind::Holiday, DayKind::Rest);
            assert!(same != weekend_joined, "{from_file:?} {from_text:?}");
            let festival = from_file.name.unwrap_or_default();
            assert!(weekend_joined || from_text.name.unwrap_or_default().contains(&festival));
        }
    }
}

#[test]
fn digits_punctuation_and_lines_may_be_pasted_in_any_width() {
    let plain = texts().into_iter().find(|t| t.year == 2026).unwrap().text;
    let wide: String = plain
        .chars()
        .map(|c| if c.is_ascii_digit() { char::from_u32(u32::from(c) + 0xfee0).unwrap() } else { c })
        .collect();
    let narrow = plain.replace('：', ":").replace('，', ",").replace('（', "(").replace('）', ")");
    let spaced = plain.replace('月', " 月\u{3000}").replace('、', "、\n");
    let dashed = plain.replace("日（周四）至", "日（周四）—").replace('。', " 。\r\n");
    let want = Calendar::default().read_notice(&plain).unwrap();
    for text in [
        wide,
        narrow,
        spaced,
        dashed,
        plain.replace("周", "星期"),
        format!("新华社电\n{plain}\n来源：新华社"),
    ] {
        assert_eq!(Calendar::default().read_notice(&text).as_ref(), Ok(&want), "{text}");
    }
}

#[test]
fn december_without_a_year_is_the_december_before() {
    let year = with(
        "1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班",
        "12月30日至1月1日放假调休，共3天。12月28日（星期日）上班",
    )
    .unwrap();
    let calendar = builtin().with(year);
    let kinds: Vec<DayKind> =
        (27..=31).map(|d| calendar.day(NaiveDate::from_ymd_opt(2025, 12, d).unwrap()).kind).collect();
    use DayKind::{Holiday, MakeUp, Rest, Workday};
    assert_eq!(kinds, [Rest, MakeUp, Workday, Holiday, Holiday]);
}

#[test]
fn a_day_taken_afterwards_is_a_day_off() {
    let year = with(
        "5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班",
        "5月2日放假，5月4日（星期一）补休",
    )
    .unwrap();
    let calendar = Calendar::of([year]);
    let kind = |d| calendar.day(NaiveDate::from_ymd_opt(2026, 5, d).unwrap()).kind;
    assert_eq!(
        [kind(1), kind(2), kind(3), kind(4)],
        [DayKind::Workday, DayKind::Holiday, DayKind::Rest, DayKind::Holiday]
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    for (piece, by, place, problem) in [
        ("1月4日（周日）上班", "1月4日（周一）上班", "1月4日(周一)上班", "1月4日是星期日"),
        ("共5天", "共6天", "5月1日", "6 天，日期数出来是 5 天"),
        ("1月4日（周日）上班", "1月4日（周日）值班", "1月4日", "读不懂「值班」"),
        ("1月4日（周日）上班", "另行通知", "另行通知", "读不出日期"),
        ("1月4日（周日）上班", "1月5日（周一）上班", "2026-01-05", "不是周末"),
        ("6月19日（周五）至21日", "6月31日（周五）至21日", "6月31日", "没有 2026年6月31日"),
        ("6月19日（周五）至21日", "6月22日（周一）至21日", "6月22日", "不是一段假期"),
        ("6月19日（周五）", "6月19日（端阳）", "6月19日", "「端阳」不认识"),
        ("6月19日（周五）", "6月19日（周五", "6月19日", "不认识"),
        ("（周日）放假，共3天。\n\n六、", "（周日）放假，与周末连休。\n\n六、", "6月19日", "与周末不相连"),
        ("五、端午节：", "五、端阳节：", "清明", ""),
        (
            "七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。",
            "",
            "days_off",
            "缺少国庆节",
        ),
        ("9月20日（周日）、", "9月26日（周六）、", "2026-09-26", "出现了两次"),
        ("关于2026年", "关于2027年", "通知", "标题写的是 2027 年，正文写的是 2026 年"),
    ] {
        let bad = with(piece, by).expect_err(by);
        if problem.is_empty() {
            continue;
        }
        let said = bad.to_string();
        assert!(said.contains(place) && said.contains(problem), "{by}: {said}");
    }
    for text in
        ["", "放假", "关于2026年部分节假日安排的通知", "国务院办公厅关于调整2019年劳动节假期安排的通知"]
    {
        Calendar::default().read_notice(text).expect_err(text);
    }
}

#[test]
fn a_change_needs_the_year_it_changes() {
    let change = texts().into_iter().find(|t| t.changes).unwrap().text;
    let bad = Calendar::default().read_notice(&change).unwrap_err();
    assert!(bad.to_string().contains("2019 年尚未公布"), "{bad}");
    let longer = texts().into_iter().filter(|t| t.changes).nth(1).unwrap().text;
    for (piece, by, problem) in [
        ("2月2日（农历正月初九，星期日）", "1月29日", "不相接"),
        ("2月3日（星期一）起", "2月4日（星期二）起", "不相接"),
        ("2月2日（农历正月初九，星期日），2月3日（星期一）起正常上班", "1月29日", "本来就放到"),
        ("延长2020年春节假期至2月2日", "春节假期放到2月2日", "读不懂"),
        ("星期日），", "星期六），", "是星期日"),
    ] {
        let bad = builtin().read_notice(&longer.replace(piece, by)).unwrap_err();
        assert!(bad.to_string().contains(problem), "{by}: {bad}");
    }
}
