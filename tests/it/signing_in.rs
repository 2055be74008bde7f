//! Signing in with WeChat, binding to the roster, consent, devices, and every way a session ends.

use futures_util::future::join_all;
use lvyue::identity;
use lvyue::kit::actor::Side;
use lvyue::wechat::fake::{FakeCall, Script};
use serde_json::{Value, json};

use crate::support::client::fresh_key;
use crate::support::{Client, World, sql};

fn tokens(w: &World, session: &Value) -> (Client, String) {
    let client = w.nobody().with_token(session["access_token"].as_str().unwrap());
    (client, session["refresh_token"].as_str().unwrap().to_owned())
}

async fn refresh(w: &World, token: &str) -> crate::support::Answer {
    w.nobody().post("/sessions/refresh", json!({ "refresh_token": token })).await
}

story!(a_stranger_may_only_bind_read_the_notice_and_leave, async |w: World| {
    let session = w.login("stranger", "iPhone 15").await;
    assert_eq!((&session["token_type"], &session["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert_eq!(session["me"]["bound"], false);
    let (me, _) = tokens(&w, &session);
    let seen = me.get("/me").await.ok();
    assert_eq!(
        (&seen["party"], &seen["roles"], &seen["phone_masked"]),
        (&Value::Null, &json!([]), &Value::Null)
    );
    for path in ["/tickets", "/people", "/me/access-log", "/tickets/0193b3a0-0000-7000-8000-000000000001"] {
        me.get(path).await.refused(403, "NOT_BOUND");
    }
    me.post("/tickets", crate::support::faults::report("x")).await.refused(403, "NOT_BOUND");
    me.get("/privacy/notice").await.ok();
    assert_eq!(me.get("/sessions").await.ok()["items"][0]["device"], "iPhone 15");
    me.delete("/sessions/current").await.expect(204);
    me.get("/me").await.refused(401, "SESSION_ENDED");
    w
});

story!(a_newcomer_binds_by_phone_and_number_and_then_consents, async |w: World| {
    let nora = w.sign_in("nora").await;
    let wrong =
        |number: &str| json!({ "phone_code": format!("phone-nora-{}", fresh_key()), "employee_no": number });
    // Wrong number, somebody else's number, unknown invitation: all the same.
    let mut bodies = Vec::new();
    for body in [wrong("A999999"), wrong("A100001"), json!({ "invitation": "ABCD-EFGH-JKMN" })] {
        let mut problem = nora.post("/me/binding", body).await.refused(422, "BINDING_REFUSED");
        problem["request_id"] = Value::Null;
        bodies.push(problem);
    }
    assert!(bodies.windows(2).all(|w| w[0] == w[1]), "{bodies:?}");
    nora.post("/me/binding", json!({})).await.field("invitation");
    nora.post("/me/binding", json!({ "employee_no": "A100009" })).await.field("phone_code");
    let body = json!({ "phone_code": format!("phone-nora-{}", fresh_key()), "employee_no": " ａ100009 " });
    let bound = nora.post("/me/binding", body).await.ok();
    assert_eq!(
        (&bound["bound"], &bound["party"], &bound["roles"]),
        (&json!(true), &json!("client"), &json!(["employee"]))
    );
    assert_eq!(bound["phone_masked"], "199****0010");
    // The same token: already bound, not yet consented.
    nora.post("/me/binding", wrong("A100009")).await.refused(409, "ALREADY_BOUND");
    nora.get("/tickets").await.refused(428, "CONSENT_REQUIRED");
    let version = nora.get("/privacy/notice").await.ok()["version"].clone();
    nora.post("/privacy/consents", json!({ "purpose": "service", "notice_version": "2020-01-01-00000000" }))
        .await
        .refused(409, "NOTICE_VERSION_STALE");
    nora.post("/privacy/consents", json!({ "purpose": "ads", "notice_version": version }))
        .await
        .field("purpose");
    nora.post("/privacy/consents", json!({ "purpose": "service", "notice_version": version }))
        .await
        .created();
    nora.get("/tickets").await.ok();
    assert_eq!(nora.get("/me").await.ok()["consents"][0]["purpose"], "service");
    nora.delete("/privacy/consents/service").await.expect(204);
    nora.get("/tickets").await.refused(428, "CONSENT_REQUIRED");
    nora.delete("/privacy/consents/nothing").await.refused(404, "NOT_FOUND");
    w
});

story!(an_invitation_works_once_and_not_for_ever, async |w: World| {
    let kit = w.app.kit();
    let invite = async || identity::invite(kit, Side::Client, "A100009", None, false).await.unwrap().code;
    let (old, code) = (invite().await, invite().await);
    let nora = w.sign_in("nora").await;
    nora.post("/me/binding", json!({ "invitation": old })).await.refused(422, "BINDING_REFUSED");
    w.hours(73);
    let nora2 = w.sign_in("nora").await;
    nora2.post("/me/binding", json!({ "invitation": code })).await.refused(422, "BINDING_REFUSED");
    let code = invite().await;
    // Five people have it, one may use it.
    let mut clients = Vec::new();
    for n in 0..5 {
        clients.push(w.sign_in(&format!("finder{n}")).await);
    }
    let body = json!({ "invitation": code });
    let answers = join_all(clients.iter().map(|c| c.post("/me/binding", body.clone()))).await;
    let won = answers.iter().filter(|a| a.status == 200).count();
    let lost = answers.iter().filter(|a| a.status == 422 && a.code() == "BINDING_REFUSED").count();
    assert_eq!((won, won + lost), (1, 5), "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
    w
});

story!(guessing_is_limited, async |w: World| {
    let nora = w.sign_in("nora").await;
    let mut statuses = Vec::new();
    for n in 0..7 {
        statuses.push(nora.post("/me/binding", json!({ "invitation": format!("WRONG{n}") })).await.status);
    }
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429]);
    let blocked = nora.post("/me/binding", json!({ "invitation": "X" })).await;
    let wait: u32 = blocked.header("retry-after").parse().unwrap();
    assert!((1..=900).contains(&wait));
    blocked.refused(429, "BINDING_TRIES_EXCEEDED");
    w.minutes(16);
    let again = w.sign_in("nora").await;
    again.post("/me/binding", json!({ "invitation": "WRONG" })).await.refused(422, "BINDING_REFUSED");
    w
});

story!(refresh_tokens_work_once_with_a_minute_of_grace, async |w: World| {
    let (first, refresh_1) = tokens(&w, &w.login("amy", "手机").await);
    let second = refresh(&w, &refresh_1).await.ok();
    let refresh_2 = second["refresh_token"].as_str().unwrap().to_owned();
    assert_ne!(refresh_1, refresh_2);
    // The answer was lost: within a minute the old one is answered again with the same next one.
    w.pass(chrono::TimeDelta::seconds(30));
    let repeated = refresh(&w, &refresh_1).await.ok();
    assert_eq!(repeated["refresh_token"], second["refresh_token"]);
    first.get("/me").await.ok();
    w.minutes(2);
    refresh(&w, &refresh_1).await.refused(401, "SESSION_ENDED");
    // Somebody held a copy: the session has ended for both.
    refresh(&w, &refresh_2).await.refused(401, "SESSION_ENDED");
    first.get("/me").await.refused(401, "SESSION_ENDED");
    for rubbish in ["", "x", "a.b.c", &"A".repeat(199)] {
        refresh(&w, rubbish).await.refused(401, "SESSION_ENDED");
    }
    w
});

story!(two_refreshes_at_once_both_succeed, async |w: World| {
    let (_, token) = tokens(&w, &w.login("amy", "手机").await);
    let answers = join_all((0..8).map(|_| refresh(&w, &token))).await;
    let mut next: Vec<String> =
        answers.into_iter().map(|a| a.ok()["refresh_token"].as_str().unwrap().to_owned()).collect();
    next.dedup();
    assert_eq!(next.len(), 1, "one next token, whoever asks");
    refresh(&w, &next[0]).await.ok();
    w
});

story!(tokens_run_out, async |w: World| {
    let (amy, _) = tokens(&w, &w.login("amy", "手机").await);
    w.minutes(9);
    amy.get("/me").await.ok();
    w.minutes(2);
    amy.get("/me").await.refused(401, "TOKEN_EXPIRED");
    // Idle: a week for the client, half an hour for the vendor.
    let (_, amy_refresh) = tokens(&w, &w.login("amy", "手机").await);
    let (_, vera_refresh) = tokens(&w, &w.login("vera", "手机").await);
    w.minutes(31);
    refresh(&w, &vera_refresh).await.refused(401, "SESSION_ENDED");
    let next = refresh(&w, &amy_refresh).await.ok();
    w.pass(chrono::TimeDelta::days(8));
    refresh(&w, next["refresh_token"].as_str().unwrap()).await.refused(401, "SESSION_ENDED");
    w
});

story!(forged_and_foreign_tokens_open_nothing, async |w: World| {
    let (amy, _) = tokens(&w, &w.login("amy", "手机").await);
    let good = amy.token().to_owned();
    let parts: Vec<&str> = good.split('.').collect();
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    for token in [
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], parts[1], parts[2].chars().rev().collect::<String>()),
        format!("{good}x"),
        parts[1].to_owned(),
        "null".to_owned(),
    ] {
        let answer = w.nobody().with_token(&token).get("/me").await;
        assert_eq!(answer.status, 401, "{token}: {answer}");
    }
    w.nobody().get("/me").await.refused(401, "LOGIN_REQUIRED");
    let basic = w.nobody().request(reqwest::Method::GET, "/me").header("authorization", "Basic YTpi");
    w.nobody().send(basic).await.refused(401, "LOGIN_REQUIRED");
    for header in ["x-user-id", "x-forwarded-user", "x-wx-openid"] {
        let spoofed = w.nobody().request(reqwest::Method::GET, "/me").header(header, "admin");
        w.nobody().send(spoofed).await.refused(401, "LOGIN_REQUIRED");
    }
    w
});

story!(devices_are_listed_and_ended_by_their_owner_only, async |w: World| {
    let (phone, phone_refresh) = tokens(&w, &w.login("amy", "手机").await);
    let (pad, _) = tokens(&w, &w.login("amy", "平板").await);
    let devices = pad.all("/sessions").await;
    let names: Vec<&str> = devices.iter().map(|d| d["device"].as_str().unwrap()).collect();
    assert!(names.contains(&"手机") && names.contains(&"平板"), "{names:?}");
    assert_eq!(devices.iter().filter(|d| d["current"] == true).count(), 1);
    let of_phone = devices.iter().find(|d| d["device"] == "手机").unwrap()["id"].as_str().unwrap();
    w.as_("ben").await.delete(&format!("/sessions/{of_phone}")).await.refused(404, "NOT_FOUND");
    phone.get("/me").await.ok();
    pad.delete(&format!("/sessions/{of_phone}")).await.expect(204);
    phone.get("/me").await.refused(401, "SESSION_ENDED");
    refresh(&w, &phone_refresh).await.refused(401, "SESSION_ENDED");
    pad.get("/me").await.ok();
    pad.delete(&format!("/sessions/{of_phone}")).await.expect(204);
    // More devices than allowed: the oldest gives way.
    for n in 0..5 {
        w.login("amy", &format!("第 {n} 台")).await;
    }
    pad.get("/me").await.refused(401, "SESSION_ENDED");
    w
});

story!(whoever_leaves_is_out_at_once, async |w: World| {
    let ben = w.as_("ben").await;
    let (_, token) = tokens(&w, &w.login("ben", "平板").await);
    let ticket = crate::support::faults::id(&ben.report("我的").await);
    assert!(identity::leave(w.app.kit(), Side::Client, "A100002").await.unwrap());
    ben.get("/me").await.refused(401, "SESSION_ENDED");
    refresh(&w, &token).await.refused(401, "SESSION_ENDED");
    let code = format!("web-ben-{}", fresh_key());
    let back = w.nobody().post("/sessions", json!({ "code": code, "device": "x" })).await;
    assert_eq!(back.status, 403, "{back}");
    w.as_("lena").await.ticket(&ticket).await;
    w
});

story!(roles_follow_the_roster_in_the_running_session, async |w: World| {
    let amy = w.as_("amy").await;
    amy.get("/tickets?scope=all").await.refused(403, "FORBIDDEN");
    let promoted = crate::support::people::roster()
        .replace("市场部,employee\nclient,A100002", "市场部,employee;client_manager\nclient,A100002");
    assert!(identity::load(w.app.kit(), promoted.as_bytes()).await.is_ok());
    amy.get("/tickets?scope=all").await.ok();
    assert!(identity::load(w.app.kit(), crate::support::people::roster().as_bytes()).await.is_ok());
    amy.get("/tickets?scope=all").await.refused(403, "FORBIDDEN");
    w
});

story!(codes_work_once, async |w: World| {
    let body = json!({ "code": "web-amy-once-only", "device": "手机" });
    w.nobody().post("/sessions", body.clone()).await.created();
    w.nobody().post("/sessions", body).await.refused(401, "LOGIN_CODE_INVALID");
    for code in ["", "short", "web-amy with spaces", "wrong-code-123", &"a".repeat(129)] {
        let answer = w.nobody().post("/sessions", json!({ "code": code, "device": "手机" })).await;
        assert!([401, 422].contains(&answer.status), "{code}: {answer}");
    }
    let accounts = sql::number(w.db(), "SELECT COUNT(*) FROM accounts").await;
    assert_eq!(accounts, 9, "nobody was made up");
    w
});

story!(a_double_tap_is_one_login, async |w: World| {
    let body = json!({ "code": "web-amy-double-tap", "device": "手机" });
    let nobody = w.nobody();
    let taps = join_all((0..2).map(|_| nobody.post("/sessions", body.clone()))).await;
    assert!(taps.iter().any(|a| a.status == 201), "{taps:?}");
    assert!(taps.iter().all(|a| [201, 401].contains(&a.status)), "{taps:?}");
    assert_eq!(w.fake.calls(FakeCall::Code2Session), 1);
    w
});

story!(wechat_away_stops_logins_and_nothing_else, async |w: World| {
    let amy = w.as_("amy").await;
    let login = async |n: u32| {
        w.nobody().post("/sessions", json!({ "code": format!("web-ben-away-{n}"), "device": "手机" })).await
    };
    w.fake.script(Script { reset: true, ..Script::next(FakeCall::Code2Session) });
    w.fake.script(Script { reset: true, ..Script::next(FakeCall::Code2Session) });
    w.fake.script(Script { reset: true, ..Script::next(FakeCall::Code2Session) });
    let away = login(1).await;
    assert!([502, 503].contains(&away.status), "{away}");
    amy.report("微信断了也能报").await;
    amy.get("/tickets").await.ok();
    w.fake.script(Script::errcode(FakeCall::Code2Session, 40226));
    let mut risk = login(2).await;
    for n in 3..6 {
        if risk.status == 403 {
            break;
        }
        w.fake.script(Script::errcode(FakeCall::Code2Session, 40226));
        risk = login(n).await;
    }
    risk.refused(403, "ACCOUNT_RISK");
    w
});
