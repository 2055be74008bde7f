//! The demonstration is whole: an agreement in its last days, 200 faults in every state and tickets of every other
//! kind, deadlines that follow from what happened, a ledger that verifies, and a second start that finds it so.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use lvyue::app::App;
use lvyue::demo::house;
use lvyue::kit::clock::{Clock, Timestamp};
use lvyue::kit::net;
use lvyue::ledger;
use sea_orm::{ConnectionTrait, Statement};

use crate::support::clocks::no_differences;

/// 2026-11-22 09:12 in Beijing.
const NOW: Timestamp = Timestamp(1_795_309_920_000);

#[tokio::test]
async fn a_whole_desk_in_every_state() {
    net::install_crypto();
    let outer = tempfile::tempdir().unwrap();
    let dir = outer.path().join("demo");
    // A try that was killed leaves its draft; it counts for nothing.
    fs::create_dir_all(outer.path().join("demo.seeding/blobs")).unwrap();
    assert!(!house::is_seeded(&dir));
    let done = house::furnish(&dir, "secret".to_owned(), NOW).await.unwrap();
    assert!(house::is_seeded(&dir));
    assert!(!outer.path().join("demo.seeding").exists());
    assert!(done.tickets > 200, "{done:?}");
    // A folder with something in it is never seeded over.
    house::furnish(&dir, "secret".to_owned(), NOW).await.unwrap_err();

    let mut settings = house::settings(&dir, "secret".to_owned()).unwrap();
    settings.http.workers = 1;
    let app = App::build(settings, Clock::steered(NOW)).await.unwrap();
    let db = app.kit().db.clone();
    let sql = "SELECT kind, state FROM tickets";
    let rows = db
        .reader()
        .query_all_raw(Statement::from_string(db.reader().get_database_backend(), sql))
        .await
        .unwrap();
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    let mut kinds = BTreeSet::new();
    for row in rows {
        let kind: String = row.try_get("", "kind").unwrap();
        if kind == "fault" {
            *states.entry(row.try_get("", "state").unwrap()).or_default() += 1;
        }
        kinds.insert(kind);
    }
    let expected = [
        ("awaiting_client", 8),
        ("awaiting_confirmation", 10),
        ("closed", 135),
        ("in_progress", 14),
        ("merged", 7),
        ("solution_given", 10),
        ("submitted", 8),
        ("withdrawn", 8),
    ];
    assert_eq!(states, expected.map(|(state, n)| (state.to_owned(), n)).into());
    let every = ["change", "consultation", "fault", "incident", "inspection", "invoice", "quality", "report"];
    assert_eq!(kinds, every.map(str::to_owned).into());
    let compared = no_differences(&db, NOW, "the demo").await;
    assert!(compared.records > 220 && compared.clocks > 400, "{compared:?}");
    both_sides(&app).await;
    let report = ledger::verify(&db).await.unwrap();
    assert_eq!(report.bad, None);
    assert_eq!(report.waiting, 0);

    let first = house::invitation(app.kit()).await.unwrap().unwrap();
    let second = house::invitation(app.kit()).await.unwrap().unwrap();
    assert!(first.starts_with("DEMO-") && first != second);
    house::write_people(&dir, Some(&second)).unwrap();
    let people: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(dir.join("people.json")).unwrap()).unwrap();
    let people = people.get("people").unwrap().as_array().unwrap();
    assert_eq!(people.len(), 7);
    assert!(people.iter().any(|p| p.to_string().contains(&second)));
    app.close().await;
}

/// The agreement is in its last days, and each side has duties that run, were kept and were missed.
async fn both_sides(app: &App) {
    let kit = app.kit();
    let number = async |sql: &str| {
        let sql = Statement::from_string(kit.db.reader().get_database_backend(), sql);
        let row = kit.db.reader().query_one_raw(sql).await.unwrap().unwrap();
        row.try_get::<i64>("", "n").unwrap()
    };
    for side in ["client", "vendor"] {
        for (what, condition) in [
            ("running", format!("stopped_at IS NULL AND void_at IS NULL AND due_at > {}", NOW.0)),
            ("kept", "stopped_at <= due_at".to_owned()),
            ("missed", format!("stopped_at > due_at OR (stopped_at IS NULL AND due_at < {})", NOW.0)),
        ] {
            let sql = format!("SELECT COUNT(*) AS n FROM duties WHERE obligor = '{side}' AND ({condition})");
            assert!(number(&sql).await > 0, "{side} {what}");
        }
    }
    let end =
        "SELECT COUNT(*) AS n FROM contracts WHERE delivered_on = '2025-12-04' AND expires_on = '2026-12-04'";
    assert_eq!(number(end).await, 1);
    assert_eq!(number("SELECT COUNT(*) AS n FROM term_reminders").await, 2);
    let patch = "SELECT COUNT(*) AS n FROM duties WHERE code = 'M'";
    assert_eq!(number(patch).await, 1, "only the patch review was missed");
    // Serving begins quietly: what the past had to say was said in the past.
    let book = lvyue::contract::book(kit).await.unwrap();
    let round = lvyue::duties::jobs::warn(kit, &book).await.unwrap();
    assert_eq!(round.warned, 0);
}
