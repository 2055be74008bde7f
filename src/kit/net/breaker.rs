//! A circuit breaker: when the other side does not answer, stop asking for a while, then ask once.
//!
//! Opens for 10 s after 5 time-outs in a row, or when half of at least 20 calls within 10 s failed; can be
//! opened until a given instant (daily quotas). One [`Permit`] per call; a probe that is dropped before it
//! settles hands the probe to the next caller.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::kit::clock::{Clock, Timestamp};

const TIMEOUTS_IN_A_ROW: u32 = 5;
const WINDOW_MILLIS: i64 = 10_000;
const WINDOW_CALLS: usize = 20;
/// Calls remembered at most; enough to judge by, whatever the load.
const REMEMBERED: usize = 200;
const OPEN_MILLIS: i64 = 10_000;

/// How a call went, as far as the other side's health is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer, whatever it said.
    Answered,
    Failed,
    TimedOut,
}

#[derive(Debug)]
pub struct Breaker {
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    mode: Mode,
    timeouts: u32,
    recent: VecDeque<(Timestamp, bool)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Closed,
    Open { until: Timestamp },
    Probing,
}

/// Leave to make one call.
#[derive(Debug)]
#[must_use = "settle it with how the call went"]
pub struct Permit<'a> {
    breaker: &'a Breaker,
    probe: bool,
    settled: bool,
}

impl Breaker {
    #[must_use]
    pub const fn new(clock: Clock) -> Self {
        let state = State { mode: Mode::Closed, timeouts: 0, recent: VecDeque::new() };
        Self { clock, state: Mutex::new(state) }
    }

    /// # Errors
    /// Open: the instant at which asking again makes sense.
    pub fn enter(&self) -> Result<Permit<'_>, Timestamp> {
        let now = self.clock.now();
        let mut state = self.lock();
        let probe = match state.mode {
            Mode::Closed => false,
            Mode::Open { until } if now < until => return Err(until),
            Mode::Open { .. } => {
                state.mode = Mode::Probing;
                true
            }
            Mode::Probing => return Err(now.plus_seconds(1)),
        };
        Ok(Permit { breaker: self, probe, settled: false })
    }

    /// Closes the road until then, whatever the calls in flight will say.
    pub fn open_until(&self, until: Timestamp) {
        self.lock().mode = Mode::Open { until };
    }

    fn settle(&self, probe: bool, outcome: Outcome) {
        let now = self.clock.now();
        let mut state = self.lock();
        match (state.mode, probe) {
            (Mode::Probing, true) => {
                state.mode = match outcome {
                    Outcome::Answered => Mode::Closed,
                    Outcome::Failed | Outcome::TimedOut => Mode::Open { until: now.plus_millis(OPEN_MILLIS) },
                };
                state.timeouts = 0;
                state.recent.clear();
            }
            (Mode::Closed, _) if state.count(now, outcome) => {
                state.mode = Mode::Open { until: now.plus_millis(OPEN_MILLIS) };
            }
            // Counted; or a call from before the opening that came back late, which decides nothing.
            _ => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Remembers the outcome; true when it is time to open.
    fn count(&mut self, now: Timestamp, outcome: Outcome) -> bool {
        self.timeouts = if outcome == Outcome::TimedOut { self.timeouts.saturating_add(1) } else { 0 };
        self.recent.push_back((now, outcome != Outcome::Answered));
        while self.recent.len() > REMEMBERED
            || self.recent.front().is_some_and(|(at, _)| now.since(*at) >= WINDOW_MILLIS)
        {
            self.recent.pop_front();
        }
        let failed = self.recent.iter().filter(|(_, failed)| *failed).count();
        let half = self.recent.len() >= WINDOW_CALLS && failed.saturating_mul(2) >= self.recent.len();
        self.timeouts >= TIMEOUTS_IN_A_ROW || half
    }
}

impl Permit<'_> {
    pub fn settle(mut self, outcome: Outcome) {
        self.settled = true;
        self.breaker.settle(self.probe, outcome);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.probe && !self.settled {
            let mut state = self.breaker.lock();
            if state.mode == Mode::Probing {
                state.mode = Mode::Open { until: self.breaker.clock.now() };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn breaker() -> (Breaker, Clock) {
        let clock = Clock::steered(Timestamp(1_795_309_323_004));
        (Breaker::new(clock.clone()), clock)
    }

    fn time_out(breaker: &Breaker, times: usize) {
        for _ in 0..times {
            breaker.enter().unwrap().settle(Outcome::TimedOut);
        }
    }

    #[test]
    fn five_timeouts_in_a_row_open_it_and_one_probe_closes_it() {
        let (breaker, clock) = breaker();
        time_out(&breaker, 4);
        breaker.enter().unwrap().settle(Outcome::Answered);
        time_out(&breaker, 5);
        assert_eq!(breaker.enter().unwrap_err(), clock.now().plus_seconds(10));
        clock.advance(TimeDelta::seconds(10));
        let probe = breaker.enter().unwrap();
        breaker.enter().unwrap_err();
        probe.settle(Outcome::Answered);
        breaker.enter().unwrap().settle(Outcome::Answered);
    }

    #[test]
    fn a_failed_probe_opens_it_again_and_a_dropped_one_passes_on() {
        let (breaker, clock) = breaker();
        time_out(&breaker, 5);
        clock.advance(TimeDelta::seconds(10));
        drop(breaker.enter().unwrap());
        breaker.enter().unwrap().settle(Outcome::Failed);
        breaker.enter().unwrap_err();
    }

    #[test]
    fn half_of_twenty_within_ten_seconds_opens_it() {
        let (breaker, clock) = breaker();
        for _ in 0..15 {
            breaker.enter().unwrap().settle(Outcome::Failed);
        }
        clock.advance(TimeDelta::seconds(10));
        for n in 0..19 {
            let outcome = if n % 2 == 0 { Outcome::Failed } else { Outcome::Answered };
            breaker.enter().unwrap().settle(outcome);
        }
        breaker.enter().unwrap().settle(Outcome::Failed);
        breaker.enter().unwrap_err();
    }

    #[test]
    fn late_answers_do_not_close_what_was_opened_until_midnight() {
        let (breaker, clock) = breaker();
        let late = breaker.enter().unwrap();
        let until = clock.now().plus_seconds(3600);
        breaker.open_until(until);
        late.settle(Outcome::Answered);
        assert_eq!(breaker.enter().unwrap_err(), until);
    }
}
