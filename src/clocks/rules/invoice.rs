//! 发票 (4.3.2): F runs from the request to the invoice. A returned invoice resumes the same clock; the time in
//! which the client held it does not count. C asks the client to sign for it or return it.

use crate::clocks::def::{C, F};
use crate::clocks::derive::Run;
use crate::clocks::event::{Event, What};
use crate::kit::clock::Timestamp;

pub fn begin(run: &mut Run<'_>, at: Timestamp) {
    run.start(&F, at);
}

pub fn take(run: &mut Run<'_>, event: &Event) {
    let at = event.at;
    match event.what {
        What::InvoiceIssued if event.is_vendors_word() => {
            run.stop(&F, at);
            if run.is_confirmed_by_silence(at) {
                run.start_next(&C, at);
            }
        }
        What::ReceiptSigned => run.stop(&C, at),
        What::InvoiceReturned => {
            run.resume(&F, at);
            run.stop(&C, at);
        }
        _ => {}
    }
}
