//! What other processes do to sessions of the same database: one number that every ending and every change of rights
//! counts up, asked for every two seconds, so that sessions themselves need not be read again.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::ConnectionTrait;

use crate::kit::db::{Fetch, Sql};
use crate::kit::error::Result;

/// As long may pass until a change by another process is heard of.
const HEARD_WITHIN: Duration = Duration::from_secs(2);

const COUNT: &str = "INSERT INTO counters (name, value) VALUES ('sessions.changed', 1) \
    ON CONFLICT (name) DO UPDATE SET value = counters.value + 1";

#[derive(Clone, Debug, Default)]
pub(super) struct Changes(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    own: AtomicI64,
    others: AtomicI64,
    heard_at: Mutex<Option<Instant>>,
}

impl Changes {
    /// Counts a change in the transaction that makes it. Say [`Changes::made`] when that is committed.
    pub(super) async fn count(&self, tx: &impl ConnectionTrait) -> Result<()> {
        tx.execute_unprepared(COUNT).await?;
        Ok(())
    }

    /// Until this is said, one's own change looks like somebody else's, which only makes sessions be read again.
    pub(super) fn made(&self) {
        self.0.own.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether somebody else changed sessions since this was last asked. Who cannot ask knows nothing: nobody is
    /// believed on the strength of what was true two seconds ago.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn of_others(&self, db: &impl Fetch) -> Result<bool> {
        let now = Instant::now();
        let heard_at = || self.0.heard_at.lock().unwrap_or_else(PoisonError::into_inner);
        if heard_at().is_some_and(|at| now.saturating_duration_since(at) < HEARD_WITHIN) {
            return Ok(false);
        }
        // Read before the number, so that what is counted in between is somebody else's once more.
        let own = self.0.own.load(Ordering::Relaxed);
        let mut sql = Sql::default();
        sql.push("SELECT value FROM counters WHERE name = 'sessions.changed'");
        let counted: i64 = sql.one(db, |columns| columns.take()).await?.unwrap_or(0);
        let others = counted - own;
        let changed = self.0.others.swap(others, Ordering::Relaxed) != others;
        *heard_at() = Some(now);
        Ok(changed)
    }
}
