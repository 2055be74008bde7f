//! The wrapped key of a ticket stands twice: in `data_keys` and beside the ticket. What happens to the one
//! happens to the other in the same transaction, and a shredded ticket stops nobody from reading the others.

use lvyue::kit::crypto::rotation::{rewrap_batch, rotate_kek};
use serde_json::Value;
use uuid::Uuid;

use crate::support::{Client, World, sql};

/// How many tickets have beside them something else than `data_keys` says.
async fn differing(w: &World) -> i64 {
    let same = if w.engine == crate::support::Engine::Embedded { "IS" } else { "IS NOT DISTINCT FROM" };
    let query = format!(
        "SELECT COUNT(*) FROM tickets t JOIN data_keys k ON k.key_id = t.key_id WHERE NOT (t.key_wrapped {same} k.wrapped)"
    );
    sql::number(w.db(), &query).await
}

const SHREDDED: &str = "SELECT COUNT(*) FROM tickets WHERE key_wrapped IS NULL";

async fn key_of(w: &World, ticket: &str) -> Uuid {
    let rows = sql::rows(w.db(), "SELECT id, key_id FROM tickets").await;
    let keys = rows.iter().map(|r| (r.try_get::<Uuid>("", "id").unwrap(), r.try_get("", "key_id").unwrap()));
    keys.into_iter().find(|(id, _)| id.to_string() == ticket).unwrap().1
}

fn titles(items: &[Value]) -> Vec<&str> {
    items.iter().map(|t| t["title"].as_str().unwrap()).collect()
}

async fn others_are_read(client: &Client, shredded: &str, number: &Value) {
    let items = client.all("/tickets").await;
    assert_eq!(titles(&items), ["之后", "内容已销毁", "之前"]);
    let row = &items[1];
    assert_eq!((&row["id"], &row["number"], &row["state"]), (&shredded.into(), number, &"submitted".into()));
    let shown = client.ticket(shredded).await;
    assert_eq!((&shown["title"], &shown["description"]), (&"内容已销毁".into(), &"内容已销毁".into()));
    assert_eq!((&shown["number"], &shown["state"]), (number, &"submitted".into()));
    client.get(&format!("/tickets/{shredded}/messages")).await.ok();
}

story!(a_destroyed_key_is_gone_from_both_places_at_once, async |w: World| {
    let amy = w.as_("amy").await;
    amy.report("之前").await;
    let shredded = id(&amy.report("要销毁的").await);
    amy.report("之后").await;
    let number = amy.ticket(&shredded).await["number"].clone();
    let (vault, key, now) = (&w.app.kit().vault, key_of(&w, &shredded).await, w.clock.now());
    // What is undone leaves both as they were.
    let tx = w.db().write_tx().await.unwrap();
    assert!(vault.destroy(&*tx, key, now).await.unwrap());
    drop(tx);
    assert_eq!((sql::number(w.db(), SHREDDED).await, differing(&w).await), (0, 0));
    let tx = w.db().write_tx().await.unwrap();
    assert!(vault.destroy(&*tx, key, now).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!((sql::number(w.db(), SHREDDED).await, differing(&w).await), (1, 0));
    others_are_read(&amy, &shredded, &number).await;
    // Nothing is written under it any more, and an attempt leaves nothing.
    let path = format!("/tickets/{shredded}/messages");
    let answer = amy.post(&path, serde_json::json!({ "body": "还在吗" })).await;
    assert!(answer.status >= 400, "{answer}");
    w
});

story!(a_rewrapped_key_is_renewed_in_both_places_at_once, async |w: World| {
    let amy = w.as_("amy").await;
    let ids = [id(&amy.report("一").await), id(&amy.report("二").await)];
    let before = sql::rows(w.db(), "SELECT key_wrapped FROM tickets ORDER BY id").await;
    let keys = w.path("keys.toml");
    rotate_kek(&keys, w.db(), &w.clock).await.unwrap();
    let progress = rewrap_batch(&keys, w.db(), &w.clock).await.unwrap();
    assert_eq!(progress.remaining, 0);
    assert_eq!(differing(&w).await, 0);
    let after = sql::rows(w.db(), "SELECT key_wrapped FROM tickets ORDER BY id").await;
    for (old, new) in before.iter().zip(&after) {
        let bytes = |row: &sea_orm::QueryResult| row.try_get_by_index::<Vec<u8>>(0).unwrap();
        assert_ne!(bytes(old), bytes(new), "wrapped as before");
    }
    for (id, title) in ids.iter().zip(["一", "二"]) {
        assert_eq!(amy.ticket(id).await["title"], title);
    }
    assert_eq!(titles(&amy.all("/tickets").await), ["二", "一"]);
    w
});

fn id(ticket: &Value) -> String {
    ticket["id"].as_str().unwrap().to_owned()
}
