//! Signing in with the code of `wx.login`.
//!
//! Limits come first, then the code's shape, then the mark that it was used, and only then WeChat is
//! asked: a flood or a replay costs no outbound call. Two requests with one code from one device at the
//! same moment (a double tap) are one call and get one answer; a code that comes later again is refused.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use moka::future::Cache;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::super::entity::{DEVICE, SUBJECT, SUBJECT_INDEX, account};
use super::super::store;
use super::super::views::{LoginBody, SessionAnswer};
use super::standing::{Standing, left, mint};
use super::{Arrival, place_of};
use crate::kit::Kit;
use crate::kit::crypto::{KeyScope, SessionKey};
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::session::{LiveSession, NewSession};
use crate::kit::text::{Lines, optional};
use crate::ledger::{self, Entry};
use crate::wechat;

/// WeChat's codes live five minutes; the mark outlives them.
const MARK_SECONDS: i64 = 600;
const DEVICE_CHARS: usize = 64;
const UNNAMED: &str = "未命名设备";

type Outcome = std::result::Result<Arc<SessionAnswer>, Arc<Error>>;

/// Logins that are under way, by code, device and place.
static UNDER_WAY: LazyLock<Cache<Vec<u8>, Outcome>> =
    LazyLock::new(|| Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(5)).build());

/// # Errors
/// 401 `LOGIN_CODE_INVALID`, 403 `ACCOUNT_RISK` or for leavers, 422 on `device`, 429, and WeChat's own.
pub async fn login(
    kit: &Arc<Kit>,
    wechat: &wechat::Client,
    arrival: Arrival,
    body: &LoginBody,
) -> Result<SessionAnswer> {
    let device = optional("device", body.device.as_deref(), Lines::One, DEVICE_CHARS)?;
    let device = device.unwrap_or_else(|| UNNAMED.to_owned());
    limited(kit, arrival, &device).await?;
    if !looks_like_a_code(&body.code) {
        return Err(Error::new(Code::LoginCodeInvalid).because("no code looks like this"));
    }
    let mut flight = place_of(arrival.ip);
    flight.extend_from_slice(device.as_bytes());
    flight.push(0);
    flight.extend_from_slice(body.code.as_bytes());
    let flight = kit.vault.digest("login-flight", &flight);
    let go = async { enter(kit, wechat, arrival, &body.code, &device).await.map(Arc::new).map_err(Arc::new) };
    let outcome = UNDER_WAY.get_with(flight.clone(), go).await;
    // Over: who comes from now on finds the mark.
    UNDER_WAY.invalidate(&flight).await;
    outcome.map(|answer| SessionAnswer::clone(&answer)).map_err(|err| again(&err))
}

async fn limited(kit: &Kit, arrival: Arrival, device: &str) -> Result<()> {
    let limits = &kit.settings.login;
    let mut place = place_of(arrival.ip);
    kit.limits.hit("login-ip", &place, limits.per_ip_per_minute, 60, arrival.now).await?;
    place.extend_from_slice(device.as_bytes());
    kit.limits.hit("login-device", &place, limits.per_device_per_minute, 60, arrival.now).await
}

fn looks_like_a_code(code: &str) -> bool {
    (8..=128).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

async fn enter(
    kit: &Arc<Kit>,
    wechat: &wechat::Client,
    arrival: Arrival,
    code: &str,
    device: &str,
) -> Result<SessionAnswer> {
    let fresh = kit.limits.mark_used("login-code", code.as_bytes(), MARK_SECONDS, arrival.now).await?;
    if !fresh {
        return Err(Error::new(Code::LoginCodeInvalid).because("code used before"));
    }
    let subject = wechat.code2session(code).await?;
    let standing = resolve(kit, wechat.appid(), &subject.openid, arrival).await?;
    open_session(kit, standing, arrival, device).await
}

/// The account of an openid; made when it comes for the first time.
async fn resolve(kit: &Kit, appid: &str, openid: &SecretString, arrival: Arrival) -> Result<Standing> {
    let openid = openid.expose_secret();
    let index = kit.vault.blind(SUBJECT_INDEX, &subject(appid, openid))?;
    if let Some(found) = Standing::of_subject(kit, &index).await? {
        return Ok(found);
    }
    let tx = kit.db.write_tx().await?;
    let (id, key_id) = (kit.ids.fresh()?, kit.ids.fresh()?);
    let key = kit.vault.new_key(&*tx, key_id, KeyScope::Account, id, arrival.now).await?;
    let row = account::Model {
        id,
        provider: "wechat_mp".to_owned(),
        subject_sealed: key.seal(SUBJECT, id, openid.as_bytes())?,
        subject_bidx: index.clone(),
        key_id,
        person_id: None,
        authorisation: 0,
        created_at: arrival.now,
        last_login_at: arrival.now,
    };
    if store::add_account(&*tx, row).await? {
        tx.commit().await?;
    } else {
        // Two first logins at once: the other one was faster.
        drop(tx);
    }
    let found = Standing::of_subject(kit, &index).await?;
    found.ok_or_else(|| Error::new(Code::Internal).because("account neither made nor found"))
}

fn subject(appid: &str, openid: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(format!("{appid}\0{openid}").into_bytes())
}

async fn open_session(
    kit: &Arc<Kit>,
    standing: Standing,
    arrival: Arrival,
    device: &str,
) -> Result<SessionAnswer> {
    let now = arrival.now;
    if standing.has_left() {
        return Err(left());
    }
    let terms = standing.terms(&kit.settings.session);
    let session_id = kit.ids.fresh()?;
    let new = NewSession {
        key: SessionKey::fresh(&kit.ids)?,
        live: LiveSession {
            actor: standing.actor(session_id),
            authorisation: standing.authorisation(),
            created_at: now,
            last_seen_at: now,
            idle_ms: terms.idle_ms,
            absolute_expiry: now.plus_millis(terms.absolute_ms),
            counter: 0,
            rotated_at: now,
            refresh_mac_key: Zeroizing::new(kit.ids.random()?),
        },
    };
    let device_sealed = standing.account_key(kit)?.seal(DEVICE, session_id, device.as_bytes())?;
    // Live first: a row without a live session harms nobody, and the store says whom the new one displaced.
    let evicted = kit.sessions.create(&new, terms.parallel).await?;
    let ctx =
        Ctx { kit: Arc::clone(kit), actor: new.live.actor.clone(), request_id: arrival.request_id, now };
    match write_down(&ctx, &new.live, device_sealed, &evicted).await {
        Ok(()) => mint(kit, &new.key, &new.live, now).await,
        Err(err) => {
            kit.sessions.end(standing.account_id(), session_id).await?;
            Err(err)
        }
    }
}

async fn write_down(
    ctx: &Ctx,
    live: &LiveSession,
    device_sealed: crate::kit::crypto::Sealed,
    evicted: &[Uuid],
) -> Result<()> {
    let actor = &ctx.actor;
    let content = device_sealed.0.clone();
    let tx = ctx.kit.db.write_tx().await?;
    store::touch_account(&tx, actor.account_id, ctx.now).await;
    store::add_session(&tx, live, device_sealed).await;
    let entry = Entry {
        action: "session.open",
        object_kind: "session",
        object_id: actor.session_id,
        detail: json!({ "account_id": actor.account_id, "evicted": evicted }),
        content: &[&content],
    };
    ledger::append_later(ctx, &tx, entry).await?;
    store::end_sessions(&*tx, evicted, ctx.now, "evicted").await?;
    tx.commit().await
}

/// The same refusal for somebody who waited for the same call.
fn again(err: &Error) -> Error {
    let mut copy = Error::new(err.code()).with_fields(err.fields().to_vec());
    if let Some(detail) = err.detail_text() {
        copy = copy.detail(detail);
    }
    if let Some(seconds) = err.retry_after_seconds() {
        copy = copy.retry_after(seconds);
    }
    match err.cause() {
        Some(cause) => copy.because(cause),
        None => copy,
    }
}
