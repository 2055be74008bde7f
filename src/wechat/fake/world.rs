//! What the fake remembers: codes, tokens, counts, what to answer next, what the client did wrong.
//! One lock around all of it; time comes from the clock it was given.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::people::{People, name_in, openid_of};
use super::token::Purse;
use crate::kit::clock::{Clock, Timestamp};

const CODE_MILLIS: i64 = 5 * 60_000;

/// The calls the fake answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FakeCall {
    #[serde(rename = "code2session")]
    Code2Session,
    StableToken,
    Token,
    PhoneNumber,
}

/// What to do to the next answer of a call. Without `errcode` and `raw` the call does its work first (a code
/// is spent), then the answer suffers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub call: FakeCall,
    /// Answer this instead of working.
    #[serde(default)]
    pub errcode: Option<i64>,
    /// With `errcode`: its message, instead of an ordinary one.
    #[serde(default)]
    pub errmsg: Option<String>,
    /// Answer these bytes instead of working.
    #[serde(default)]
    pub raw: Option<String>,
    /// As something between us and WeChat would: 502.
    #[serde(default)]
    pub status: Option<u16>,
    #[serde(default)]
    pub delay_ms: u64,
    /// Break the connection without an answer.
    #[serde(default)]
    pub reset: bool,
    /// Break it in the middle of the answer.
    #[serde(default)]
    pub truncate: bool,
    /// `text/html; charset=gbk` and nothing in it.
    #[serde(default)]
    pub empty: bool,
}

impl Script {
    /// Nothing special; fill in what should happen.
    #[must_use]
    pub const fn next(call: FakeCall) -> Self {
        Self {
            call,
            errcode: None,
            errmsg: None,
            raw: None,
            status: None,
            delay_ms: 0,
            reset: false,
            truncate: false,
            empty: false,
        }
    }

    #[must_use]
    pub fn errcode(call: FakeCall, errcode: i64) -> Self {
        Self { errcode: Some(errcode), ..Self::next(call) }
    }

    #[must_use]
    pub fn raw(call: FakeCall, raw: impl Into<String>) -> Self {
        Self { raw: Some(raw.into()), ..Self::next(call) }
    }
}

/// How `errcode` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrcodeForm {
    /// As the documents show it: missing on success where they leave it out.
    Usual,
    Int,
    Text,
}

/// How it behaves until told otherwise.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Modes {
    /// Instead of each call's own.
    pub content_type: Option<String>,
    pub errcode: ErrcodeForm,
    /// `countryCode` and `expires_in` as text.
    pub numbers_as_text: bool,
    /// Our address is on the list; otherwise 40164.
    pub ip_listed: bool,
    /// The mini-program is bound to an Open Platform account.
    pub unionid: bool,
    pub logins_per_minute: u32,
}

impl Default for Modes {
    fn default() -> Self {
        Self {
            content_type: None,
            errcode: ErrcodeForm::Usual,
            numbers_as_text: false,
            ip_listed: true,
            unionid: false,
            logins_per_minute: 100,
        }
    }
}

pub(super) struct World {
    pub(super) appid: String,
    pub(super) secret: SecretString,
    pub(super) clock: Clock,
    pub(super) people: People,
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) modes: Modes,
    pub(super) purse: Purse,
    codes: HashMap<String, Spent>,
    minutes: HashMap<String, (i64, u32)>,
    scripts: HashMap<FakeCall, VecDeque<Script>>,
    calls: HashMap<FakeCall, u64>,
    violations: Vec<String>,
    answers: u64,
}

struct Spent {
    issued: Timestamp,
    used: bool,
}

impl World {
    pub(super) fn new(appid: &str, secret: SecretString, clock: Clock, people: People) -> Self {
        Self { appid: appid.to_owned(), secret, clock, people, state: Mutex::default() }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call, looks for what clients must not do, and takes what was scripted for it.
    pub(super) fn arrive(&self, call: FakeCall, request: &HttpRequest, body: &[u8]) -> Option<Script> {
        let mut state = self.lock();
        *state.calls.entry(call).or_default() += 1;
        let text = String::from_utf8_lossy(body);
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default();
        let wrong = [
            (text.contains("\\u"), "escapes instead of UTF-8"),
            (content_type.contains("form"), "a form instead of JSON"),
            (text.contains("access_token"), "the token in the body"),
            (!body.is_empty() && !content_type.starts_with("application/json"), "a body that is not JSON"),
        ];
        for (_, what) in wrong.iter().filter(|(found, _)| *found) {
            state.violations.push(format!("{call:?}: {what}"));
        }
        state.scripts.get_mut(&call).and_then(VecDeque::pop_front)
    }

    /// Spends a code; on success the name in it.
    pub(super) fn spend(&self, prefix: &str, code: &str) -> Result<String, i64> {
        let now = self.clock.now();
        let name = name_in(prefix, code).ok_or(40029)?;
        let mut state = self.lock();
        if prefix == "web" {
            let limit = state.modes.logins_per_minute;
            let minute = now.0.div_euclid(60_000);
            let (counted, times) = state.minutes.entry(openid_of(name)).or_insert((minute, 0));
            if *counted != minute {
                (*counted, *times) = (minute, 0);
            }
            *times = times.saturating_add(1);
            if *times > limit {
                return Err(45011);
            }
        }
        let spent = state.codes.entry(code.to_owned()).or_insert(Spent { issued: now, used: false });
        if now.since(spent.issued) > CODE_MILLIS {
            return Err(40029);
        }
        if spent.used {
            return Err(40163);
        }
        spent.used = true;
        Ok(name.to_owned())
    }

    /// A fresh trace id.
    pub(super) fn rid(&self) -> String {
        let mut state = self.lock();
        state.answers += 1;
        let seconds = self.clock.now().0 / 1000;
        format!("{:08x}-{:08x}-{:08x}", seconds & 0xffff_ffff, state.answers, 0x3e3d_489a_u32)
    }

    pub(super) fn script(&self, script: Script) {
        self.lock().scripts.entry(script.call).or_default().push_back(script);
    }

    pub(super) fn modes(&self, change: impl FnOnce(&mut Modes)) {
        change(&mut self.lock().modes);
    }

    pub(super) fn issue(&self, code: &str) {
        let spent = Spent { issued: self.clock.now(), used: false };
        self.lock().codes.insert(code.to_owned(), spent);
    }

    pub(super) fn revoke_tokens(&self) {
        self.lock().purse.revoke();
    }

    pub(super) fn calls(&self, call: FakeCall) -> u64 {
        self.lock().calls.get(&call).copied().unwrap_or_default()
    }

    pub(super) fn all_calls(&self) -> HashMap<FakeCall, u64> {
        self.lock().calls.clone()
    }

    pub(super) fn violations(&self) -> Vec<String> {
        self.lock().violations.clone()
    }
}
