//! What happened to a record, as far as clocks care. The server's time counts; the order is given.

use crate::kit::clock::Timestamp;

/// Who acted. `System` covers everything automatic: it never answers for anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Client,
    Vendor,
    System,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The first event of every record; its time is the start of cycle 1.
    Submitted,
    Accepted,
    Assigned,
    Said,
    AskedClient,
    Supplied,
    SolutionPublished {
        eta: Option<Timestamp>,
    },
    SolutionRejected,
    MarkedRepaired,
    Confirmed,
    VerificationFailed,
    Reopened,
    Withdrawn,
    MergedAway,
    /// Another record was merged into this one. Duties that still ran there go on here from when they began;
    /// a duty that was already fulfilled there brings nothing.
    Absorbed {
        response_from: Option<Timestamp>,
        solution_from: Option<Timestamp>,
    },
    Reminded,
    /// Anything without meaning for clocks.
    Noted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Timestamp,
    pub by: By,
    /// Whether the other side can see it.
    pub public: bool,
    pub what: What,
}

impl Event {
    /// Whether this is a human answer of the vendor that the client can see: the only thing that fulfils
    /// the duty to respond. Assigning, internal notes, reminders and whatever the system says never do.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        let words = matches!(
            self.what,
            What::Accepted | What::Said | What::AskedClient | What::SolutionPublished { .. }
        );
        words && self.public && self.by == By::Vendor
    }
}
