//! Human numbers, `GZ-2026-000123`: taken in blocks outside the transactions that use them, so that
//! reporting faults never queues for one row. A number that was taken and not used leaves a gap.

use chrono::Datelike;

use crate::kit::clock::Timestamp;
use crate::kit::db::Db;
use crate::kit::error::Result;
use crate::tickets::kinds;
use crate::tickets::model::Kind;

/// The next number of the kind, in the year of `now` in Asia/Shanghai.
///
/// # Errors
/// What the database says.
pub async fn next(db: &Db, kind: Kind, now: Timestamp) -> Result<String> {
    let series = format!("{}-{}", kinds::spec(kind).prefix, now.shanghai_date().year());
    let value = db.next_number(&series).await?;
    Ok(format!("{series}-{value:06}"))
}
