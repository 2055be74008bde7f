//! Limits of tries and rates: windows that count, in Redis or in the database, and marks that say a
//! one-time value has been used. Who or what is counted is kept only as a keyed digest.

use std::sync::LazyLock;

use redis::Script;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use secrecy::ExposeSecret;

use super::clock::Timestamp;
use super::config::Settings;
use super::crypto::Vault;
use super::db::{Db, Dialect};
use super::error::{Code, Error, Result};
use super::redis_link::RedisLink;

/// The counters; which store is configuration.
#[derive(Clone, Debug)]
pub enum Limits {
    Redis(RedisLimits),
    Embedded(EmbeddedLimits),
}

#[derive(Clone, Debug)]
pub struct RedisLimits {
    link: RedisLink,
    vault: Vault,
}

#[derive(Clone, Debug)]
pub struct EmbeddedLimits {
    db: Db,
    vault: Vault,
}

// A window begins with its first try. Returns the count and the window's end.
static HIT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local now, span = tonumber(ARGV[1]), tonumber(ARGV[2])
         local h = redis.call('HMGET', KEYS[1], 'c', 'x')
         local count, ends = tonumber(h[1] or 0), tonumber(h[2] or 0)
         if ends <= now then count = 0 ends = now + span end
         count = count + 1
         redis.call('HSET', KEYS[1], 'c', count, 'x', string.format('%d', ends))
         redis.call('PEXPIRE', KEYS[1], ends - now)
         return { count, ends }",
    )
});

static FORGIVE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if tonumber(redis.call('HGET', KEYS[1], 'c') or 0) < 1 then return 0 end
         return redis.call('HINCRBY', KEYS[1], 'c', -1)",
    )
});

static MARK: LazyLock<Script> = LazyLock::new(|| {
    Script::new("if redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then return 1 end return 0")
});

const HIT_SQL: &str = "INSERT INTO tries (digest, count, expires_at) VALUES ($1, 1, $2)
    ON CONFLICT (digest) DO UPDATE SET
        count = CASE WHEN tries.expires_at <= $3 THEN 1 ELSE tries.count + 1 END,
        expires_at = CASE WHEN tries.expires_at <= $3 THEN excluded.expires_at ELSE tries.expires_at END
    RETURNING count, expires_at";

const FORGIVE_SQL: &str = "UPDATE tries SET count = count - 1 WHERE digest = $1 AND count > 0";

const MARK_SQL: &str = "INSERT INTO used_marks (digest, expires_at) VALUES ($1, $2)
    ON CONFLICT (digest) DO UPDATE SET expires_at = excluded.expires_at
    WHERE used_marks.expires_at <= $3";

impl Limits {
    /// # Errors
    /// A `redis.url` that is none.
    pub fn open(settings: &Settings, db: &Db, vault: &Vault) -> Result<Self> {
        let url = settings.redis.url.expose_secret();
        if url.is_empty() {
            return Ok(Self::Embedded(EmbeddedLimits { db: db.clone(), vault: vault.clone() }));
        }
        Ok(Self::Redis(RedisLimits { link: RedisLink::open(url)?, vault: vault.clone() }))
    }

    /// Counts one try of `subject` and refuses it beyond `max` in the window.
    ///
    /// # Errors
    /// 429 with the seconds until the window ends; 503 when the store is away (never "let it pass").
    pub async fn hit(
        &self,
        name: &'static str,
        subject: &[u8],
        max: u32,
        window_seconds: i64,
        now: Timestamp,
    ) -> Result<()> {
        let span = window_seconds.saturating_mul(1000);
        let (count, ends) = match self {
            Self::Redis(store) => store.hit(name, subject, span, now).await?,
            Self::Embedded(store) => store.hit(name, subject, span, now).await?,
        };
        if count <= i64::from(max) {
            return Ok(());
        }
        let seconds = Timestamp(ends).since(now).saturating_add(999) / 1000;
        let seconds = u32::try_from(seconds.max(1)).unwrap_or(u32::MAX);
        Err(Error::new(Code::TooManyRequests).retry_after(seconds).because(format!("limit {name}")))
    }

    /// Takes one try back that [`hit`](Self::hit) has counted and that turned out not to be meant.
    ///
    /// # Errors
    /// 503 when the store is away.
    pub async fn forgive(&self, name: &'static str, subject: &[u8]) -> Result<()> {
        match self {
            Self::Redis(store) => {
                let mut script = FORGIVE.prepare_invoke();
                script.key(redis_key("t", &digest(&store.vault, name, subject)));
                store.link.run::<i64>(&script).await?;
            }
            Self::Embedded(store) => {
                let values = [digest(&store.vault, name, subject).into()];
                let statement = Statement::from_sql_and_values(store.backend(), FORGIVE_SQL, values);
                store.db.writer().execute_raw(statement).await?;
            }
        }
        Ok(())
    }

    /// Marks a one-time value as used for `ttl_seconds`; false when it was marked before.
    ///
    /// # Errors
    /// 503 when the store is away.
    pub async fn mark_used(
        &self,
        name: &'static str,
        value: &[u8],
        ttl_seconds: i64,
        now: Timestamp,
    ) -> Result<bool> {
        match self {
            Self::Redis(store) => {
                let mut script = MARK.prepare_invoke();
                script.key(redis_key("m", &digest(&store.vault, name, value)));
                script.arg(ttl_seconds.saturating_mul(1000));
                Ok(store.link.run::<i64>(&script).await? == 1)
            }
            Self::Embedded(store) => {
                let values = vec![
                    digest(&store.vault, name, value).into(),
                    now.plus_seconds(ttl_seconds).0.into(),
                    now.0.into(),
                ];
                let statement = Statement::from_sql_and_values(store.backend(), MARK_SQL, values);
                Ok(store.db.writer().execute_raw(statement).await?.rows_affected() == 1)
            }
        }
    }

    /// Deletes what has run out (Redis does so by itself). For the worker.
    ///
    /// # Errors
    /// What the database says.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64> {
        let Self::Embedded(store) = self else { return Ok(0) };
        let mut gone = 0;
        for sql in
            ["DELETE FROM tries WHERE expires_at <= $1", "DELETE FROM used_marks WHERE expires_at <= $1"]
        {
            let statement = Statement::from_sql_and_values(store.backend(), sql, [now.0.into()]);
            gone += store.db.writer().execute_raw(statement).await?.rows_affected();
        }
        Ok(gone)
    }
}

impl RedisLimits {
    async fn hit(&self, name: &'static str, subject: &[u8], span: i64, now: Timestamp) -> Result<(i64, i64)> {
        let mut script = HIT.prepare_invoke();
        script.key(redis_key("t", &digest(&self.vault, name, subject))).arg(now.0).arg(span);
        self.link.run(&script).await
    }
}

impl EmbeddedLimits {
    async fn hit(&self, name: &'static str, subject: &[u8], span: i64, now: Timestamp) -> Result<(i64, i64)> {
        let values =
            vec![digest(&self.vault, name, subject).into(), now.plus_millis(span).0.into(), now.0.into()];
        let statement = Statement::from_sql_and_values(self.backend(), HIT_SQL, values);
        let row = self.db.writer().query_one_raw(statement).await?;
        let row = row.ok_or_else(|| Error::new(Code::Internal).because("an upsert returned no row"))?;
        Ok((i64::from(row.try_get::<i32>("", "count")?), row.try_get("", "expires_at")?))
    }

    fn backend(&self) -> DbBackend {
        match self.db.dialect() {
            Dialect::Sqlite => DbBackend::Sqlite,
            Dialect::Postgres => DbBackend::Postgres,
        }
    }
}

fn digest(vault: &Vault, name: &'static str, value: &[u8]) -> Vec<u8> {
    vault.digest(name, value)
}

fn redis_key(kind: &str, digest: &[u8]) -> String {
    use base64::Engine;
    format!("lvyue:{kind}:{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest))
}
