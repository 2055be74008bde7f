//! Both token endpoints with their different rules. `stable_token` hands out one token until five minutes
//! before its end, then the next, both good meanwhile; `token` hands out a new one each time and lets the
//! one before live five minutes more. Neither ends the other's tokens.

use std::collections::HashMap;

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use super::answer::{Worked, json_body, query, respond, text};
use super::people::letters;
use super::world::{FakeCall, World};
use crate::kit::clock::Timestamp;

const LIFE_SECONDS: i64 = 7200;
const OVERLAP_SECONDS: i64 = 300;
const FORCED_A_DAY: u32 = 20;
const FORCED_GAP_MILLIS: i64 = 30_000;

/// All tokens ever handed out, and which are the current ones.
#[derive(Default)]
pub(super) struct Purse {
    tokens: HashMap<String, Life>,
    stable: Option<String>,
    legacy: Option<String>,
    made: u64,
    forced: Option<(NaiveDate, u32, Timestamp)>,
}

#[derive(Clone, Copy)]
struct Life {
    until: Timestamp,
    revoked: bool,
}

impl Purse {
    /// # Errors
    /// What WeChat says of a token it does not take.
    pub(super) fn check(&self, token: &str, now: Timestamp) -> Result<(), i64> {
        match self.tokens.get(token) {
            None => Err(40014),
            Some(life) if life.revoked => Err(40001),
            Some(life) if life.until <= now => Err(42001),
            Some(_) => Ok(()),
        }
    }

    pub(super) fn revoke(&mut self) {
        self.tokens.values_mut().for_each(|life| life.revoked = true);
    }

    fn issue(&mut self, kind: &str, appid: &str, now: Timestamp) -> String {
        self.made += 1;
        let token = letters(kind, &format!("{appid}\0{}\0{}", self.made, now.0), 157);
        let until = now.plus_seconds(LIFE_SECONDS);
        self.tokens.insert(token.clone(), Life { until, revoked: false });
        token
    }

    fn left(&self, token: &str, now: Timestamp) -> i64 {
        let life = self.tokens.get(token).filter(|life| !life.revoked);
        life.map_or(0, |life| life.until.since(now) / 1000)
    }

    fn stable(&mut self, appid: &str, force: bool, now: Timestamp) -> (String, i64) {
        let current = self.stable.clone().filter(|token| self.left(token, now) > OVERLAP_SECONDS);
        let token = match current {
            Some(token) if force && self.may_force(now) => {
                if let Some(life) = self.tokens.get_mut(&token) {
                    life.revoked = true;
                }
                self.issue("stable", appid, now)
            }
            Some(token) => token,
            None => self.issue("stable", appid, now),
        };
        self.stable = Some(token.clone());
        let left = self.left(&token, now);
        (token, left)
    }

    /// Twenty a day and thirty seconds apart; otherwise nothing happens.
    fn may_force(&mut self, now: Timestamp) -> bool {
        let today = now.shanghai_date();
        let times = match self.forced {
            Some((_, _, last)) if now.since(last) < FORCED_GAP_MILLIS => return false,
            Some((day, times, _)) if day == today => times,
            _ => 0,
        };
        if times >= FORCED_A_DAY {
            return false;
        }
        self.forced = Some((today, times + 1, now));
        true
    }

    fn legacy(&mut self, appid: &str, now: Timestamp) -> (String, i64) {
        let overlap = now.plus_seconds(OVERLAP_SECONDS);
        if let Some(life) = self.legacy.take().and_then(|token| self.tokens.get_mut(&token)) {
            life.until = life.until.min(overlap);
        }
        let token = self.issue("legacy", appid, now);
        self.legacy = Some(token.clone());
        (token, LIFE_SECONDS)
    }
}

/// # Errors
/// What WeChat says of a caller it does not know.
pub(super) fn credentials(world: &World, appid: Option<&str>, secret: Option<&str>) -> Result<(), i64> {
    let appid = appid.ok_or(41002)?;
    let secret = secret.ok_or(41004)?;
    if !world.lock().modes.ip_listed {
        return Err(40164);
    }
    if appid != world.appid {
        return Err(40013);
    }
    if secret != world.secret.expose_secret() {
        return Err(40125);
    }
    Ok(())
}

pub(super) async fn stable(world: Data<World>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let script = world.arrive(FakeCall::StableToken, &request, &body);
    let work = || {
        let body = json_body(&request, &body)?;
        let asked = |name| text(&body, name);
        credentials(&world, asked("appid"), asked("secret"))?;
        if asked("grant_type") != Some("client_credential") {
            return Err(40002);
        }
        let force = body.get("force_refresh").and_then(Value::as_bool).unwrap_or_default();
        let now = world.clock.now();
        let granted = world.lock().purse.stable(&world.appid, force, now);
        Ok(fields(&world, granted))
    };
    respond(&world, FakeCall::StableToken, script, work).await
}

pub(super) async fn legacy(world: Data<World>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let script = world.arrive(FakeCall::Token, &request, &body);
    let work = || -> Worked {
        let asked = |name| query(&request, name);
        credentials(&world, asked("appid").as_deref(), asked("secret").as_deref())?;
        if asked("grant_type").as_deref() != Some("client_credential") {
            return Err(40002);
        }
        let now = world.clock.now();
        let granted = world.lock().purse.legacy(&world.appid, now);
        Ok(fields(&world, granted))
    };
    respond(&world, FakeCall::Token, script, work).await
}

fn fields(world: &World, (token, seconds): (String, i64)) -> Map<String, Value> {
    let as_text = world.lock().modes.numbers_as_text;
    let seconds = if as_text { json!(seconds.to_string()) } else { json!(seconds) };
    Map::from_iter([("access_token".to_owned(), json!(token)), ("expires_in".to_owned(), seconds)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_795_309_323_000);

    fn after(seconds: i64) -> Timestamp {
        START.plus_seconds(seconds)
    }

    #[test]
    fn the_stable_token_stays_until_its_last_five_minutes() {
        let mut purse = Purse::default();
        let (first, left) = purse.stable("wxdemo", false, START);
        assert_eq!(left, 7200);
        assert_eq!(purse.stable("wxdemo", false, after(6899)), (first.clone(), 301));
        let (second, left) = purse.stable("wxdemo", false, after(6900));
        assert_ne!(second, first);
        assert_eq!(left, 7200);
        assert_eq!(purse.check(&first, after(7199)), Ok(()));
        assert_eq!(purse.check(&first, after(7200)), Err(42001));
        assert_eq!(purse.check("nonsense", after(0)), Err(40014));
    }

    #[test]
    fn forcing_ends_the_token_at_once_but_not_twice_in_thirty_seconds() {
        let mut purse = Purse::default();
        let (first, _) = purse.stable("wxdemo", false, START);
        let (second, _) = purse.stable("wxdemo", true, after(1));
        assert_eq!(purse.check(&first, after(1)), Err(40001));
        assert_eq!(purse.stable("wxdemo", true, after(30)).0, second);
        assert_ne!(purse.stable("wxdemo", true, after(31)).0, second);
        for n in 2..30 {
            purse.stable("wxdemo", true, after(31 * n));
        }
        let (last, _) = purse.stable("wxdemo", false, after(31 * 30));
        assert_eq!(purse.stable("wxdemo", true, after(31 * 31)).0, last);
    }

    #[test]
    fn the_legacy_token_is_new_each_time_and_leaves_the_stable_one_alone() {
        let mut purse = Purse::default();
        let (stable, _) = purse.stable("wxdemo", false, START);
        let (first, _) = purse.legacy("wxdemo", START);
        let (second, _) = purse.legacy("wxdemo", after(10));
        assert_ne!(first, second);
        assert_eq!(purse.check(&first, after(309)), Ok(()));
        assert_eq!(purse.check(&first, after(310)), Err(42001));
        assert_eq!(purse.check(&stable, after(310)), Ok(()));
    }
}
