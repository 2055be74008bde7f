//! The columns with which a joined person is shown: the sealed name and the key that opens it.

use sea_orm::{DbErr, QueryResult};
use uuid::Uuid;

use crate::kit::crypto::Sealed;

/// A person as a joined read brings them.
#[derive(Clone, Debug)]
pub struct PersonRow {
    pub id: Uuid,
    pub party: String,
    pub department: Option<String>,
    pub name_sealed: Sealed,
    pub key_id: Uuid,
    pub wrapped: Option<Vec<u8>>,
}

/// Select list of a person joined under `alias`.
#[must_use]
pub fn columns(alias: &str) -> String {
    let a = alias;
    format!(
        "{a}.id AS {a}_id, {a}.party AS {a}_party, {a}.name_sealed AS {a}_name, \
         {a}.key_id AS {a}_key, {a}k.wrapped AS {a}_wrapped, {a}d.name AS {a}_department"
    )
}

/// Joins for [`columns`]; LEFT, so that the planner starts from the ticket.
#[must_use]
pub fn joins(alias: &str, on: &str) -> String {
    let a = alias;
    format!(
        " LEFT JOIN people {a} ON {a}.id = {on} LEFT JOIN data_keys {a}k ON {a}k.key_id = {a}.key_id \
         LEFT JOIN departments {a}d ON {a}d.id = {a}.department_id"
    )
}

impl PersonRow {
    /// The person under `alias`; `None` where the join found nobody.
    ///
    /// # Errors
    /// A column is missing or of another type.
    pub fn read(row: &QueryResult, alias: &str) -> Result<Option<Self>, DbErr> {
        let Some(id) = row.try_get::<Option<Uuid>>(alias, "_id")? else { return Ok(None) };
        Ok(Some(Self {
            id,
            party: row.try_get(alias, "_party")?,
            department: row.try_get(alias, "_department")?,
            name_sealed: row.try_get(alias, "_name")?,
            key_id: row.try_get(alias, "_key")?,
            wrapped: row.try_get(alias, "_wrapped")?,
        }))
    }
}
