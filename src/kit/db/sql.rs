//! A statement that is put together from fixed text and bound values. Values never become text.

use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::sqlite::SqliteRow;
use sea_orm::sqlx::{Decode, Postgres, Row, Sqlite, Type};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

use crate::kit::error;

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

    /// # Errors
    /// What the database says.
    pub async fn all(self, db: &impl ConnectionTrait) -> error::Result<Vec<QueryResult>> {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values);
        Ok(db.query_all_raw(statement).await?)
    }

    /// # Errors
    /// What the database says.
    pub async fn one(self, db: &impl ConnectionTrait) -> error::Result<Option<QueryResult>> {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values);
        Ok(db.query_one_raw(statement).await?)
    }

    /// Runs a write and says how many rows it touched.
    ///
    /// # Errors
    /// What the database says.
    pub async fn run(self, db: &impl ConnectionTrait) -> error::Result<u64> {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values);
        Ok(db.execute_raw(statement).await?.rows_affected())
    }
}

/// The columns of a row from left to right. A page has hundreds of values: finding each by its name costs
/// as much as fetching them.
#[derive(Debug)]
pub struct Columns<'a> {
    row: AnyRow<'a>,
    at: usize,
}

#[derive(Debug)]
enum AnyRow<'a> {
    Sqlite(&'a SqliteRow),
    Postgres(&'a PgRow),
}

impl<'a> Columns<'a> {
    /// # Errors
    /// A row of a database that is neither.
    pub fn of(row: &'a QueryResult) -> Result<Self, DbErr> {
        let row = match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
            (Some(row), _) => AnyRow::Postgres(row),
            (None, Some(row)) => AnyRow::Sqlite(row),
            (None, None) => return Err(DbErr::Type("a row of another database".to_owned())),
        };
        Ok(Self { row, at: 0 })
    }

    /// The next value; `Option<T>` where it may be NULL.
    ///
    /// # Errors
    /// No such column, or one of another type.
    pub fn next<T>(&mut self) -> Result<T, DbErr>
    where
        T: Decode<'a, Postgres> + Type<Postgres> + Decode<'a, Sqlite> + Type<Sqlite>,
    {
        let at = self.at;
        self.at += 1;
        let value = match self.row {
            AnyRow::Postgres(row) => row.try_get(at),
            AnyRow::Sqlite(row) => row.try_get(at),
        };
        value.map_err(|e| DbErr::Type(e.to_string()))
    }
}
