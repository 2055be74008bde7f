//! 咨询: questions and answers in the hours of support, remote sessions by consent, visits signed by both.

use serde_json::{Value, json};

use super::{all, does, due, made, record, refused, state, verdict};
use crate::support::World;

story!(a_question_is_answered_in_working_hours, async |w: World| {
    let (id, asked) = made(&w, "amy", "consultation", json!({ "mode": "online" })).await;
    assert!(asked["number"].as_str().unwrap().starts_with("ZX-2026-"));
    assert_eq!((state(&asked), asked["particulars"]["mode"].as_str()), ("asked", Some("online")));
    // Four working hours from 09:00: three before noon, one after 13:30.
    assert_eq!(due(&asked, "W"), "2026-11-16T06:30:00.000Z");
    assert_eq!(asked["outside_hours"], Value::Null);
    refused(&w, "amy", &id, "follow_up", 409, "ACTION_NOT_ALLOWED").await;
    w.hours(5);
    let answered = does(&w, "vera", &id, "answer").await;
    assert_eq!((state(&answered), verdict(&answered, "W").as_str()), ("answered", "met"));
    let again = does(&w, "amy", &id, "follow_up").await;
    assert_eq!((state(&again), verdict(&again, "W").as_str()), ("asked", "running"));
    does(&w, "vera", &id, "answer").await;
    let closed = w.as_("amy").await.does(&id, json!({ "action": "close", "rating": 4 })).await;
    assert_eq!((state(&closed), closed["rating"].as_i64()), ("closed", Some(4)));
    assert_eq!(state(&does(&w, "amy", &id, "reopen").await), "asked");
    w
});

story!(outside_the_hours_it_says_when_support_is_back, async |w: World| {
    let open = w.as_("amy").await.get("/support-hours").await.ok();
    assert_eq!((&open["open"], &open["opens_at"]), (&json!(true), &Value::Null));
    w.hours(10);
    let closed = w.as_("amy").await.get("/support-hours").await.ok();
    assert_eq!(
        (&closed["open"], &closed["opens_at"], &closed["promised_at"]),
        (&json!(false), &json!("2026-11-17T01:00:00.000Z"), &json!("2026-11-17T06:30:00.000Z"))
    );
    let (id, asked) = made(&w, "amy", "consultation", json!({})).await;
    let banner = json!({ "opens_at": "2026-11-17T01:00:00.000Z", "promised_at": "2026-11-17T06:30:00.000Z" });
    assert_eq!(asked["outside_hours"], banner);
    // A fault is answered round the clock: nothing to excuse.
    assert_eq!(w.as_("amy").await.report("夜里坏了").await["outside_hours"], Value::Null);
    w.hours(15);
    assert_eq!(w.as_("amy").await.ticket(&id).await["outside_hours"], Value::Null);
    w
});

story!(each_remote_session_needs_the_reporters_consent, async |w: World| {
    let (id, _) = made(&w, "amy", "consultation", json!({ "mode": "remote" })).await;
    refused(&w, "vera", &id, "start_remote", 409, "ACTION_NOT_ALLOWED").await;
    does(&w, "vera", &id, "request_remote").await;
    refused(&w, "cara", &id, "grant_remote", 403, "FORBIDDEN").await;
    does(&w, "amy", &id, "refuse_remote").await;
    refused(&w, "vera", &id, "start_remote", 409, "ACTION_NOT_ALLOWED").await;
    let running =
        all(&w, &id, &[("vera", "request_remote"), ("amy", "grant_remote"), ("vera", "start_remote")]).await;
    assert_eq!(record(&running, "remote_session")["state"], "running");
    does(&w, "vera", &id, "answer").await;
    refused(&w, "amy", &id, "close", 409, "ACTION_NOT_ALLOWED").await;
    w.minutes(20);
    let ended = does(&w, "vera", &id, "end_remote").await;
    let session = record(&ended, "remote_session");
    assert_eq!((&session["number"], &session["state"]), (&json!(2), &json!("done")));
    assert_eq!(session["body"]["started_at"], "2026-11-16T01:00:00.000Z");
    assert_eq!(session["body"]["ended_at"], "2026-11-16T01:20:00.000Z");
    assert!(session["client_signed"].is_object() && session["vendor_signed"].is_object());
    refused(&w, "vera", &id, "start_remote", 409, "ACTION_NOT_ALLOWED").await;
    w
});

story!(a_visit_is_signed_by_both, async |w: World| {
    let (id, _) = made(&w, "amy", "consultation", json!({ "mode": "on_site" })).await;
    refused(&w, "amy", &id, "request_visit", 403, "FORBIDDEN").await;
    does(&w, "cara", &id, "request_visit").await;
    refused(&w, "vera", &id, "schedule_visit", 403, "FORBIDDEN").await;
    let past = json!({ "action": "schedule_visit", "visit_at": "2026-11-16T00:00:00Z" });
    w.as_("lena").await.act_now(&id, past).await.field("visit_at");
    let left = all(&w, &id, &[("lena", "schedule_visit"), ("vera", "arrive"), ("vera", "leave")]).await;
    let visit = record(&left, "site_visit");
    assert!(visit["vendor_signed"].is_object() && visit["client_signed"].is_null(), "{visit}");
    let signed = does(&w, "amy", &id, "sign_visit").await;
    let visit = record(&signed, "site_visit");
    assert_eq!((&visit["state"], visit["client_signed"].is_object()), (&json!("signed"), true));
    w
});
