//! Façade: which classes were planned and held, and who was there. What the coverage report (6.2) is made of.

use std::collections::HashMap;

use uuid::Uuid;

use super::{departments, state, unknown};
use crate::classes::model::ClassState;
use crate::classes::store;
use crate::courses::model::Category;
use crate::kit::clock::Timestamp;
use crate::kit::db::Fetch;
use crate::kit::error::Result;

/// A class that both sides agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub category: Category,
    /// Names of departments of the client; `*`: all.
    pub departments: Vec<String>,
    /// It took place, and is not only planned.
    pub is_held: bool,
    /// Who signed in or was marked present.
    pub present: Vec<Uuid>,
}

/// The classes that begin from `from` until before `to`.
///
/// # Errors
/// What the database says.
pub async fn between(db: &impl Fetch, from: Timestamp, to: Timestamp) -> Result<Vec<Held>> {
    let rows = store::agreed_between(db, from, to).await?;
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
    let mut present: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (class, person) in store::present(db, &ids).await? {
        present.entry(class).or_default().push(person);
    }
    let held = |row: &crate::classes::entity::class::Model| {
        Ok(Held {
            category: Category::from_wire(&row.category).ok_or_else(|| unknown("category"))?,
            departments: departments(row)?,
            is_held: matches!(state(row)?, ClassState::Held | ClassState::Signed),
            present: present.remove(&row.id).unwrap_or_default(),
        })
    };
    rows.iter().map(held).collect()
}
