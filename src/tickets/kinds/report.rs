//! 进度报告 (3.2.2): the client's manager asks for a report by a date; the vendor's lead hands it in.

use super::{CLIENT, Spec, VENDOR, rules};
use crate::tickets::machine::{Guard, Rule, Target};
use crate::tickets::model::State::{Closed, Requested, Submitted, Withdrawn};
use crate::tickets::model::{Action, State};

const OPEN: &[State] = &[Requested, Submitted];

pub const SPEC: Spec =
    Spec { prefix: "BB", entry: Requested, path: &[Requested, Submitted, Closed], open: OPEN, rules: TABLE };

#[rustfmt::skip]
const TABLE: &[Rule] = rules! {
    SubmitReport: &[Requested] => Target::To(Submitted), VENDOR, Guard::None;
    AcceptReport: &[Submitted] => Target::To(Closed),    CLIENT, Guard::None;
    ReturnReport: &[Submitted] => Target::To(Requested), CLIENT, Guard::None;
    Withdraw:     OPEN         => Target::To(Withdrawn), CLIENT, Guard::ManagerOrBeforeAnswer;
};
