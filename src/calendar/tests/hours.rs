//! P1 text: what is read, what is refused and where.

use super::at;
use crate::calendar::*;

fn printed(text: &str) -> String {
    text.parse::<Hours>().unwrap_or_else(|e| panic!("{text}: {e}")).to_string()
}

#[test]
fn the_default_is_the_annex_default() {
    assert_eq!(Hours::default().to_string(), "Mon-Fri 09:00-12:00,13:30-18:00");
}

#[test]
fn english_chinese_and_mixed_forms_are_read() {
    for (text, want) in [
        (
            "Mon-Fri 09:00-12:00,13:30-18:00; Sat 09:00-12:00",
            "Mon-Fri 09:00-12:00,13:30-18:00; Sat 09:00-12:00",
        ),
        (
            "周一至周五 9:00-12:00、13:30-18:00；周六 9:00-12:00",
            "Mon-Fri 09:00-12:00,13:30-18:00; Sat 09:00-12:00",
        ),
        ("星期一到星期五０９：００—１８：００", "Mon-Fri 09:00-18:00"),
        ("mon,wed-thu 08:00-24:00", "Mon 08:00-24:00; Wed-Thu 08:00-24:00"),
        ("Mon-Fri 13:30-18:00, 09:00-12:00", "Mon-Fri 09:00-12:00,13:30-18:00"),
        ("Mon-Sun 00:00-24:00", "Mon-Sun 00:00-24:00"),
        ("Mon-Fri 09:00-18:00\n调休 09:00-12:00", "Mon-Fri 09:00-18:00; MakeUp 09:00-12:00"),
        ("none", "none"),
    ] {
        assert_eq!(printed(text), want);
        assert_eq!(printed(want), want);
    }
    let json = serde_json::to_string(&Hours::default()).unwrap();
    assert_eq!(serde_json::from_str::<Hours>(&json).unwrap(), Hours::default());
}

#[test]
fn bad_hours_are_named() {
    for (text, place, problem) in [
        ("", "", "没有写任何时间"),
        ("Mon-Fri", "Mon-Fri", "缺少时间"),
        ("Mon-Fri 09:00", "09:00", "请写成"),
        ("Mon-Fri 9-18", "9-18", "不是时刻"),
        ("Mon-Fri 09:00-24:01", "24:01", "不是时刻"),
        ("Mon-Fri 09:60-18:00", "09:60", "不是时刻"),
        ("Mon-Fri 009:00-18:00", "009:00", "不是时刻"),
        ("Mon-Fri 18:00-09:00", "18:00-09:00", "结束早于开始"),
        ("Mon-Fri 09:00-09:00", "09:00-09:00", "开始与结束相同"),
        ("Mon-Fri 09:00-12:00,11:59-18:00", "09:00-12:00,11:59-18:00", "重叠"),
        ("Fri-Mon 09:00-18:00", "Fri-Mon", "顺序反了"),
        ("Mon-Fre 09:00-18:00", "Mon-Fre", "不是星期"),
        ("Mon-Fri 09:00-12:00; Wed 13:00-18:00", "Wed", "写了两次"),
        ("Mon-Fri 09:00-12:00; ; 周八 13:00-18:00", "周八", "不是星期"),
        ("Mon-Fri 09:00-12:00 and 13:00-18:00", "09:00-12:00 and 13:00-18:00", "不是时刻"),
    ] {
        let bad = text.parse::<Hours>().expect_err(text).to_string();
        assert!(bad.contains(place) && bad.contains(problem), "{text}: {bad}");
    }
}

/// Sunday 2026-09-20 is worked; Saturday 2026-09-19 is not.
#[test]
fn a_make_up_day_has_mondays_hours_unless_the_annex_says_otherwise() {
    let close = |hours: &str| {
        let rules = Rules { hours: hours.parse().unwrap(), ..Rules::default() };
        let start = at("2026-09-18 23:00");
        due_at(&Calendar::builtin(), &rules, start, Unit::WorkingDays, 1, &[]).unwrap().due_at
    };
    assert_eq!(close("Mon 08:00-17:00; Tue-Fri 09:00-18:00; Sun 10:00-11:00"), at("2026-09-20 17:00"));
    assert_eq!(close("Tue-Fri 09:00-18:00"), at("2026-09-20 18:00"));
    assert_eq!(close("Mon-Fri 09:00-18:00; MakeUp 09:00-12:00"), at("2026-09-20 12:00"));
    assert_eq!(close("none"), at("2026-09-21 00:00"));
}
