//! What the vendor's people note among themselves reaches nobody of the client, by no way.

use serde_json::{Value, json};

use crate::support::World;
use crate::support::client::fresh_key;
use crate::support::faults::id;

const SECRET: &str = "甲方自己改坏的配置";

story!(internal_notes_stay_inside, async |w: World| {
    let ticket = w.accepted().await;
    let vera = w.as_("vera").await;
    let note = json!({ "body": SECRET, "visibility": "internal" });
    vera.post(&format!("/tickets/{ticket}/messages"), note.clone()).await.created();
    vera.post(&format!("/tickets/{ticket}/messages"), json!({ "body": "请稍等", "visibility": "public" }))
        .await
        .created();
    w.as_("lena")
        .await
        .does(&ticket, json!({ "action": "assign", "assignee_id": vera.id, "note": SECRET }))
        .await;

    for outsider in ["amy", "cara", "audrey"] {
        let client = w.as_(outsider).await;
        for path in ["", "/messages", "/timeline", "/clocks", "/receipt"] {
            let seen = client.get(&format!("/tickets/{ticket}{path}")).await.ok();
            assert!(!seen.to_string().contains(SECRET), "{outsider} {path}: {seen}");
        }
        let messages = client.all(&format!("/tickets/{ticket}/messages?limit=1")).await;
        assert!(messages.iter().all(|m| m["visibility"] == "public"), "{messages:?}");
        assert_eq!(messages.len(), 2);
        let timeline = client.all(&format!("/tickets/{ticket}/timeline")).await;
        let notes =
            timeline.iter().filter(|e| e["text"].as_str().is_some_and(|t| t.contains("内部"))).count();
        assert_eq!(notes, 0, "that there was a note is internal too: {timeline:?}");
        assert_eq!(client.ticket(&ticket).await["can"]["internal_note"], false);
    }
    for insider in ["vera", "vic", "lena"] {
        let seen = w.as_(insider).await.all(&format!("/tickets/{ticket}/messages")).await;
        assert_eq!(seen.iter().filter(|m| m["body"] == SECRET).count(), 2, "{insider}: {seen:?}");
    }
    let refused = w.as_("amy").await.post(&format!("/tickets/{ticket}/messages"), note).await;
    refused.refused(403, "FORBIDDEN");
    w
});

story!(attachments_of_notes_stay_inside, async |w: World| {
    let ticket = w.accepted().await;
    let vera = w.as_("vera").await;
    let file = id(&vera.upload("log.png", "image/png", &crate::attachments::png(3, 3)).await.created());
    let note = json!({ "body": "见截图", "visibility": "internal", "attachment_ids": [file] });
    vera.post(&format!("/tickets/{ticket}/messages"), note).await.created();
    w.as_("vic").await.get(&format!("/attachments/{file}")).await.ok();
    for outsider in ["amy", "cara", "audrey", "ben"] {
        let client = w.as_(outsider).await;
        client.get(&format!("/attachments/{file}")).await.refused(404, "NOT_FOUND");
        if outsider != "ben" {
            assert!(!client.ticket(&ticket).await.to_string().contains(&file));
        }
    }
    w
});

story!(internal_notes_do_not_answer_the_client, async |w: World| {
    let ticket = w.submitted().await;
    let vera = w.as_("vera").await;
    let path = format!("/tickets/{ticket}/messages");
    vera.post(&path, json!({ "body": "先看看", "visibility": "internal" })).await.created();
    let seen = vera.ticket(&ticket).await;
    assert_eq!(seen["state"], "submitted");
    let r8 = crate::support::clocks::by_code(&seen)["R8"].clone();
    assert_eq!((&r8["verdict"], &r8["stopped_at"]), (&json!("running"), &Value::Null));
    vera.post_as(&path, &fresh_key(), &json!({ "body": "您好，正在看", "visibility": "public" }))
        .await
        .created();
    let seen = vera.ticket(&ticket).await;
    assert_eq!((&seen["state"], &seen["assignee"]["id"]), (&json!("in_progress"), &json!(vera.id)));
    assert_eq!(crate::support::clocks::by_code(&seen)["R8"]["verdict"], "met");
    w
});
