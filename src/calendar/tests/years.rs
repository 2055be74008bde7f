//! Year files: those that are built in, what is refused, and what an import changes.

use chrono::{Datelike, NaiveDate};

use super::{at, builtin};
use crate::calendar::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn file(year: i32) -> String {
    let path = format!("{}/config/calendar/{year}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_built_in_years_parse_and_name_their_notices() {
    let years: Vec<i32> = builtin().years().map(Year::year).collect();
    assert_eq!(years, (2018..=2026).collect::<Vec<_>>());
    for year in builtin().years() {
        assert_eq!(Year::from_json(&file(year.year())).as_ref(), Ok(year));
        assert_eq!(Year::from_json(&year.to_json()).as_ref(), Ok(year), "what is written is read back");
        for notice in year.notices() {
            assert!(notice.title.contains(&year.year().to_string()));
            assert!(notice.number.as_ref().is_some_and(|n| n.starts_with("国办发明电〔20")));
            assert!(notice.issued_on.is_some_and(|d| d < date(&format!("{}-04-01", year.year()))));
        }
    }
    let notices = |y| builtin().year(y).unwrap().notices().len();
    assert_eq!((notices(2019), notices(2020), notices(2026)), (2, 2, 1));
}

/// `LATE_DECEMBER` must reach back at least as far as any known notice did.
#[test]
fn late_december_begins_before_anything_a_next_years_notice_ever_set() {
    let december = builtin()
        .years()
        .flat_map(|year| {
            year.days.keys().filter(|d| d.year() < year.year()).map(|d| d.day()).collect::<Vec<_>>()
        })
        .min();
    assert_eq!(december, Some(29));
    assert!(crate::calendar::year::LATE_DECEMBER <= 29);
}

#[test]
fn an_unpublished_year_has_weekdays_and_is_never_settled() {
    let day = builtin().day(date("2027-10-01"));
    assert_eq!((day.kind, day.name, day.published), (DayKind::Workday, None, false));
    assert_eq!(builtin().days(2027).filter(|d| d.published).count(), 0);
    assert_eq!(builtin().days(2026).filter(|d| !d.published).map(|d| d.date).min(), Some(date("2026-12-26")));
    assert!(builtin().days(2025).all(|d| d.published));
    assert_eq!(builtin().days(2024).count(), 366);
    assert!(builtin().year(2027).is_none());
}

#[test]
fn bad_years_are_refused_and_the_place_is_named() {
    let good = file(2026);
    for (piece, by, problem) in [
        ("\"2026-01-02\"", "\"2026-01-01\"", "days_off[1]：2026-01-01 出现了两次"),
        ("\"2026-01-02\"", "\"2027-01-02\"", "days_off[1]：2027-01-02 不属于 2026 年"),
        ("\"2026-01-02\"", "\"2025-12-25\"", "days_off[1]：2025-12-25 不属于 2026 年"),
        ("\"2026-01-02\"", "\"2026-02-30\"", "无法识别"),
        ("\"2026-01-04\"", "\"2026-01-05\"", "make_up_workdays[0]：2026-01-05 不是周末"),
        ("\"2026-01-04\"", "\"2026-01-03\"", "make_up_workdays[0]：2026-01-03 出现了两次"),
        ("端午节", "端阳节", "「端阳节」不认识"),
        ("清明节", "元旦", "缺少清明节"),
        ("\"year\": 2026", "\"year\": 1969", "不在 1970 至 2100"),
        ("\"year\": 2026", "\"yaer\": 2026", "无法识别"),
    ] {
        assert!(good.contains(piece), "{piece}");
        let bad = Year::from_json(&good.replace(piece, by)).expect_err(by).to_string();
        assert!(bad.contains(problem), "{by}: {bad}");
    }
    let empty = Year::from_json(r#"{"year": 2027, "days_off": [], "make_up_workdays": []}"#).unwrap_err();
    assert!(empty.to_string().contains("未公布的年份不能导入"), "{empty}");
}

/// The form of other day sources: the December days of the next notice stand in the year they fall in.
#[test]
fn december_may_stand_in_either_years_file() {
    let mut by_date = builtin().year(2018).unwrap().clone();
    by_date.days.extend(builtin().year(2019).unwrap().days.iter().take(3).map(|(d, s)| (*d, s.clone())));
    let by_date = Year::from_json(&by_date.to_json()).unwrap();
    assert_eq!(builtin().with(by_date).day(date("2018-12-29")).kind, DayKind::MakeUp);
}

#[test]
fn an_import_shows_what_it_changes_and_settles_what_was_provisional() {
    let year =
        Year::from_json(&file(2026).replace("2026-", "2027-").replace("\"year\": 2026", "\"year\": 2027"));
    // The dates of 2026 fall on other weekdays in 2027: only its make-up days are refused.
    assert!(year.unwrap_err().to_string().contains("不是周末"));

    let known = Calendar::of(builtin().years().filter(|y| y.year() < 2026).cloned());
    let all = builtin();
    let year = all.year(2026).unwrap();
    let changes = known.diff(year);
    assert_eq!(changes.len(), 33 + 6);
    assert!(changes.iter().all(|c| !c.before.published && c.after.published));
    assert!(builtin().diff(year).is_empty());

    let ask = |calendar: &Calendar| {
        due_at(calendar, &Rules::default(), at("2026-02-13 10:00"), Unit::WorkingDays, 5, &[]).unwrap()
    };
    assert_eq!(ask(&known), Deadline { due_at: at("2026-02-20 18:00"), provisional: true });
    assert_eq!(
        ask(&known.with(year.clone())),
        Deadline { due_at: at("2026-02-27 18:00"), provisional: false }
    );
}
