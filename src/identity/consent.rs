//! Façade: whether the caller has agreed to the privacy notice as it stands.

use super::notice;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};

/// The purpose without which no ticket call is answered.
pub const SERVICE: &str = "service";

/// Costs nothing: the live session knows the version that was agreed to.
///
/// # Errors
/// 428 `CONSENT_REQUIRED` until the current notice has been agreed to.
pub fn require(ctx: &Ctx) -> Result<()> {
    let current = notice::current();
    if ctx.actor.consent.as_deref() == Some(current.version.as_str()) {
        return Ok(());
    }
    Err(Error::new(Code::ConsentRequired).with("notice_version", current.version.as_str()))
}
