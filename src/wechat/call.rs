//! One call, from the request to a typed answer or a [`Failure`].
//!
//! Answers are read by their bytes: the content type lies, the body may be empty, begin with a byte order
//! mark or not be JSON at all, and `errcode` may be missing (which is 0), a number or text.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::RequestBuilder;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tracing::{error, info, warn};

use super::errcode::{Call, Class, Failure, class_of, next_midnight};
use super::types::Whole;
use crate::kit::clock::Clock;
use crate::kit::net::{self, Breaker, Outbound, Outcome, SetupError};

/// The answers we read are a few hundred bytes.
const BODY_LIMIT: usize = 16 * 1024;

/// The line to WeChat: a client, and a breaker for each call since quotas and outages go by call.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) http: Outbound,
    pub(super) clock: Clock,
    code2session: Breaker,
    stable_token: Breaker,
    phone_number: Breaker,
}

impl Line {
    pub(super) fn new(base_url: &str, timeout: Duration, clock: Clock) -> Result<Self, SetupError> {
        let breaker = || Breaker::new(clock.clone());
        Ok(Self {
            http: Outbound::new(base_url, timeout, BODY_LIMIT)?,
            code2session: breaker(),
            stable_token: breaker(),
            phone_number: breaker(),
            clock,
        })
    }

    /// Sends once, and once more only if there was no connection, when nothing can have been spent.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        call: Call,
        request: RequestBuilder,
    ) -> Result<T, Failure> {
        let breaker = match call {
            Call::Code2Session => &self.code2session,
            Call::StableToken => &self.stable_token,
            Call::PhoneNumber => &self.phone_number,
        };
        let permit = breaker.enter().map_err(|until| Failure {
            until: Some(until),
            ..Failure::new(call, Class::Busy, "not asked, the breaker is open")
        })?;
        let again = request.try_clone();
        let mut sent = self.http.send(request).await;
        if let (Err(net::Failure::Connect), Some(again)) = (&sent, again) {
            sent = self.http.send(again).await;
        }
        let mut answer = match sent {
            Ok(reply) => read(call, reply.status, &reply.body),
            Err(failure) => {
                permit.settle(match failure {
                    net::Failure::Timeout => Outcome::TimedOut,
                    _ => Outcome::Failed,
                });
                let class = match failure {
                    net::Failure::TooLarge | net::Failure::Unbuildable => Class::Unknown,
                    _ => Class::Busy,
                };
                let failure = Failure::new(call, class, failure.name());
                report(&failure);
                return Err(failure);
            }
        };
        permit.settle(match &answer {
            Err(failure) if failure.class == Class::Busy => Outcome::Failed,
            _ => Outcome::Answered,
        });
        if let Err(failure) = &mut answer {
            if failure.class == Class::RateDay {
                let until = next_midnight(self.clock.now());
                breaker.open_until(until);
                failure.until = Some(until);
            }
            report(failure);
        }
        answer
    }
}

/// Says so in the log, loud enough for what it is.
fn report(failure: &Failure) {
    let Failure { call, class, errcode, rid, cause, .. } = failure;
    let (call, rid) = (call.name(), rid.as_deref());
    match class {
        Class::Config | Class::RateDay => {
            error!(call, errcode, rid, cause, "WeChat refuses us; settings or quota need attention");
        }
        Class::Unknown => error!(call, errcode, rid, cause, "WeChat answered something unexpected"),
        Class::Busy | Class::RateMinute => warn!(call, errcode, rid, cause, "WeChat is busy"),
        Class::UserBlocked => warn!(call, errcode, rid, cause, "WeChat holds the person for a risk"),
        Class::TokenInvalid | Class::CodeRejected => info!(call, errcode, rid, cause, "WeChat said no"),
    }
}

#[derive(Deserialize)]
struct Envelope {
    errcode: Option<Whole>,
    errmsg: Option<Value>,
}

/// Reads an answer. Pure.
fn read<T: DeserializeOwned>(call: Call, status: u16, body: &[u8]) -> Result<T, Failure> {
    let unknown = |cause| Failure::new(call, Class::Unknown, cause);
    // WeChat answers 200 to everything, so another status comes from something in between.
    match status {
        200..=299 => {}
        500..=599 => return Err(Failure::new(call, Class::Busy, "HTTP 5xx")),
        _ => return Err(unknown("HTTP status is not 200")),
    }
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    if body.is_empty() {
        return Err(unknown("empty answer"));
    }
    // Messages may be in another encoding; what we read of them is ASCII.
    let text = zeroize::Zeroizing::new(String::from_utf8_lossy(body).into_owned());
    let envelope: Envelope = serde_json::from_str(&text).map_err(|err| match err.classify() {
        serde_json::error::Category::Eof => Failure::new(call, Class::Busy, "answer cut off"),
        serde_json::error::Category::Data => unknown("answer has another shape"),
        _ => unknown("answer is not JSON"),
    })?;
    let errcode = envelope.errcode.map_or(0, |code| code.0);
    if errcode != 0 {
        let message = envelope.errmsg.as_ref().and_then(Value::as_str).unwrap_or_default();
        if errcode == 40164
            && let Some(ip) = our_address(message)
        {
            error!(%ip, "WeChat does not have our address on its IP list (IP 白名单)");
        }
        return Err(Failure {
            errcode: Some(errcode),
            rid: rid_of(message),
            ..Failure::new(call, class_of(call, errcode), "refused")
        });
    }
    // The parser's own words could quote a value; ours do not.
    serde_json::from_str(&text).map_err(|_| unknown("answer lacks what it should bring"))
}

/// The trace id at the end of a message: `rid: 8hex-8hex-8hex`.
fn rid_of(message: &str) -> Option<String> {
    let (_, after) = message.rsplit_once("rid:")?;
    let rid: String = after.trim_start().chars().take_while(|c| c.is_ascii_hexdigit() || *c == '-').collect();
    let groups = rid.split('-').filter(|group| group.len() == 8).count();
    (groups == 3 && rid.len() == 26).then_some(rid)
}

/// The address WeChat saw, which the message of 40164 names.
fn our_address(message: &str) -> Option<IpAddr> {
    message.split(|c: char| c.is_whitespace() || c == ',').find_map(|word| word.parse::<IpAddr>().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Eq)]
    struct Sample {
        x: Whole,
    }

    type Seen = Result<i64, (Class, Option<i64>)>;

    fn read_sample(body: &[u8]) -> Seen {
        read::<Sample>(Call::Code2Session, 200, body).map(|s| s.x.0).map_err(|f| (f.class, f.errcode))
    }

    #[test]
    fn answers_are_read_by_their_bytes() {
        let table: &[(&[u8], Seen)] = &[
            (br#"{"x":1}"#, Ok(1)),
            (br#"{"x":"1","errcode":0,"errmsg":"ok"}"#, Ok(1)),
            (br#"{"x":1,"errcode":"0","more":{"a":[1]}}"#, Ok(1)),
            (br#"{"x":1,"errcode":null}"#, Ok(1)),
            (b"\xef\xbb\xbf {\"x\":1}\r\n", Ok(1)),
            (b"{\"x\":1,\"errmsg\":\"\xb3\xc9\xb9\xa6\"}", Ok(1)),
            (br#"{"errcode":40029,"errmsg":"invalid code"}"#, Err((Class::CodeRejected, Some(40029)))),
            (br#"{"errcode":"40163"}"#, Err((Class::CodeRejected, Some(40163)))),
            (br#"{"errcode":"40163","errmsg":7,"x":1}"#, Err((Class::CodeRejected, Some(40163)))),
            (br#"{"errcode":-1}"#, Err((Class::Busy, Some(-1)))),
            (br#"{"errcode":99999}"#, Err((Class::Unknown, Some(99999)))),
            (br#"{"errcode":"what"}"#, Err((Class::Unknown, None))),
            (br#"{"errcode":0}"#, Err((Class::Unknown, None))),
            (br"{}", Err((Class::Unknown, None))),
            (b"", Err((Class::Unknown, None))),
            (b"\xef\xbb\xbf  ", Err((Class::Unknown, None))),
            (br#"{"x":1"#, Err((Class::Busy, None))),
            (b"<html>gateway</html>", Err((Class::Unknown, None))),
            (b"[]", Err((Class::Unknown, None))),
            (b"7", Err((Class::Unknown, None))),
        ];
        for (body, expected) in table {
            assert_eq!(read_sample(body), *expected, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn another_status_is_not_an_answer() {
        let class = |status| read::<Sample>(Call::Code2Session, status, br#"{"x":1}"#).unwrap_err().class;
        assert_eq!(class(502), Class::Busy);
        assert_eq!(class(302), Class::Unknown);
        assert_eq!(class(404), Class::Unknown);
    }

    #[test]
    fn only_a_trace_id_is_taken_from_a_message() {
        let rid = "623ea70a-74b9b592-3e3d489a";
        assert_eq!(rid_of(&format!("invalid code, rid: {rid}")).as_deref(), Some(rid));
        assert_eq!(rid_of(&format!("rid:{rid} trailing")).as_deref(), Some(rid));
        assert_eq!(rid_of("rid: 13812341234"), None);
        assert_eq!(rid_of("rid: --------------------------"), None);
        assert_eq!(rid_of("hint: [abc]"), None);
        let message = "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: x";
        assert_eq!(our_address(message).unwrap().to_string(), "203.0.113.9");
    }
}
