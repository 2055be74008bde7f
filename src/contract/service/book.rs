//! The history of what was in force, as all clocks need it: built from what both sides signed.
//!
//! A process keeps it for ten seconds of its clock, and for ten more while somebody reads it anew: all who are there
//! at that moment would otherwise read it at once. What is signed takes effect a minute later, so that nobody ever
//! derives a deadline with a book that is out of date.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde_json::Value;

use crate::calendar::{Calendar, Year};
use crate::clocks::{Annex, Book, InForce, Params};
use crate::contract::entity::annex;
use crate::contract::model::AnnexKind;
use crate::contract::store;
use crate::kit::Kit;
use crate::kit::clock::Timestamp;
use crate::kit::db::Db;
use crate::kit::error::{Code, Error, Result};
use crate::kit::id::Ids;

const FRESH_MS: i64 = 10_000;

/// One entry for each machinery that lives in this process: its threads share their source of ids.
struct Kept {
    whose: Weak<Ids>,
    at: Timestamp,
    /// Somebody reads it anew.
    renewing: bool,
    book: Arc<Book>,
}

static KEPT: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

/// What was and is in force.
///
/// # Errors
/// What the database says; a stored version that this program cannot read.
pub async fn book(kit: &Kit) -> Result<Arc<Book>> {
    let now = kit.clock.now();
    if let Some(book) = kept(kit, now) {
        return Ok(book);
    }
    // Who fails or gives up leaves it to all others, ten seconds later at the latest.
    let book = Arc::new(of(&store::annex::signed(kit.db.reader()).await?)?);
    let mut all = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|k| k.whose.strong_count() > 0 && !is_of(k, kit));
    all.push(Kept { whose: Arc::downgrade(&kit.ids), at: now, renewing: false, book: Arc::clone(&book) });
    Ok(book)
}

/// As [`book`], read afresh and without keys: for whoever has nothing but the database.
///
/// # Errors
/// Those of [`book`].
pub async fn stored(db: &Db) -> Result<Book> {
    of(&store::annex::signed(db.reader()).await?)
}

fn is_of(kept: &Kept, kit: &Kit) -> bool {
    kept.whose.as_ptr() == Arc::as_ptr(&kit.ids)
}

/// What may still be used; nothing for the one who is to read it anew.
fn kept(kit: &Kit, now: Timestamp) -> Option<Arc<Book>> {
    let mut all = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let found = all.iter_mut().find(|k| is_of(k, kit))?;
    let age = now.since(found.at);
    let usable = if found.renewing { 2 * FRESH_MS } else { FRESH_MS };
    if (0..usable).contains(&age) {
        return Some(Arc::clone(&found.book));
    }
    found.renewing = true;
    None
}

/// After this process changed what is in force.
pub(super) fn forget(kit: &Kit) {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).retain(|k| !is_of(k, kit));
}

/// The book of these signed versions, given in the order in which they take effect. Before them, always, stand
/// the default parameters and the calendar of the program, as version 0 of both.
///
/// # Errors
/// A stored version that this program cannot read.
pub(super) fn of(signed: &[annex::Model]) -> Result<Book> {
    let mut params = (0, Params::default());
    let mut calendar = (0, Calendar::builtin());
    let always = Timestamp(i64::MIN);
    let mut versions = vec![InForce::new(1, always, params.clone(), calendar.clone())];
    for (row, number) in signed.iter().zip(2..) {
        let (own, from) = row.number.zip(row.effective_from).ok_or_else(|| unreadable("is not signed"))?;
        match AnnexKind::from_wire(&row.kind) {
            Some(AnnexKind::Parameters) => params = (own, parameters(row)?),
            Some(AnnexKind::Calendar) => calendar = (own, calendar.1.with(year(row)?)),
            None => return Err(unreadable("is of an unknown kind")),
        }
        versions.push(InForce::new(number, from, params.clone(), calendar.clone()));
    }
    Book::new(versions).ok_or_else(|| unreadable("is missing"))
}

fn unreadable(why: &str) -> Error {
    Error::new(Code::Internal).because(format!("a stored annex version {why}"))
}

/// The public values of a stored parameter set.
///
/// # Errors
/// Text that is none.
pub(super) fn values(row: &annex::Model) -> Result<BTreeMap<String, Value>> {
    serde_json::from_str(&row.document).map_err(|_| unreadable("is no JSON"))
}

fn parameters(row: &annex::Model) -> Result<Params> {
    let annex = Annex::parse(&values(row)?);
    annex.map(|a| a.params).map_err(|_| unreadable("holds parameters that do not parse"))
}

/// The year of a stored calendar version.
///
/// # Errors
/// Text that is none.
pub(super) fn year(row: &annex::Model) -> Result<Year> {
    Year::from_json(&row.document).map_err(|_| unreadable("holds a year that does not parse"))
}
