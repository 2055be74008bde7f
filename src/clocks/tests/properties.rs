//! Random legal histories. A failure prints the history and proptest's seed for it.

use proptest::prelude::*;

use super::super::{By, Clock, Event, Verdict, What};
use super::kinds;
use super::oracle::{self, Row};
use super::{SUBMITTED, at, derive};
use crate::kit::clock::Timestamp;

const START: Timestamp = Timestamp(1_795_309_920_000);
const MINUTE: i64 = 60_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Submitted,
    Working,
    Waiting,
    Solved,
    Repaired,
    Closed,
    Over,
}

/// Turns raw choices into a history that the ticket machine would allow. Times are whole minutes.
fn history(choices: &[(u8, u16)]) -> Vec<Event> {
    use By::{Client, System, Vendor};
    use State as S;
    let mut events = vec![at(START, Client, SUBMITTED)];
    let mut state = S::Submitted;
    let mut now = START;
    for (choice, gap) in choices {
        now = now.plus_millis(i64::from(*gap) * MINUTE);
        let eta = now.plus_millis((i64::from(*choice) + 1) * 7 * MINUTE);
        let earlier = START.plus_millis(-i64::from(*choice) * 11 * MINUTE);
        let options: Vec<(By, What, S)> = match state {
            S::Submitted => vec![(Vendor, What::Accepted, S::Working), (Vendor, What::Said, S::Working)],
            S::Working | S::Waiting => vec![
                (Vendor, What::SolutionPublished { eta: Some(eta) }, S::Solved),
                (Vendor, What::SolutionPublished { eta: None }, S::Solved),
                (Vendor, What::AskedClient, S::Waiting),
                (Client, What::Supplied, S::Working),
                (Client, What::WaitAcknowledged, S::Working),
            ],
            S::Solved => vec![
                (Vendor, What::MarkedRepaired, S::Repaired),
                (Client, What::SolutionRejected, S::Working),
            ],
            S::Repaired => {
                vec![(Client, What::VerificationFailed, S::Working), (Client, What::Confirmed, S::Closed)]
            }
            S::Closed => vec![(Client, What::Reopened, S::Working)],
            S::Over => vec![],
        };
        let options: Vec<_> = options
            .into_iter()
            .filter(|(_, what, _)| match what {
                What::AskedClient => state == S::Working,
                What::Supplied => state == S::Waiting,
                What::WaitAcknowledged => state == S::Working,
                _ => true,
            })
            .collect();
        let pick = usize::from(*choice);
        let event = match choice % 16 {
            0 if state != S::Closed && state != S::Over => {
                state = S::Over;
                let what = if pick.is_multiple_of(32) { What::Withdrawn } else { What::MergedAway };
                at(now, Client, what)
            }
            1 => Event { public: false, ..at(now, Vendor, What::Said) },
            2 => at(now, System, What::Said),
            3 => at(now, Client, What::Reminded),
            4 => at(now, Vendor, What::Assigned),
            5 if state != S::Over => at(
                now,
                Vendor,
                What::Absorbed {
                    response_from: (pick % 3 != 0).then_some(earlier),
                    solution_from: (pick % 5 != 0).then_some(earlier),
                    duty_from: None,
                },
            ),
            6 if matches!(state, S::Working | S::Solved) => at(now, Vendor, What::Said),
            _ if options.is_empty() => continue,
            _ => {
                let (by, what, next) = options[(pick / 16) % options.len()];
                state = next;
                at(now, by, what)
            }
        };
        events.push(event);
    }
    events
}

fn choices() -> impl Strategy<Value = Vec<(u8, u16)>> {
    prop::collection::vec((any::<u8>(), 0u16..900), 0..24)
}

fn row(clock: &Clock, now: Timestamp) -> Row {
    let c = clock;
    let code = c.def.code;
    let verdict = c.verdict(now);
    (code, c.cycle, c.round, c.started_at, c.due_at, c.stopped_at, c.void_at, c.gross_ms, c.net_ms, verdict)
}

fn key(clock: &Clock) -> (&'static str, i32, i32) {
    (clock.def.code, clock.cycle, clock.round)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn two_implementations_agree(choices in choices(), later in 0i64..4000) {
        let events = history(&choices);
        let now = events[events.len() - 1].at.plus_millis(later * MINUTE);
        let mut mine: Vec<Row> = derive(&events, now).iter().filter(|c| c.def.code != "C").map(|c| row(c, now)).collect();
        mine.sort_by_key(|r| (r.1, r.0, r.2));
        prop_assert_eq!(mine, oracle::rows(&events, now));
    }

    #[test]
    fn a_later_version_never_touches_what_ended_or_ran_out(
        choices in choices(), wait in 0i64..2000, since in 1i64..90_000, later in 0i64..90_000,
    ) {
        let events = history(&choices);
        let before = events[events.len() - 1].at.plus_millis(wait * MINUTE);
        let from = before.plus_millis(since);
        let now = from.plus_millis(later * 1000);
        kinds::settled_stands(&events, (before, from, now))?;
    }

    #[test]
    fn history_only_adds(choices in choices(), later in 0i64..4000) {
        let events = history(&choices);
        let end = events[events.len() - 1].at.plus_millis(later * MINUTE);
        let last = derive(&events, end);
        for cut in 1..=events.len() {
            let seen = events[cut - 1].at;
            let next = events.get(cut).map_or(end, |e| e.at);
            for before in derive(&events[..cut], seen) {
                let after = last.iter().find(|c| key(c) == key(&before));
                prop_assert!(after.is_some(), "a clock is never forgotten");
                let after = after.unwrap();
                // As of just before the next event it may have run out; no event takes that back.
                if before.verdict(next.plus_millis(-1).max(seen)) == Verdict::Breached {
                    prop_assert_eq!(after.verdict(end), Verdict::Breached);
                }
                prop_assert!(after.started_at <= before.started_at && after.due_at <= before.due_at);
                if before.stopped_at.is_some() && before.def.code != "P" {
                    prop_assert_eq!(after.stopped_at, before.stopped_at);
                    prop_assert_eq!(after.verdict(end), before.verdict(seen));
                }
                if before.void_at.is_some() {
                    prop_assert_eq!(after.void_at, before.void_at);
                    prop_assert_eq!(after.verdict(end), before.verdict(seen));
                }
            }
        }
    }

    #[test]
    fn figures_are_sound(choices in choices(), later in 0i64..4000) {
        let events = history(&choices);
        let now = events[events.len() - 1].at.plus_millis(later * MINUTE);
        let clocks = derive(&events, now);
        prop_assert_eq!(&clocks, &derive(&events, now));
        for c in &clocks {
            prop_assert!(c.net_ms >= 0 && c.net_ms <= c.gross_ms);
            prop_assert!(c.ended_at().is_none_or(|end| end >= c.started_at));
            prop_assert!(c.stopped_at.is_none() || c.void_at.is_none());
        }
        // A response never comes after the solution of its cycle.
        for s in clocks.iter().filter(|c| c.def.code == "S24" && c.stopped_at.is_some()) {
            let r = clocks.iter().find(|c| c.def.code == "R8" && c.cycle == s.cycle).unwrap();
            prop_assert!(r.stopped_at.is_some_and(|at| Some(at) <= s.stopped_at));
        }
        if events.iter().any(|e| matches!(e.what, What::Withdrawn | What::MergedAway)) {
            prop_assert!(clocks.iter().all(|c| !c.is_running()));
        }
    }
}
