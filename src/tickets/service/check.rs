//! Whether what is stored about clocks is what follows from the stored events. It always must be; this is
//! how tests, and whoever doubts, find out.

use uuid::Uuid;

use super::{book, history, silence, standing};
use crate::clocks;
use crate::duties;
use crate::kit::Kit;
use crate::kit::error::{Code, Error, Result};
use crate::tickets::store::write;

/// What is wrong with the stored clocks of a ticket; empty when nothing is. No personal data.
///
/// # Errors
/// 404; what the database says.
pub async fn clock_differences(kit: &Kit, id: Uuid) -> Result<Vec<String>> {
    let (db, book) = (kit.db.reader(), book(kit).await?);
    let row = write::find(db, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let events = write::events(db, id).await?;
    let history: Vec<_> = events.iter().map(history::clock_event).collect();
    let derived = clocks::derive(&history, &book, kit.clock.now());
    let mut wrong = duties::differences(db, &book, &history::record(&row)?, &derived).await?;
    let due = history::next_due(&derived).map(|c| (c.due_at, c.def.code.to_owned()));
    if due != row.next_due_at.zip(row.next_due_code.clone()) {
        wrong.push("the next deadline".to_owned());
    }
    if silence::wake_at(&book, &row, &standing(&events)) != row.wake_at {
        wrong.push("when silence has lasted long enough".to_owned());
    }
    if events.last().map(|e| e.to_state.as_str()) != Some(row.state.as_str()) {
        wrong.push("the state".to_owned());
    }
    if events.iter().zip(1..).any(|(e, seq)| e.seq != seq) {
        wrong.push("a gap in the events".to_owned());
    }
    Ok(wrong)
}
