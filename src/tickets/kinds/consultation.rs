//! 咨询 (6.1): a question and its answers. Remote help needs the reporter's consent for each session; a
//! visit is asked for by the client's manager and signed by both sides.

use super::{CLIENT, Spec, VENDOR, rules};
use crate::tickets::machine::{Guard, Rule, Target};
use crate::tickets::model::State::{Answered, Asked, Closed, Withdrawn};
use crate::tickets::model::standing::Session;
use crate::tickets::model::{Action, State};

const OPEN: &[State] = &[Asked, Answered];

pub const SPEC: Spec =
    Spec { prefix: "ZX", entry: Asked, path: &[Asked, Answered, Closed], open: OPEN, rules: TABLE };

#[rustfmt::skip]
const TABLE: &[Rule] = rules! {
    Answer:           &[Asked]    => Target::To(Answered),  VENDOR, Guard::None;
    FollowUp:         &[Answered] => Target::To(Asked),     CLIENT, Guard::None;
    Close:            &[Answered] => Target::To(Closed),    CLIENT, Guard::SessionsOver;
    Reopen:           &[Closed]   => Target::To(Asked),     CLIENT, Guard::WithinReopenWindow;
    Withdraw:         OPEN        => Target::To(Withdrawn), CLIENT, Guard::ManagerOrBeforeAnswer;
    RequestRemote:    OPEN        => Target::Same,          VENDOR, Guard::Remote(Session::None);
    GrantRemote:      OPEN        => Target::Same,          CLIENT, Guard::Remote(Session::Requested);
    RefuseRemote:     OPEN        => Target::Same,          CLIENT, Guard::Remote(Session::Requested);
    StartRemote:      OPEN        => Target::Same,          VENDOR, Guard::Remote(Session::Agreed);
    EndRemote:        OPEN        => Target::Same,          VENDOR, Guard::Remote(Session::Running);
    RequestVisit:     OPEN        => Target::Same,          CLIENT, Guard::Visit(Session::None);
    ScheduleVisit:    OPEN        => Target::Same,          VENDOR, Guard::Visit(Session::Requested);
    ScheduleVisit:    OPEN        => Target::Same,          VENDOR, Guard::Visit(Session::Agreed);
    Arrive:           OPEN        => Target::Same,          VENDOR, Guard::Visit(Session::Agreed);
    Leave:            OPEN        => Target::Same,          VENDOR, Guard::Visit(Session::Running);
    SignVisit:        OPEN        => Target::Same,          CLIENT, Guard::Visit(Session::Left);
    Reclassify:       OPEN        => Target::Same,          VENDOR, Guard::KindNotProposed;
    AgreeReclassify:  OPEN        => Target::Entry,         CLIENT, Guard::KindProposed;
    RefuseReclassify: OPEN        => Target::Same,          CLIENT, Guard::KindProposed;
};
