//! 质量检测 (7.2.2): asked for by the client's manager, at a price that both agree on beforehand.

use super::{CLIENT, Spec, VENDOR, rules};
use crate::tickets::machine::{Guard, Rule, Target};
use crate::tickets::model::State::{Closed, Inspecting, Quoted, Reported, Requested, Withdrawn};
use crate::tickets::model::{Action, State};

const OPEN: &[State] = &[Requested, Quoted, Inspecting, Reported];

pub const SPEC: Spec = Spec {
    prefix: "JC",
    entry: Requested,
    path: &[Requested, Quoted, Inspecting, Reported, Closed],
    open: OPEN,
    rules: TABLE,
};

#[rustfmt::skip]
const TABLE: &[Rule] = rules! {
    Quote:                  &[Requested]  => Target::To(Quoted),     VENDOR, Guard::None;
    AgreeQuote:             &[Quoted]     => Target::To(Inspecting), CLIENT, Guard::None;
    DeclineQuote:           &[Quoted]     => Target::To(Closed),     CLIENT, Guard::None;
    SubmitInspectionReport: &[Inspecting] => Target::To(Reported),   VENDOR, Guard::None;
    AcceptReport:           &[Reported]   => Target::To(Closed),     CLIENT, Guard::None;
    ReturnReport:           &[Reported]   => Target::To(Inspecting), CLIENT, Guard::None;
    Withdraw:               OPEN          => Target::To(Withdrawn),  CLIENT, Guard::ManagerOrBeforeAnswer;
};
