//! Suggestions: given when something is relevant, counted once, and nothing of the draft stays.

use serde_json::json;
use uuid::Uuid;

use super::{entry, publish, take_back, titles};
use crate::support::{World, sql};

story!(a_draft_gets_what_answers_it_and_leaves_no_trace, async |w: World| {
    let amy = w.as_("amy").await;
    let photo = entry(1, "照片太大传不上去怎么办", "压缩后再传，一张不超过 20 MB。", &["照片", "图片"]);
    let login = entry(2, "提示登录已结束，请重新登录", "重新进入即可。", &["登录过期"]);
    let fee = entry(3, "怎么要发票", "向经理提出。", &["开发票"]);
    publish(&w, &[photo.clone(), login.clone(), fee]).await;

    let draft = json!({ "title": "照片传不上去", "description": "甲标记QZDRAFT 报故障时加照片，说太大" });
    let given = amy.post("/suggestions", draft).await.ok();
    assert_eq!(titles(&given), ["照片太大传不上去怎么办"]);
    assert_eq!(given["items"][0]["type"], "material");
    let nothing = amy
        .post("/suggestions", json!({ "title": "食堂菜单", "description": "周三的显示成周四的" }))
        .await
        .ok();
    assert_eq!(nothing["items"], json!([]));
    for empty in [json!({}), json!({ "title": " ", "description": "" }), json!({ "title": "😀" })] {
        assert_eq!(amy.post("/suggestions", empty).await.ok()["items"], json!([]));
    }
    let one = amy.post("/suggestions", json!({ "title": "登录过期了", "description": "" })).await.ok();
    assert_eq!(titles(&one), ["提示登录已结束，请重新登录"]);

    let solved = |id: &str| format!("/suggestions/{id}/solved");
    let id = given["id"].as_str().unwrap();
    for _ in 0..2 {
        amy.post(&solved(id), json!({ "material_id": photo.id })).await.expect(204);
    }
    amy.post(&solved(id), json!({ "material_id": login.id })).await.field("material_id");
    amy.post(&solved(nothing["id"].as_str().unwrap()), json!({ "material_id": photo.id }))
        .await
        .refused(404, "NOT_FOUND");

    let cara = w.as_("cara").await;
    let summary = cara.get("/suggestions/summary").await.ok();
    let count = |e: &lvyue::search::Entry, suggested: i64, solved: i64| json!({ "material_id": e.id, "title": e.title, "suggested": suggested, "solved": solved });
    assert_eq!(
        summary,
        json!({ "asked": 2, "solved": 1, "by_material": [count(&photo, 1, 1), count(&login, 1, 0)] })
    );
    take_back(&w, photo.id).await;
    let by_material = &cara.get("/suggestions/summary").await.ok()["by_material"];
    assert_eq!((&by_material[0]["title"], &by_material[0]["solved"]), (&json!(null), &json!(1)));

    for table in sql::tables(w.db()).await {
        let rows = sql::rows(w.db(), &format!("SELECT * FROM {table}")).await;
        assert!(!format!("{rows:?}").contains("QZDRAFT"), "{table}");
    }
    w
});

story!(a_draft_that_cannot_be_read_names_its_field, async |w: World| {
    let amy = w.as_("amy").await;
    for (field, body) in [
        ("title", json!({ "title": "a\u{0}b", "description": "" })),
        ("title", json!({ "title": "字".repeat(81), "description": "" })),
        ("description", json!({ "title": "好", "description": "\u{202e}反" })),
        ("description", json!({ "title": "好", "description": "字".repeat(5001) })),
        ("kind", json!({ "title": "好", "description": "", "kind": "fault" })),
    ] {
        amy.post("/suggestions", body).await.field(field);
    }
    amy.post("/suggestions/nothing/solved", json!({ "material_id": Uuid::nil() })).await.expect(404);
    w
});
