//! Secrets, codes, openids, keys, tokens and phone numbers reach neither logs nor errors, whatever happens
//! and however much is logged.

use std::io::Write;
use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use tracing_subscriber::fmt::MakeWriter;

use super::{SECRET, Stage, settings};
use crate::kit::error::Error;
use crate::wechat::Client;
use crate::wechat::fake::{FakeCall, Script, openid_of, phone_of};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

const KEY: &str = "c2Vzc2lvbi1rZXktMTIzNA==";
const TOKEN: &str = "TOKEN-that-nobody-may-see";

/// Answers that repeat what they should not, and lines that break with secrets on them.
fn bad(call: FakeCall, name: &str) -> Vec<Script> {
    let gossip = format!(
        "bad {SECRET} {KEY} {TOKEN} web-{name}-1 phone-{name}-1 {} {} rid: {SECRET}",
        openid_of(name),
        phone_of(name)
    );
    let mut scripts: Vec<Script> =
        [-1, 20001, 40001, 40013, 40029, 40125, 40163, 40164, 40226, 42001, 45009, 45011, 99999]
            .into_iter()
            .map(|errcode| Script { errmsg: Some(gossip.clone()), ..Script::errcode(call, errcode) })
            .collect();
    scripts.push(Script { delay_ms: 1000, ..Script::next(call) });
    scripts.push(Script { reset: true, ..Script::next(call) });
    scripts.push(Script { truncate: true, ..Script::next(call) });
    scripts.push(Script { empty: true, ..Script::next(call) });
    scripts.push(Script { status: Some(502), ..Script::raw(call, gossip.clone()) });
    scripts.push(Script::raw(call, gossip.clone()));
    scripts.push(Script::raw(call, gossip.repeat(200)));
    for raw in [
        r#"{"errcode":"GOSSIP"}"#,
        r#"{"errcode":0,"session_key":"GOSSIP","openid":{"a":"GOSSIP"}}"#,
        r#"{"access_token":"GOSSIP","expires_in":"GOSSIP"}"#,
        r#"{"phone_info":{"purePhoneNumber":"GOSSIP","countryCode":"GOSSIP","watermark":{"appid":"GOSSIP"}}}"#,
        r#"{"phone_info":{"purePhoneNumber":"GOSSIP","countryCode":86,"watermark":{"appid":"wxdemo0000000001"}}}"#,
    ] {
        scripts.push(Script::raw(call, raw.replace("GOSSIP", &gossip)));
    }
    scripts
}

#[tokio::test]
async fn nothing_private_is_logged_or_told() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(captured.clone())
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    tracing::info!("captured: yes");

    let mut told = String::new();
    let mut tell = |error: Error| {
        told.push_str(&format!("{error} {error:?}\n"));
    };
    let name = "lixiaoming";
    let openid = SecretString::from(openid_of(name));
    let stage = Stage::new();
    told_of_success(&stage, name).await;
    for call in [FakeCall::Code2Session, FakeCall::PhoneNumber, FakeCall::StableToken] {
        for script in bad(call, name) {
            let looks = format!("{script:?}");
            // Other tests register what they log as well, at any moment, with nobody to listen.
            tracing::callsite::rebuild_interest_cache();
            // A client of its own, so that no breaker and no cached token stands in the way.
            let client = impatient(&stage, stage.fake.base_url());
            stage.fake.script(script);
            if call == FakeCall::Code2Session {
                let result = client.code2session(&format!("web-{name}-1")).await;
                tell(result.expect_err(&looks));
            } else {
                if call == FakeCall::PhoneNumber {
                    // Refused once more after a fresh token, too.
                    stage.fake.revoke_tokens();
                }
                if let Err(error) = client.phone_number(&format!("phone-{name}-1"), &openid).await {
                    tell(error);
                }
            }
            let debug = format!("{client:?}");
            assert!(!debug.contains(SECRET), "{debug}");
        }
    }
    let nobody = impatient(&stage, "http://127.0.0.1:9");
    tell(nobody.code2session(&format!("web-{name}-1")).await.unwrap_err());
    tell(nobody.phone_number(&format!("phone-{name}-1"), &openid).await.unwrap_err());

    let logged = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("captured: yes") && logged.contains("WeChat refuses us"), "nothing was captured");
    assert!(told.lines().count() > 50, "few errors were seen");
    let phone = phone_of(name);
    let openid = openid_of(name);
    for (place, text) in [("log", &logged), ("error", &told)] {
        for secret in [SECRET, KEY, TOKEN, name, &phone, &openid, "secret=", "js_code", "access_token="] {
            let line = text.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret} in the {place}");
        }
    }
    stage.fake.stop().await;
}

fn impatient(stage: &Stage, base_url: &str) -> Client {
    let mut settings = settings(base_url);
    settings.wechat.timeout_ms = 500;
    Client::with_clock(&settings, stage.clock.clone()).unwrap()
}

async fn told_of_success(stage: &Stage, name: &str) {
    let subject = stage.client.code2session(&format!("web-{name}-0")).await.unwrap();
    assert!(!format!("{subject:?}").contains(&openid_of(name)));
    let phone = stage.client.phone_number(&format!("phone-{name}-0"), &subject.openid).await.unwrap();
    assert!(!format!("{phone:?}").contains(&phone_of(name)));
}
