//! What other processes do to sessions of the same database: one number that every ending and every change of rights
//! counts up, asked for every two seconds, so that sessions themselves need not be read again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::ConnectionTrait;

use crate::kit::db::{Fetch, Sql};
use crate::kit::error::Result;

/// As long may pass until a change by another process is heard of.
const HEARD_WITHIN: Duration = Duration::from_secs(2);

const COUNT: &str = "INSERT INTO counters (name, value) VALUES ('sessions.changed', 1) \
    ON CONFLICT (name) DO UPDATE SET value = counters.value + 1";

#[derive(Clone, Debug, Default)]
pub(super) struct Changes(Arc<Mutex<Heard>>);

#[derive(Debug, Default)]
struct Heard {
    own: Own,
    /// What the number held beyond our own when it was last asked for; `None` when that cannot be known.
    others: Option<i64>,
    at: Option<Instant>,
}

/// Changes of this process: `made` are in the number, those under way may be in it or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Own {
    made: i64,
    under_way: i64,
}

/// A change of one's own while its transaction may fail.
pub(super) struct Counted {
    changes: Changes,
    made: bool,
}

impl Counted {
    /// It is committed.
    pub(super) fn made(mut self) {
        self.made = true;
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut heard = self.changes.heard();
        heard.own.under_way -= 1;
        heard.own.made += i64::from(self.made);
    }
}

impl Changes {
    /// Counts a change in the transaction that makes it.
    pub(super) async fn count(&self, tx: &impl ConnectionTrait) -> Result<Counted> {
        self.heard().own.under_way += 1;
        let counted = Counted { changes: self.clone(), made: false };
        tx.execute_unprepared(COUNT).await?;
        Ok(counted)
    }

    /// Whether somebody else changed sessions since this was last asked, or may have. Who cannot ask knows nothing:
    /// nobody is believed on the strength of what was true two seconds ago.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn of_others(&self, db: &impl Fetch) -> Result<bool> {
        let now = Instant::now();
        let before = {
            let heard = self.heard();
            if heard.at.is_some_and(|at| now.saturating_duration_since(at) < HEARD_WITHIN) {
                return Ok(false);
            }
            heard.own
        };
        let mut sql = Sql::default();
        sql.push("SELECT value FROM counters WHERE name = 'sessions.changed'");
        let counted: i64 = sql.one(db, |columns| columns.take()).await?.unwrap_or(0);
        let mut heard = self.heard();
        let known = before == heard.own && before.under_way == 0;
        let others = known.then(|| counted - before.made);
        let same = others.is_some() && others == heard.others;
        (heard.others, heard.at) = (others, Some(now));
        Ok(!same)
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
