//! 「我也遇到」, links and merges across people.

use serde_json::{Value, json};

use super::{made, state};
use crate::support::World;
use crate::support::client::fresh_key;
use crate::support::faults::id;

story!(whoever_meets_it_too_follows_instead_of_reporting, async |w: World| {
    let fault = w.submitted().await;
    let ben = w.as_("ben").await;
    ben.get(&format!("/tickets/{fault}")).await.refused(404, "NOT_FOUND");
    // Who has never seen it learns the version by trying.
    let stale = ben.act_at(&fault, 0, json!({ "action": "me_too" })).await.refused(412, "VERSION_STALE");
    let version = stale["version"].as_i64().unwrap();
    let followed = ben.act_at(&fault, version, json!({ "action": "me_too" })).await.ok();
    assert_eq!((&followed["follows"], &followed["followers"]), (&json!(true), &json!(1)));
    assert_eq!(followed["allowed_actions"], json!(["escalate_to_incident"]), "a follower looks on");
    ben.act_now(&fault, json!({ "action": "me_too" })).await.refused(409, "ACTION_NOT_ALLOWED");
    ben.act_now(&fault, json!({ "action": "remind" })).await.refused(403, "FORBIDDEN");
    let message = json!({ "body": "我也是", "visibility": "public" });
    ben.post_as(&format!("/tickets/{fault}/messages"), &fresh_key(), &message)
        .await
        .refused(403, "FORBIDDEN");
    assert_eq!(ben.all("/tickets?scope=followed").await.len(), 1);
    assert_eq!(ben.all("/tickets?scope=mine").await, Vec::<Value>::new());
    w.as_("amy")
        .await
        .act_now(&fault, json!({ "action": "me_too" }))
        .await
        .refused(409, "ACTION_NOT_ALLOWED");
    // What is no open fault gives nothing away.
    let (consultation, _) = made(&w, "amy", "consultation", json!({})).await;
    ben.act_at(&consultation, 1, json!({ "action": "me_too" })).await.refused(404, "NOT_FOUND");

    // Merging carries reporter and followers along; both timelines stay.
    let other = w.as_("dan").await.report("首页也打不开").await;
    let into = id(&other);
    w.as_("vera").await.does(&fault, json!({ "action": "merge", "into": into })).await;
    for who in ["amy", "ben"] {
        let client = w.as_(who).await;
        let target = client.ticket(&into).await;
        assert_eq!((state(&target), &target["follows"]), ("submitted", &json!(true)), "{who}");
        assert_eq!(client.ticket(&fault).await["merged_into"]["id"], json!(into));
    }
    let events: Vec<Value> = w.as_("dan").await.all(&format!("/tickets/{into}/timeline")).await;
    assert!(events.iter().any(|e| e["event"] == "absorbed"), "{events:?}");
    w
});

story!(tickets_that_belong_together_are_linked, async |w: World| {
    let fault = w.submitted().await;
    let (change, _) = made(&w, "cara", "change", json!({ "wished_on": "2026-12-07" })).await;
    let cara = w.as_("cara").await;
    let linked = cara.does(&fault, json!({ "action": "link", "to": change })).await;
    assert_eq!(linked["links"][0]["id"], json!(change));
    assert_eq!(cara.ticket(&change).await["links"][0]["id"], json!(fault));
    cara.act_now(&change, json!({ "action": "link", "to": fault })).await.field("to");
    cara.act_now(&change, json!({ "action": "link", "to": change })).await.field("to");
    // A draft that the vendor does not see does not show through a link either.
    assert_eq!(w.as_("lena").await.ticket(&fault).await["links"], json!([]));
    let vera = w.as_("vera").await;
    vera.act_now(&fault, json!({ "action": "link", "to": change })).await.field("to");
    vera.act_now(&fault, json!({ "action": "merge", "into": change })).await.field("into");
    cara.act_now(&fault, json!({ "action": "merge", "into": change })).await.field("into");
    let both = cara.all("/tickets?scope=all&kind=fault,change").await;
    assert_eq!(both.len(), 2);
    assert_eq!(cara.all("/tickets?scope=all&kind=change&state=draft,issued").await.len(), 1);
    cara.get("/tickets?scope=all&kind=fault,nothing").await.field("kind");
    w
});
