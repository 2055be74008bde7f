//! The attacks on access tokens that are known from other systems, one after the other.

use std::path::PathBuf;

use ring::hmac;
use serde_json::{Value, json};

use super::*;

const NOW: Timestamp = Timestamp(1_795_309_323_004);
const SECONDS: i64 = 1_795_309_323;

struct Bench {
    _folder: tempfile::TempDir,
    path: PathBuf,
    file: KeyFile,
    tokens: Tokens,
}

fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    KeyFile::init(&path).unwrap();
    let (file, tokens) = (KeyFile::load(&path).unwrap(), Tokens::open(&path).unwrap());
    Bench { _folder: folder, path, file, tokens }
}

fn claims() -> Claims {
    Claims::new(Uuid::from_u128(1), &SessionKey([5; 32]), Uuid::from_u128(2), NOW, 600)
}

impl Bench {
    /// Signs any header and payload with the real key: what is refused is refused for what it says.
    fn forge(&self, header: &str, payload: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.file.jwt["k1"].as_ref());
        let tag = hmac::sign(&key, message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    fn header(&self, header: &str) -> Result<Claims> {
        let token = self.forge(header, &serde_json::to_string(&claims()).unwrap());
        self.tokens.check_access(&token, NOW)
    }

    fn payload(&self, payload: &str) -> Result<Claims> {
        self.tokens.check_access(&self.forge(r#"{"typ":"at+jwt","alg":"HS256","kid":"k1"}"#, payload), NOW)
    }

    fn with(&self, name: &str, value: Value) -> Result<Claims> {
        let mut all = serde_json::to_value(claims()).unwrap();
        all[name] = value;
        self.payload(&all.to_string())
    }
}

fn refuses<T: fmt::Debug>(result: Result<T>) {
    assert!(result.unwrap_err().is(Code::LoginRequired));
}

#[test]
fn what_is_signed_is_read() {
    let b = bench();
    let token = b.tokens.sign_access(&claims()).unwrap();
    assert_eq!(b.tokens.check_access(&token, NOW).unwrap(), claims());
    assert_eq!(claims().session().unwrap(), SessionKey([5; 32]));
    // The forger of the tests below makes tokens that pass when nothing is wrong with them.
    assert_eq!(b.header(r#"{"typ":"at+jwt","alg":"HS256","kid":"k1"}"#).unwrap(), claims());
    assert!(!token.contains('='));
}

#[test]
fn other_algorithms_types_and_keys() {
    let b = bench();
    for header in [
        r#"{"typ":"at+jwt","alg":"none","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":"NONE","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":"","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":"hs256","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":"HS384","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":"HS512","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":"RS256","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":"ES256","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":"EdDSA","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":["HS256"],"kid":"k1"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"k1"}"#,
        r#"{"typ":"AT+JWT","alg":"HS256","kid":"k1"}"#,
        r#"{"alg":"HS256","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":"HS256"}"#,
        r#"{"typ":"at+jwt","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":"k2"}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":""}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":null}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":"../../etc/passwd"}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":"k1' OR '1'='1"}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":"k1\u0000"}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":"https://example.com/k1"}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"}"#,
    ] {
        refuses(b.header(header));
    }
}

#[test]
fn header_members_that_steer_the_verifier() {
    let b = bench();
    for member in [
        r#""jku":"https://example.com/keys""#,
        r#""jwk":{"kty":"oct","k":"AAAA"}"#,
        r#""x5u":"https://example.com/cert""#,
        r#""x5c":["AAAA"]"#,
        r#""crit":["exp"]"#,
        r#""zip":"DEF""#,
        r#""b64":false"#,
        r#""cty":"JWT""#,
        r#""alg":"HS256""#,
        r#""kid":"k1""#,
        r#""typ":"at+jwt""#,
    ] {
        refuses(b.header(&format!(r#"{{"typ":"at+jwt","alg":"HS256","kid":"k1",{member}}}"#)));
    }
    for header in ["", "{}", "[]", "null", "\"k1\"", "{", "\u{feff}{}"] {
        refuses(b.header(header));
    }
}

#[test]
fn claims_that_are_missing_doubled_mistyped_or_foreign() {
    let b = bench();
    let good = serde_json::to_value(claims()).unwrap();
    for name in ["sub", "sid", "jti", "iat", "nbf", "exp", "iss", "aud"] {
        let mut less = good.clone();
        less.as_object_mut().unwrap().remove(name);
        refuses(b.payload(&less.to_string()));
        let twice = good.to_string().replacen('{', &format!("{{\"{name}\":{},", good[name]), 1);
        refuses(b.payload(&twice));
        refuses(b.with(name, Value::Null));
    }
    for (name, value) in [
        ("exp", json!((SECONDS + 600).to_string())),
        ("exp", json!(1e300)),
        ("exp", json!([SECONDS + 600])),
        ("nbf", json!("0")),
        ("nbf", json!(SECONDS + 6)),
        ("iat", json!(SECONDS + 6)),
        ("nbf", json!(i64::MAX)),
        ("aud", json!(["lvyue"])),
        ("aud", json!(["lvyue", "other"])),
        ("aud", json!("other")),
        ("aud", json!("")),
        ("iss", json!("other")),
        ("iss", json!(["lvyue"])),
        ("sub", json!("admin")),
        ("sid", json!("short")),
        ("sid", json!("")),
        ("role", json!("vendor_admin")),
    ] {
        refuses(b.with(name, value));
    }
    for payload in ["", "{}", "[]", "null", "1", "{"] {
        refuses(b.payload(payload));
    }
}

#[test]
fn time_is_the_callers() {
    let b = bench();
    let token = b.tokens.sign_access(&claims()).unwrap();
    let at = |seconds: i64| b.tokens.check_access(&token, Timestamp((SECONDS + seconds) * 1000));
    at(-5).unwrap();
    refuses(at(-6));
    at(604).unwrap();
    for later in [605, 3600, 1_000_000_000] {
        assert!(at(later).unwrap_err().is(Code::TokenExpired));
    }
    assert!(b.with("exp", json!(i64::MIN)).is_err());
    assert!(b.tokens.check_access(&token, Timestamp(i64::MIN)).is_err());
    assert!(b.tokens.check_access(&token, Timestamp(i64::MAX)).is_err());
}

#[test]
fn every_changed_character_fails() {
    let b = bench();
    let token = b.tokens.sign_access(&claims()).unwrap();
    for at in 0..token.len() {
        for other in ['A', 'B', '_', '.', '=', '+', ' '] {
            let mut bad: Vec<char> = token.chars().collect();
            if bad[at] != other {
                bad[at] = other;
                assert!(b.tokens.check_access(&bad.iter().collect::<String>(), NOW).is_err(), "{at} {other}");
            }
        }
        assert!(b.tokens.check_access(&token[..at], NOW).is_err());
    }
}

#[test]
fn shapes_that_are_not_tokens() {
    let b = bench();
    let token = b.tokens.sign_access(&claims()).unwrap();
    let (message, tag) = token.rsplit_once('.').unwrap();
    for text in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        message.to_owned(),
        format!("{message}."),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}="),
        format!(" {token}"),
        format!("{token}\n"),
        format!("{message}.{tag}{tag}"),
        format!("Bearer {token}"),
        "é".repeat(100),
        "A".repeat(3000),
    ] {
        refuses(b.tokens.check_access(&text, NOW));
    }
    // 2 KiB is the end even for what we signed ourselves.
    refuses(b.with("sid", json!("A".repeat(2000))));
}

#[test]
fn a_key_of_another_machine_signs_nothing_here() {
    let (ours, theirs) = (bench(), bench());
    refuses(ours.tokens.check_access(&theirs.tokens.sign_access(&claims()).unwrap(), NOW));
}

#[test]
fn rotated_keys_overlap_without_a_restart() {
    let mut b = bench();
    let running = Tokens::open(&b.path).unwrap();
    let old = running.sign_access(&claims()).unwrap();
    b.file.jwt.insert("k2".to_owned(), super::super::keyfile::random().unwrap());
    b.file.jwt_current = "k2".to_owned();
    b.file.replace(&b.path).unwrap();
    let started = Tokens::open(&b.path).unwrap();
    let new = started.sign_access(&claims()).unwrap();
    for tokens in [&started, &running] {
        tokens.check_access(&old, NOW).unwrap();
        tokens.check_access(&new, NOW).unwrap();
    }
    b.file.jwt.remove("k1");
    b.file.replace(&b.path).unwrap();
    let later = Tokens::open(&b.path).unwrap();
    refuses(later.check_access(&old, NOW));
    later.check_access(&new, NOW).unwrap();
}

#[test]
fn nothing_shows_a_secret() {
    let b = bench();
    let shown = format!("{:?} {:?}", b.tokens, SessionKey([77; 32]));
    assert_eq!(shown, "Tokens(..) SessionKey(..)");
}
