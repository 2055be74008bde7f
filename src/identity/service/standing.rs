//! What an account may do right now, read from the tables, and the one place where tokens are made.
//!
//! Rule: every token passes through [`mint`], which reads the standing anew; and every change of standing
//! is followed by [`follow`], which carries it into the live sessions at once.

use std::sync::Arc;

use uuid::Uuid;

use super::super::entity::person;
use super::super::people::member_from;
use super::super::store::Whose;
use super::super::views::{Consent, SessionAnswer};
use super::super::{consent, store};
use super::profile;
use crate::kit::Kit;
use crate::kit::actor::{Actor, Member, Side};
use crate::kit::clock::Timestamp;
use crate::kit::config;
use crate::kit::crypto::{Claims, DataKey, KeyScope, SessionKey, Tokens};
use crate::kit::error::{Code, Error, Result};
use crate::kit::session::LiveSession;

/// An account as the tables have it.
pub struct Standing(store::Found);

/// How long a session lives and how many an account may have.
pub struct Terms {
    pub access_seconds: i64,
    pub idle_ms: i64,
    pub absolute_ms: i64,
    pub parallel: usize,
}

impl Standing {
    /// # Errors
    /// What the database says.
    pub async fn read(kit: &Kit, account_id: Uuid) -> Result<Option<Self>> {
        Ok(store::standing(kit.db.reader(), Whose::Id(account_id)).await?.map(Self))
    }

    /// Of the account that an openid belongs to.
    ///
    /// # Errors
    /// What the database says.
    pub async fn of_subject(kit: &Kit, index: &[u8]) -> Result<Option<Self>> {
        Ok(store::standing(kit.db.reader(), Whose::Subject(index)).await?.map(Self))
    }

    pub fn account_id(&self) -> Uuid {
        self.0.account_id
    }

    pub fn authorisation(&self) -> i64 {
        self.0.authorisation
    }

    /// With the name of the department.
    pub fn person(&self) -> Option<&(person::Model, Option<String>)> {
        self.0.person.as_ref()
    }

    pub fn consents(&self) -> &[Consent] {
        &self.0.consents
    }

    /// # Errors
    /// `DECRYPT_FAILED` once the account was deleted.
    pub fn account_key(&self, kit: &Kit) -> Result<DataKey> {
        let found = &self.0;
        let wrapped = found.account_key.as_deref();
        kit.vault.unwrap_row(found.account_key_id, KeyScope::Account, found.account_id, wrapped)
    }

    /// # Errors
    /// `DECRYPT_FAILED` once the person's data were destroyed.
    pub fn person_key(&self, kit: &Kit, person: &person::Model) -> Result<DataKey> {
        kit.vault.unwrap_row(person.key_id, KeyScope::Person, person.id, self.0.person_key.as_deref())
    }

    pub fn member(&self) -> Option<Member> {
        self.person().and_then(|(row, _)| member_from(row))
    }

    /// Bound to somebody who is no longer there.
    pub fn has_left(&self) -> bool {
        self.0.person_id.is_some() && self.member().is_none()
    }

    pub fn actor(&self, session_id: Uuid) -> Actor {
        let service = self.0.consents.iter().find(|c| c.purpose == consent::SERVICE);
        Actor {
            account_id: self.0.account_id,
            session_id,
            member: self.member(),
            consent: service.map(|c| c.notice_version.clone()),
        }
    }

    pub fn terms(&self, settings: &config::Session) -> Terms {
        terms_of(self.member().map(|m| m.side), settings)
    }
}

fn terms_of(side: Option<Side>, settings: &config::Session) -> Terms {
    match side {
        Some(Side::Vendor) => Terms {
            access_seconds: settings.vendor_access_seconds,
            idle_ms: settings.vendor_idle_seconds.saturating_mul(1000),
            absolute_ms: settings.vendor_absolute_seconds.saturating_mul(1000),
            parallel: settings.vendor_parallel,
        },
        Some(Side::Client) | None => Terms {
            access_seconds: settings.access_seconds,
            idle_ms: settings.client_idle_seconds.saturating_mul(1000),
            absolute_ms: settings.client_absolute_seconds.saturating_mul(1000),
            parallel: settings.client_parallel,
        },
    }
}

/// 403 for somebody whose person has left.
pub fn left() -> Error {
    Error::new(Code::Forbidden).detail("您的工作身份已停用，如有疑问请联系贵公司管理员")
}

/// Makes the tokens of a live session. The only place that does, and it trusts nothing that was read before.
///
/// # Errors
/// 403 when the person has left (and then every session of the account ends); 401 for an account that is
/// gone; 503 when a store is away.
pub async fn mint(
    kit: &Arc<Kit>,
    key: &SessionKey,
    live: &LiveSession,
    now: Timestamp,
) -> Result<SessionAnswer> {
    let account_id = live.actor.account_id;
    let standing = Standing::read(kit, account_id).await?;
    let standing = standing.ok_or_else(|| Error::new(Code::SessionEnded).because("no such account"))?;
    if standing.has_left() {
        follow(kit, account_id, now).await?;
        return Err(left());
    }
    if standing.authorisation() != live.authorisation {
        follow(kit, account_id, now).await?;
    }
    let seconds = standing.terms(&kit.settings.session).access_seconds;
    let claims = Claims::new(account_id, key, kit.ids.fresh()?, now, seconds);
    Ok(SessionAnswer {
        access_token: kit.tokens.sign_access(&claims)?,
        token_type: "Bearer",
        expires_in: seconds,
        refresh_token: Tokens::new_refresh(key, live.counter, &live.refresh_mac_key),
        me: profile::of(kit, &standing)?,
    })
}

/// Carries what the tables say into the account's live sessions; a leaver's end. Safe to repeat.
///
/// # Errors
/// 503 when a store is away: then the change counts from the next token on, and the caller says so.
pub async fn follow(kit: &Kit, account_id: Uuid, now: Timestamp) -> Result<()> {
    let Some(standing) = Standing::read(kit, account_id).await? else { return Ok(()) };
    if standing.has_left() {
        let ended = kit.sessions.end_all(account_id).await?;
        return store::end_sessions(kit.db.writer(), &ended, now, "left").await;
    }
    let terms = standing.terms(&kit.settings.session);
    let change = |live: &mut LiveSession| {
        live.actor = standing.actor(live.actor.session_id);
        live.idle_ms = terms.idle_ms;
        // Shorter terms count at once; longer ones with the next login.
        live.absolute_expiry = live.absolute_expiry.min(live.created_at.plus_millis(terms.absolute_ms));
    };
    kit.sessions.update_actor(account_id, standing.authorisation(), now, change).await
}
