//! What happened to a record, as far as clocks care. The server's time counts; the order is given.

use super::clock::Clock;
use super::words::{Grade, Kind, Severity};
use crate::kit::clock::Timestamp;

/// Who acted. `System` covers everything automatic: it never answers for anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Client,
    Vendor,
    System,
}

/// How a record began. Its kind is the kind of the record until it is reclassified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    Fault {
        severity: Severity,
    },
    Consultation,
    /// A draft, or a notice that waits to be issued: nothing runs before [`What::Issued`].
    Change,
    /// `notified` when the client's manager opened it; otherwise nothing runs before
    /// [`What::NoticeConfirmed`].
    Quality {
        notified: bool,
    },
    Incident,
    Inspection {
        due_at: Option<Timestamp>,
    },
    Report {
        due_at: Timestamp,
    },
    Invoice,
}

impl Opening {
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Fault { .. } => Kind::Fault,
            Self::Consultation => Kind::Consultation,
            Self::Change => Kind::Change,
            Self::Quality { .. } => Kind::Quality,
            Self::Incident => Kind::Incident,
            Self::Inspection { .. } => Kind::Inspection,
            Self::Report { .. } => Kind::Report,
            Self::Invoice => Kind::Invoice,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The first event of every record; its time is the start of cycle 1.
    Submitted(Opening),

    // Every kind
    Assigned,
    Said,
    Reminded,
    Withdrawn,
    MergedAway,
    /// Another record of the same kind was merged into this one. Duties that still ran there go on here from
    /// when they began; a duty that was already fulfilled there brings nothing.
    Absorbed {
        response_from: Option<Timestamp>,
        solution_from: Option<Timestamp>,
        /// The one duty of the other kinds: A3, Q5, W, I1 or F.
        duty_from: Option<Timestamp>,
    },
    Reopened,
    /// Both sides agreed that it is of another kind (`agree_reclassify`).
    Reclassified {
        to: Kind,
    },
    /// Ended without anything left to do: a consultation closed, a quote declined.
    Closed,
    /// Anything without meaning for clocks.
    Noted,

    // Fault (4.2)
    Accepted,
    AskedClient,
    Supplied,
    /// The system took the question back after the client's silence.
    WaitLapsed,
    /// The client agreed that the last wait was its own (`acknowledge_wait`).
    WaitAcknowledged,
    SeveritySet(Severity),
    SolutionPublished {
        eta: Option<Timestamp>,
    },
    SolutionRejected,
    /// Fault and quality.
    MarkedRepaired,
    /// By the client, or by the system after P9 days of silence (默示确认).
    Confirmed,
    /// Fault and quality.
    VerificationFailed,

    // Change (2.2)
    Issued,
    /// The notice got a new version. Without effect before it was issued.
    NoticeEdited,
    ContactLogged,
    /// The signed written reply.
    Replied,
    /// The client wants it thought over again: a new notice version, issued at once.
    Reconsidered,
    Approved,
    SubmittedForAcceptance,
    ChangeAccepted,
    AcceptanceRejected,

    // Quality (7.3)
    NoticeConfirmed,
    Acknowledged,
    Disputed,
    /// The client agreed to the vendor's finding: is it a defect at all?
    FindingAgreed {
        valid: bool,
    },
    VerificationPassed,

    // Consultation (6.1)
    Answered,
    FollowedUp,

    // Report (3.2.2) and inspection (7.2.2)
    ReportSubmitted,
    ReportAccepted,
    ReportReturned,

    // Invoice (4.3.2)
    InvoiceIssued,
    ReceiptSigned,
    InvoiceReturned,

    // Incident (8.2)
    ClientNotified,
    GradeAgreed(Grade),
    /// The client decided whether to report to the authority.
    ReportDecided,
}

impl What {
    /// What merging a record with these clocks hands on to the target.
    #[must_use]
    pub fn absorbed(clocks: &[Clock]) -> Self {
        let since = |codes: &[&str]| {
            let running = clocks.iter().filter(|c| c.is_running() && codes.contains(&c.def.code));
            running.map(|c| c.started_at).min()
        };
        Self::Absorbed {
            response_from: since(&["R8"]),
            solution_from: since(&["S24"]),
            duty_from: since(&["A3", "Q5", "W", "I1", "F"]),
        }
    }
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
            What::Accepted
                | What::Said
                | What::AskedClient
                | What::SolutionPublished { .. }
                | What::Acknowledged
                | What::Disputed
                | What::Answered
                | What::ContactLogged
                | What::Replied
        );
        words && self.is_vendors_word()
    }

    /// Done by a person of the vendor where the client can see it.
    #[must_use]
    pub fn is_vendors_word(&self) -> bool {
        self.public && self.by == By::Vendor
    }
}
