//! What the agreement does by itself, every minute: running milestones follow a new annex, its end is announced,
//! the exit begins after it, and rhythms of maintenance that were missed become duties.
//!
//! Each step is claimed in the transaction of its effect, so that any number of workers may run this.

use crate::kit::Kit;
use crate::kit::error::Result;

use super::service::{calendar, maintenance, milestones, term};

/// One round.
///
/// # Errors
/// What the database says; what was done stays done.
pub async fn run(kit: &Kit) -> Result<()> {
    milestones::derive_again(kit).await?;
    term::remind(kit).await?;
    term::begin_exit(kit).await?;
    maintenance::look_out(kit).await?;
    Ok(())
}

/// Whether a year is missing that should be in force by now, for the metrics of a process that serves them.
///
/// # Errors
/// What the database says.
pub async fn measure(kit: &Kit) -> Result<()> {
    let missing = calendar::missing_year(kit).await?;
    metrics::gauge!("lvyue_calendar_missing_years").set(if missing.is_some() { 1.0 } else { 0.0 });
    Ok(())
}
