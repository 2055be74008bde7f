//! The search: what is published is found as people type it, with the same hits in the same order on both
//! databases, and nobody finds what they may not see.

mod golden;
mod library;
mod scan;
mod suggestions;

use lvyue::search::{self, Entry};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::faults::id;
use crate::support::{Client, World, sql};

/// A material of its own course; the ids follow from the number.
pub fn entry(number: u128, title: &str, body: &str, tags: &[&str]) -> Entry {
    Entry {
        id: Uuid::from_u128(0x0193_b3a0_0000_7000_8000_0000_0000_0000 + number),
        course_id: Uuid::from_u128(number),
        kind: "article".to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
        tags: tags.iter().map(|t| (*t).to_owned()).collect(),
        category: "故障排查".to_owned(),
    }
}

pub async fn publish(w: &World, entries: &[Entry]) {
    let tx = w.db().write_tx().await.unwrap();
    search::put_all(&tx, entries).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn take_back(w: &World, id: Uuid) {
    let tx = w.db().write_tx().await.unwrap();
    search::remove(&tx, id).await.unwrap();
    tx.commit().await.unwrap();
}

/// The ids of suggestions that amy was given, and of the material among them.
pub async fn suggested(w: &World) -> (String, String) {
    let material = entry(99, "矩阵怎么看", "按行看。", &[]);
    publish(w, std::slice::from_ref(&material)).await;
    let given = w.as_("amy").await.post("/suggestions", json!({ "title": "矩阵怎么看" })).await.ok();
    (id(&given), material.id.to_string())
}

pub async fn find(client: &Client, q: &str, more: &str) -> Value {
    let q: String = form_urlencoded::byte_serialize(q.as_bytes()).collect();
    client.get(&format!("/search?q={q}{more}")).await.ok()
}

/// Segments put together, hits in brackets.
pub fn shown(segments: &Value) -> String {
    let show = |s: &Value| {
        let text = s["text"].as_str().unwrap();
        if s["hit"] == true { format!("[{text}]") } else { text.to_owned() }
    };
    segments.as_array().unwrap().iter().map(show).collect()
}

pub fn titles(found: &Value) -> Vec<String> {
    let items = found["items"].as_array().unwrap();
    items.iter().map(|i| shown(&i["title"]).replace(['[', ']'], "")).collect()
}

story!(what_is_published_is_found_as_it_is_typed, async |w: World| {
    let amy = w.as_("amy").await;
    assert_eq!(find(&amy, "密码", "").await, json!({ "items": [], "total": 0 }));
    let reset = entry(1, "忘记密码怎么办", "在登录页点「忘记密码」。\n五分钟内收到短信。", &["重置"]);
    let printer = entry(2, "打印机离线", "先看 Wi-Fi，再重启打印机；用Excel打印时另存为PDF。", &[]);
    let rules = entry(3, "密码规则", "至少 8 位。", &[]);
    publish(&w, &[reset.clone(), printer.clone(), rules.clone()]).await;

    let found = find(&amy, "忘記密碼", "").await;
    let first = &found["items"][0];
    assert_eq!(shown(&first["title"]), "[忘记密码]怎么办");
    assert_eq!(shown(&first["excerpt"]), "在登录页点「[忘记密码]」。 五分钟内收到短信。");
    assert_eq!(
        (&first["type"], &first["kind"], &first["id"], &first["course_id"], &first["category"]),
        (
            &json!("material"),
            &json!("article"),
            &json!(reset.id),
            &json!(reset.course_id),
            &json!("故障排查")
        )
    );
    for (q, expected) in [
        ("ＥＸＣＥＬ", &["打印机离线"][..]),
        ("exc", &["打印机离线"]),
        ("xcel", &[]),
        ("wi-fi 重启", &["打印机离线"]),
        ("离", &["打印机离线"]),
        ("密码", &["忘记密码怎么办", "密码规则"]),
        ("重置", &["忘记密码怎么办"]),
        ("8", &["密码规则"]),
        ("故障排查", &["忘记密码怎么办", "打印机离线", "密码规则"]),
        ("", &[]),
        ("  ", &[]),
        ("😀", &[]),
        ("？！", &[]),
        ("鼹鼠", &[]),
    ] {
        let mut found = titles(&find(&amy, q, "").await);
        if q == "故障排查" {
            found.sort();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(found, expected);
        } else {
            assert_eq!(found, expected, "{q}");
        }
    }
    let long: String = "密码打印机重启".chars().cycle().take(200).collect();
    assert_ne!(find(&amy, &long, "").await["total"], 0);
    assert_eq!(titles(&find(&amy, "密码", "&limit=1").await), ["忘记密码怎么办"]);

    // A new edition takes the place of the old one; what is withdrawn is gone, and its words with it.
    publish(&w, &[Entry { title: "口令规则".to_owned(), ..rules.clone() }]).await;
    assert_eq!(titles(&find(&amy, "密码", "").await), ["忘记密码怎么办"]);
    assert_eq!(titles(&find(&amy, "口令", "").await), ["口令规则"]);
    for gone in [reset.id, rules.id, printer.id, printer.id] {
        take_back(&w, gone).await;
    }
    assert_eq!(find(&amy, "密码", "").await["total"], 0);
    for table in ["search_postings", "search_entries"] {
        assert_eq!(
            crate::support::sql::number(w.db(), &format!("SELECT COUNT(*) AS n FROM {table}")).await,
            0
        );
    }
    w
});

story!(what_cannot_be_asked_is_refused_by_name, async |w: World| {
    let amy = w.as_("amy").await;
    for q in ["%00", "a%00b", "%E2%80%AEabc", &"x".repeat(201)] {
        amy.get(&format!("/search?q={q}")).await.field("q");
    }
    for (query, field) in
        [("q=a&limit=0", "limit"), ("q=a&limit=51", "limit"), ("q=a&in=people", "in"), ("q=a&in=", "in")]
    {
        amy.get(&format!("/search?{query}")).await.field(field);
    }
    amy.get("/search?q=%FF").await.expect(400);
    assert_eq!(amy.get("/search").await.ok()["total"], 0);
    w
});

story!(tickets_are_found_by_number_and_words_by_who_sees_them, async |w: World| {
    let (amy, dan) = (w.as_("amy").await, w.as_("dan").await);
    let mine = amy.report("秘密的标题").await;
    let accepted = w.accepted().await;
    let foreign = dan.report("别人的").await;
    let number = |ticket: &Value| ticket["number"].as_str().unwrap().to_owned();
    let numbers = |found: &Value| -> Vec<String> {
        found["items"].as_array().unwrap().iter().map(|i| i["number"].as_str().unwrap().to_owned()).collect()
    };
    let full = number(&mine);
    let digits = full.rsplit('-').next().unwrap().trim_start_matches('0').to_owned();
    for q in [full.clone(), full.to_lowercase(), full.replace('-', ""), digits, full.replace("GZ", "ＧＺ")]
    {
        let found = find(&amy, &q, "").await;
        assert_eq!(numbers(&found), [full.as_str()], "{q}");
        assert_eq!(
            (&found["items"][0]["type"], &found["items"][0]["state"]),
            (&json!("ticket"), &json!("submitted"))
        );
        assert_eq!(shown(&found["items"][0]["title"]), "秘密的标题");
        assert_eq!(find(&dan, &q, "").await["total"], 0, "{q}");
    }
    // Not by what people wrote.
    assert_eq!(find(&amy, "秘密的标题", "").await["total"], 0);
    assert_eq!(find(&amy, "故障", "&in=tickets").await["total"], 2);
    let in_progress = numbers(&find(&amy, "故障 處理中", "&in=tickets").await);
    assert_eq!(in_progress, [number(&amy.ticket(&accepted).await)]);
    assert_eq!(find(&amy, "变更", "&in=tickets").await["total"], 0);
    assert_eq!(find(&amy, "故障", "&in=materials").await["total"], 0);
    // The manager sees both people's, the administrator none.
    assert_eq!(find(&w.as_("cara").await, "故障", "&in=tickets").await["total"], 3);
    assert_eq!(find(&w.as_("adam").await, "故障", "&in=tickets").await["total"], 0);
    // A follower finds what they follow; what is closed the agent no longer finds unless it is theirs.
    let version = amy.ticket(&id(&mine)).await["version"].as_i64().unwrap();
    dan.act_at(&id(&mine), version, json!({ "action": "me_too" })).await.ok();
    assert_eq!(find(&dan, &full, "").await["total"], 1);
    assert_eq!(find(&w.as_("vera").await, &number(&foreign), "").await["total"], 1);
    // Beside materials: named by number before them, named by words after them.
    publish(&w, &[entry(1, "故障怎么报", "说清现象", &[&full])]).await;
    let kinds = |found: Value| -> Vec<String> {
        found["items"].as_array().unwrap().iter().map(|i| i["type"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(find(&amy, "故障", "").await), ["material", "ticket", "ticket"]);
    assert_eq!(kinds(find(&amy, &full, "").await), ["ticket", "material"]);
    w
});

/// The calls of the search, for the stories of wrong bodies.
pub fn bodies(suggestion: &str, material: &str) -> Vec<crate::edge::Call> {
    let call = |operation, path: String, body, texts: &[(&'static str, usize)], required: &[&'static str]| {
        let (texts, required) = (texts.to_vec(), required.to_vec());
        crate::edge::Call { operation, who: "amy", path, version: None, body, texts, required }
    };
    let draft = json!({ "title": "打不开", "description": "白屏" });
    let solved = json!({ "material_id": material });
    vec![
        call("suggest", "/suggestions".into(), draft, &[("title", 80), ("description", 5000)], &[]),
        call(
            "solve_by_suggestion",
            format!("/suggestions/{suggestion}/solved"),
            solved,
            &[],
            &["material_id"],
        ),
    ]
}

story!(an_index_of_other_rules_is_known_and_made_anew, async |w: World| {
    let kit = w.app.kit();
    let many: Vec<Entry> =
        (1..=1100).map(|n| entry(n, &format!("第{n}份"), "打印机离线先看 Wi-Fi。", &["重启"])).collect();
    publish(&w, &many).await;
    take_back(&w, many[500].id).await;
    let postings = async || {
        let rows =
            sql::rows(w.db(), "SELECT token, block, docs FROM search_postings ORDER BY token, block").await;
        let read = |row: &sea_orm::QueryResult| {
            let (token, block): (String, i32) =
                (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
            (token, block, row.try_get_by_index::<Vec<u8>>(2).unwrap())
        };
        let mut all: Vec<_> = rows.iter().map(read).collect();
        all.sort();
        all
    };
    let whole = postings().await;
    assert!(whole.iter().any(|(_, block, _)| *block == 1), "more than one block");
    let state = async || w.nobody().get("/readyz").await.ok()["checks"]["search"].clone();
    assert_eq!(state().await, "ok");
    // As an earlier program left it: tokens that nobody asks for, and some that are missing.
    sql::execute(w.db(), "UPDATE search_state SET rules = 0").await.unwrap();
    sql::execute(w.db(), "DELETE FROM search_postings WHERE token = '离线'").await.unwrap();
    sql::execute(w.db(), "UPDATE search_postings SET token = 'OLD' WHERE token = '打印'").await.unwrap();
    assert_eq!(find(&w.as_("amy").await, "离线", "").await["total"], 0);
    assert!(search::is_outdated(w.db().reader()).await.unwrap());
    let done = search::rebuild(kit).await.unwrap();
    assert_eq!((done.docs, done.from_rules), (1099, Some(0)));
    assert_eq!(postings().await, whole);
    let again = search::rebuild(kit).await.unwrap();
    assert_eq!((again.docs, again.from_rules), (1099, None));
    assert_eq!(postings().await, whole);
    assert!(!search::is_outdated(w.db().reader()).await.unwrap());
    assert_ne!(find(&w.as_("amy").await, "离线", "").await["total"], 0);
    // What is published afterwards finds its place.
    publish(&w, &[entry(2000, "鼹鼠", "", &[])]).await;
    assert_eq!(titles(&find(&w.as_("amy").await, "鼹鼠", "").await), ["鼹鼠"]);
    w
});
