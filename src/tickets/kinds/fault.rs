//! 故障 (4.2): respond within 8 hours, give a solution within 24, keep the promised time, and let the
//! client say when it is over.

use super::{CLIENT, Spec, VENDOR, rules};
use crate::tickets::machine::{Guard, Rule, Target};
use crate::tickets::model::State::{
    AwaitingClient, AwaitingConfirmation, Closed, InProgress, SolutionGiven, Submitted, Withdrawn,
};
use crate::tickets::model::{Action, State};

const OPEN: &[State] = &[Submitted, InProgress, AwaitingClient, SolutionGiven, AwaitingConfirmation];

pub const SPEC: Spec = Spec {
    prefix: "GZ",
    entry: Submitted,
    path: &[Submitted, InProgress, SolutionGiven, AwaitingConfirmation, Closed],
    open: OPEN,
    rules: TABLE,
};

#[rustfmt::skip]
const TABLE: &[Rule] = rules! {
    Accept:           &[Submitted]                  => Target::To(InProgress),           VENDOR, Guard::None;
    AskClient:        &[InProgress]                 => Target::To(AwaitingClient),       VENDOR, Guard::None;
    Supply:           &[AwaitingClient]             => Target::To(InProgress),           CLIENT, Guard::None;
    AcknowledgeWait:  OPEN                          => Target::Same,                     CLIENT, Guard::OpenWait;
    SetSeverity:      OPEN                          => Target::Same,                     CLIENT, Guard::None;
    PublishSolution:  &[InProgress, AwaitingClient] => Target::To(SolutionGiven),        VENDOR, Guard::None;
    RejectSolution:   &[SolutionGiven]              => Target::To(InProgress),           CLIENT, Guard::None;
    MarkRepaired:     &[SolutionGiven]              => Target::To(AwaitingConfirmation), VENDOR, Guard::None;
    Confirm:          &[AwaitingConfirmation]       => Target::To(Closed),               CLIENT, Guard::NotTheRepairer;
    FailVerification: &[AwaitingConfirmation]       => Target::To(InProgress),           CLIENT, Guard::NotTheRepairer;
    Reopen:           &[Closed]                     => Target::To(InProgress),           CLIENT, Guard::WithinReopenWindow;
    Withdraw:         OPEN                          => Target::To(Withdrawn),            CLIENT, Guard::ManagerOrBeforeAnswer;
    MeToo:            OPEN                          => Target::Same,                     CLIENT, Guard::Stranger;
    Reclassify:       &[Submitted, InProgress, AwaitingClient] => Target::Same,          VENDOR, Guard::KindNotProposed;
    AgreeReclassify:  OPEN                          => Target::Entry,                    CLIENT, Guard::KindProposed;
    RefuseReclassify: OPEN                          => Target::Same,                     CLIENT, Guard::KindProposed;
};
