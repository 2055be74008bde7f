//! 发票 (4.3.2): asked for by the client's manager, delivered by the vendor's lead, signed for on receipt.

use super::{CLIENT, Spec, VENDOR, rules};
use crate::tickets::machine::{Guard, Rule, Target};
use crate::tickets::model::State::{Closed, Issued, Requested, Withdrawn};
use crate::tickets::model::{Action, State};

const OPEN: &[State] = &[Requested, Issued];

pub const SPEC: Spec =
    Spec { prefix: "FP", entry: Requested, path: &[Requested, Issued, Closed], open: OPEN, rules: TABLE };

#[rustfmt::skip]
const TABLE: &[Rule] = rules! {
    IssueInvoice:  &[Requested] => Target::To(Issued),    VENDOR, Guard::None;
    SignReceipt:   &[Issued]    => Target::To(Closed),    CLIENT, Guard::None;
    ReturnInvoice: &[Issued]    => Target::To(Requested), CLIENT, Guard::None;
    Withdraw:      OPEN         => Target::To(Withdrawn), CLIENT, Guard::ManagerOrBeforeAnswer;
};
