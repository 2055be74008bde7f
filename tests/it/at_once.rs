//! Many people at the same moment, and the same submission many times.

use std::collections::HashSet;

use futures_util::future::join_all;
use serde_json::json;

use crate::support::faults::{id, report};
use crate::support::{Engine, World, sql};

story!(of_fifty_editors_one_wins_each_version, async |w: World| {
    let ticket = w.submitted().await;
    let lena = w.as_("lena").await;
    let people = [w.as_("vera").await.id, w.as_("vic").await.id, lena.id.clone()];
    for round in 1..=3_i64 {
        let tries = (0..50_usize).map(|n| {
            let body = json!({ "action": "assign", "assignee_id": people[n % 3] });
            lena.act_at(&ticket, round, body)
        });
        let answers = join_all(tries).await;
        let won = answers.iter().filter(|a| a.status == 200).count();
        let stale = answers.iter().filter(|a| a.status == 412 && a.code() == "VERSION_STALE").count();
        let busy = answers.iter().filter(|a| a.status == 503).count();
        assert_eq!(
            (won, won + stale + busy),
            (1, 50),
            "{:?}",
            answers.iter().map(|a| a.status).collect::<Vec<_>>()
        );
        assert_eq!(lena.ticket(&ticket).await["version"], round + 1);
    }
    let events = sql::number(w.db(), "SELECT COUNT(*) FROM ticket_events").await;
    assert_eq!(events, 4, "one report and three assignments");
    w
});

story!(one_key_is_one_ticket, async |w: World| {
    let amy = w.as_("amy").await;
    let tries =
        (0..20).map(|_| async { amy.post_as("/tickets", "twenty-taps", &report("点了二十次")).await });
    let answers = join_all(tries).await;
    let mut ids = HashSet::new();
    let mut replayed = 0;
    for answer in &answers {
        match answer.status {
            201 => {
                ids.insert(id(&answer.json));
                replayed += usize::from(answer.header("idempotency-replayed") == "true");
            }
            409 => assert_eq!(answer.code(), "IDEMPOTENCY_IN_PROGRESS"),
            503 => {}
            _ => panic!("{answer}"),
        }
    }
    assert_eq!(ids.len(), 1, "{ids:?}");
    let made = answers.iter().filter(|a| a.status == 201).count();
    assert_eq!(replayed, made - 1, "all but the first say that they are repeated");

    let again = amy.post_as("/tickets", "twenty-taps", &report("点了二十次")).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    let first = answers.iter().find(|a| a.status == 201).unwrap();
    assert_eq!(
        (&again.json, again.header("location"), again.header("etag")),
        (&first.json, first.header("location"), first.header("etag"))
    );
    amy.post_as("/tickets", "twenty-taps", &report("别的内容")).await.refused(422, "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(amy.all("/tickets").await.len(), 1);

    // The key belongs to the account: the same key of somebody else is another one.
    let other = w.as_("ben").await.post_as("/tickets", "twenty-taps", &report("点了二十次")).await.created();
    assert!(!ids.contains(&id(&other)));
    // And to the operation.
    let path = format!("/tickets/{}/messages", id(&again.json));
    amy.post_as(&path, "twenty-taps", &json!({ "body": "补充", "visibility": "public" })).await.created();
    // A day later the answer is still there, two days later the key is free again.
    w.hours(47);
    let amy = w.as_("amy").await;
    amy.post_as("/tickets", "twenty-taps", &report("点了二十次")).await.created();
    assert_eq!(amy.all("/tickets").await.len(), 1);
    w.hours(2);
    w.as_("amy").await.post_as("/tickets", "twenty-taps", &report("点了二十次")).await.created();
    assert_eq!(w.as_("amy").await.all("/tickets").await.len(), 2);
    w
});

story!(a_refused_submission_leaves_its_key_free, async |w: World| {
    let amy = w.as_("amy").await;
    let mut body = report("附件没有了");
    body["attachment_ids"] = json!(["0193b3a0-0000-7000-8000-000000000001"]);
    amy.post_as("/tickets", "second-try", &body).await.refused(422, "ATTACHMENT_NOT_USABLE");
    body["attachment_ids"] = json!([]);
    amy.post_as("/tickets", "second-try", &body).await.created();
    assert_eq!(amy.all("/tickets").await.len(), 1);
    w
});

story!(lists_are_whole_while_new_tickets_arrive, async |w: World| {
    let amy = w.as_("amy").await;
    let mut known = HashSet::new();
    for n in 0..25 {
        known.insert(id(&amy.report(&format!("第 {n} 张")).await));
    }
    for scope in ["mine", "department", "queue", "all"] {
        let reader = w
            .as_(match scope {
                "mine" => "amy",
                "queue" => "vera",
                "department" => "cara",
                _ => "lena",
            })
            .await;
        let mut seen = Vec::new();
        let mut cursor = None::<String>;
        loop {
            let next = cursor.map(|c| format!("&cursor={c}")).unwrap_or_default();
            let page = reader.get(&format!("/tickets?scope={scope}&limit=4{next}")).await.ok();
            seen.extend(page["items"].as_array().unwrap().iter().map(id));
            cursor = page["next_cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
            // Somebody else reports in between.
            w.as_("ben").await.report("插队").await;
        }
        let unique: HashSet<&String> = seen.iter().collect();
        assert_eq!(unique.len(), seen.len(), "{scope}: no ticket twice");
        if scope != "department" {
            assert!(known.iter().all(|id| unique.contains(id)), "{scope}: none left out");
        }
    }
    let filtered = w.as_("lena").await.all("/tickets?scope=all&state=closed,withdrawn").await;
    assert!(filtered.is_empty());
    let number = amy.ticket(known.iter().next().unwrap()).await["number"].as_str().unwrap().to_owned();
    let found = amy.all(&format!("/tickets?q={number}")).await;
    assert_eq!(found.len(), 1, "{found:?}");
    w
});

story!(numbers_are_never_given_twice, async |w: World| {
    let clients = [w.as_("amy").await, w.as_("ben").await, w.as_("dan").await];
    let made = join_all((0..60_usize).map(|n| {
        let client = clients[n % 3].clone();
        async move { client.post("/tickets", report("同时报的")).await }
    }))
    .await;
    let numbers: Vec<String> = made
        .iter()
        .filter(|a| a.status == 201)
        .map(|a| a.json["number"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        made.iter().all(|a| [201, 503].contains(&a.status)),
        "{:?}",
        made.iter().map(|a| a.status).collect::<Vec<_>>()
    );
    assert!(numbers.len() >= 50 || w.engine == Engine::Production, "{}", numbers.len());
    assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), numbers.len());
    w
});
