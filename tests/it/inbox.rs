//! The inbox: what was told once is told once, what is read is read, and nobody reads what is another's.

use lvyue::kit::actor::{Role, Side};
use lvyue::notices::{self, Notice, Recipient};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{World, sql};

const THING: Uuid = Uuid::from_u128(7);

async fn tell(w: &World, to: &[Recipient], event: &str, text: &str, urgent: bool, by: Option<Uuid>) {
    let kit = w.app.kit();
    let notice = Notice {
        event: event.to_owned(),
        object_kind: "ticket",
        object_id: THING,
        number: "GZ-2026-000001".to_owned(),
        text: text.to_owned(),
        urgent,
        by,
    };
    let tx = kit.db.write_tx().await.unwrap();
    notices::tell(kit, &tx, w.clock.now(), to, &notice).await.unwrap();
    tx.commit().await.unwrap();
}

fn person(id: &str) -> Uuid {
    Uuid::parse_str(id).unwrap()
}

story!(the_same_within_ten_minutes_is_one_notice, async |w: World| {
    let (amy, cara) = (w.as_("amy").await, w.as_("cara").await);
    // Named and by role: once. Whoever did it is not told.
    let vera = person(&w.as_("vera").await.id);
    let to = [
        Recipient::Person(person(&cara.id)),
        Recipient::Role(Role::ClientManager),
        Recipient::Role(Role::VendorAgent),
    ];
    tell(&w, &to, "ticket.said", "第一次", false, Some(vera)).await;
    assert_eq!(cara.all("/inbox").await.len(), 1);
    assert_eq!(w.as_("vic").await.all("/inbox").await.len(), 1);
    for who in ["vera", "amy", "lena", "audrey"] {
        assert_eq!(w.as_(who).await.all("/inbox").await, [] as [Value; 0], "{who}");
    }
    let first = cara.get("/inbox").await.ok();
    assert_eq!(first["unread"], 1);
    let notice = first["items"][0].clone();
    assert_eq!(cara.post("/inbox/read", json!({ "ids": [notice["id"]] })).await.ok()["unread"], 0);

    // Again within the time: the same notice, unread again, with what is so now.
    w.pass(chrono::TimeDelta::milliseconds(599_999));
    tell(&w, &[Recipient::Person(person(&cara.id))], "ticket.said", "第二次", true, None).await;
    let page = w.as_("cara").await.get("/inbox").await.ok();
    assert_eq!((page["items"].as_array().unwrap().len(), &page["unread"]), (1, &json!(1)));
    let again = &page["items"][0];
    assert_eq!((&again["id"], &again["count"], &again["text"]), (&notice["id"], &json!(2), &json!("第二次")));
    assert_eq!(
        (&again["urgent"], &again["at"], &again["read_at"]),
        (&json!(true), &json!(w.clock.now()), &Value::Null)
    );

    // Something else about it, the same about it to another, and the same later: notices of their own.
    tell(&w, &[Recipient::Person(person(&cara.id))], "ticket.solved", "别的", false, None).await;
    tell(&w, &[Recipient::Person(person(&amy.id))], "ticket.said", "给别人", false, None).await;
    w.pass(chrono::TimeDelta::milliseconds(600_000));
    tell(&w, &[Recipient::Person(person(&cara.id))], "ticket.said", "后来", false, None).await;
    let cara = w.as_("cara").await;
    let texts: Vec<Value> = cara.all("/inbox?limit=2").await.iter().map(|n| n["text"].clone()).collect();
    assert_eq!(texts, ["后来", "别的", "第二次"]);
    assert_eq!(w.as_("amy").await.all("/inbox").await.len(), 1);
    w
});

story!(reading_marks_ones_own_and_no_more, async |w: World| {
    let (amy, ben) = (w.as_("amy").await, w.as_("ben").await);
    let both = [Recipient::Person(person(&amy.id)), Recipient::Person(person(&ben.id))];
    for event in ["a", "b", "c"] {
        tell(&w, &both, event, event, false, None).await;
        w.minutes(1);
    }
    let page = amy.get("/inbox?unread=true&limit=2").await.ok();
    assert_eq!((page["items"].as_array().unwrap().len(), &page["unread"]), (2, &json!(3)));
    let of_ben = ben.all("/inbox").await;
    let foreign = json!({ "ids": [of_ben[0]["id"], of_ben[1]["id"], of_ben[2]["id"]] });
    assert_eq!(amy.post("/inbox/read", foreign).await.ok()["unread"], 3);
    assert_eq!(ben.get("/inbox").await.ok()["unread"], 3);

    let until = page["items"][1]["at"].clone();
    assert_eq!(amy.post("/inbox/read", json!({ "all_before": until })).await.ok()["unread"], 1);
    assert_eq!(amy.post("/inbox/read", json!({ "all_before": until })).await.ok()["unread"], 1);
    let left = amy.all("/inbox?unread=true").await;
    assert_eq!(left.iter().map(|n| &n["text"]).collect::<Vec<_>>(), ["c"]);
    let read = amy.all("/inbox").await;
    assert_eq!(read.iter().filter(|n| n["read_at"] == json!(w.clock.now())).count(), 2);
    assert_eq!(
        sql::number(w.db(), "SELECT COUNT(*) FROM ledger_entries WHERE action = 'inbox.read'").await,
        1
    );

    amy.post("/inbox/read", json!({})).await.field("ids");
    amy.post("/inbox/read", json!({ "ids": [] })).await.field("ids");
    amy.post("/inbox/read", json!({ "ids": [THING], "all_before": until })).await.field("all_before");
    amy.get("/inbox?unread=maybe").await.field("unread");
    amy.get("/inbox?read=true").await.field("read");
    w
});

story!(who_left_is_told_nothing, async |w: World| {
    let (vera, vic) = (w.as_("vera").await.id, w.as_("vic").await.id);
    assert!(lvyue::identity::leave(w.app.kit(), Side::Vendor, "V200001").await.unwrap());
    let to = [Recipient::Person(person(&vera)), Recipient::Role(Role::VendorAgent)];
    tell(&w, &to, "ticket.said", "还在的人", false, None).await;
    let told = sql::rows(w.db(), "SELECT person_id FROM notices").await;
    let told: Vec<Uuid> = told.iter().map(|r| r.try_get("", "person_id").unwrap()).collect();
    assert_eq!(told, [person(&vic)]);
    w
});
