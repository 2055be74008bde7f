//! The strings of the fake, pulled over HTTP as browsers and scripts do, and its eye for bad manners.

use std::time::Duration;

use serde_json::{Value, json};

use super::{APPID, Stage, code_of};
use crate::kit::net::Outbound;
use crate::wechat::fake::FakeCall;

fn line(stage: &Stage) -> Outbound {
    Outbound::new(stage.fake.base_url(), Duration::from_secs(2), 64 * 1024).unwrap()
}

async fn post(stage: &Stage, path: &str, body: Value) -> u16 {
    let line = line(stage);
    line.send(line.post(path).json(&body)).await.unwrap().status
}

async fn get(stage: &Stage, path: &str) -> Value {
    let line = line(stage);
    serde_json::from_slice(&line.send(line.get(path)).await.unwrap().body).unwrap()
}

#[tokio::test]
async fn the_next_answer_can_be_scripted_over_http() {
    let stage = Stage::new();
    let script = json!({ "call": "code2session", "errcode": 40226 });
    assert_eq!(post(&stage, "/__fake/script", script).await, 204);
    assert_eq!(code_of(stage.login("web-li-1").await), "ACCOUNT_RISK");
    stage.login("web-li-1").await.unwrap();
    assert_eq!(get(&stage, "/__fake/calls").await, json!({ "code2session": 2 }));
    assert_eq!(post(&stage, "/__fake/script", json!({ "call": "another" })).await, 400);
    assert_eq!(post(&stage, "/__fake/script", json!({ "call": "token", "typo": 1 })).await, 400);

    assert_eq!(post(&stage, "/__fake/modes", json!({ "ip_listed": false })).await, 204);
    assert_eq!(code_of(stage.login("web-li-2").await), "WECHAT_CONFIG");
    assert_eq!(post(&stage, "/__fake/modes", json!({})).await, 204);
    assert_eq!(post(&stage, "/__fake/codes", json!({ "code": "web-li-2" })).await, 204);
    stage.pass(301);
    assert_eq!(code_of(stage.login("web-li-2").await), "LOGIN_CODE_INVALID");

    stage.phone("phone-li-1").await.unwrap();
    assert_eq!(post(&stage, "/__fake/revoke-tokens", json!({})).await, 204);
    stage.phone("phone-li-2").await.unwrap();
    assert_eq!(stage.calls(FakeCall::StableToken), 2);
    stage.end().await;
}

#[tokio::test]
async fn web_pages_cannot_pull_the_strings() {
    let stage = Stage::new();
    let line = line(&stage);
    let simple = line.post("/__fake/script").header("content-type", "text/plain").body("{}");
    assert_eq!(line.send(simple).await.unwrap().status, 415);
    stage.end().await;
}

#[tokio::test]
async fn bad_manners_are_noticed() {
    let stage = Stage::new();
    let line = line(&stage);
    let path = "/cgi-bin/stable_token";
    let form = "application/x-www-form-urlencoded";
    for (content_type, body) in [
        (form, "grant_type=client_credential"),
        ("application/json", r#"{"appid":"\u0041"}"#),
        ("application/json", r#"{"access_token":"x"}"#),
    ] {
        line.send(line.post(path).header("content-type", content_type).body(body)).await.unwrap();
    }
    let seen = get(&stage, "/__fake/violations").await;
    assert_eq!(
        seen,
        json!([
            "StableToken: a form instead of JSON",
            "StableToken: a body that is not JSON",
            "StableToken: escapes instead of UTF-8",
            "StableToken: the token in the body"
        ])
    );
    stage.fake.stop().await;
}

#[tokio::test]
async fn the_other_calls_are_strict_as_well() {
    let stage = Stage::new();
    let errcode = async |line: &Outbound, request| {
        let reply = line.send(request).await.unwrap();
        assert_eq!(reply.status, 200);
        serde_json::from_slice::<Value>(&reply.body).unwrap()["errcode"].clone()
    };
    let line = line(&stage);
    let token = "/cgi-bin/token";
    assert_eq!(errcode(&line, line.get(token)).await, 41002);
    assert_eq!(errcode(&line, line.get(token).query(&[("appid", APPID)])).await, 41004);
    let wrong = [("appid", APPID), ("secret", "x"), ("grant_type", "client_credential")];
    assert_eq!(errcode(&line, line.get(token).query(&wrong)).await, 40125);
    let right = [("appid", APPID), ("secret", super::SECRET), ("grant_type", "client_credential")];
    assert_eq!(errcode(&line, line.get(token).query(&right)).await, Value::Null);
    let phone = "/wxa/business/getuserphonenumber";
    assert_eq!(errcode(&line, line.post(phone)).await, 41001);
    assert_eq!(errcode(&line, line.post(phone).query(&[("access_token", "x")])).await, 40014);
    assert_eq!(errcode(&line, line.get("/cgi-bin/stable_token")).await, 43002);
    assert_eq!(errcode(&line, line.post("/cgi-bin/stable_token")).await, 44002);
    stage.end().await;
}
