//! Courses as people go through them and as they change meanwhile.

use super::*;
use crate::courses::model::{Category, QuizRules, Section, ShowAnswers};

const DAY: i64 = 86_400_000;

pub fn an_item(id: u128, version: u128, kind: Kind, required: bool) -> Item {
    Item {
        id: Uuid::from_u128(id),
        key: format!("k{id}"),
        kind,
        title: format!("条目 {id}"),
        tags: Vec::new(),
        required,
        version_id: Uuid::from_u128(version),
        version_no: 1,
        duration_ms: kind.plays().then_some(90_000),
        pages: None,
        media_type: None,
        size: None,
        has_captions: false,
        link: None,
        min_coverage: 90,
        min_dwell_seconds: if kind == Kind::Article { 31 } else { 0 },
        quiz: (kind == Kind::Quiz).then_some(QuizRules {
            pass_percent: 80,
            questions: 3,
            attempts_per_day: 3,
            show_answers: ShowAnswers::AfterAttempt,
        }),
    }
}

pub fn a_course(id: u128, items: Vec<Item>) -> Course {
    Course {
        id: Uuid::from_u128(id),
        slug: format!("c{id}"),
        category: Category::Operation,
        title: format!("课程 {id}"),
        summary: String::new(),
        tags: Vec::new(),
        mandatory_for: vec!["*".to_owned()],
        due_days: Some(30),
        edition: 1,
        published_at: Timestamp(0),
        first_published_at: Timestamp(0),
        sections: vec![Section { title: "一".to_owned(), items }],
    }
}

fn row(item: u128, version: u128, completed: bool) -> Row {
    Row {
        item_id: Uuid::from_u128(item),
        version_id: Uuid::from_u128(version),
        coverage: if completed { 100 } else { 40 },
        position_ms: 5,
        completed_at: completed.then_some(Timestamp(DAY)),
    }
}

#[test]
fn a_course_is_done_when_its_required_items_are() {
    let c = a_course(
        1,
        vec![
            an_item(1, 11, Kind::Article, true),
            an_item(2, 21, Kind::Video, true),
            an_item(3, 31, Kind::Quiz, true),
            an_item(4, 41, Kind::Link, false),
        ],
    );
    let at = |rows: &[Row]| {
        let s = course(&c, rows, None);
        (s.state, s.percent, earns(&c, &s, None))
    };
    assert_eq!(at(&[]), (LearningState::NotStarted, 0, false));
    assert_eq!(at(&[row(4, 41, true)]), (LearningState::InProgress, 0, false));
    assert_eq!(at(&[row(1, 11, true), row(2, 21, false)]), (LearningState::InProgress, 33, false));
    assert_eq!(
        at(&[row(1, 11, true), row(2, 21, true), row(3, 31, true)]),
        (LearningState::Completed, 100, true)
    );
    assert_eq!(minutes(&c), 4, "90 s, 31 s and three questions");
    let s = item(&c.sections[0].items[1], &[row(2, 21, false)]);
    assert_eq!((s.state, s.coverage, s.position_ms), (LearningState::InProgress, 40, Some(5)));
}

#[test]
fn new_content_takes_nothing_back() {
    let mut c = a_course(1, vec![an_item(1, 11, Kind::Article, true)]);
    let rows = [row(1, 11, true)];
    let first = Earned { edition: 1, issued_at: Timestamp(DAY) };
    let s = course(&c, &rows, Some(first));
    assert_eq!((s.has_new, s.is_fresh, earns(&c, &s, Some(first))), (false, true, false));

    // A new version of the item.
    c.edition = 2;
    c.sections[0].items[0] = an_item(1, 12, Kind::Article, true);
    let s = course(&c, &rows, Some(first));
    assert_eq!((s.state, s.percent, s.has_new), (LearningState::Completed, 100, true));
    assert_eq!((s.completed_at, earns(&c, &s, Some(first))), (Some(Timestamp(DAY)), false));
    // Another item more.
    c.sections[0].items.push(an_item(2, 21, Kind::Article, true));
    let s = course(&c, &rows, Some(first));
    assert_eq!((s.state, s.percent, s.has_new), (LearningState::Completed, 50, true));
    // Both taken: a certificate for the second edition.
    let s = course(&c, &[row(1, 11, true), row(1, 12, true), row(2, 21, true)], Some(first));
    assert_eq!((s.percent, s.has_new, earns(&c, &s, Some(first))), (100, false, true));
    assert!(!earns(&c, &s, Some(Earned { edition: 2, ..first })));
}

#[test]
fn where_nothing_is_required_everything_counts() {
    let c = a_course(1, vec![an_item(1, 11, Kind::Article, false), an_item(2, 21, Kind::Article, false)]);
    assert_eq!(course(&c, &[row(1, 11, true)], None).percent, 50);
    assert_eq!(course(&a_course(2, vec![]), &[], None).state, LearningState::NotStarted);
}

#[test]
fn the_due_date_counts_from_the_later_of_publication_and_joining() {
    let c = a_course(1, vec![]);
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(due_on(&c, Timestamp(0)), Some(date("1970-01-31")));
    // 16:00 UTC is the next day in Shanghai.
    assert_eq!(due_on(&c, Timestamp(DAY + 57_600_000)), Some(date("1970-02-02")));
    assert_eq!(due_on(&Course { due_days: None, ..c }, Timestamp(0)), None);
}
