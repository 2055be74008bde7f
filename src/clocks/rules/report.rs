//! 进度报告 (3.2.2) and 检测 (7.2.2): X runs to the date that the client set. A report that is returned was no
//! report: the same X goes on, because a date is a date. C asks the client to accept or return it.

use crate::clocks::def::{C, X};
use crate::clocks::derive::Run;
use crate::clocks::event::{Event, What};
use crate::kit::clock::Timestamp;

pub fn open(run: &mut Run<'_>, at: Timestamp, due: Timestamp) {
    run.start_named(&X, at, due);
}

pub fn take(run: &mut Run<'_>, event: &Event) {
    let at = event.at;
    match event.what {
        What::ReportSubmitted if event.is_vendors_word() => {
            run.stop(&X, at);
            if run.is_confirmed_by_silence(at) {
                run.start_next(&C, at);
            }
        }
        What::ReportAccepted => run.stop(&C, at),
        What::ReportReturned => {
            run.take_back(&X);
            run.stop(&C, at);
        }
        _ => {}
    }
}
