//! The report against a count by hand.

use super::super::standing::tests::a_course;
use super::*;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn learner(n: u128, department: &str) -> Learner {
    let department = (!department.is_empty()).then(|| department.to_owned());
    Learner { id: id(n), department, joined_at: Timestamp(0) }
}

#[test]
fn lines_and_totals_are_what_a_count_by_hand_gives() {
    let people = [learner(1, "市场部"), learner(2, "市场部"), learner(3, "生产部"), learner(4, "")];
    // Two subjects: one course for all, one for 生产部 only, one voluntary in another subject.
    let for_all = a_course(10, vec![]);
    let mut for_some = a_course(11, vec![]);
    for_some.mandatory_for = vec!["生产部".to_owned()];
    let mut free = a_course(12, vec![]);
    free.mandatory_for = vec![];
    free.category = Category::SecurityPrivacy;
    let courses: Vec<Arc<Course>> = [for_all, for_some, free].map(Arc::new).into();
    let class = |category, departments: &[&str], is_held, present: &[u128]| Held {
        category,
        departments: departments.iter().map(|d| (*d).to_owned()).collect(),
        is_held,
        present: present.iter().map(|n| id(*n)).collect(),
    };
    let facts = Facts {
        started: [(id(1), id(10)), (id(2), id(10)), (id(3), id(11)), (id(9), id(10))].into(),
        completed: [(id(1), id(10)), (id(3), id(10)), (id(2), id(12))].into(),
        attempts: vec![
            (id(1), id(10), false),
            (id(1), id(10), true),
            (id(3), id(11), false),
            (id(9), id(10), true),
            (id(2), id(12), true),
        ],
        classes: vec![
            class(Category::Operation, &["*"], true, &[1, 3, 9]),
            class(Category::Operation, &["市场部"], true, &[1]),
            class(Category::Operation, &["生产部"], false, &[]),
        ],
    };
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    let report = report(&people, &courses, &facts, date("1970-02-01"));
    let line = |category: Category, department: &str| {
        report.rows.iter().find(|r| r.0 == category && r.1 == department).unwrap().2
    };
    let operation = Category::Operation;
    assert_eq!(
        line(operation, "市场部"),
        Counts {
            people: 2,
            planned: 2,
            held: 2,
            attended: 1,
            started: 2,
            completed: 1,
            attempts: 2,
            passed: 1,
            overdue: 1
        }
    );
    // 3 took the course for all but not the one for the department: begun, not done, late.
    assert_eq!(
        line(operation, "生产部"),
        Counts {
            people: 1,
            planned: 2,
            held: 1,
            attended: 1,
            started: 1,
            completed: 0,
            attempts: 1,
            passed: 0,
            overdue: 1
        }
    );
    assert_eq!(
        line(operation, "未分部门"),
        Counts { people: 1, planned: 1, held: 1, overdue: 1, ..Counts::default() }
    );
    let total = report.totals.iter().find(|t| t.0 == operation).unwrap().1;
    assert_eq!(
        total,
        Counts {
            people: 4,
            planned: 3,
            held: 2,
            attended: 2,
            started: 3,
            completed: 1,
            attempts: 3,
            passed: 1,
            overdue: 3
        }
    );
    assert_eq!((total.pass_rate(), Counts::default().pass_rate()), (Some(33), None));
    // A voluntary subject: any course counts, nobody is late.
    let free = line(Category::SecurityPrivacy, "市场部");
    assert_eq!((free.completed, free.started, free.overdue, free.pass_rate()), (1, 1, 0, Some(100)));
    assert_eq!(report.rows.len(), 4 * 3);
    // On the due date itself nobody is late.
    let on_time = super::report(&people, &courses, &facts, date("1970-01-31"));
    assert!(on_time.totals.iter().all(|t| t.1.overdue == 0));
}

#[test]
fn nobody_and_nothing_is_a_report_of_noughts() {
    let empty = report(&[], &[], &Facts::default(), NaiveDate::default());
    assert!(empty.rows.is_empty());
    assert_eq!(empty.totals.len(), 4);
    assert!(empty.totals.iter().all(|t| t.1 == Counts::default()));
}
