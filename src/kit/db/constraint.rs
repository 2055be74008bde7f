//! Which constraint a write ran into. SQLite names the columns, PostgreSQL the constraint; callers ask
//! with both and never look at driver codes.

use sea_orm::{DbErr, SqlErr};

/// A UNIQUE constraint under both its names.
#[derive(Clone, Copy, Debug)]
pub struct Unique {
    /// `table.column` of the first column, as SQLite says it.
    pub columns: &'static str,
    /// The constraint's name, as PostgreSQL says it.
    pub name: &'static str,
}

impl Unique {
    #[must_use]
    pub fn violated_by(&self, err: &DbErr) -> bool {
        match err.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(text)) => {
                text.contains(self.columns) || text.contains(self.name)
            }
            _ => false,
        }
    }
}
