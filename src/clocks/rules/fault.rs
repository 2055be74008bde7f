//! 故障 (4.2).
//!
//! - R8 stops at the first human public answer of the vendor in the cycle, S24 at the first published
//!   solution of the cycle; rejecting that solution does not start S24 again.
//! - P runs from a solution with a promised time to the repair. Rejecting the solution voids its P. A repair
//!   that fails verification was no repair: the same P goes on as if it had never stopped.
//! - C asks the client to say whether a repair holds.

use crate::clocks::def::{C, P, R8, S24};
use crate::clocks::derive::Run;
use crate::clocks::event::{Event, What};
use crate::kit::clock::Timestamp;

pub fn begin(run: &mut Run<'_>, at: Timestamp) {
    run.start(&R8, at);
    run.start(&S24, at);
}

pub fn take(run: &mut Run<'_>, event: &Event) {
    let at = event.at;
    if event.is_answer() {
        run.stop(&R8, at);
    }
    match event.what {
        What::SolutionPublished { eta } => {
            run.stop(&S24, at);
            if let Some(due) = eta {
                run.promise(at, due);
            }
        }
        What::SolutionRejected => run.rejected_promise(at),
        What::MarkedRepaired => {
            run.stop(&P, at);
            if run.is_confirmed_by_silence(at) {
                run.start_next(&C, at);
            }
        }
        What::Confirmed => run.stop(&C, at),
        What::VerificationFailed => {
            run.take_back(&P);
            run.stop(&C, at);
        }
        _ => {}
    }
}
