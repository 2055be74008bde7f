//! The state machine of tickets: pure, and the same for every kind; a kind brings only its table.
//!
//! The rule it keeps: what the table does not list does not happen, for nobody. Who may do an action at
//! all is the policy's word (identity); the table says in which state it makes sense, and its guards say
//! under which circumstances.

use super::kinds;
use super::model::standing::{Session, Standing};
use super::model::{Action, Decision, Kind, State};
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    To(State),
    Same,
    /// Where the proposed kind begins.
    Entry,
    /// As the proposed finding says: to repair, or to the end.
    Finding,
}

/// A circumstance that must hold besides state and side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    None,
    Manager,
    /// Whoever repaired it does not verify it.
    NotTheRepairer,
    WithinReopenWindow,
    /// Managers always; others only while the vendor has given no formal answer.
    ManagerOrBeforeAnswer,
    /// Neither the reporter nor somebody who follows already.
    Stranger,
    /// There was a wait that the client has not acknowledged.
    OpenWait,
    KindProposed,
    KindNotProposed,
    LeadTimeStands,
    /// The vendor did not decline the change.
    NotDeclined,
    /// A date was fixed.
    Planned,
    Remote(Session),
    Visit(Session),
    /// No session runs, and no visit waits for its signature.
    SessionsOver,
    FindingProposed,
    GradeProposed,
    ReportUndecided,
    NoticeUndecided,
    /// Graded, and both decisions taken.
    Decided,
}

/// One line of a kind's table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub action: Action,
    pub from: &'static [State],
    pub to: Target,
    /// The side that may; `None` for both.
    pub side: Option<Side>,
    pub guard: Guard,
}

/// What the machine must know about a ticket and the caller.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    pub kind: Kind,
    pub state: State,
    pub side: Side,
    pub is_manager: bool,
    pub is_repairer: bool,
    pub is_reporter: bool,
    pub follows: bool,
    /// The vendor has given its formal answer in this cycle.
    pub has_answer: bool,
    /// Of a closed ticket: the last instant at which it can be opened again.
    pub reopen_until: Option<Timestamp>,
    pub standing: Standing,
    pub now: Timestamp,
}

/// Why an action cannot be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotNow,
    ReopenWindowClosed,
}

/// The state after the action.
///
/// # Errors
/// The table has no such line, or its guard does not hold.
pub fn step(situation: &Situation, action: Action) -> Result<State, Refusal> {
    let mut refusal = Refusal::NotNow;
    for rule in kinds::rules_of(situation.kind).filter(|r| r.action == action) {
        if !rule.from.contains(&situation.state) || rule.side.is_some_and(|s| s != situation.side) {
            continue;
        }
        match guard(rule.guard, situation) {
            Ok(()) => return target(rule.to, situation).ok_or(Refusal::NotNow),
            Err(why) => refusal = why,
        }
    }
    Err(refusal)
}

fn target(to: Target, s: &Situation) -> Option<State> {
    match to {
        Target::To(state) => Some(state),
        Target::Same => Some(s.state),
        Target::Entry => s.standing.proposed_kind.map(|kind| kinds::spec(kind).entry),
        Target::Finding => {
            s.standing.finding.map(|valid| if valid { State::Repairing } else { State::Closed })
        }
    }
}

fn guard(guard: Guard, s: &Situation) -> Result<(), Refusal> {
    let standing = &s.standing;
    let holds = match guard {
        Guard::None => true,
        Guard::Manager => s.is_manager,
        Guard::NotTheRepairer => !s.is_repairer,
        Guard::ManagerOrBeforeAnswer => s.is_manager || !s.has_answer,
        Guard::WithinReopenWindow if s.reopen_until.is_some_and(|until| s.now <= until) => true,
        Guard::WithinReopenWindow => return Err(Refusal::ReopenWindowClosed),
        Guard::Stranger => !s.is_reporter && !s.follows,
        Guard::OpenWait => standing.open_wait,
        Guard::KindProposed => standing.proposed_kind.is_some(),
        Guard::KindNotProposed => standing.proposed_kind.is_none(),
        Guard::LeadTimeStands => !standing.lead_time_waived,
        Guard::NotDeclined => standing.decision.is_some_and(|d| d != Decision::Decline),
        Guard::Planned => standing.planned_on.is_some(),
        Guard::Remote(session) => standing.remote == session,
        Guard::Visit(session) => standing.visit == session,
        Guard::SessionsOver => {
            standing.remote != Session::Running && !matches!(standing.visit, Session::Running | Session::Left)
        }
        Guard::FindingProposed => standing.finding.is_some(),
        Guard::GradeProposed => standing.proposed_grade.is_some(),
        Guard::ReportUndecided => !standing.report_decided,
        Guard::NoticeUndecided => standing.notice_decided.is_none(),
        Guard::Decided => {
            standing.grade.is_some() && standing.report_decided && standing.notice_decided.is_some()
        }
    };
    if holds { Ok(()) } else { Err(Refusal::NotNow) }
}

/// What the caller can do now: the machine allows it and the policy permits it.
#[must_use]
pub fn allowed_actions(situation: &Situation, permitted: impl Fn(Action) -> bool) -> Vec<Action> {
    Action::ALL.iter().copied().filter(|a| step(situation, *a).is_ok() && permitted(*a)).collect()
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
