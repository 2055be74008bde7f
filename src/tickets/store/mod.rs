//! Queries of the ticket engine. Reads that people wait for are one statement each: joined rows bring
//! the wrapped keys of what they contain, so that opening them asks the database nothing more.

use crate::kit::db::sql;

pub mod followers;
pub mod list;
pub mod numbers;
pub mod records;
pub mod show;
pub mod write;
