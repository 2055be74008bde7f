//! 安全事件 (8.2): I1 runs from detection until a person of the vendor has told the client. N4 helps the client
//! with its statutory duty: from detection, once both agree that the grade is 较大 or above, until the client
//! has decided whether to report.

use crate::clocks::def::{I1, N4};
use crate::clocks::derive::Run;
use crate::clocks::event::{Event, What};
use crate::clocks::words::Grade;
use crate::kit::clock::Timestamp;

pub fn begin(run: &mut Run<'_>, at: Timestamp) {
    run.start(&I1, at);
}

pub fn take(run: &mut Run<'_>, event: &Event) {
    let at = event.at;
    match event.what {
        What::ClientNotified if event.is_vendors_word() => run.stop(&I1, at),
        What::GradeAgreed(grade) if grade < Grade::Major => run.void(at, |draft| draft.def == &N4),
        What::GradeAgreed(_) if run.current(&N4).next().is_none() => {
            let detected = run.began_at();
            run.start(&N4, detected);
        }
        What::ReportDecided => run.stop(&N4, at),
        _ => {}
    }
}
