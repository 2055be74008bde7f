//! When the line is bad: a code is sent once, the person hears 503, and after a while nobody is asked.

use super::{Stage, code_of, settings};
use crate::kit::clock::Clock;
use crate::wechat::Client;
use crate::wechat::fake::{FakeCall, Script};

const LOGIN: FakeCall = FakeCall::Code2Session;

#[tokio::test]
async fn a_bad_line_is_a_503_and_one_call() {
    let bad = [
        Script { delay_ms: 1500, ..Script::next(LOGIN) },
        Script { reset: true, ..Script::next(LOGIN) },
        Script { truncate: true, ..Script::next(LOGIN) },
        Script { status: Some(502), ..Script::raw(LOGIN, "<html>bad gateway</html>") },
        Script::raw(LOGIN, r#"{"openid":"oFAK"#),
    ];
    for script in bad {
        let stage = Stage::impatient();
        let told = format!("{script:?}");
        stage.fake.script(script);
        let error = stage.login("web-li").await.unwrap_err();
        assert_eq!(error.code().wire(), "WECHAT_UNAVAILABLE", "{told}");
        assert!(error.retry_after_seconds().is_some());
        assert_eq!(stage.calls(LOGIN), 1, "{told}");
        stage.end().await;
    }
}

#[tokio::test]
async fn a_phone_code_is_sent_once_too() {
    let stage = Stage::new();
    stage.fake.script(Script { reset: true, ..Script::next(FakeCall::PhoneNumber) });
    assert_eq!(code_of(stage.phone("phone-li-1").await), "WECHAT_UNAVAILABLE");
    stage.fake.script(Script::errcode(FakeCall::PhoneNumber, -1));
    assert_eq!(code_of(stage.phone("phone-li-2").await), "WECHAT_UNAVAILABLE");
    assert_eq!(stage.calls(FakeCall::PhoneNumber), 2);
    stage.end().await;
}

#[tokio::test]
async fn answers_that_are_none_are_a_502() {
    let stage = Stage::new();
    let bad = [
        Script { empty: true, ..Script::next(LOGIN) },
        Script::raw(LOGIN, "<html></html>"),
        Script::raw(LOGIN, "[]"),
        Script::raw(LOGIN, format!(r#"{{"openid":"{}"}}"#, "x".repeat(20_000))),
        Script { status: Some(302), ..Script::raw(LOGIN, "") },
    ];
    for script in bad {
        stage.fake.script(script);
        assert_eq!(code_of(stage.login("web-li-1").await), "WECHAT_UNKNOWN");
    }
    stage.end().await;
}

#[tokio::test]
async fn nobody_there_is_a_503() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let client = Client::with_clock(&settings(&base_url), Clock::System).unwrap();
    assert_eq!(code_of(client.code2session("web-li").await), "WECHAT_UNAVAILABLE");
}

#[tokio::test]
async fn after_five_timeouts_nobody_is_asked_for_ten_seconds() {
    let stage = Stage::impatient();
    for _ in 0..5 {
        stage.fake.script(Script { delay_ms: 1000, ..Script::next(LOGIN) });
    }
    for n in 0..5 {
        assert_eq!(code_of(stage.login(&format!("web-li-{n}")).await), "WECHAT_UNAVAILABLE");
    }
    let error = stage.login("web-li-6").await.unwrap_err();
    assert_eq!(error.code().wire(), "WECHAT_UNAVAILABLE");
    assert_eq!(error.retry_after_seconds(), Some(10));
    assert_eq!(stage.calls(LOGIN), 5);
    stage.phone("phone-li-1").await.expect("other calls have breakers of their own");
    stage.pass(10);
    stage.login("web-li-6").await.unwrap();
    stage.login("web-li-7").await.unwrap();
    stage.end().await;
}

#[tokio::test]
async fn a_spent_day_is_over_at_midnight_in_shanghai() {
    let stage = Stage::new();
    stage.fake.script(Script::errcode(LOGIN, 45009));
    let error = stage.login("web-li-1").await.unwrap_err();
    assert_eq!(error.code().wire(), "WECHAT_UNAVAILABLE");
    assert_eq!(error.retry_after_seconds(), Some(14 * 3600 - 5));
    stage.pass(14 * 3600 - 6);
    assert_eq!(code_of(stage.login("web-li-2").await), "WECHAT_UNAVAILABLE");
    assert_eq!(stage.calls(LOGIN), 1);
    stage.pass(1);
    stage.login("web-li-2").await.unwrap();
    stage.end().await;
}

#[tokio::test]
async fn slow_calls_in_a_row_do_not_add_up_without_end() {
    let stage = Stage::impatient();
    stage.phone("phone-li-1").await.unwrap();
    stage.fake.revoke_tokens();
    for call in [FakeCall::PhoneNumber, FakeCall::StableToken, FakeCall::PhoneNumber] {
        stage.fake.script(Script { delay_ms: 450, ..Script::next(call) });
    }
    let before = std::time::Instant::now();
    assert_eq!(code_of(stage.phone("phone-li-2").await), "WECHAT_UNAVAILABLE");
    assert!(before.elapsed().as_millis() < 1400);
    stage.end().await;
}
