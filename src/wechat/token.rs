//! The access token: one for the process, fetched by one caller while the others wait.
//!
//! `stable_token` in normal mode gives everybody who asks the same token, so processes need not agree with
//! each other, and a forced refresh (20 a day) is never asked for. After a refusal nobody asks again for a
//! while: waiters share the refusal, so that they do not queue up to be refused one by one.

use std::time::Duration;

use reqwest::RequestBuilder;
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tracing::error;

use super::Client;
use super::errcode::{Call, Class, Failure, next_midnight};
use super::types::Whole;
use crate::kit::clock::Timestamp;

/// Seconds before its end at which a token is no longer used. 300 or more would be wrong: that is the least
/// a fresh answer may promise.
const MARGIN_SECONDS: i64 = 60;
const BUSY_RETRIES: usize = 2;

#[derive(Debug, Default)]
pub(super) struct Tokens(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    held: Option<Held>,
    refused: Option<(Timestamp, Failure)>,
}

#[derive(Debug)]
struct Held {
    value: SecretString,
    until: Timestamp,
}

#[derive(Serialize)]
struct Ask<'a> {
    grant_type: &'static str,
    appid: &'a str,
    secret: &'a str,
    force_refresh: bool,
}

#[derive(Deserialize)]
struct Answer {
    access_token: SecretString,
    expires_in: Whole,
}

impl Client {
    /// A call that carries the token; once more with another token if WeChat no longer takes this one.
    pub(super) async fn ask_with_token<T: DeserializeOwned>(
        &self,
        call: Call,
        build: impl Fn(&str) -> RequestBuilder,
    ) -> Result<T, Failure> {
        let token = self.access_token().await?;
        let refused = match self.line.ask(call, build(token.expose_secret())).await {
            Err(failure) if failure.class == Class::TokenInvalid => failure,
            answer => return answer,
        };
        self.forget(&token).await;
        let other = self.access_token().await?;
        if other.expose_secret() == token.expose_secret() {
            error!(call = call.name(), "WeChat refuses the very token it keeps handing out");
            return Err(refused);
        }
        self.line.ask(call, build(other.expose_secret())).await
    }

    async fn access_token(&self) -> Result<SecretString, Failure> {
        let mut state = self.tokens.0.lock().await;
        let now = self.line.clock.now();
        if let Some(held) = state.held.as_ref().filter(|held| now < held.until) {
            return Ok(held.value.clone());
        }
        if let Some((until, failure)) = state.refused.as_ref().filter(|(until, _)| now < *until) {
            return Err(Failure { until: Some(*until), ..failure.clone() });
        }
        match self.fetch_token().await {
            Ok(held) => {
                let value = held.value.clone();
                *state = State { held: Some(held), refused: None };
                Ok(value)
            }
            Err(failure) => {
                let now = self.line.clock.now();
                let until = match failure.class {
                    Class::RateDay => next_midnight(now),
                    Class::RateMinute => now.plus_seconds(60),
                    Class::Busy => now.plus_seconds(1),
                    _ => now.plus_seconds(30),
                };
                *state = State { held: None, refused: Some((until, failure.clone())) };
                Err(failure)
            }
        }
    }

    async fn fetch_token(&self) -> Result<Held, Failure> {
        let ask = Ask {
            grant_type: "client_credential",
            appid: &self.appid,
            secret: self.secret.expose_secret(),
            force_refresh: false,
        };
        let mut retries = BUSY_RETRIES;
        loop {
            let request = self.line.http.post("/cgi-bin/stable_token").json(&ask);
            let asked_at = self.line.clock.now();
            match self.line.ask::<Answer>(Call::StableToken, request).await {
                Ok(answer) => return held(answer, asked_at),
                // Said to be busy, not silent: asking again is harmless and quick.
                Err(failure) if failure.class == Class::Busy && failure.errcode.is_some() && retries > 0 => {
                    retries = retries.saturating_sub(1);
                    tokio::time::sleep(jitter()).await;
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Drops the token if it is still the one that failed; another caller may have fetched a better one.
    async fn forget(&self, failed: &SecretString) {
        let mut state = self.tokens.0.lock().await;
        if state.held.as_ref().is_some_and(|held| held.value.expose_secret() == failed.expose_secret()) {
            state.held = None;
        }
    }
}

fn held(answer: Answer, asked_at: Timestamp) -> Result<Held, Failure> {
    let seconds = answer.expires_in.0;
    if seconds <= 0 || answer.access_token.expose_secret().is_empty() {
        return Err(Failure::new(Call::StableToken, Class::Unknown, "token without life"));
    }
    let until = asked_at.plus_seconds(seconds.saturating_sub(MARGIN_SECONDS.min(seconds / 5)));
    Ok(Held { value: answer.access_token, until })
}

/// 200 to 800 ms.
fn jitter() -> Duration {
    let mut bytes = [0; 2];
    // Without random bytes everybody waits 200 ms, which still is a wait.
    let _ = SystemRandom::new().fill(&mut bytes);
    Duration::from_millis(200 + u64::from(u16::from_be_bytes(bytes) % 600))
}
