//! What learning does by itself: reminding people of what is mandatory. Any number of workers may run it.

use super::service::reminders;
use crate::kit::Kit;
use crate::kit::error::Result;

/// One round.
///
/// # Errors
/// What the database says; what was done stays done.
pub async fn run(kit: &Kit) -> Result<usize> {
    reminders::give(kit).await
}
