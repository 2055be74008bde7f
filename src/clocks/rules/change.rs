//! 变更 (2.2): A3 runs from each version of the issued notice to the signed written reply; talking does not
//! stop it. A new version replaces the old one, whose clock is void unless it was answered or overdue.

use crate::clocks::def::{A3, C};
use crate::clocks::derive::Run;
use crate::clocks::event::{Event, What};

pub fn take(run: &mut Run<'_>, event: &Event) {
    let at = event.at;
    match event.what {
        What::Issued => anew(run, event),
        What::NoticeEdited | What::Reconsidered if run.had(&A3) => anew(run, event),
        What::Replied if event.is_vendors_word() => run.stop(&A3, at),
        What::SubmittedForAcceptance if run.is_confirmed_by_silence(at) => run.start_next(&C, at),
        What::ChangeAccepted | What::AcceptanceRejected => run.stop(&C, at),
        _ => {}
    }
}

fn anew(run: &mut Run<'_>, event: &Event) {
    run.void(event.at, |draft| draft.def == &A3);
    run.start_next(&A3, event.at);
}
