//! What silence does: asked of the jobs themselves, twice, because two workers may come at once.

use lvyue::tickets::jobs;
use serde_json::json;

use super::{does, made, refused, state, verdict};
use crate::support::World;

/// Both workers come by.
async fn come_by(w: &World) -> u64 {
    let (one, two) = tokio::join!(jobs::silences(w.app.kit()), jobs::silences(w.app.kit()));
    one.unwrap() + two.unwrap()
}

async fn events(w: &World, ticket: &str, event: &str) -> usize {
    let timeline = w.as_("amy").await.all(&format!("/tickets/{ticket}/timeline")).await;
    timeline.iter().filter(|e| e["event"] == event).count()
}

story!(an_unanswered_question_is_taken_back, async |w: World| {
    let id = w.accepted().await;
    w.as_("vera").await.does(&id, json!({ "action": "ask_client", "question": "哪个版本？" })).await;
    // Asked on Monday: Thursday's close of business is the third working day.
    w.hours(3 * 24 + 9);
    assert_eq!(come_by(&w).await, 0, "18:00 itself is still in time");
    w.minutes(1);
    come_by(&w).await;
    let resumed = w.as_("vera").await.ticket(&id).await;
    assert_eq!((state(&resumed), events(&w, &id, "silent").await), ("in_progress", 1));
    assert!(resumed["waits"][0]["to"].is_string(), "{resumed}");
    assert_eq!(come_by(&w).await, 0);
    let acknowledged = does(&w, "amy", &id, "acknowledge_wait").await;
    assert!(acknowledged["waits"][0]["acknowledged_at"].is_string(), "{acknowledged}");
    refused(&w, "amy", &id, "acknowledge_wait", 409, "ACTION_NOT_ALLOWED").await;
    w
});

story!(a_repair_without_objection_is_confirmed_after_two_reminders, async |w: World| {
    let id = w.repaired().await;
    let mut seen = Vec::new();
    for day in 1..=8 {
        w.hours(24);
        come_by(&w).await;
        let ticket = w.as_("amy").await.ticket(&id).await;
        seen.push((day, state(&ticket).to_owned(), events(&w, &id, "reminded").await));
    }
    let at = |day: usize| (seen[day - 1].1.as_str(), seen[day - 1].2);
    assert_eq!(at(1), ("awaiting_confirmation", 0), "{seen:?}");
    assert_eq!(at(2), ("awaiting_confirmation", 1), "the day after the first working day: {seen:?}");
    assert_eq!(at(4), ("awaiting_confirmation", 2), "{seen:?}");
    // Five working days from Monday end on the next Monday at 18:00.
    assert_eq!((at(7).0, at(8).0), ("awaiting_confirmation", "closed"), "{seen:?}");
    let closed = w.as_("amy").await.ticket(&id).await;
    assert_eq!(
        (&closed["particulars"]["implied"], &closed["solutions"][0]["state"]),
        (&json!(true), &json!("confirmed"))
    );
    assert_eq!(events(&w, &id, "confirmed_by_silence").await, 1);
    let told = w.as_("amy").await.get("/inbox").await.ok();
    let told: Vec<&str> =
        told["items"].as_array().unwrap().iter().filter_map(|n| n["event"].as_str()).collect();
    assert!(
        told.contains(&"ticket.confirm_reminder") && told.contains(&"ticket.confirmed_by_silence"),
        "{told:?}"
    );
    assert_eq!(state(&does(&w, "amy", &id, "reopen").await), "in_progress");
    w
});

story!(a_word_of_the_client_breaks_the_silence, async |w: World| {
    let id = w.repaired().await;
    w.hours(4 * 24);
    let word = json!({ "body": "还在试", "visibility": "public" });
    w.as_("amy").await.post(&format!("/tickets/{id}/messages"), word).await.created();
    for _ in 0..4 {
        w.hours(24);
        come_by(&w).await;
    }
    assert_eq!(state(&w.as_("amy").await.ticket(&id).await), "awaiting_confirmation");
    w
});

story!(a_consultation_ends_and_nothing_else_does, async |w: World| {
    let (answered, _) = made(&w, "amy", "consultation", json!({})).await;
    does(&w, "vera", &answered, "answer").await;
    let (incident, _) = made(&w, "cara", "incident", json!({})).await;
    does(&w, "vera", &incident, "notify_client").await;
    let (change, _) = made(&w, "cara", "change", json!({ "wished_on": "2026-12-07" })).await;
    does(&w, "cara", &change, "issue").await;
    let (report, _) = made(&w, "cara", "report", json!({ "due_at": "2026-11-20T09:00:00Z" })).await;
    does(&w, "lena", &report, "submit_report").await;
    w.hours(60 * 24);
    come_by(&w).await;
    let cara = w.as_("cara").await;
    let ended = cara.ticket(&answered).await;
    assert_eq!((state(&ended), &ended["particulars"]["implied"]), ("closed", &json!(true)));
    assert_eq!(verdict(&ended, "W"), "met");
    for (ticket, still) in [(&incident, "notified"), (&change, "issued"), (&report, "submitted")] {
        assert_eq!(state(&cara.ticket(ticket).await), still);
    }
    assert_eq!(jobs::rederive(w.app.kit()).await.unwrap(), 0, "nothing newer is in force");
    w
});
