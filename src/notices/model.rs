//! What is told and to whom. Pure; who holds a role is asked by the service.

use uuid::Uuid;

use crate::kit::actor::Role;

/// Within this time the same event about the same object is told by bringing the first notice up to date.
pub const COALESCE_MS: i64 = 10 * 60 * 1000;

/// Somebody to tell. Only people who are still there are told; employees only as persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recipient {
    Person(Uuid),
    /// Everybody with this role.
    Role(Role),
}

/// What is told.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Stable, as in `ticket.solution_published`.
    pub event: String,
    /// What it is about: `ticket`, `breach`, `milestone`, …; with `object_id` the way to it.
    pub object_kind: &'static str,
    pub object_id: Uuid,
    pub number: String,
    /// Chinese, fit to show; number, kind, state, time. No personal data, no words of people.
    pub text: String,
    /// Ignores quiet hours: faults and incidents that are about to be late.
    pub urgent: bool,
    /// Who did it, and therefore is not told.
    pub by: Option<Uuid>,
}

/// A notice to one person.
#[derive(Clone, Debug)]
pub struct Line {
    pub person_id: Uuid,
    pub event: String,
    pub object_kind: &'static str,
    pub object_id: Uuid,
    pub number: String,
    pub text: String,
    pub urgent: bool,
}
