//! The coverage report: what both sides show when somebody asks whether there was training.

use lvyue::courses::model::{Kind, ShowAnswers};
use reqwest::Method;
use serde_json::{Value, json};

use super::path::read;
use super::published::{course, item, publish, quiz};
use super::quizzes::answers;
use crate::classes::a_class;
use crate::support::World;

fn line(report: &Value, department: &str) -> Value {
    let rows = report["rows"].as_array().unwrap();
    rows.iter().find(|r| r["category"] == "operation" && r["department"] == department).unwrap().clone()
}

story!(coverage_moves_with_what_people_do, async |w: World| {
    w.agreed().await;
    let (asked, paper) = quiz(12, ShowAnswers::AfterAttempt);
    publish(&w, &course(1, &w, vec![item(11, Kind::Article), asked.clone()]), &[(asked.id, &paper)]).await;
    let before = w.as_("cara").await.get("/training/coverage").await.ok();
    // 市场部: amy and ben; 生产部: dan and nora; 信息部: cara, audrey, adam.
    assert_eq!(line(&before, "市场部")["people"], 2);
    assert_eq!(before["rows"].as_array().unwrap().len(), 4 * 3);

    read(&w, "amy", 11).await;
    read(&w, "ben", 11).await;
    let amy = w.as_("amy").await;
    for right in [false, true] {
        let attempt = amy.post(&format!("/quizzes/{}/attempts", asked.id), json!(null)).await.created();
        let submit = format!("/attempts/{}/submit", attempt["id"].as_str().unwrap());
        amy.post(&submit, answers(&attempt, right)).await.ok();
    }
    // A class for 市场部, held; one for all, planned.
    let held = a_class(&w, json!(["市场部"])).await;
    held.start(&w).await;
    held.sign_in(&w, "amy").await;
    held.finish(&w).await;
    a_class(&w, json!([])).await;
    w.hours(24 * 31);

    let report = w.as_("lena").await.get("/training/coverage?from=2026-01-01&to=2026-12-31").await.ok();
    let market = line(&report, "市场部");
    for (name, expected) in [
        ("people", 2),
        ("planned", 2),
        ("held", 1),
        ("attended", 1),
        ("started", 2),
        ("completed", 1),
        ("attempts", 2),
        ("passed", 1),
        ("pass_rate", 50),
        ("overdue", 1),
    ] {
        assert_eq!(market[name], expected, "{name} of {market}");
    }
    let works = line(&report, "生产部");
    assert_eq!((&works["planned"], &works["held"], &works["overdue"]), (&json!(1), &json!(0), &json!(2)));
    let total =
        report["totals"].as_array().unwrap().iter().find(|t| t["category"] == "operation").unwrap().clone();
    assert_eq!(
        (&total["people"], &total["planned"], &total["held"], &total["completed"]),
        (&json!(7), &json!(2), &json!(1), &json!(1))
    );
    // A span before all of it.
    let empty = w.as_("vera").await.get("/training/coverage?from=2025-01-01&to=2025-12-31").await.ok();
    assert_eq!((&line(&empty, "市场部")["held"], &line(&empty, "市场部")["started"]), (&json!(0), &json!(0)));
    let lena = w.as_("lena").await;
    lena.get("/training/coverage?from=2026-12-31&to=2026-01-01").await.field("from");

    // As a table, with the same numbers.
    let request = lena.request(Method::GET, "/training/coverage?to=2026-12-31").header("accept", "text/csv");
    let table = lena.send(request).await;
    assert_eq!((table.status, table.header("content-type")), (200, "text/csv; charset=utf-8"));
    let table = String::from_utf8(table.bytes).unwrap();
    assert!(table.starts_with("\u{feff}类别,部门,"), "{table}");
    assert!(table.contains("基本操作,市场部,2,2,1,1,2,1,2,1,50,1\n"), "{table}");
    assert!(table.contains("基本操作,合计,7,"), "{table}");

    // Single people: the client's manager and the auditor, names masked; the vendor never.
    for who in ["vera", "lena", "amy", "adam"] {
        w.as_(who).await.get("/training/people").await.refused(403, "FORBIDDEN");
    }
    let all = w.as_("cara").await.all("/training/people?category=operation&limit=2").await;
    assert_eq!(all.len(), 7);
    let of_amy = all.iter().find(|l| l["person"]["id"] == json!(amy.id)).unwrap();
    assert_eq!(of_amy["person"]["display_name"], "艾**");
    assert_eq!(
        (&of_amy["state"], &of_amy["completed"], &of_amy["courses"], &of_amy["attended"]),
        (&json!("completed"), &json!(1), &json!(1), &json!(1))
    );
    let few = w.as_("audrey").await.all("/training/people?department=市场部").await;
    assert_eq!(few.len(), 2 * 4, "two people in four subjects");
    assert!(!json!(all).to_string().contains("score"), "no results of single papers");
    w
});
