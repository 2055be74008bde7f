//! 咨询 (6.1): W runs from each question to its answer. Asking on while the answer is still due starts nothing.

use crate::clocks::def::W;
use crate::clocks::derive::Run;
use crate::clocks::event::{Event, What};
use crate::kit::clock::Timestamp;

pub fn begin(run: &mut Run<'_>, at: Timestamp) {
    run.start_next(&W, at);
}

pub fn take(run: &mut Run<'_>, event: &Event) {
    match event.what {
        // A solution that was given while the record was a fault answers the question too.
        What::Answered | What::SolutionPublished { .. } if event.is_vendors_word() => run.stop(&W, event.at),
        What::FollowedUp if !run.runs(&W) => run.start_next(&W, event.at),
        _ => {}
    }
}
