//! Whether the stored duties of the agreement's own records (milestones, missed maintenance) follow from them.

use std::collections::HashMap;

use uuid::Uuid;

use super::records::{clocks_of, duty_record};
use crate::clocks::Book;
use crate::contract::entity::record;
use crate::contract::store::record as store;
use crate::duties::{Compared, Looked, Stored};
use crate::kit::clock::Timestamp;
use crate::kit::db::Db;
use crate::kit::error::Result;

const PAGE: u64 = 200;
/// As for tickets: somebody may write between the reads.
const AGAIN: u32 = 3;

/// Compares the clocks of every record of the agreement, page by page. Reads only.
///
/// # Errors
/// What the database says.
pub async fn compare(db: &Db, book: &Book, now: Timestamp, compared: &mut Compared) -> Result<()> {
    let mut last = Uuid::nil();
    loop {
        let rows = store::after(db.reader(), last, PAGE).await?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = end.id;
        for (id, mut found) in look(db, book, now, rows).await? {
            let mut tries = 0;
            while !found.wrong.is_empty() && tries < AGAIN {
                tries += 1;
                let row = store::find(db.reader(), id).await?;
                let again = look(db, book, now, row.into_iter().collect()).await?;
                found = again.into_iter().next().map(|(_, found)| found).unwrap_or_default();
            }
            compared.add(found);
        }
    }
}

async fn look(db: &Db, book: &Book, now: Timestamp, rows: Vec<record::Model>) -> Result<Vec<(Uuid, Looked)>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut first: HashMap<Uuid, Timestamp> = HashMap::new();
    for version in store::versions(db.reader(), &ids).await? {
        first.entry(version.record_id).or_insert(version.at);
    }
    let stored = Stored::of(db.reader(), &ids).await?;
    let one = |row: record::Model| {
        let behind = stored.behind(row.id, book, now);
        let derived = clocks_of(&row, first.get(&row.id).copied(), book, behind.unwrap_or(now));
        let wrong = stored.differences(book, &duty_record(&row)?, &derived);
        let clocks = u64::try_from(derived.len()).unwrap_or(u64::MAX);
        Ok((row.id, Looked { clocks, waits: behind.is_some(), unvouched: 0, wrong }))
    };
    rows.into_iter().map(one).collect()
}
