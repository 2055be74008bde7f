//! Live sessions in Redis: a hash per session, and per account a hash from session id to digest.
//!
//! Every step is one Lua script. The counter and the limits stand in clear so that scripts can judge
//! them; who the session belongs to, and the key that signs refresh tokens, are sealed.

use std::sync::LazyLock;

use redis::Script;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::sealing::{Digest, Kernel, Sealing, seal};
use super::value::{LiveSession, NewSession, Rotation};
use super::{GRACE_MILLIS, TOUCH_MILLIS};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::{Sealed, SessionKey};
use crate::kit::error::{Code, Error, Result};
use crate::kit::redis_link::RedisLink;

// Fields: v sealed kernel, c counter, r rotated, l last seen, i idle, x absolute end, a authorisation,
// u key of the account's index, s session id.
static CREATE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/create.lua")));
static FIND: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/find.lua")));
static ROTATE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/rotate.lua")));
static END: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/end.lua")));
static END_ALL: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/end_all.lua")));
static LIST: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/list.lua")));
static UPDATE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/update.lua")));
static PING: LazyLock<Script> = LazyLock::new(|| Script::new("return 1"));

#[derive(Clone, Debug)]
pub struct RedisSessions {
    link: RedisLink,
    sealing: Sealing,
}

/// v, c, r, l, i, x, a as a script returns them.
type Fields = (Vec<u8>, u32, i64, i64, i64, i64, i64);

impl RedisSessions {
    pub(super) fn new(link: RedisLink, sealing: Sealing) -> Self {
        Self { link, sealing }
    }

    pub(super) async fn create(&self, new: &NewSession, parallel: usize) -> Result<Vec<Uuid>> {
        let live = &new.live;
        let digest = self.sealing.digest(&new.key);
        let value = seal(&self.sealing.key(live.created_at).await?, &digest, &Kernel::of(live))?;
        let mut script = CREATE.prepare_invoke();
        script.key(session_key(&digest)).key(account_key(live.actor.account_id));
        script.arg(value.0).arg(live.counter).arg(live.rotated_at.0).arg(live.last_seen_at.0);
        script.arg(live.idle_ms).arg(live.absolute_expiry.0).arg(live.authorisation);
        script.arg(live.actor.session_id.to_string()).arg(parallel.max(1));
        let evicted: Vec<String> = self.link.run(&script).await?;
        Ok(evicted.iter().filter_map(|id| Uuid::parse_str(id).ok()).collect())
    }

    pub(super) async fn find(&self, key: &SessionKey, now: Timestamp) -> Result<Option<LiveSession>> {
        let digest = self.sealing.digest(key);
        let mut script = FIND.prepare_invoke();
        script.key(session_key(&digest)).arg(now.0).arg(TOUCH_MILLIS);
        match self.link.run::<Option<Fields>>(&script).await? {
            Some(fields) => Ok(Some(self.open(&digest, fields).await?)),
            None => Ok(None),
        }
    }

    pub(super) async fn rotate(&self, key: &SessionKey, presented: u32, now: Timestamp) -> Result<Rotation> {
        let digest = self.sealing.digest(key);
        let mut script = ROTATE.prepare_invoke();
        script.key(session_key(&digest)).arg(presented).arg(now.0).arg(GRACE_MILLIS);
        let Some((verdict, fields)) = self.link.run::<Option<(String, Fields)>>(&script).await? else {
            return Ok(Rotation::Gone);
        };
        let live = self.open(&digest, fields).await?;
        match verdict.as_str() {
            "advanced" => Ok(Rotation::Advanced(live)),
            "repeated" => Ok(Rotation::Repeated(live)),
            "reused" => Ok(Rotation::Reused(live)),
            other => Err(Error::new(Code::Internal).because(format!("rotate.lua said {other}"))),
        }
    }

    pub(super) async fn end(&self, account: Uuid, session: Uuid) -> Result<bool> {
        let mut script = END.prepare_invoke();
        script.key(account_key(account)).arg(session.to_string());
        Ok(self.link.run::<i64>(&script).await? > 0)
    }

    pub(super) async fn end_all(&self, account: Uuid) -> Result<Vec<Uuid>> {
        let mut script = END_ALL.prepare_invoke();
        script.key(account_key(account));
        let ended: Vec<String> = self.link.run(&script).await?;
        Ok(ended.iter().filter_map(|id| Uuid::parse_str(id).ok()).collect())
    }

    pub(super) async fn list(&self, account: Uuid, now: Timestamp) -> Result<Vec<LiveSession>> {
        let mut all: Vec<LiveSession> =
            self.listed(account, now).await?.into_iter().map(|(_, live)| live).collect();
        all.sort_by_key(|live| live.actor.session_id);
        Ok(all)
    }

    pub(super) async fn update_actor(
        &self,
        account: Uuid,
        authorisation: i64,
        now: Timestamp,
        change: impl Fn(&mut LiveSession),
    ) -> Result<()> {
        for (digest, mut live) in self.listed(account, now).await? {
            if live.authorisation >= authorisation {
                continue;
            }
            change(&mut live);
            let value = seal(&self.sealing.key(now).await?, &digest, &Kernel::of(&live))?;
            let mut script = UPDATE.prepare_invoke();
            script.key(session_key(&digest)).arg(authorisation).arg(value.0);
            script.arg(live.idle_ms).arg(live.absolute_expiry.0).arg(now.0);
            self.link.run::<i64>(&script).await?;
        }
        Ok(())
    }

    pub(super) async fn ping(&self) -> Result<()> {
        self.link.run::<i64>(&PING.prepare_invoke()).await.map(drop)
    }

    pub(super) async fn sweep(&self, now: Timestamp) -> Result<u64> {
        self.sealing.sweep(now).await?;
        Ok(0)
    }

    async fn listed(&self, account: Uuid, now: Timestamp) -> Result<Vec<(Digest, LiveSession)>> {
        let mut script = LIST.prepare_invoke();
        script.key(account_key(account)).arg(now.0);
        let rows: Vec<(String, Fields)> = self.link.run(&script).await?;
        let mut all = Vec::with_capacity(rows.len());
        for (key, fields) in rows {
            let digest = digest_of(&key)
                .ok_or_else(|| Error::new(Code::Internal).because("foreign key in a session index"))?;
            let live = self.open(&digest, fields).await?;
            all.push((digest, live));
        }
        Ok(all)
    }

    async fn open(&self, digest: &[u8], fields: Fields) -> Result<LiveSession> {
        let (value, counter, rotated, seen, idle_ms, absolute, authorisation) = fields;
        let kernel: Kernel = self.sealing.open(digest, &Sealed(value)).await?;
        Ok(LiveSession {
            actor: kernel.actor,
            authorisation,
            created_at: Timestamp(kernel.created_at),
            last_seen_at: Timestamp(seen),
            idle_ms,
            absolute_expiry: Timestamp(absolute),
            counter,
            rotated_at: Timestamp(rotated),
            refresh_mac_key: Zeroizing::new(kernel.mac),
        })
    }
}

const PREFIX: &str = "lvyue:s:";

fn session_key(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::from(PREFIX), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn digest_of(key: &str) -> Option<Digest> {
    let hex = key.strip_prefix(PREFIX)?.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    hex.chunks(2).map(byte).collect()
}

fn account_key(account: Uuid) -> String {
    format!("lvyue:a:{account}")
}
