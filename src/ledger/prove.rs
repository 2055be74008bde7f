//! Proofs that somebody else can check without the database: that an entry stands at its place in the
//! ledger of a given root, and that one ledger is the beginning of another (RFC 9162, 2.1.3 and 2.1.4).

use std::ops::Range;

use serde::Serialize;
use uuid::Uuid;

use super::chain::GENESIS;
use super::entry::Hash;
use super::merkle::{Frontier, consistency_ranges, inclusion_ranges, leaf};
use super::{hex, store};
use crate::kit::db::Db;
use crate::kit::error::{Code, Error, Result};

/// Leaf hash = SHA-256(0x00 ‖ hash); hash as in `chain`; entry digest as in `entry`.
#[derive(Clone, Debug, Serialize)]
pub struct Inclusion {
    pub deployment: Uuid,
    pub seq: i64,
    pub placed_at: i64,
    pub entry: EntryFields,
    pub entry_digest: String,
    pub hash_before: String,
    pub hash: String,
    /// `seq - 1`: RFC 9162 counts leaves from 0.
    pub leaf_index: i64,
    pub tree_size: i64,
    pub root: String,
    pub proof: Vec<String>,
}

/// The columns that the digest covers, in its order.
#[derive(Clone, Debug, Serialize)]
pub struct EntryFields {
    pub id: Uuid,
    pub at: i64,
    pub actor_id: Option<Uuid>,
    pub actor_side: String,
    pub action: String,
    pub object_kind: String,
    pub object_id: Uuid,
    pub request_id: Option<Uuid>,
    pub detail: String,
    pub content_digest: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Consistency {
    pub old_size: i64,
    pub old_root: String,
    pub new_size: i64,
    pub new_root: String,
    pub proof: Vec<String>,
}

/// Proof for one place in the ledger up to its last checkpoint.
///
/// # Errors
/// 404 when there is no such place; what the database says.
pub async fn inclusion(db: &Db, seq: i64) -> Result<Inclusion> {
    let db = db.reader();
    let missing = || Error::new(Code::NotFound);
    let last = store::last_checkpoint(db).await?.ok_or_else(missing)?;
    let (place, entry) = store::placed_entry(db, seq).await?.ok_or_else(missing)?;
    let before = match seq {
        1 => GENESIS.to_vec(),
        _ => store::placed_entry(db, seq - 1).await?.ok_or_else(missing)?.0.hash,
    };
    let ranges = inclusion_ranges(unsigned(seq - 1)?, unsigned(last.size)?).ok_or_else(missing)?;
    let mut proof = Vec::with_capacity(ranges.len());
    for range in ranges {
        proof.push(hex(&range_root(db, range).await?));
    }
    Ok(Inclusion {
        deployment: store::deployment(db).await?,
        seq,
        placed_at: place.placed_at,
        entry_digest: hex(&entry.digest()),
        entry: EntryFields {
            id: entry.id,
            at: entry.at,
            actor_id: entry.actor_id,
            actor_side: entry.actor_side,
            action: entry.action,
            object_kind: entry.object_kind,
            object_id: entry.object_id,
            request_id: entry.request_id,
            detail: entry.detail,
            content_digest: hex(&entry.content_digest),
        },
        hash_before: hex(&before),
        hash: hex(&place.hash),
        leaf_index: seq - 1,
        tree_size: last.size,
        root: hex(&last.root),
        proof,
    })
}

/// Proof that the ledger of `old_size` places is the beginning of today's.
///
/// # Errors
/// 404 when the ledger never was that small or that large; what the database says.
pub async fn consistency(db: &Db, old_size: i64) -> Result<Consistency> {
    let db = db.reader();
    let missing = || Error::new(Code::NotFound);
    let last = store::last_checkpoint(db).await?.ok_or_else(missing)?;
    let old = unsigned(old_size)?;
    let ranges = consistency_ranges(old, unsigned(last.size)?).ok_or_else(missing)?;
    let mut proof = Vec::with_capacity(ranges.len());
    for range in ranges {
        proof.push(hex(&range_root(db, range).await?));
    }
    Ok(Consistency {
        old_size,
        old_root: hex(&range_root(db, 0..old).await?),
        new_size: last.size,
        new_root: hex(&last.root),
        proof,
    })
}

/// Root of the subtree over those leaves (from 0), read a page at a time.
async fn range_root(db: &crate::kit::db::Reader, range: Range<u64>) -> Result<Hash> {
    const PAGE: i64 = 1000;
    let broken = || Error::new(Code::Internal).because("the ledger has a gap: run audit verify");
    let mut frontier = Frontier::default();
    let mut next = signed(range.start)? + 1;
    let end = signed(range.end)? + 1;
    while next < end {
        let page = store::hashes(db, next, end.min(next + PAGE)).await?;
        if page.is_empty() {
            return Err(broken());
        }
        for (seq, hash) in page {
            if seq != next {
                return Err(broken());
            }
            frontier.push(leaf(&hash));
            next += 1;
        }
    }
    Ok(frontier.root())
}

fn unsigned(n: i64) -> Result<u64> {
    u64::try_from(n).map_err(|_| Error::new(Code::NotFound))
}

fn signed(n: u64) -> Result<i64> {
    i64::try_from(n).map_err(|_| Error::new(Code::NotFound))
}
