//! 故障 (4.2): respond within 8 hours, give a solution within 24, keep the promised time, and let the
//! client say when it is over.

use crate::kit::actor::Side;
use crate::tickets::machine::{Guard, Rule, Target};
use crate::tickets::model::State::{
    AwaitingClient, AwaitingConfirmation, Closed, InProgress, Merged, SolutionGiven, Submitted, Withdrawn,
};
use crate::tickets::model::{Action, State};

pub const PREFIX: &str = "GZ";

const OPEN: &[State] = &[Submitted, InProgress, AwaitingClient, SolutionGiven, AwaitingConfirmation];
const CLIENT: Option<Side> = Some(Side::Client);
const VENDOR: Option<Side> = Some(Side::Vendor);

macro_rules! rules {
    ($($action:ident: $from:expr => $to:expr, $side:expr, $guard:ident;)*) => {
        &[$(Rule { action: Action::$action, from: $from, to: $to, side: $side, guard: Guard::$guard }),*]
    };
}

#[rustfmt::skip]
pub const TABLE: &[Rule] = rules! {
    Accept:           &[Submitted]                  => Target::To(InProgress),           VENDOR, None;
    Assign:           OPEN                          => Target::Same,                     VENDOR, None;
    AskClient:        &[InProgress]                 => Target::To(AwaitingClient),       VENDOR, None;
    Supply:           &[AwaitingClient]             => Target::To(InProgress),           CLIENT, None;
    PublishSolution:  &[InProgress, AwaitingClient] => Target::To(SolutionGiven),        VENDOR, None;
    RejectSolution:   &[SolutionGiven]              => Target::To(InProgress),           CLIENT, None;
    MarkRepaired:     &[SolutionGiven]              => Target::To(AwaitingConfirmation), VENDOR, None;
    Confirm:          &[AwaitingConfirmation]       => Target::To(Closed),               CLIENT, NotTheRepairer;
    FailVerification: &[AwaitingConfirmation]       => Target::To(InProgress),           CLIENT, NotTheRepairer;
    Reopen:           &[Closed]                     => Target::To(InProgress),           CLIENT, WithinReopenWindow;
    Withdraw:         OPEN                          => Target::To(Withdrawn),            CLIENT, ManagerOrBeforeSolution;
    Merge:            OPEN                          => Target::To(Merged),               None,   None;
    Remind:           OPEN                          => Target::Same,                     CLIENT, None;
};
