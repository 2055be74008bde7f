//! 变更 (2.2): the client's manager issues the written notice, the vendor talks first and then replies with
//! its three assessments within 3 working days, the client decides, and in the end accepts the work.

use super::{CLIENT, Spec, VENDOR, rules};
use crate::tickets::machine::{Guard, Rule, Target};
use crate::tickets::model::State::{
    Assessing, AwaitingAcceptance, AwaitingIssue, Closed, Draft, Implementing, Issued, Replied, Scheduled,
    Withdrawn,
};
use crate::tickets::model::{Action, State};

const OPEN: &[State] =
    &[Draft, AwaitingIssue, Issued, Assessing, Replied, Scheduled, Implementing, AwaitingAcceptance];

pub const SPEC: Spec = Spec {
    prefix: "BG",
    entry: Draft,
    path: &[
        Draft,
        AwaitingIssue,
        Issued,
        Assessing,
        Replied,
        Scheduled,
        Implementing,
        AwaitingAcceptance,
        Closed,
    ],
    open: OPEN,
    rules: TABLE,
};

/// Issued and not yet decided on: what the notice says still matters to the reply.
const PENDING: &[State] = &[Issued, Assessing, Replied];

#[rustfmt::skip]
const TABLE: &[Rule] = rules! {
    EditNotice:          &[Draft, AwaitingIssue]        => Target::Same,                   CLIENT, Guard::None;
    EditNotice:          &[Issued, Assessing, Replied, Scheduled] => Target::To(Issued),   CLIENT, Guard::Manager;
    SubmitForIssue:      &[Draft]                       => Target::To(AwaitingIssue),      CLIENT, Guard::None;
    ReturnDraft:         &[AwaitingIssue]               => Target::To(Draft),              CLIENT, Guard::None;
    Issue:               &[Draft, AwaitingIssue]        => Target::To(Issued),             CLIENT, Guard::None;
    WaiveLeadTime:       PENDING                        => Target::Same,                   VENDOR, Guard::LeadTimeStands;
    LogContact:          &[Issued]                      => Target::To(Assessing),          VENDOR, Guard::None;
    LogContact:          &[Assessing]                   => Target::Same,                   VENDOR, Guard::None;
    DraftReply:          &[Issued, Assessing]           => Target::Same,                   VENDOR, Guard::None;
    Reply:               &[Assessing]                   => Target::To(Replied),            VENDOR, Guard::None;
    Approve:             &[Replied]                     => Target::To(Scheduled),          CLIENT, Guard::NotDeclined;
    Reconsider:          &[Replied]                     => Target::To(Issued),             CLIENT, Guard::None;
    ScheduleChange:      &[Scheduled]                   => Target::Same,                   VENDOR, Guard::None;
    StartWork:           &[Scheduled]                   => Target::To(Implementing),       VENDOR, Guard::Planned;
    SubmitForAcceptance: &[Implementing]                => Target::To(AwaitingAcceptance), VENDOR, Guard::None;
    AcceptChange:        &[AwaitingAcceptance]          => Target::To(Closed),             CLIENT, Guard::NotTheRepairer;
    RejectAcceptance:    &[AwaitingAcceptance]          => Target::To(Implementing),       CLIENT, Guard::NotTheRepairer;
    Withdraw:            OPEN                           => Target::To(Withdrawn),          CLIENT, Guard::ManagerOrBeforeAnswer;
    Reclassify:          &[Issued, Assessing]           => Target::Same,                   VENDOR, Guard::KindNotProposed;
    AgreeReclassify:     OPEN                           => Target::Entry,                  CLIENT, Guard::KindProposed;
    RefuseReclassify:    OPEN                           => Target::Same,                   CLIENT, Guard::KindProposed;
};
