//! 质量问题 (7.3): Q5 runs from the notification to the repair that passes verification. A dispute does not
//! stop it. A repair stops it provisionally; when verification fails the same clock goes on at once, and the
//! time in which the client verified does not count. When both agree that it is no defect, there never was
//! a duty.

use crate::clocks::def::{C, Q5};
use crate::clocks::derive::Run;
use crate::clocks::event::{Event, What};
use crate::kit::clock::Timestamp;

pub fn begin(run: &mut Run<'_>, at: Timestamp) {
    run.start(&Q5, at);
}

pub fn take(run: &mut Run<'_>, event: &Event) {
    let at = event.at;
    match event.what {
        What::NoticeConfirmed if !run.had(&Q5) => run.start(&Q5, at),
        What::FindingAgreed { valid: false } => run.annul(&Q5),
        What::MarkedRepaired if event.is_vendors_word() => {
            run.stop(&Q5, at);
            if run.is_confirmed_by_silence(at) {
                run.start_next(&C, at);
            }
        }
        What::VerificationPassed | What::Confirmed => run.stop(&C, at),
        What::VerificationFailed => {
            run.resume(&Q5, at);
            run.stop(&C, at);
        }
        _ => {}
    }
}
