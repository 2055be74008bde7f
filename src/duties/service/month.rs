//! The breaches of a span of time, for who reckons what they cost.

use sea_orm::ConnectionTrait;

use crate::duties::entity::breach;
use crate::duties::store::breaches;
use crate::kit::clock::Timestamp;
use crate::kit::error::Result;

/// A breach as far as a reckoning needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub obligor: String,
    pub code: String,
    /// As `breaches.status`.
    pub status: String,
}

/// The breaches of duties that fell due from `from` until just before `to`.
///
/// # Errors
/// What the database says.
pub async fn breaches_in(db: &impl ConnectionTrait, from: Timestamp, to: Timestamp) -> Result<Vec<Counted>> {
    let rows = breaches::due_between(db, from, to).await?;
    let counted = |row: breach::Model| Counted { obligor: row.obligor, code: row.code, status: row.status };
    Ok(rows.into_iter().map(counted).collect())
}
