//! How forged progress was tried. Every trick that a client can play with beats, against the running server, beside
//! honest people whose bad networks, pauses and second devices must cost them nothing.

use chrono::TimeDelta;
use lvyue::courses::model::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

use super::published::{course, id, item, publish};
use crate::support::{Answer, Client, World, sql};

const VIDEO: u128 = 11;
const OTHER: u128 = 12;
const LONG: u128 = 13;

async fn set(w: &World) {
    let mut long = item(LONG, Kind::Audio);
    long.duration_ms = Some(1_800_000);
    publish(w, &course(1, w, vec![item(VIDEO, Kind::Video), item(OTHER, Kind::Video), long]), &[]).await;
}

async fn send(client: &Client, material: u128, body: Value) -> Answer {
    client.post(&format!("/materials/{}/progress", id(material)), body).await
}

/// A beat of what plays, in seconds.
fn beat(player: &str, seq: i64, from: i64, to: i64) -> Value {
    json!({ "player": player, "seq": seq, "from": from, "to": to, "position": to })
}

/// Seconds that the server believes were watched.
async fn believed(client: &Client, material: u128) -> i64 {
    let shown = client.get(&format!("/materials/{}", id(material))).await.ok();
    let pairs = shown["my"]["intervals"].as_array().unwrap().clone();
    pairs.iter().map(|p| (p[1].as_i64().unwrap() - p[0].as_i64().unwrap()) / 1000).sum()
}

async fn entries(w: &World) -> i64 {
    let about = "('material', 'course', 'certificate')";
    let entries = format!("SELECT COUNT(*) FROM ledger_entries WHERE object_kind IN {about}");
    sql::number(w.db(), &entries).await
}

story!(how_forged_progress_was_tried, async |w: World| {
    set(&w).await;
    let amy = w.as_("amy").await;
    let before = entries(&w).await;

    // The whole video in one claim, without opening a player, and right after opening one.
    send(&amy, VIDEO, beat("a", 2, 0, 600)).await.refused(409, "PLAYER_ELSEWHERE");
    send(&amy, VIDEO, beat("a", 1, 0, 0)).await.ok();
    let answer = send(&amy, VIDEO, beat("a", 2, 0, 600)).await.ok();
    assert_eq!(
        (&answer["coverage"], &answer["completed"], &answer["seq"]),
        (&json!(0), &json!(false), &json!(2))
    );
    assert_eq!(believed(&amy, VIDEO).await, 3);

    // Ten times the speed: believed is twice the time that passed, and the three seconds of before.
    for n in 0..5 {
        w.pass(TimeDelta::seconds(10));
        send(&amy, VIDEO, beat("a", 3 + n, 100 * n, 100 * n + 100)).await.ok();
    }
    assert_eq!(believed(&amy, VIDEO).await, 3 + 5 * 20 - 3, "the first twenty seconds cover the three");

    // Replayed, reordered, from the middle of nowhere: nothing changes.
    w.pass(TimeDelta::seconds(60));
    for seq in [7, 6, 5, 2] {
        let answer = send(&amy, VIDEO, beat("a", seq, 500, 560)).await.ok();
        assert_eq!(answer["seq"], 7, "{answer}");
    }
    assert_eq!(believed(&amy, VIDEO).await, 100);
    // A gap in the numbers is a beat that got lost.
    send(&amy, VIDEO, beat("a", 1_000_000, 500, 510)).await.ok();
    assert_eq!(believed(&amy, VIDEO).await, 110);

    // Two players of one person, on one video and on two.
    send(&amy, VIDEO, beat("b", 1, 0, 0)).await.ok();
    send(&amy, VIDEO, beat("a", 1_000_001, 510, 520)).await.refused(409, "PLAYER_ELSEWHERE");
    send(&amy, OTHER, beat("b", 2, 0, 10)).await.refused(409, "PLAYER_ELSEWHERE");
    send(&amy, OTHER, beat("b", 1, 0, 0)).await.ok();
    send(&amy, VIDEO, beat("b", 3, 0, 10)).await.refused(409, "PLAYER_ELSEWHERE");

    // Opening again and again, or twenty at once: no time passes, so no more than the slack is believed.
    for n in 0..10 {
        let list: Vec<Value> =
            vec![strip(beat("", 1, n * 10, n * 10)), strip(beat("", 2, n * 10, n * 10 + 10))];
        send(&amy, OTHER, json!({ "player": format!("p{n}"), "beats": list })).await.ok();
    }
    assert!(believed(&amy, OTHER).await <= 3);
    w.pass(TimeDelta::seconds(5));
    send(&amy, OTHER, beat("c", 1, 0, 0)).await.ok();
    let at_once = (0..20).map(|n| send(&amy, OTHER, beat("c", n + 2, n * 20, n * 20 + 20)));
    for answer in futures_util::future::join_all(at_once).await {
        assert!([200, 503].contains(&answer.status), "{answer}");
    }
    assert!(believed(&amy, OTHER).await <= 3 + 10 + 3, "{}", believed(&amy, OTHER).await);

    // Where it stands is not what was watched.
    w.pass(TimeDelta::seconds(600));
    let amy = w.as_("amy").await;
    let seen = believed(&amy, OTHER).await;
    send(&amy, OTHER, json!({ "player": "c", "seq": 100, "from": 0, "to": 0, "position": 600 })).await.ok();
    assert_eq!(believed(&amy, OTHER).await, seen);
    assert_eq!(amy.get(&format!("/materials/{}", id(OTHER))).await.ok()["my"]["position_ms"], 600_000);

    // What cannot be is refused by name and stores nothing.
    for (body, field) in [
        (json!({ "player": "c", "seq": 101, "from": 590, "to": 602, "position": 600 }), "to"),
        (json!({ "player": "c", "seq": 101, "from": -1, "to": 5, "position": 5 }), "from"),
        (json!({ "player": "c", "seq": 101, "from": 9, "to": 5, "position": 5 }), "to"),
        (json!({ "player": "c", "seq": 101, "from": 0, "to": 5, "position": 1e300 }), "position"),
        (json!({ "player": "c", "seq": 101, "from": 0, "to": 5 }), "position"),
        (json!({ "player": "c", "seq": 0, "from": 0, "to": 5, "position": 5 }), "seq"),
        (json!({ "player": "c", "seq": 101, "dwell_seconds": 60 }), "dwell_seconds"),
        (json!({ "player": "c", "from": 0, "to": 5, "position": 5 }), "seq"),
        (json!({ "player": "c", "beats": [] }), "beats"),
        (json!({ "player": "c", "seq": 101, "beats": [strip(beat("", 101, 0, 5))] }), "seq"),
        (json!({ "player": "p".repeat(65), "seq": 1, "from": 0, "to": 0, "position": 0 }), "player"),
        (
            json!({ "player": "c", "seq": 101, "from": 0, "to": 5, "position": 5, "person_id": id(1) }),
            "person_id",
        ),
        (
            json!({ "player": "c", "seq": 101, "from": 0, "to": 5, "position": 5, "completed": true }),
            "completed",
        ),
    ] {
        send(&amy, OTHER, body).await.field(field);
    }
    let many: Vec<Value> = (1..=201).map(|n| strip(beat("", n, 0, 0))).collect();
    send(&amy, OTHER, json!({ "player": "c", "beats": many })).await.field("beats");
    send(&amy, 999, beat("c", 1, 0, 0)).await.refused(404, "NOT_FOUND");
    assert_eq!(believed(&amy, OTHER).await, seen);

    // Nothing of it was written into the ledger, and nobody else has any of it.
    assert_eq!(entries(&w).await, before);
    assert_eq!(believed(&w.as_("ben").await, VIDEO).await, 0);
    w
});

/// A beat of a list: without its player.
fn strip(mut beat: Value) -> Value {
    beat.as_object_mut().unwrap().remove("player");
    beat
}

story!(honest_people_lose_nothing, async |w: World| {
    set(&w).await;
    let before = entries(&w).await;
    let dan = w.as_("dan").await;
    send(&dan, LONG, beat("phone", 1, 0, 0)).await.ok();
    // Plays, pauses for two minutes, goes on, seeks back ten seconds.
    for (wait, seq, from, to) in [(10, 2, 0, 10), (130, 3, 10, 20), (10, 4, 10, 20), (10, 5, 20, 30)] {
        w.pass(TimeDelta::seconds(wait));
        send(&dan, LONG, beat("phone", seq, from, to)).await.ok();
    }
    assert_eq!(believed(&dan, LONG).await, 30);
    // The answer got lost and the phone says it again.
    send(&dan, LONG, beat("phone", 5, 20, 30)).await.ok();
    assert_eq!(believed(&dan, LONG).await, 30);

    // The evening on the tablet: it knows where the phone stood.
    w.hours(9);
    let dan = w.as_("dan").await;
    let shown = dan.get(&format!("/materials/{}", id(LONG))).await.ok();
    assert_eq!((&shown["my"]["position_ms"], &shown["my"]["seq"]), (&json!(30_000), &json!(5)));
    send(&dan, LONG, beat("tablet", 1, 30, 30)).await.ok();

    // Twenty minutes in a tunnel, sent late and in one go: all of it counts.
    w.minutes(20);
    let dan = w.as_("dan").await;
    let late: Vec<Value> = (0..120).map(|n| strip(beat("", n + 2, 30 + n * 10, 40 + n * 10))).collect();
    let answer = send(&dan, LONG, json!({ "player": "tablet", "beats": late.clone() })).await.ok();
    assert_eq!((&answer["coverage"], &answer["seq"]), (&json!(68), &json!(121)), "{answer}");
    assert_eq!(believed(&dan, LONG).await, 1230);
    // The list was sent twice because the first answer never came.
    assert_eq!(send(&dan, LONG, json!({ "player": "tablet", "beats": late })).await.ok()["coverage"], 68);
    assert_eq!(entries(&w).await, before, "no entry for a beat");

    // The rest at twice the speed. One entry for the completion, and no second one.
    w.pass(TimeDelta::seconds(200));
    let answer = send(&dan, LONG, beat("tablet", 122, 1230, 1620)).await.ok();
    assert_eq!((&answer["coverage"], &answer["completed"]), (&json!(90), &json!(true)), "{answer}");
    assert_eq!(answer["course"]["percent"], 33);
    w.pass(TimeDelta::seconds(90));
    send(&dan, LONG, beat("tablet", 123, 1620, 1800)).await.ok();
    assert_eq!(believed(&dan, LONG).await, 1800);
    assert_eq!(entries(&w).await, before + 1);
    let completed = "SELECT COUNT(*) FROM ledger_entries WHERE action = 'material.completed'";
    assert_eq!(sql::number(w.db(), completed).await, 1);
    w
});

story!(a_document_takes_its_time_and_its_pages, async |w: World| {
    publish(&w, &course(1, &w, vec![item(21, Kind::Pdf), item(22, Kind::Article)]), &[]).await;
    let amy = w.as_("amy").await;
    let dwell = |seq: i64, seconds: f64, page: Option<i32>| {
        let mut body = json!({ "player": "r", "seq": seq, "dwell_seconds": seconds });
        if let Some(page) = page {
            body["page"] = json!(page);
        }
        body
    };
    send(&amy, 21, dwell(1, 0.0, Some(1))).await.ok();
    for page in 1..=4 {
        send(&amy, 21, dwell(1 + i64::from(page), 3600.0, Some(page))).await.ok();
    }
    let shown = amy.get(&format!("/materials/{}", id(21))).await.ok();
    assert_eq!(
        (&shown["my"]["coverage"], &shown["my"]["completed"]),
        (&json!(100), &json!(false)),
        "{shown}"
    );
    w.pass(TimeDelta::seconds(20));
    assert_eq!(send(&amy, 21, dwell(6, 20.0, Some(4))).await.ok()["completed"], true);
    send(&amy, 21, dwell(7, 1.0, Some(5))).await.field("page");
    send(&amy, 21, dwell(7, -1.0, None)).await.field("dwell_seconds");
    send(&amy, 21, beat("r", 7, 0, 5)).await.field("from");
    // The article: opened, read for ten seconds.
    send(&amy, 22, dwell(1, 0.0, None)).await.ok();
    w.pass(TimeDelta::seconds(9));
    let answer = send(&amy, 22, dwell(2, 9.0, None)).await.ok();
    assert!(answer["completed"] == json!(true) || answer["coverage"] == json!(90), "{answer}");
    w.pass(TimeDelta::seconds(2));
    let answer = send(&amy, 22, dwell(3, 2.0, None)).await.ok();
    assert_eq!(
        (&answer["completed"], &answer["course"]["completed"]),
        (&json!(true), &json!(true)),
        "{answer}"
    );
    let code = answer["course"]["certificate"]["check_code"].as_str().unwrap();
    assert_eq!(code.len(), 16);
    assert!(Uuid::parse_str(answer["course"]["certificate"]["course_id"].as_str().unwrap()).is_ok());
    w
});
