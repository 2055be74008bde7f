//! A statement that is put together from fixed text and bound values. Values never become text, but for
//! counts: SQLite compiles a statement with a bound `LIMIT` again on every run.

use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use super::reader::{Fetch, Read};
use crate::kit::error::Result;

#[derive(Debug, Default)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Adds fixed text.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a placeholder for a value.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.push(&place)
    }

    /// Gives the next placeholder, already in the text, its value.
    pub fn value(&mut self, value: impl Into<Value>) {
        self.values.push(value.into());
    }

    /// Adds placeholders in parentheses.
    pub fn bind_all<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        self.push("(");
        for (i, value) in values.into_iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self.push(")")
    }

    /// Adds ` LIMIT n`, as text. Callers have few different ones, or each would be a statement of its own.
    pub fn limit(&mut self, rows: i64) -> &mut Self {
        self.push(&format!(" LIMIT {rows}"))
    }

    /// # Errors
    /// What the database says, or what `read` found wrong.
    pub async fn all<T: Send>(self, db: &impl Fetch, read: Read<T>) -> Result<Vec<T>> {
        Ok(db.fetch(self.text, self.values, read).await?)
    }

    /// # Errors
    /// As [`Sql::all`].
    pub async fn one<T: Send>(self, db: &impl Fetch, read: Read<T>) -> Result<Option<T>> {
        Ok(self.all(db, read).await?.into_iter().next())
    }

    /// All rows, by their columns' names.
    ///
    /// # Errors
    /// What the database says, or a column that is missing.
    pub async fn models<M: FromQueryResult>(self, db: &impl ConnectionTrait) -> Result<Vec<M>> {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values);
        let rows = db.query_all_raw(statement).await?;
        rows.iter().map(|row| Ok(M::from_query_result(row, "")?)).collect()
    }

    /// Runs a write and says how many rows it touched.
    ///
    /// # Errors
    /// What the database says.
    pub async fn run(self, db: &impl ConnectionTrait) -> Result<u64> {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values);
        Ok(db.execute_raw(statement).await?.rows_affected())
    }
}
