//! The access token: fetched once for all, renewed when it must be, never in a loop.

use futures_util::future::join_all;

use super::{Stage, code_of};
use crate::wechat::fake::{FakeCall, Script};

const PHONE: FakeCall = FakeCall::PhoneNumber;
const TOKEN: FakeCall = FakeCall::StableToken;

#[tokio::test]
async fn signing_in_needs_no_token() {
    let stage = Stage::new();
    stage.login("web-li").await.unwrap();
    assert_eq!(stage.calls(TOKEN), 0);
    stage.end().await;
}

#[tokio::test]
async fn many_callers_fetch_one_token() {
    let stage = Stage::new();
    stage.fake.script(Script { delay_ms: 50, ..Script::next(TOKEN) });
    let codes: Vec<String> = (0..20).map(|n| format!("phone-li-{n}")).collect();
    for phone in join_all(codes.iter().map(|code| stage.phone(code))).await {
        phone.unwrap();
    }
    assert_eq!(stage.calls(TOKEN), 1);
    assert_eq!(stage.calls(FakeCall::Token), 0, "the legacy endpoint is nobody's friend");
    stage.end().await;
}

#[tokio::test]
async fn a_token_is_used_until_a_minute_before_its_end() {
    let stage = Stage::new();
    stage.fake.modes(|modes| modes.numbers_as_text = true);
    stage.phone("phone-li-1").await.unwrap();
    stage.pass(7139);
    stage.phone("phone-li-2").await.unwrap();
    assert_eq!(stage.calls(TOKEN), 1);
    stage.pass(1);
    stage.phone("phone-li-3").await.unwrap();
    assert_eq!(stage.calls(TOKEN), 2);
    stage.end().await;
}

#[tokio::test]
async fn a_revoked_token_is_replaced_and_the_call_repeated_once() {
    let stage = Stage::new();
    stage.phone("phone-li-1").await.unwrap();
    stage.fake.revoke_tokens();
    stage.phone("phone-li-2").await.expect("the refusal of the token spent no code");
    assert_eq!((stage.calls(PHONE), stage.calls(TOKEN)), (3, 2));
    stage.end().await;
}

#[tokio::test]
async fn many_callers_replace_a_revoked_token_once() {
    let stage = Stage::new();
    stage.phone("phone-li").await.unwrap();
    stage.fake.revoke_tokens();
    let codes: Vec<String> = (0..10).map(|n| format!("phone-li-{n}")).collect();
    for phone in join_all(codes.iter().map(|code| stage.phone(code))).await {
        phone.unwrap();
    }
    assert_eq!(stage.calls(TOKEN), 2);
    stage.end().await;
}

#[tokio::test]
async fn the_same_token_again_ends_it() {
    for errcode in [40001, 40014, 42001] {
        let stage = Stage::new();
        stage.fake.script(Script::errcode(PHONE, errcode));
        assert_eq!(code_of(stage.phone("phone-li-1").await), "WECHAT_CONFIG");
        assert_eq!((stage.calls(PHONE), stage.calls(TOKEN)), (1, 2), "{errcode}");
        stage.phone("phone-li-1").await.unwrap();
        stage.end().await;
    }
}

#[tokio::test]
async fn two_refused_tokens_are_enough() {
    let stage = Stage::new();
    stage.phone("phone-li-1").await.unwrap();
    stage.fake.revoke_tokens();
    stage.fake.script(Script::errcode(PHONE, 40001));
    stage.fake.script(Script::errcode(PHONE, 40001));
    assert_eq!(code_of(stage.phone("phone-li-2").await), "WECHAT_CONFIG");
    assert_eq!((stage.calls(PHONE), stage.calls(TOKEN)), (3, 2));
    stage.end().await;
}

#[tokio::test]
async fn a_busy_token_endpoint_is_asked_again_twice() {
    let stage = Stage::new();
    stage.fake.script(Script::errcode(TOKEN, -1));
    stage.phone("phone-li-1").await.unwrap();
    assert_eq!(stage.calls(TOKEN), 2);
    stage.fake.revoke_tokens();
    for _ in 0..3 {
        stage.fake.script(Script::errcode(TOKEN, -1));
    }
    assert_eq!(code_of(stage.phone("phone-li-2").await), "WECHAT_UNAVAILABLE");
    assert_eq!(stage.calls(TOKEN), 5);
    stage.end().await;
}

#[tokio::test]
async fn a_refusal_is_shared_and_not_asked_for_again_at_once() {
    for (errcode, answer, seconds) in [
        (40001, "WECHAT_CONFIG", 30),
        (40164, "WECHAT_CONFIG", 30),
        (89503, "WECHAT_CONFIG", 30),
        (45011, "TOO_MANY_REQUESTS", 60),
        (45009, "WECHAT_UNAVAILABLE", 14 * 3600 - 5),
    ] {
        let stage = Stage::new();
        stage.fake.script(Script::errcode(TOKEN, errcode));
        let codes: Vec<String> = (0..5).map(|n| format!("phone-li-{n}")).collect();
        for refused in join_all(codes.iter().map(|code| stage.phone(code))).await {
            assert_eq!(code_of(refused), answer, "{errcode}");
        }
        stage.pass(seconds - 1);
        assert_eq!(code_of(stage.phone("phone-li-1").await), answer, "{errcode}");
        assert_eq!((stage.calls(TOKEN), stage.calls(PHONE)), (1, 0), "{errcode}");
        stage.pass(1);
        stage.phone("phone-li-1").await.unwrap();
        stage.end().await;
    }
}

#[tokio::test]
async fn a_token_without_life_is_no_token() {
    let stage = Stage::new();
    for raw in [r#"{"access_token":"","expires_in":7200}"#, r#"{"access_token":"x","expires_in":0}"#, "{}"] {
        stage.fake.script(Script::raw(TOKEN, raw));
        assert_eq!(code_of(stage.phone("phone-li-1").await), "WECHAT_UNKNOWN");
        stage.pass(30);
    }
    stage.end().await;
}
