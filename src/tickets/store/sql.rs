//! A statement that is put together from fixed text and bound values. Values never become text.

use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

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
    pub async fn all(self, db: &impl ConnectionTrait) -> Result<Vec<QueryResult>> {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values);
        Ok(db.query_all_raw(statement).await?)
    }

    /// # Errors
    /// What the database says.
    pub async fn one(self, db: &impl ConnectionTrait) -> Result<Option<QueryResult>> {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values);
        Ok(db.query_one_raw(statement).await?)
    }
}
