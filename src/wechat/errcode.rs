//! What an errcode means to us, and what the person is told.
//!
//! WeChat answers HTTP 200 to everything; the errcode decides. A [`Failure`] carries the call's name, the
//! errcode and the trace id, and never text that WeChat sent, for that may repeat what we sent.

use crate::kit::clock::Timestamp;
use crate::kit::error::{Code, Error};

/// The calls we make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Code2Session,
    StableToken,
    PhoneNumber,
}

impl Call {
    pub const ALL: [Self; 3] = [Self::Code2Session, Self::StableToken, Self::PhoneNumber];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Code2Session => "code2session",
            Self::StableToken => "stable_token",
            Self::PhoneNumber => "phone_number",
        }
    }

    /// Whether an access token goes with it, so that 40001 speaks of the token and not of our secret.
    #[must_use]
    pub const fn carries_token(self) -> bool {
        matches!(self, Self::PhoneNumber)
    }
}

/// What to do about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Fetch another access token, then once more.
    TokenInvalid,
    /// Busy, silent, cut off, or not even connected. With a single-use code: not again.
    Busy,
    /// Too many within a minute.
    RateMinute,
    /// Too many for today: nothing more until midnight in Shanghai.
    RateDay,
    /// The code is wrong, spent or too old.
    CodeRejected,
    /// WeChat holds the person for a risk.
    UserBlocked,
    /// Somebody must change a setting, here or in WeChat's console.
    Config,
    /// Not in the table.
    Unknown,
}

/// The class of an errcode other than 0.
#[must_use]
pub const fn class_of(call: Call, errcode: i64) -> Class {
    match errcode {
        -1 | 20001 | 200_001 => Class::Busy,
        40001 | 40014 | 42001 if call.carries_token() => Class::TokenInvalid,
        40029 | 40163 => Class::CodeRejected,
        40226 => Class::UserBlocked,
        45011 | 44990 | 44991 | 43108 => Class::RateMinute,
        45009 | 44993 | 61081 => Class::RateDay,
        40001 | 40002 | 40013 | 40014 | 40125 | 40164 | 40230..=40240 | 40243 => Class::Config,
        41001 | 41002 | 41004 | 41008 | 42001 | 43002 | 44002 | 47001 | 48001 => Class::Config,
        48017 | 50004 | 50007 | 85096 | 89503 | 89506 | 89507 => Class::Config,
        _ => Class::Unknown,
    }
}

/// A call that did not bring what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub call: Call,
    pub class: Class,
    pub errcode: Option<i64>,
    /// WeChat's trace id, checked to be nothing else.
    pub rid: Option<String>,
    /// In English, fixed text.
    pub cause: &'static str,
    /// When to come back, if something knows.
    pub until: Option<Timestamp>,
}

impl Failure {
    #[must_use]
    pub const fn new(call: Call, class: Class, cause: &'static str) -> Self {
        Self { call, class, errcode: None, rid: None, cause, until: None }
    }

    /// The answer to the person, and the cause for the log.
    #[must_use]
    pub fn into_error(self, now: Timestamp) -> Error {
        let error = match (self.class, self.call) {
            // The person is signed in; a 401 would send the mini-program to sign in again, which mends nothing.
            (Class::CodeRejected, Call::PhoneNumber) => {
                Error::field("phone_code", "PHONE_CODE_INVALID", "手机号授权已失效，请再点一次获取手机号")
            }
            (Class::CodeRejected, _) => Error::new(Code::LoginCodeInvalid),
            (Class::UserBlocked, _) => Error::new(Code::AccountRisk),
            (Class::RateMinute, _) => Error::new(Code::TooManyRequests).retry_after(to_next_minute(now)),
            (Class::Busy | Class::RateDay, _) => Error::new(Code::WechatUnavailable),
            (Class::Config | Class::TokenInvalid, _) => Error::new(Code::WechatConfig),
            (Class::Unknown, _) => Error::new(Code::WechatUnknown),
        };
        let error = match self.until {
            Some(until) if matches!(error.code().status(), 429 | 503) => {
                error.retry_after(seconds_until(now, until))
            }
            _ => error,
        };
        error.because(self)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "wechat {}: {}", self.call.name(), self.cause)?;
        if let Some(errcode) = self.errcode {
            write!(f, ", errcode {errcode}")?;
        }
        if let Some(rid) = &self.rid {
            write!(f, ", rid {rid}")?;
        }
        Ok(())
    }
}

/// WeChat counts by the clock minute.
fn to_next_minute(now: Timestamp) -> u32 {
    seconds_until(now, Timestamp(now.0.saturating_sub(now.0.rem_euclid(60_000)).saturating_add(60_000)))
}

fn seconds_until(now: Timestamp, until: Timestamp) -> u32 {
    u32::try_from(until.since(now).saturating_add(999) / 1000).unwrap_or(1).max(1)
}

/// The next midnight in Shanghai, when daily quotas begin anew.
#[must_use]
pub fn next_midnight(now: Timestamp) -> Timestamp {
    const DAY: i64 = 86_400_000;
    const SHANGHAI: i64 = 8 * 3_600_000;
    let local = now.0.saturating_add(SHANGHAI);
    Timestamp(local.saturating_sub(local.rem_euclid(DAY)).saturating_add(DAY).saturating_sub(SHANGHAI))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_code_means_the_token_only_where_a_token_was_sent() {
        assert_eq!(class_of(Call::PhoneNumber, 40001), Class::TokenInvalid);
        assert_eq!(class_of(Call::StableToken, 40001), Class::Config);
        assert_eq!(class_of(Call::Code2Session, 40001), Class::Config);
        assert_eq!(class_of(Call::PhoneNumber, 12345), Class::Unknown);
    }

    #[test]
    fn each_class_has_its_answer() {
        let now = Timestamp::parse("2026-11-22T10:00:45+08:00").unwrap();
        let answer = |call, class| {
            let error = Failure::new(call, class, "test").into_error(now);
            (error.code(), error.retry_after_seconds())
        };
        let login = |class| answer(Call::Code2Session, class);
        assert_eq!(login(Class::CodeRejected), (Code::LoginCodeInvalid, None));
        assert_eq!(login(Class::UserBlocked), (Code::AccountRisk, None));
        assert_eq!(login(Class::RateMinute), (Code::TooManyRequests, Some(15)));
        assert_eq!(login(Class::Busy), (Code::WechatUnavailable, Some(2)));
        assert_eq!(login(Class::RateDay), (Code::WechatUnavailable, Some(2)));
        assert_eq!(login(Class::Config), (Code::WechatConfig, None));
        assert_eq!(login(Class::TokenInvalid), (Code::WechatConfig, None));
        assert_eq!(login(Class::Unknown), (Code::WechatUnknown, None));
        assert_eq!(answer(Call::PhoneNumber, Class::CodeRejected), (Code::Invalid, None));
    }

    #[test]
    fn days_end_at_midnight_in_shanghai() {
        let at = |text| Timestamp::parse(text).unwrap();
        assert_eq!(next_midnight(at("2026-11-22T23:59:59.999+08:00")), at("2026-11-23T00:00:00+08:00"));
        assert_eq!(next_midnight(at("2026-11-23T00:00:00+08:00")), at("2026-11-24T00:00:00+08:00"));
    }
}
