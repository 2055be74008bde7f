//! 质量问题 (7.3): 5 working days from the client's notice to a repair that the client has verified. A
//! dispute stops nothing; only a finding that both sides agree on can make the duty fall away.

use super::{CLIENT, Spec, VENDOR, rules};
use crate::tickets::machine::{Guard, Rule, Target};
use crate::tickets::model::State::{Closed, Disputed, Notified, Proposed, Repaired, Repairing, Withdrawn};
use crate::tickets::model::{Action, State};

const OPEN: &[State] = &[Proposed, Notified, Disputed, Repairing, Repaired];

pub const SPEC: Spec = Spec {
    prefix: "ZL",
    entry: Notified,
    path: &[Proposed, Notified, Repairing, Repaired, Closed],
    open: OPEN,
    rules: TABLE,
};

#[rustfmt::skip]
const TABLE: &[Rule] = rules! {
    ConfirmNotice:    &[Proposed]            => Target::To(Notified),  CLIENT, Guard::None;
    Acknowledge:      &[Notified, Disputed]  => Target::To(Repairing), VENDOR, Guard::None;
    Dispute:          &[Notified, Repairing] => Target::To(Disputed),  VENDOR, Guard::None;
    ProposeFinding:   &[Disputed]            => Target::Same,          VENDOR, Guard::None;
    AgreeFinding:     &[Disputed]            => Target::Finding,       CLIENT, Guard::FindingProposed;
    MarkRepaired:     &[Repairing]           => Target::To(Repaired),  VENDOR, Guard::None;
    PassVerification: &[Repaired]            => Target::To(Closed),    CLIENT, Guard::NotTheRepairer;
    FailVerification: &[Repaired]            => Target::To(Repairing), CLIENT, Guard::NotTheRepairer;
    SetSeverity:      OPEN                   => Target::Same,          CLIENT, Guard::None;
    Reopen:           &[Closed]              => Target::To(Notified),  CLIENT, Guard::WithinReopenWindow;
    Withdraw:         OPEN                   => Target::To(Withdrawn), CLIENT, Guard::ManagerOrBeforeAnswer;
    Reclassify:       &[Notified, Disputed]  => Target::Same,          VENDOR, Guard::KindNotProposed;
    AgreeReclassify:  OPEN                   => Target::Entry,         CLIENT, Guard::KindProposed;
    RefuseReclassify: OPEN                   => Target::Same,          CLIENT, Guard::KindProposed;
};
