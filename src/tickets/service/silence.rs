//! What silence means (3.2, P9): a question that the client leaves unanswered is taken back, a repair that
//! it does not object to counts as confirmed after two reminders, a consultation that nobody goes on with is
//! over. Nothing else is ever settled by silence, and incidents, deliveries and changes never are.

use crate::calendar::{self, Unit};
use crate::clocks::Book;
use crate::kit::clock::Timestamp;
use crate::tickets::entity::ticket;
use crate::tickets::model::standing::Standing;
use crate::tickets::model::{Kind, State};

/// Working days after which an unanswered question, or an answer, is left alone.
const SILENT_DAYS: u32 = 3;
/// Before a repair counts as confirmed, the client is reminded so often.
pub const REMINDERS: u32 = 2;

/// What the program does when a ticket has been silent long enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// The vendor works on without the answer.
    Resume,
    /// The client is reminded to confirm, for the how-many-eth time.
    Remind(u32),
    Confirm,
    Close,
}

/// What the silence of a ticket leads to, and after how many working days since it fell silent.
fn rule(book: &Book, kind: Kind, state: State, standing: &Standing, since: Timestamp) -> Option<(Ends, u32)> {
    match (kind, state) {
        (Kind::Fault, State::AwaitingClient) => Some((Ends::Resume, SILENT_DAYS)),
        (Kind::Consultation, State::Answered) if standing.may_be_left() => Some((Ends::Close, SILENT_DAYS)),
        (Kind::Fault, State::AwaitingConfirmation) => {
            // P9 may say that silence never confirms.
            let days = book.at(since).params.confirm_days?;
            let number = standing.reminders + 1;
            if number > REMINDERS {
                return Some((Ends::Confirm, days));
            }
            // The reminders stand at the thirds of the time.
            Some((Ends::Remind(number), (days * number / (REMINDERS + 1)).max(1)))
        }
        _ => None,
    }
}

/// When the program acts on the ticket if nobody else does.
#[must_use]
pub fn wake_at(book: &Book, row: &ticket::Model, standing: &Standing) -> Option<Timestamp> {
    plan(book, row, standing).map(|(_, at)| at)
}

/// What the program does about the ticket if nobody else does anything, and when.
#[must_use]
pub fn plan(book: &Book, row: &ticket::Model, standing: &Standing) -> Option<(Ends, Timestamp)> {
    let (kind, state) = (Kind::from_wire(&row.kind)?, State::from_wire(&row.state)?);
    let since = standing.silent_since?;
    let (ends, days) = rule(book, kind, state, standing, since)?;
    let version = book.at(since);
    let due =
        calendar::due_at(&version.calendar, &version.rules, since, Unit::WorkingDays, days, &[]).ok()?;
    let at = due.due_at.plus_millis(1);
    // A worker that was away does not send everything at once: a reminder leaves a day to react.
    let reacted = standing.reminded_at.map(|reminded| reminded.plus_seconds(86_400));
    Some((ends, reacted.map_or(at, |reacted| at.max(reacted))))
}
