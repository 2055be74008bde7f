//! Counters that hand out numbers in blocks: one short statement per block, none per number.
//! Numbers rise within a process, are unique everywhere, and may have gaps.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, Statement};
use tokio::sync::Mutex;

use super::Db;
use crate::kit::error::{Code, Error, Result};

const BLOCK: i64 = 16;

/// What is left of the blocks this process took: name → (next, last).
pub(super) type Counters = Mutex<HashMap<String, (i64, i64)>>;

impl Db {
    /// The next number of the counter, from 1. Never call it inside a write transaction: on SQLite that
    /// one holds the only writer.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next_number(&self, name: &str) -> Result<i64> {
        let mut blocks = self.counters().lock().await;
        if let Some((next, last)) = blocks.get_mut(name).filter(|(next, last)| next <= last) {
            let number = *next;
            *next = number.saturating_add(1).min(last.saturating_add(1));
            return Ok(number);
        }
        let sql = "INSERT INTO counters (name, value) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET value = counters.value + $2 RETURNING value";
        let backend = self.writer().get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, [name.into(), BLOCK.into()]);
        let row = self.writer().query_one_raw(statement).await?;
        let row = row.ok_or_else(|| Error::new(Code::Internal).because("a counter answered nothing"))?;
        let last: i64 = row.try_get("", "value")?;
        let first = last - BLOCK + 1;
        blocks.insert(name.to_owned(), (first + 1, last));
        Ok(first)
    }
}
