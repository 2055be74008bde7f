//! The ledger under real use: every write leaves an entry, entries get their place, and nobody edits them.

use lvyue::kit::db::Dialect;
use lvyue::ledger;
use serde_json::json;

use crate::support::{World, sql};

story!(every_step_leaves_an_entry, async |w: World| {
    let before = sql::number(w.db(), "SELECT COUNT(*) FROM ledger_entries").await;
    let id = w.closed().await;
    w.as_("amy")
        .await
        .post(&format!("/tickets/{id}/messages"), json!({ "body": "谢谢", "visibility": "public" }))
        .await
        .created();
    let actions = sql::rows(w.db(), "SELECT action FROM ledger_entries ORDER BY id").await;
    let actions: Vec<String> =
        actions[before as usize..].iter().map(|r| r.try_get_by_index(0).unwrap()).collect();
    let of_tickets = actions.iter().filter(|a| a.starts_with("ticket.")).count();
    assert!(of_tickets >= 6, "{actions:?}");
    w
});

story!(the_ledger_cannot_be_edited, async |w: World| {
    w.closed().await;
    w.ledger_settles(std::time::Duration::from_secs(1)).await;
    let count = sql::number(w.db(), "SELECT COUNT(*) FROM ledger_entries").await;
    for sql in [
        "UPDATE ledger_entries SET action = 'x'",
        "UPDATE ledger_entries SET detail = '{}' WHERE action LIKE 'ticket%'",
        "DELETE FROM ledger_entries",
        "UPDATE ledger_places SET seq = seq + 1",
        "DELETE FROM ledger_places",
        "UPDATE ledger_checkpoints SET at = 0",
        "DELETE FROM ledger_checkpoints",
    ] {
        let refused = sql::execute(w.db(), sql).await.expect_err(sql);
        assert!(refused.to_string().contains("append-only"), "{sql}: {refused}");
    }
    if w.db().dialect() == Dialect::Postgres {
        for table in ["ledger_entries", "ledger_places", "ledger_checkpoints"] {
            assert!(sql::execute(w.db(), &format!("TRUNCATE {table}")).await.is_err(), "{table}");
        }
    }
    assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM ledger_entries").await, count);
    w
});

story!(whoever_edits_it_all_the_same_is_found_out, async |w: World| {
    w.closed().await;
    w.ledger_settles(std::time::Duration::from_secs(1)).await;
    // As somebody with the database's password: the triggers go first.
    let (drop, restore) = match w.db().dialect() {
        Dialect::Sqlite => (
            "DROP TRIGGER ledger_entries_fixed",
            "CREATE TRIGGER ledger_entries_fixed BEFORE UPDATE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        ),
        Dialect::Postgres => (
            "ALTER TABLE ledger_entries DISABLE TRIGGER ledger_entries_fixed",
            "ALTER TABLE ledger_entries ENABLE TRIGGER ledger_entries_fixed",
        ),
    };
    sql::execute(w.db(), drop).await.unwrap();
    let place = "(SELECT entry_id FROM ledger_places WHERE seq = 5)";
    sql::execute(w.db(), &format!("UPDATE ledger_entries SET at = at - 1 WHERE id = {place}")).await.unwrap();
    let report = ledger::verify(w.db()).await.unwrap();
    assert_eq!(report.bad.and_then(|bad| bad.seq), Some(5), "{:?}", report.size);
    sql::execute(w.db(), &format!("UPDATE ledger_entries SET at = at + 1 WHERE id = {place}")).await.unwrap();
    sql::execute(w.db(), restore).await.unwrap();
    w
});
