//! The columns of a row from left to right. A page has hundreds of values: finding each by its name costs
//! as much as fetching them.

use rusqlite::types::FromSql;
use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::sqlite::SqliteRow;
use sea_orm::sqlx::{Decode, Postgres, Row as _, Sqlite, Type};
use sea_orm::{DbErr, QueryResult};

#[derive(Debug)]
pub struct Columns<'a> {
    row: AnyRow<'a>,
    at: usize,
}

#[derive(Debug)]
enum AnyRow<'a> {
    Postgres(&'a PgRow),
    Piped(&'a tokio_postgres::Row),
    /// In a transaction, whose connection lives in a thread of its own.
    Sqlite(&'a SqliteRow),
    Embedded(&'a rusqlite::Row<'a>),
}

impl<'a> Columns<'a> {
    pub(super) fn postgres(row: &'a PgRow) -> Self {
        Self { row: AnyRow::Postgres(row), at: 0 }
    }

    pub(super) fn piped(row: &'a tokio_postgres::Row) -> Self {
        Self { row: AnyRow::Piped(row), at: 0 }
    }

    pub(super) fn embedded(row: &'a rusqlite::Row<'a>) -> Self {
        Self { row: AnyRow::Embedded(row), at: 0 }
    }

    /// # Errors
    /// A row of a database that is neither.
    pub(super) fn of(row: &'a QueryResult) -> Result<Self, DbErr> {
        let row = match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
            (Some(row), _) => AnyRow::Postgres(row),
            (None, Some(row)) => AnyRow::Sqlite(row),
            (None, None) => return Err(DbErr::Type("a row of another database".to_owned())),
        };
        Ok(Self { row, at: 0 })
    }

    /// The next value, a word that `parse` knows, without a copy of it.
    ///
    /// # Errors
    /// No such column, NULL, no text, or no such word.
    pub fn word<T>(&mut self, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, DbErr> {
        self.word_if_any(parse)?.ok_or_else(|| self.unknown_word())
    }

    /// As [`Columns::word`], where there may be none.
    ///
    /// # Errors
    /// As [`Columns::word`], but for NULL.
    pub fn word_if_any<T>(&mut self, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, DbErr> {
        let Some(word) = self.text()? else { return Ok(None) };
        parse(word).map(Some).ok_or_else(|| self.unknown_word())
    }

    fn unknown_word(&self) -> DbErr {
        DbErr::Type(format!("column {} has no word that is known here", self.at))
    }

    fn text(&mut self) -> Result<Option<&'a str>, DbErr> {
        let at = self.at;
        self.at += 1;
        let wrong = |e: &dyn std::fmt::Display| DbErr::Type(e.to_string());
        match self.row {
            AnyRow::Postgres(row) => row.try_get(at).map_err(|e| wrong(&e)),
            AnyRow::Piped(row) => row.try_get(at).map_err(|e| wrong(&e)),
            AnyRow::Sqlite(row) => row.try_get(at).map_err(|e| wrong(&e)),
            AnyRow::Embedded(row) => {
                row.get_ref(at).map_err(|e| wrong(&e))?.as_str_or_null().map_err(|e| wrong(&e))
            }
        }
    }

    /// Leaves out the next ones.
    pub fn skip(&mut self, columns: usize) {
        self.at += columns;
    }

    /// The next value; `Option<T>` where it may be NULL.
    ///
    /// # Errors
    /// No such column, or one of another type.
    pub fn take<T>(&mut self) -> Result<T, DbErr>
    where
        T: Decode<'a, Postgres>
            + Type<Postgres>
            + Decode<'a, Sqlite>
            + Type<Sqlite>
            + FromSql
            + tokio_postgres::types::FromSql<'a>,
    {
        let at = self.at;
        self.at += 1;
        match self.row {
            AnyRow::Postgres(row) => row.try_get(at).map_err(|e| DbErr::Type(e.to_string())),
            AnyRow::Piped(row) => row.try_get(at).map_err(|e| DbErr::Type(e.to_string())),
            AnyRow::Sqlite(row) => row.try_get(at).map_err(|e| DbErr::Type(e.to_string())),
            AnyRow::Embedded(row) => row.get(at).map_err(|e| DbErr::Type(e.to_string())),
        }
    }
}
