//! Proves that the database takes writes, by writing.

use sea_orm::ConnectionTrait;

use crate::kit::db::Db;
use crate::kit::error::Result;

/// Reading proves nothing about a full disk or a read-only replica.
const WRITE: &str = "INSERT INTO counters (name, value) VALUES ('ops.write_probe', 1)
    ON CONFLICT (name) DO UPDATE SET value = counters.value + 1";

/// # Errors
/// The database does not take the write.
pub(super) async fn write_probe(db: &Db) -> Result<()> {
    db.writer().execute_unprepared(WRITE).await?;
    Ok(())
}
