//! Whether what is stored about the duties of a record is what follows from its events. It always must be;
//! this is how tests, and whoever doubts, find out.

use sea_orm::ConnectionTrait;

use crate::clocks::{Book, Clock};
use crate::duties::entity::duty;
use crate::duties::model::{self, Record};
use crate::duties::store::duties;
use crate::kit::error::Result;

/// What is wrong with the stored duties of a record; empty when nothing is. No personal data.
///
/// # Errors
/// What the database says.
pub async fn differences(
    db: &impl ConnectionTrait,
    book: &Book,
    record: &Record,
    derived: &[Clock],
) -> Result<Vec<String>> {
    let stored = duties::of_record(db, record.id).await?;
    let name = |row: &duty::Model| format!("{} of cycle {} round {}", row.code, row.cycle, row.round);
    let mut wrong = Vec::new();
    for clock in derived {
        match stored.iter().find(|row| model::same(row, clock)) {
            None => wrong.push(format!("derived and not stored: {}", clock.def.code)),
            Some(row) => {
                let mut expected = model::row(record, clock, row.id, Some(row), book);
                if row.state != model::RUNNING {
                    // Who works on it and how severe it is are kept up only while it runs.
                    expected.owner_id = row.owner_id;
                    expected.severity.clone_from(&row.severity);
                }
                if expected != *row {
                    wrong.push(format!("stored otherwise than derived: {}", name(row)));
                }
            }
        }
    }
    let lone = stored.iter().filter(|row| !derived.iter().any(|clock| model::same(row, clock)));
    wrong.extend(lone.map(|row| format!("stored and not derived: {}", name(row))));
    Ok(wrong)
}
