//! The demonstration is whole: 200 tickets in every state, deadlines that follow from what happened, a
//! ledger that verifies, and a second start that finds it as it was.

use std::collections::BTreeMap;
use std::fs;

use lvyue::app::App;
use lvyue::demo::house;
use lvyue::kit::clock::{Clock, Timestamp};
use lvyue::kit::net;
use lvyue::ledger;
use lvyue::tickets::service::check::clock_differences;
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

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
    assert_eq!(done.tickets, 200);
    // A folder with something in it is never seeded over.
    house::furnish(&dir, "secret".to_owned(), NOW).await.unwrap_err();

    let mut settings = house::settings(&dir, "secret".to_owned()).unwrap();
    settings.http.workers = 1;
    let app = App::build(settings, Clock::steered(NOW)).await.unwrap();
    let db = app.kit().db.clone();
    let sql = "SELECT id, state FROM tickets";
    let rows = db
        .reader()
        .query_all_raw(Statement::from_string(db.reader().get_database_backend(), sql))
        .await
        .unwrap();
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        let id: Uuid = row.try_get("", "id").unwrap();
        assert_eq!(clock_differences(app.kit(), id).await.unwrap(), Vec::<String>::new());
        *states.entry(row.try_get("", "state").unwrap()).or_default() += 1;
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
