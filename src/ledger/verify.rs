//! Recomputes the whole ledger from its rows, a page at a time, and names the first thing that is wrong.
//!
//! It can run beside the sequencer. What it cannot see: a change to an entry that had no place yet (less
//! than a second), and a history rewritten as a whole together with its checkpoints; against the latter
//! it takes checkpoints that were kept elsewhere.

use std::collections::BTreeMap;
use std::fmt;

use sea_orm::{FromQueryResult, QueryResult};
use uuid::Uuid;

use super::chain::{GENESIS, link};
use super::entity::checkpoint;
use super::entry::{Hash, Stored};
use super::merkle::{Frontier, leaf};
use super::store;
use crate::kit::db::Db;
use crate::kit::error::Result;

const PAGE: u64 = 1000;

/// What was found. The ledger is whole when `bad` is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Places read before the end or the first bad one.
    pub size: u64,
    /// Merkle root over them.
    pub root: Hash,
    pub checkpoints: u64,
    /// Entries that wait for their place.
    pub waiting: u64,
    pub bad: Option<Bad>,
}

/// The first thing that is wrong, and the place where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    pub seq: Option<i64>,
    pub fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The place that should follow is not there.
    PlaceMissing,
    /// The place's entry is not there.
    EntryMissing,
    /// A column cannot be read as what it should be.
    Unreadable,
    /// The hash does not follow from entry, time and the hash before.
    HashWrong,
    /// A batch ended here, but has no checkpoint.
    CheckpointMissing,
    /// A checkpoint stands where no batch ended, or says another root, frontier or time.
    CheckpointWrong,
    /// A checkpoint covers more places than there are.
    Truncated,
    /// A checkpoint kept elsewhere says another root for this size.
    OutsideCheckpointWrong,
    /// An entry has neither a place nor waits for one.
    EntryStray,
    /// The queue names an entry that does not exist or has its place already.
    QueueWrong,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PlaceMissing => "序号不连续，缺少这一条",
            Self::EntryMissing => "这一条的内容被删除",
            Self::Unreadable => "这一条有无法识别的数据",
            Self::HashWrong => "这一条的内容、时间、顺序或校验值被改动",
            Self::CheckpointMissing => "这里应有检查点，但没有",
            Self::CheckpointWrong => "这里的检查点被改动或是多出来的",
            Self::Truncated => "从这里起的记录被截掉",
            Self::OutsideCheckpointWrong => "与留存在外部的检查点不符",
            Self::EntryStray => "有记录既没有序号也不在等待序号",
            Self::QueueWrong => "等待序号的名单被改动",
        })
    }
}

/// Verifies what the database holds.
///
/// # Errors
/// What the database says; a finding is no error but part of the report.
pub async fn verify(db: &Db) -> Result<Report> {
    verify_against(db, &BTreeMap::new()).await
}

/// As [`verify`], and compares with checkpoints (size and root) that were kept elsewhere.
///
/// # Errors
/// As [`verify`].
pub async fn verify_against(db: &Db, kept: &BTreeMap<u64, Hash>) -> Result<Report> {
    let db = db.reader();
    let mut walk = Walk::new(store::deployment(db).await?, kept);
    let found = walk.run(db).await?;
    let bad = match found {
        Some(bad) => Some(bad),
        None => outside(db).await?,
    };
    Ok(Report {
        size: walk.frontier.size(),
        root: walk.frontier.root(),
        checkpoints: walk.checkpoints,
        waiting: store::backlog(db).await?,
        bad,
    })
}

/// Entries and queue rows that belong to no place. Each is one statement, so that a batch written in
/// between is seen whole or not at all.
async fn outside(db: &crate::kit::db::Reader) -> Result<Option<Bad>> {
    const STRAY: &str = "SELECT e.id AS id FROM ledger_entries e \
        WHERE NOT EXISTS (SELECT 1 FROM ledger_places p WHERE p.entry_id = e.id) \
        AND NOT EXISTS (SELECT 1 FROM ledger_queue q WHERE q.entry_id = e.id) LIMIT 1";
    const QUEUE: &str = "SELECT q.entry_id AS id FROM ledger_queue q \
        WHERE NOT EXISTS (SELECT 1 FROM ledger_entries e WHERE e.id = q.entry_id) \
        OR EXISTS (SELECT 1 FROM ledger_places p WHERE p.entry_id = q.entry_id) LIMIT 1";
    for (text, fault) in [(STRAY, Fault::EntryStray), (QUEUE, Fault::QueueWrong)] {
        if store::finds_any(db, text).await? {
            return Ok(Some(Bad { seq: None, fault }));
        }
    }
    Ok(None)
}

struct Walk<'a> {
    deployment: Uuid,
    kept: &'a BTreeMap<u64, Hash>,
    frontier: Frontier,
    hash: Hash,
    /// When the place before was given; `None` before the first.
    batch_at: Option<i64>,
    checkpoints: u64,
    /// Read ahead, by size.
    ahead: BTreeMap<i64, QueryResult>,
}

struct Place {
    at: i64,
    hash: Vec<u8>,
    entry: Option<Stored>,
}

impl<'a> Walk<'a> {
    fn new(deployment: Uuid, kept: &'a BTreeMap<u64, Hash>) -> Self {
        Self {
            deployment,
            kept,
            frontier: Frontier::default(),
            hash: GENESIS,
            batch_at: None,
            checkpoints: 0,
            ahead: BTreeMap::new(),
        }
    }

    fn size(&self) -> i64 {
        i64::try_from(self.frontier.size()).unwrap_or(i64::MAX)
    }

    async fn run(&mut self, db: &crate::kit::db::Reader) -> Result<Option<Bad>> {
        if !store::checkpoints_in(db, i64::MIN, 0).await?.is_empty() {
            return Ok(bad(0, Fault::CheckpointWrong));
        }
        let mut after = i64::MIN;
        loop {
            let rows = store::places_after(db, after, PAGE).await?;
            if rows.is_empty() {
                return self.end(db).await;
            }
            // Read after the places: each batch brings its places and its checkpoint at once, so the
            // checkpoint of any place just read is there.
            let to = self.size().saturating_add(i64::try_from(PAGE).unwrap_or(i64::MAX));
            for row in store::checkpoints_in(db, self.size() + 1, to).await? {
                let Ok(size) = row.try_get::<i64>("", "size") else {
                    return Ok(bad(self.size(), Fault::CheckpointWrong));
                };
                self.ahead.insert(size, row);
            }
            for row in &rows {
                if let Some(found) = self.step(row) {
                    return Ok(Some(found));
                }
            }
            after = self.size();
        }
    }

    fn step(&mut self, row: &QueryResult) -> Option<Bad> {
        let seq = self.size() + 1;
        match row.try_get::<i64>("", "p_seq") {
            Ok(found) if found == seq => {}
            Ok(found) if found < seq => return bad(found, Fault::PlaceMissing),
            Ok(_) => return bad(seq, Fault::PlaceMissing),
            Err(_) => return bad(seq, Fault::Unreadable),
        }
        let Ok(place) = read(row) else { return bad(seq, Fault::Unreadable) };
        if let Some(before) = self.batch_at
            && before != place.at
            && let Some(found) = self.batch_ended(before)
        {
            return Some(found);
        }
        let Some(entry) = place.entry else { return bad(seq, Fault::EntryMissing) };
        let number = self.frontier.size() + 1;
        let hash = link(self.deployment, number, place.at, &entry.digest(), &self.hash);
        if place.hash != hash {
            return bad(seq, Fault::HashWrong);
        }
        self.frontier.push(leaf(&hash));
        self.hash = hash;
        self.batch_at = Some(place.at);
        let root = self.frontier.root();
        if self.kept.get(&number).is_some_and(|kept| *kept != root) {
            return bad(seq, Fault::OutsideCheckpointWrong);
        }
        None
    }

    /// The checkpoint of the batch that ends at the place read last.
    fn batch_ended(&mut self, at: i64) -> Option<Bad> {
        let size = self.size();
        let wrong = || bad(size, Fault::CheckpointWrong);
        match self.ahead.pop_first() {
            None => bad(size, Fault::CheckpointMissing),
            Some((found, _)) if found > size => bad(size, Fault::CheckpointMissing),
            Some((found, _)) if found < size => bad(found, Fault::CheckpointWrong),
            Some((_, row)) => match checkpoint::Model::from_query_result(&row, "") {
                Ok(c)
                    if c.root == self.frontier.root()
                        && c.frontier == self.frontier.to_bytes()
                        && c.at == at =>
                {
                    self.checkpoints += 1;
                    None
                }
                _ => wrong(),
            },
        }
    }

    async fn end(&mut self, db: &crate::kit::db::Reader) -> Result<Option<Bad>> {
        if let Some(at) = self.batch_at.take()
            && let Some(found) = self.batch_ended(at)
        {
            return Ok(Some(found));
        }
        let size = self.size();
        let beyond = !store::checkpoints_in(db, size.saturating_add(1), i64::MAX).await?.is_empty()
            // A batch may have come between the two looks.
            && store::places_after(db, size, 1).await?.is_empty();
        let kept_beyond = self.kept.keys().any(|kept| *kept > self.frontier.size());
        if beyond || kept_beyond {
            return Ok(bad(size.saturating_add(1), Fault::Truncated));
        }
        Ok(None)
    }
}

fn read(row: &QueryResult) -> std::result::Result<Place, sea_orm::DbErr> {
    let entry = match row.try_get::<Option<Uuid>>("", "id")? {
        Some(_) => Some(Stored::from_query_result(row, "")?),
        None => None,
    };
    Ok(Place { at: row.try_get("", "p_placed_at")?, hash: row.try_get("", "p_hash")?, entry })
}

fn bad(seq: i64, fault: Fault) -> Option<Bad> {
    Some(Bad { seq: Some(seq), fault })
}

#[cfg(test)]
mod tests;
