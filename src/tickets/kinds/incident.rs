//! 安全事件 (8.2): the vendor tells the client within an hour, so that the client can keep its own four.
//! Containing never waits for the grading; nothing closes by itself, and not before the client has decided
//! about reporting and about telling the persons concerned. Only a manager calls off a false alarm.

use super::{CLIENT, Spec, VENDOR, rules};
use crate::tickets::machine::{Guard, Rule, Target};
use crate::tickets::model::State::{
    Closed, Contained, Detected, Graded, Notified, Recovered, Reviewed, Withdrawn,
};
use crate::tickets::model::{Action, State};

const OPEN: &[State] = &[Detected, Notified, Graded, Contained, Recovered, Reviewed];

pub const SPEC: Spec = Spec {
    prefix: "AQ",
    entry: Detected,
    path: &[Detected, Notified, Graded, Contained, Recovered, Reviewed, Closed],
    open: OPEN,
    rules: TABLE,
};

/// From when the client knows to the end.
const KNOWN: &[State] = &[Notified, Graded, Contained, Recovered, Reviewed];
const UNDER_WAY: &[State] = &[Contained, Recovered, Reviewed];

#[rustfmt::skip]
const TABLE: &[Rule] = rules! {
    NotifyClient:         &[Detected]           => Target::To(Notified),  VENDOR, Guard::None;
    ProposeGrade:         KNOWN                 => Target::Same,          VENDOR, Guard::None;
    AgreeGrade:           &[Notified]           => Target::To(Graded),    CLIENT, Guard::GradeProposed;
    AgreeGrade:           &[Graded]             => Target::Same,          CLIENT, Guard::GradeProposed;
    AgreeGrade:           UNDER_WAY             => Target::Same,          CLIENT, Guard::GradeProposed;
    Contain:              &[Notified, Graded]   => Target::To(Contained), VENDOR, Guard::None;
    DecideReport:         KNOWN                 => Target::Same,          CLIENT, Guard::ReportUndecided;
    DecidePersonalNotice: KNOWN                 => Target::Same,          CLIENT, Guard::NoticeUndecided;
    Recover:              &[Contained]          => Target::To(Recovered), VENDOR, Guard::None;
    SubmitReview:         &[Recovered]          => Target::To(Reviewed),  VENDOR, Guard::None;
    AcceptReview:         &[Reviewed]           => Target::To(Closed),    CLIENT, Guard::Decided;
    ReturnReview:         &[Reviewed]           => Target::To(Recovered), CLIENT, Guard::None;
    Withdraw:             &[Detected, Notified] => Target::To(Withdrawn), CLIENT, Guard::Manager;
};
