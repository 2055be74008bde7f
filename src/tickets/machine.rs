//! The state machine of tickets: pure, and the same for every kind; a kind brings only its table.
//!
//! The rule it keeps: what the table does not list does not happen, for nobody. Who may do an action at
//! all is the policy's word (identity); the table says in which state it makes sense, and its guards say
//! under which circumstances.

use super::kinds;
use super::model::{Action, Kind, State};
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    To(State),
    Same,
}

/// A circumstance that must hold besides state and side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    None,
    /// Whoever repaired it does not verify it.
    NotTheRepairer,
    WithinReopenWindow,
    /// Managers always; others only while no solution was given.
    ManagerOrBeforeSolution,
}

/// One line of a kind's table.
#[derive(Debug)]
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
    pub has_solution: bool,
    /// Of a closed ticket: the last instant at which it can be opened again.
    pub reopen_until: Option<Timestamp>,
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
    for rule in kinds::table(situation.kind).iter().filter(|r| r.action == action) {
        if !rule.from.contains(&situation.state) || rule.side.is_some_and(|s| s != situation.side) {
            continue;
        }
        match guard(rule.guard, situation) {
            Ok(()) => {
                return Ok(match rule.to {
                    Target::To(state) => state,
                    Target::Same => situation.state,
                });
            }
            Err(why) => refusal = why,
        }
    }
    Err(refusal)
}

fn guard(guard: Guard, s: &Situation) -> Result<(), Refusal> {
    let in_window = || s.reopen_until.is_some_and(|until| s.now <= until);
    match guard {
        Guard::None => Ok(()),
        Guard::NotTheRepairer if !s.is_repairer => Ok(()),
        Guard::ManagerOrBeforeSolution if s.is_manager || !s.has_solution => Ok(()),
        Guard::WithinReopenWindow if in_window() => Ok(()),
        Guard::WithinReopenWindow => Err(Refusal::ReopenWindowClosed),
        Guard::NotTheRepairer | Guard::ManagerOrBeforeSolution => Err(Refusal::NotNow),
    }
}

/// What the caller can do now: the machine allows it and the policy permits it.
#[must_use]
pub fn allowed_actions(situation: &Situation, permitted: impl Fn(Action) -> bool) -> Vec<Action> {
    Action::ALL.iter().copied().filter(|a| step(situation, *a).is_ok() && permitted(*a)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn situation(state: State, side: Side) -> Situation {
        Situation {
            kind: Kind::Fault,
            state,
            side,
            is_manager: false,
            is_repairer: false,
            has_solution: false,
            reopen_until: (state == State::Closed).then_some(Timestamp(14)),
            now: Timestamp(14),
        }
    }

    /// product.md 5.2 once more, by hand: (from, action, side, to).
    fn legal() -> HashSet<(State, Action, Side, State)> {
        use Action as A;
        use Side::{Client as C, Vendor as V};
        use State as S;
        let mut legal = HashSet::from([
            (S::Submitted, A::Accept, V, S::InProgress),
            (S::InProgress, A::AskClient, V, S::AwaitingClient),
            (S::AwaitingClient, A::Supply, C, S::InProgress),
            (S::InProgress, A::PublishSolution, V, S::SolutionGiven),
            (S::AwaitingClient, A::PublishSolution, V, S::SolutionGiven),
            (S::SolutionGiven, A::RejectSolution, C, S::InProgress),
            (S::SolutionGiven, A::MarkRepaired, V, S::AwaitingConfirmation),
            (S::AwaitingConfirmation, A::Confirm, C, S::Closed),
            (S::AwaitingConfirmation, A::FailVerification, C, S::InProgress),
            (S::Closed, A::Reopen, C, S::InProgress),
        ]);
        for open in
            [S::Submitted, S::InProgress, S::AwaitingClient, S::SolutionGiven, S::AwaitingConfirmation]
        {
            legal.insert((open, A::Withdraw, C, S::Withdrawn));
            legal.insert((open, A::Remind, C, open));
            legal.insert((open, A::Assign, V, open));
            legal.insert((open, A::Merge, C, S::Merged));
            legal.insert((open, A::Merge, V, S::Merged));
        }
        legal
    }

    #[test]
    fn every_triple_outside_the_table_is_refused() {
        let legal = legal();
        let mut tried = 0;
        for state in State::ALL {
            for action in Action::ALL {
                for side in [Side::Client, Side::Vendor] {
                    tried += 1;
                    let stepped = step(&situation(*state, side), *action);
                    let listed: Vec<State> = legal
                        .iter()
                        .filter(|(from, a, s, _)| (from, a, s) == (state, action, &side))
                        .map(|(_, _, _, to)| *to)
                        .collect();
                    match stepped {
                        Ok(to) => assert_eq!(listed, [to], "{state:?} {action:?} {side:?}"),
                        Err(_) => assert!(listed.is_empty(), "{state:?} {action:?} {side:?}"),
                    }
                }
            }
        }
        assert_eq!(tried, 8 * 14 * 2);
    }

    #[test]
    fn guards_hold() {
        let confirming = situation(State::AwaitingConfirmation, Side::Client);
        let by_repairer = Situation { is_repairer: true, ..confirming };
        assert_eq!(step(&by_repairer, Action::Confirm), Err(Refusal::NotNow));

        let closed = situation(State::Closed, Side::Client);
        let late = Situation { now: Timestamp(15), ..closed };
        assert_eq!(step(&closed, Action::Reopen), Ok(State::InProgress));
        assert_eq!(step(&late, Action::Reopen), Err(Refusal::ReopenWindowClosed));

        let solved = Situation { has_solution: true, ..situation(State::SolutionGiven, Side::Client) };
        assert_eq!(step(&solved, Action::Withdraw), Err(Refusal::NotNow));
        let manager = Situation { is_manager: true, ..solved };
        assert_eq!(step(&manager, Action::Withdraw), Ok(State::Withdrawn));
    }

    #[test]
    fn an_incident_is_never_offered_and_permission_narrows() {
        for state in State::ALL {
            for side in [Side::Client, Side::Vendor] {
                let all = allowed_actions(&situation(*state, side), |_| true);
                assert!(!all.contains(&Action::EscalateToIncident));
                assert!(allowed_actions(&situation(*state, side), |_| false).is_empty());
            }
        }
        let fresh = situation(State::Submitted, Side::Vendor);
        assert_eq!(allowed_actions(&fresh, |_| true), [Action::Accept, Action::Assign, Action::Merge]);
    }
}
