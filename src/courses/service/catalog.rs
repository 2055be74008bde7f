//! What is in force, as `learning` and the content routes read it.
//!
//! A process keeps the catalogue as long as the generation in the database says that it is the current one, so
//! that a publication is seen by every process with its next request.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::courses::entity::version;
use crate::courses::model::{Catalog, Course, Paper, Quiz};
use crate::courses::store;
use crate::kit::Kit;
use crate::kit::error::{Code, Error, Result};
use crate::kit::id::Ids;

/// One entry for each machinery that lives in this process: its threads share their source of ids.
struct Kept {
    whose: Weak<Ids>,
    catalog: Arc<Catalog>,
}

static KEPT: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

/// All courses in force, with their items and the versions that belong to the edition.
///
/// # Errors
/// What the database says; a stored edition that this program cannot read.
pub async fn published(kit: &Kit) -> Result<Arc<Catalog>> {
    let db = kit.db.reader();
    // Before the editions: what is published in between is read again with the next request.
    let generation = store::editions::generation(db).await?;
    if let Some(catalog) = kept(kit).filter(|c| c.generation == generation) {
        return Ok(catalog);
    }
    let rows = store::editions::in_force(db).await?;
    let courses = rows.iter().map(|text| course(text)).collect::<Result<_>>()?;
    let catalog = Arc::new(Catalog::new(generation, courses));
    let mut all = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|k| k.whose.strong_count() > 0 && !is_of(k, kit));
    all.push(Kept { whose: Arc::downgrade(&kit.ids), catalog: Arc::clone(&catalog) });
    Ok(catalog)
}

fn is_of(kept: &Kept, kit: &Kit) -> bool {
    kept.whose.as_ptr() == Arc::as_ptr(&kit.ids)
}

fn kept(kit: &Kit) -> Option<Arc<Catalog>> {
    let all = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    all.iter().find(|k| is_of(k, kit)).map(|k| Arc::clone(&k.catalog))
}

fn unreadable(what: &str) -> Error {
    Error::new(Code::Internal).because(format!("a stored {what} does not parse"))
}

fn course(document: &str) -> Result<Course> {
    serde_json::from_str(document).map_err(|_| unreadable("edition"))
}

/// One version of an item, whatever edition it was part of.
#[derive(Clone, Debug)]
pub struct Version {
    pub id: Uuid,
    pub item_id: Uuid,
    pub number: i32,
    pub title: String,
    /// The text as it was written.
    pub source: String,
    /// Sanitised when it was written; whoever shows it has it sanitised once more.
    pub html: String,
    pub captions: Option<String>,
}

impl From<version::Model> for Version {
    fn from(row: version::Model) -> Self {
        let version::Model { id, item_id, number, title, body_md: source, body_html: html, captions, .. } =
            row;
        Self { id, item_id, number, title, source, html, captions }
    }
}

/// The text of a version that was published once.
///
/// # Errors
/// 404 for one that is not there, or was never part of an edition.
pub async fn version(db: &impl ConnectionTrait, id: Uuid) -> Result<Version> {
    Ok(published_version(db, id).await?.into())
}

async fn published_version(db: &impl ConnectionTrait, id: Uuid) -> Result<version::Model> {
    let row = store::versions::find(db, id).await?.filter(|row| row.edition.is_some());
    row.ok_or_else(|| Error::new(Code::NotFound))
}

/// The questions of a quiz in force.
///
/// # Errors
/// 404 for what is no quiz of a course in force.
pub async fn quiz(kit: &Kit, item_id: Uuid) -> Result<Quiz> {
    let catalog = published(kit).await?;
    let not_found = || Error::new(Code::NotFound);
    let (course, item) = catalog.item(item_id).ok_or_else(not_found)?;
    let row = published_version(kit.db.reader(), item.version_id).await?;
    let questions = row.questions.as_deref().ok_or_else(not_found)?;
    let paper: Paper = serde_json::from_str(questions).map_err(|_| unreadable("quiz"))?;
    Ok(Quiz {
        item_id,
        course_id: course.id,
        version_id: row.id,
        version_no: row.number,
        title: row.title,
        paper,
    })
}
