//! Whether support is there now (6.1.2, annex P1), and what is promised to whoever writes outside its hours.

use super::{book, enter};
use crate::calendar::{self, Unit};
use crate::clocks::{Book, Clock};
use crate::identity::policy::{Action as May, Facts, authorise};
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::tickets::model::Kind;
use crate::tickets::views::{OutsideHours, SupportHours};

/// A hundredth of an hour: what [`calendar::share_at`] finds is so long after the opening.
const HUNDREDTH_MS: i64 = 36_000;

/// When support opens next, if it is closed at `at`; `None` while it is open, and for an annex without hours.
fn opens_at(book: &Book, at: Timestamp) -> Option<Timestamp> {
    let version = book.at(at);
    let (calendar, rules) = (&version.calendar, &version.rules);
    let open = calendar::elapsed_ms(calendar, rules, Unit::WorkingHours, at, at.plus_millis(1), &[]) > 0;
    if open {
        return None;
    }
    let begun = calendar::share_at(calendar, rules, at, Unit::WorkingHours, 1, &[], 1).ok()?;
    Some(begun.plus_millis(-HUNDREDTH_MS))
}

/// The banner of a ticket that is looked at outside the hours: only where its answer is counted in them.
pub fn outside(book: &Book, kind: Kind, clocks: &[Clock], now: Timestamp) -> Option<OutsideHours> {
    let answer = match kind {
        Kind::Consultation => "W",
        Kind::Fault => "R8",
        _ => return None,
    };
    let counted =
        |c: &&Clock| c.is_running() && c.def.code == answer && c.unit.counted() == Some(Unit::WorkingHours);
    let promised_at = clocks.iter().find(counted)?.due_at;
    Some(OutsideHours { opens_at: opens_at(book, now)?, promised_at })
}

/// Whether support is there now, and when a question asked now is answered at the latest.
///
/// # Errors
/// 403 until the account is bound.
pub async fn support_hours(ctx: &Ctx) -> Result<SupportHours> {
    enter(ctx)?;
    authorise(&ctx.actor, May::ReadCalendar, &Facts::Nothing)?;
    let book = book(&ctx.kit).await?;
    let version = book.at(ctx.now);
    let (calendar, rules) = (&version.calendar, &version.rules);
    let hours = version.params.consultation_hours;
    let promised = calendar::due_at(calendar, rules, ctx.now, Unit::WorkingHours, hours, &[]);
    let opens_at = opens_at(&book, ctx.now);
    Ok(SupportHours { open: opens_at.is_none(), opens_at, promised_at: promised.ok().map(|d| d.due_at) })
}
