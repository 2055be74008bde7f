//! What a ticket's state alone does not say (a proposal that waits for the other side, a session that runs,
//! a decision that was taken), derived from its events. Pure, and never stored: whatever the events say is
//! what stands.

use chrono::NaiveDate;
use serde_json::Value;

use super::{Action, Decision, Grade, InvoiceType, Kind, Mode};
use crate::kit::clock::Timestamp;

/// Where a remote session or a visit stands; both go the same way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Session {
    #[default]
    None,
    Requested,
    /// The reporter agreed, or the date is fixed.
    Agreed,
    Running,
    /// The vendor has left; the client has not signed.
    Left,
}

/// Everything about a ticket that guards and views ask besides its row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The kind that the vendor proposed and nobody has answered.
    pub proposed_kind: Option<Kind>,
    /// Whether there is a wait that the client has not acknowledged.
    pub open_wait: bool,
    pub wished_on: Option<NaiveDate>,
    /// The vendor does without the lead time of 2.2.1.
    pub lead_time_waived: bool,
    pub issued_at: Option<Timestamp>,
    pub decision: Option<Decision>,
    pub planned_on: Option<NaiveDate>,
    pub mode: Option<Mode>,
    pub remote: Session,
    pub visit: Session,
    /// The finding that the vendor proposed and nobody has answered.
    pub finding: Option<bool>,
    /// The grade that the vendor proposed.
    pub proposed_grade: Option<Grade>,
    pub grade: Option<Grade>,
    pub report_decided: bool,
    pub notice_decided: Option<bool>,
    pub due_at: Option<Timestamp>,
    pub amount_cents: Option<i64>,
    pub invoice_type: Option<InvoiceType>,
    /// Closed by silence (P9), not by somebody.
    pub implied: bool,
    /// The last word of anybody; what the program does by itself breaks no silence.
    pub silent_since: Option<Timestamp>,
    /// Reminders sent since the client was last asked to confirm.
    pub reminders: u32,
    pub reminded_at: Option<Timestamp>,
}

impl Standing {
    /// From the public events in their order: word, time, and detail as stored. What the vendor notes among
    /// itself neither binds anybody nor breaks a silence.
    #[must_use]
    pub fn of<'a>(events: impl IntoIterator<Item = (&'a str, Timestamp, &'a str)>) -> Self {
        let mut standing = Self::default();
        for (word, at, detail) in events {
            standing.take(word, at, detail);
        }
        standing
    }

    fn take(&mut self, word: &str, at: Timestamp, detail: &str) {
        const UNSPOKEN: [&str; 6] =
            [event::REMINDED, event::REVEAL, event::LINKED, "assign", "link", "me_too"];
        if !UNSPOKEN.contains(&word) {
            self.silent_since = Some(at);
        }
        match Action::from_wire(word) {
            Some(action) => self.act(action, at, detail),
            None => self.happen(word, at, detail),
        }
    }

    fn happen(&mut self, word: &str, at: Timestamp, detail: &str) {
        match word {
            event::SUBMITTED => {
                let detail = Detail::read(detail);
                self.wished_on = detail.date("wished_on");
                self.mode = detail.word("mode", Mode::from_wire);
                self.due_at = detail.instant("due_at");
                self.amount_cents = detail.number("amount_cents");
                self.invoice_type = detail.word("invoice_type", InvoiceType::from_wire);
            }
            event::REMINDED => {
                self.reminders += 1;
                self.reminded_at = Some(at);
            }
            event::CLOSED_BY_SILENCE | event::CONFIRMED_BY_SILENCE => self.implied = true,
            _ => {}
        }
    }

    fn act(&mut self, action: Action, at: Timestamp, detail: &str) {
        use Action as A;
        let read = || Detail::read(detail);
        match action {
            A::Reclassify => self.proposed_kind = read().word("kind", Kind::from_wire),
            A::AgreeReclassify | A::RefuseReclassify => self.proposed_kind = None,
            A::AskClient => self.open_wait = true,
            A::AcknowledgeWait => self.open_wait = false,
            A::MarkRepaired => (self.reminders, self.reminded_at) = (0, None),
            A::Reopen => {
                *self = Self { mode: self.mode, wished_on: self.wished_on, ..Self::default() };
            }
            A::EditNotice => {
                let detail = read();
                self.wished_on = detail.date("wished_on").or(self.wished_on);
                if detail.flag("reissued") {
                    self.issue(at);
                }
            }
            A::Issue => self.issue(at),
            A::Reconsider => self.issue(at),
            A::WaiveLeadTime => self.lead_time_waived = true,
            A::Reply => self.decision = read().word("decision", Decision::from_wire),
            A::ScheduleChange => self.planned_on = read().date("planned_on"),
            A::RequestRemote => self.remote = Session::Requested,
            A::GrantRemote => self.remote = Session::Agreed,
            A::StartRemote => self.remote = Session::Running,
            A::RefuseRemote | A::EndRemote => self.remote = Session::None,
            A::RequestVisit => self.visit = Session::Requested,
            A::ScheduleVisit => self.visit = Session::Agreed,
            A::Arrive => self.visit = Session::Running,
            A::Leave => self.visit = Session::Left,
            A::SignVisit => self.visit = Session::None,
            A::ProposeFinding => self.finding = read().truth("valid"),
            A::AgreeFinding => self.finding = None,
            A::ProposeGrade => self.proposed_grade = read().word("grade", Grade::from_wire),
            A::AgreeGrade => self.grade = self.proposed_grade.take(),
            A::DecideReport => self.report_decided = true,
            A::DecidePersonalNotice => self.notice_decided = read().truth("notify"),
            _ => {}
        }
    }

    /// Whether nobody is waited for on the spot or on the line.
    #[must_use]
    pub fn may_be_left(&self) -> bool {
        self.remote != Session::Running
            && !matches!(self.visit, Session::Agreed | Session::Running | Session::Left)
    }

    /// A new version of the notice begins afresh.
    const fn issue(&mut self, at: Timestamp) {
        self.issued_at = Some(at);
        self.lead_time_waived = false;
        self.decision = None;
        self.planned_on = None;
    }
}

/// Words of events that are no actions.
pub mod event {
    pub const SUBMITTED: &str = "submitted";
    pub const MESSAGE: &str = "message";
    pub const ABSORBED: &str = "absorbed";
    pub const REVEAL: &str = "reveal";
    /// Another ticket was linked to this one.
    pub const LINKED: &str = "linked";
    /// The client did not answer the vendor's question (3 working days).
    pub const SILENT: &str = "silent";
    /// The client was reminded to confirm.
    pub const REMINDED: &str = "reminded";
    /// 默示确认: a repair that the client did not object to (P9).
    pub const CONFIRMED_BY_SILENCE: &str = "confirmed_by_silence";
    /// A consultation that nobody went on with (3 working days).
    pub const CLOSED_BY_SILENCE: &str = "closed_by_silence";
}

/// The detail of a stored event.
pub struct Detail(Value);

impl Detail {
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    #[must_use]
    pub fn instant(&self, name: &str) -> Option<Timestamp> {
        self.text(name).and_then(|text| Timestamp::parse(text).ok())
    }

    #[must_use]
    pub fn date(&self, name: &str) -> Option<NaiveDate> {
        self.text(name).and_then(|text| text.parse().ok())
    }

    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    #[must_use]
    pub fn truth(&self, name: &str) -> Option<bool> {
        self.0.get(name).and_then(Value::as_bool)
    }

    /// Whether it is there and true.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.truth(name) == Some(true)
    }

    pub fn word<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.text(name).and_then(read)
    }
}
