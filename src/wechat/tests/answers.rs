//! What WeChat says and what we make of it.

use std::net::TcpListener;

use secrecy::SecretString;

use super::{APPID, SECRET, Stage, code_of, settings};
use crate::kit::clock::Clock;
use crate::wechat::Client;
use crate::wechat::fake::{ErrcodeForm, Fake, FakeCall, FakeError, Script, openid_of, phone_of};

#[tokio::test]
async fn a_code_signs_in_once() {
    let stage = Stage::new();
    assert_eq!(stage.login("web-li").await.unwrap(), openid_of("li"));
    assert_eq!(stage.login("web-li-2").await.unwrap(), openid_of("li"));
    assert_eq!(code_of(stage.login("web-li").await), "LOGIN_CODE_INVALID");
    assert_eq!(code_of(stage.login("nonsense").await), "LOGIN_CODE_INVALID");
    assert_eq!(stage.calls(FakeCall::Code2Session), 4);
    assert_eq!(code_of(stage.login("").await), "LOGIN_CODE_INVALID");
    assert_eq!(code_of(stage.login(&"x".repeat(1000)).await), "LOGIN_CODE_INVALID");
    assert_eq!(stage.calls(FakeCall::Code2Session), 4, "what cannot be a code is not sent");
    stage.end().await;
}

#[tokio::test]
async fn a_code_grows_old_in_five_minutes() {
    let stage = Stage::new();
    stage.fake.issue("web-li-1");
    stage.fake.issue("web-li-2");
    stage.pass(300);
    stage.login("web-li-1").await.unwrap();
    stage.pass(1);
    assert_eq!(code_of(stage.login("web-li-2").await), "LOGIN_CODE_INVALID");
    stage.end().await;
}

#[tokio::test]
async fn one_person_may_not_sign_in_all_the_time() {
    let stage = Stage::new();
    stage.fake.modes(|modes| modes.logins_per_minute = 2);
    stage.login("web-li-1").await.unwrap();
    stage.login("web-li-2").await.unwrap();
    let error = stage.login("web-li-3").await.unwrap_err();
    assert_eq!(error.code().wire(), "TOO_MANY_REQUESTS");
    assert_eq!(error.retry_after_seconds(), Some(55));
    stage.login("web-wang-1").await.unwrap();
    stage.pass(55);
    stage.login("web-li-3").await.unwrap();
    stage.end().await;
}

#[tokio::test]
async fn every_errcode_has_its_answer() {
    let login = [
        (-1, "WECHAT_UNAVAILABLE"),
        (40029, "LOGIN_CODE_INVALID"),
        (40163, "LOGIN_CODE_INVALID"),
        (40226, "ACCOUNT_RISK"),
        (45011, "TOO_MANY_REQUESTS"),
        (40001, "WECHAT_CONFIG"),
        (40002, "WECHAT_CONFIG"),
        (40013, "WECHAT_CONFIG"),
        (40125, "WECHAT_CONFIG"),
        (40164, "WECHAT_CONFIG"),
        (41008, "WECHAT_CONFIG"),
        (50007, "WECHAT_CONFIG"),
        (99999, "WECHAT_UNKNOWN"),
    ];
    for form in [ErrcodeForm::Usual, ErrcodeForm::Text] {
        let stage = Stage::new();
        stage.fake.modes(|modes| modes.errcode = form);
        for (errcode, expected) in login {
            stage.fake.script(Script::errcode(FakeCall::Code2Session, errcode));
            assert_eq!(code_of(stage.login("web-li").await), expected, "{errcode}");
            // An access token that is refused is fetched again, see tokens.rs.
            if errcode != 40001 {
                stage.fake.script(Script::errcode(FakeCall::PhoneNumber, errcode));
                let expected = if expected == "LOGIN_CODE_INVALID" { "INVALID" } else { expected };
                assert_eq!(code_of(stage.phone("phone-li-1").await), expected, "{errcode}");
            }
        }
        assert_eq!(stage.calls(FakeCall::Code2Session), 13, "each was asked once");
        stage.end().await;
    }
}

#[tokio::test]
async fn a_refused_phone_code_points_at_its_field() {
    let stage = Stage::new();
    stage.phone("phone-li-1").await.unwrap();
    let error = stage.phone("phone-li-1").await.unwrap_err();
    assert_eq!(error.fields()[0].field, "phone_code");
    stage.end().await;
}

#[tokio::test]
async fn phone_numbers_come_with_their_country() {
    let stage = Stage::with(Fake::with_people(&[("chan", "+852 91234567"), ("li", "13812341234")]));
    assert_eq!(stage.phone("phone-li-1").await.unwrap(), "8613812341234");
    stage.fake.modes(|modes| modes.numbers_as_text = true);
    assert_eq!(stage.phone("phone-li-2").await.unwrap(), "8613812341234");
    assert_eq!(stage.phone("phone-chan-1").await.unwrap(), "85291234567");
    assert_eq!(stage.phone("phone-wang-1").await.unwrap(), format!("86{}", phone_of("wang")));
    stage.end().await;
}

#[tokio::test]
async fn a_phone_code_is_its_persons_own() {
    let stage = Stage::new();
    let other = SecretString::from(openid_of("wang"));
    assert_eq!(code_of(stage.client.phone_number("phone-li-1", &other).await), "INVALID");
    stage.phone("phone-li-1").await.expect("the refused try spent nothing");
    stage.end().await;
}

#[tokio::test]
async fn a_phone_number_of_another_mini_program_is_not_believed() {
    let stage = Stage::new();
    for watermark in [r#","watermark":{"timestamp":1,"appid":"wxdemo0000000002"}"#, ""] {
        let raw = format!(
            r#"{{"errcode":0,"phone_info":{{"purePhoneNumber":"13812341234","countryCode":86{watermark}}}}}"#
        );
        stage.fake.script(Script::raw(FakeCall::PhoneNumber, raw));
        assert_eq!(code_of(stage.phone("phone-li-1").await), "WECHAT_UNKNOWN");
    }
    stage.end().await;
}

#[tokio::test]
async fn the_form_of_an_answer_does_not_matter() {
    let stage = Stage::new();
    let types = ["text/plain", "application/json; encoding=utf-8", "text/html; charset=gbk", "image/jpeg"];
    let forms = [ErrcodeForm::Usual, ErrcodeForm::Int, ErrcodeForm::Text];
    for (n, (content_type, form)) in types.iter().flat_map(|t| forms.iter().map(move |f| (t, f))).enumerate()
    {
        stage.fake.modes(|modes| {
            modes.content_type = Some((*content_type).to_owned());
            modes.errcode = *form;
        });
        stage.login(&format!("web-li-{n}")).await.unwrap();
        stage.phone(&format!("phone-li-{n}")).await.unwrap();
    }
    stage.end().await;
}

#[tokio::test]
async fn an_openid_must_look_like_one_and_a_unionid_is_welcome() {
    let stage = Stage::new();
    for raw in [r#"{"openid":""}"#.to_owned(), format!(r#"{{"openid":"{}"}}"#, "o".repeat(65))] {
        stage.fake.script(Script::raw(FakeCall::Code2Session, raw));
        assert_eq!(code_of(stage.login("web-li").await), "WECHAT_UNKNOWN");
    }
    assert!(stage.client.code2session("web-li-1").await.unwrap().unionid.is_none());
    stage.fake.modes(|modes| modes.unionid = true);
    assert!(stage.client.code2session("web-li-2").await.unwrap().unionid.is_some());
    stage.end().await;
}

#[tokio::test]
async fn wrong_settings_are_told_apart_from_wrong_people() {
    let stage = Stage::new();
    let mut wrong = settings(stage.fake.base_url());
    wrong.wechat.secret = SecretString::from("another");
    let client = Client::with_clock(&wrong, stage.clock.clone()).unwrap();
    assert_eq!(code_of(client.code2session("web-li").await), "WECHAT_CONFIG");
    stage.fake.modes(|modes| modes.ip_listed = false);
    assert_eq!(code_of(stage.login("web-li").await), "WECHAT_CONFIG");
    stage.end().await;
}

#[test]
fn a_client_is_not_made_from_half_of_the_settings() {
    let refused = |change: fn(&mut crate::kit::config::Wechat)| {
        let mut settings = settings("http://127.0.0.1:9");
        change(&mut settings.wechat);
        Client::new(&settings).unwrap_err().to_string()
    };
    assert!(refused(|w| w.appid.clear()).contains("wechat.appid"));
    assert!(refused(|w| w.secret = SecretString::default()).contains("wechat.secret"));
    assert!(refused(|w| w.secret_file = "/does/not/exist".into()).contains("wechat.secret_file"));
    assert!(refused(|w| w.appid = "wxba5fad812f8e6fb9".into()).contains("wechat.base_url"));
    assert!(
        refused(|w| {
            w.appid = "wxba5fad812f8e6fb9".into();
            w.base_url = "https://example.com/.weixin.qq.com".into();
        })
        .contains("wechat.base_url")
    );
    assert!(refused(|w| w.base_url = "http://192.0.2.1".into()).contains("loopback"));
}

#[test]
fn a_secret_may_come_from_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "from-the-file\n").unwrap();
    let read = crate::wechat::read_secret(file.path().to_str().unwrap()).unwrap().unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&read), "from-the-file");
}

#[test]
fn the_fake_serves_no_real_mini_program_and_nobody_outside() {
    let start = |address: &str, appid: &str| {
        let listener = TcpListener::bind(address).unwrap();
        Fake::default().start(listener, appid, SecretString::from(SECRET), Clock::System).unwrap_err()
    };
    assert!(matches!(start("127.0.0.1:0", "wxba5fad812f8e6fb9"), FakeError::RealAppid));
    assert!(matches!(start("0.0.0.0:0", APPID), FakeError::NotLoopback));
}
