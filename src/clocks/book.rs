//! What was in force when: the history of annex versions and calendars.
//!
//! The rule it keeps: there is an answer for every instant, and the past never gets another one, because a
//! book only grows at its end.

use crate::calendar::{Calendar, Rules};
use crate::clocks::params::Params;
use crate::kit::clock::Timestamp;

/// One version of everything that decides deadlines.
#[derive(Clone, Debug)]
pub struct InForce {
    /// Counts the versions of the book, from 1.
    pub number: i32,
    /// Since when; the first version of a book has always been in force.
    pub from: Timestamp,
    pub params_version: i32,
    pub calendar_version: i32,
    pub params: Params,
    pub calendar: Calendar,
    /// What follows from the parameters, made once.
    pub rules: Rules,
}

impl InForce {
    #[must_use]
    pub fn new(
        number: i32,
        from: Timestamp,
        (params_version, params): (i32, Params),
        (calendar_version, calendar): (i32, Calendar),
    ) -> Self {
        let rules = params.rules();
        Self { number, from, params_version, calendar_version, params, calendar, rules }
    }
}

/// The versions in the order in which they came into force; never empty.
#[derive(Clone, Debug)]
pub struct Book {
    first: InForce,
    later: Vec<InForce>,
}

impl Book {
    /// The default parameters and the calendar that the program brings.
    #[must_use]
    pub fn builtin() -> Self {
        let always = Timestamp(i64::MIN);
        let first = InForce::new(1, always, (1, Params::default()), (1, Calendar::builtin()));
        Self { first, later: Vec::new() }
    }

    /// The history of `versions`, whichever order they are given in; `None` without any. The first is taken
    /// to have been in force always. Of two that begin at the same instant, the higher number is in force.
    #[must_use]
    pub fn new(mut versions: Vec<InForce>) -> Option<Self> {
        versions.sort_by_key(|v| (v.from, v.number));
        let mut versions = versions.into_iter();
        let first = InForce { from: Timestamp(i64::MIN), ..versions.next()? };
        Some(Self { first, later: versions.collect() })
    }

    /// What is in force at an instant.
    #[must_use]
    pub fn at(&self, instant: Timestamp) -> &InForce {
        self.later.iter().rev().find(|v| v.from <= instant).unwrap_or(&self.first)
    }

    /// The version with this number.
    #[must_use]
    pub fn number(&self, number: i32) -> Option<&InForce> {
        self.versions().find(|v| v.number == number)
    }

    pub fn versions(&self) -> impl Iterator<Item = &InForce> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// The instants after `start` at which another version came into force, up to `end`.
    pub(super) fn changes(&self, start: Timestamp, end: Timestamp) -> impl Iterator<Item = Timestamp> {
        self.later.iter().map(|v| v.from).filter(move |from| *from > start && *from <= end)
    }
}
