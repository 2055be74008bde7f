//! One file per kind of ticket: its states in their usual order, and its table of transitions. What every
//! kind knows (assign, remind, merge, link, escalate) stands here once.

mod change;
mod consultation;
mod fault;
mod incident;
mod inspection;
mod invoice;
mod quality;
mod report;

use super::machine::{Guard, Rule, Target};
use super::model::{Action, Kind, State};
use crate::kit::actor::Side;

const CLIENT: Option<Side> = Some(Side::Client);
const VENDOR: Option<Side> = Some(Side::Vendor);

/// What a kind is.
#[derive(Debug)]
pub struct Spec {
    /// What its numbers begin with.
    pub prefix: &'static str,
    /// Where it begins, and where a ticket that was reclassified goes on.
    pub entry: State,
    /// The states on the way from the beginning to the end, as a step bar draws them.
    pub path: &'static [State],
    /// Every state in which it is not over.
    pub open: &'static [State],
    pub rules: &'static [Rule],
}

macro_rules! rules {
    ($($action:ident: $from:expr => $to:expr, $side:expr, $guard:expr;)*) => {
        &[$(Rule { action: Action::$action, from: $from, to: $to, side: $side, guard: $guard }),*]
    };
}
use rules;

/// The kind's description.
#[must_use]
pub const fn spec(kind: Kind) -> &'static Spec {
    match kind {
        Kind::Fault => &fault::SPEC,
        Kind::Consultation => &consultation::SPEC,
        Kind::Change => &change::SPEC,
        Kind::Quality => &quality::SPEC,
        Kind::Incident => &incident::SPEC,
        Kind::Inspection => &inspection::SPEC,
        Kind::Report => &report::SPEC,
        Kind::Invoice => &invoice::SPEC,
    }
}

/// Every transition of the kind.
pub fn rules_of(kind: Kind) -> impl Iterator<Item = Rule> {
    let spec = spec(kind);
    let rule = |action, from, to, side| Rule { action, from, to, side, guard: Guard::None };
    let incident = (kind != Kind::Incident).then_some([
        rule(Action::EscalateToIncident, spec.open, Target::Same, None),
        rule(Action::EscalateToIncident, &[State::Closed], Target::Same, None),
    ]);
    let common = [
        rule(Action::Assign, spec.open, Target::Same, VENDOR),
        rule(Action::Remind, spec.open, Target::Same, CLIENT),
        rule(Action::Merge, spec.open, Target::To(State::Merged), None),
        rule(Action::Link, spec.open, Target::Same, None),
        rule(Action::Link, &[State::Closed], Target::Same, None),
    ];
    spec.rules.iter().copied().chain(common).chain(incident.into_iter().flatten())
}

/// Whether only the client sees a ticket in this state: what nobody has issued is no notice yet.
#[must_use]
pub const fn is_among_the_client(state: State) -> bool {
    matches!(state, State::Draft | State::AwaitingIssue | State::Proposed)
}

/// The states of [`is_among_the_client`], for queries.
pub const AMONG_THE_CLIENT: [State; 3] = [State::Draft, State::AwaitingIssue, State::Proposed];

/// Kinds in which severity means something.
#[must_use]
pub const fn has_severity(kind: Kind) -> bool {
    matches!(kind, Kind::Fault | Kind::Quality)
}

/// Kinds between which the parties may reclassify.
#[must_use]
pub const fn can_become(kind: Kind) -> bool {
    matches!(kind, Kind::Fault | Kind::Quality | Kind::Consultation | Kind::Change)
}

/// Kinds of which only the client's manager speaks.
#[must_use]
pub const fn is_managers(kind: Kind) -> bool {
    matches!(kind, Kind::Report | Kind::Inspection | Kind::Invoice)
}

/// What a state is called in this kind.
#[must_use]
pub const fn title(kind: Kind, state: State) -> &'static str {
    match (kind, state) {
        (Kind::Invoice, State::Issued) => "已开具",
        (Kind::Invoice, State::Requested) => "已申请",
        (Kind::Report, State::Submitted) => "待接收",
        (Kind::Incident, State::Notified) => "已通知甲方",
        (Kind::Quality, State::Notified) => "已通知乙方",
        _ => state.title(),
    }
}
