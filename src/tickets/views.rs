//! What clients see of tickets. Personal values are masked here unless a reveal asked for them.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::records::{Body as RecordBody, RecordState, RecordType};
use super::model::{
    Action, Decision, Grade, InvoiceType, Kind, Mode, Relation, Severity, SolutionState, SolutionType, State,
    Visibility,
};
use crate::clocks::{Basis, Obligor, TraceDay, Unit, Verdict};
use crate::files::AttachmentView;
use crate::identity::people::PersonRef;
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;
use crate::kit::page::Page;
use crate::kit::shared_text::SharedText;

/// The earliest deadline that still runs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NextDue {
    #[schema(examples("R8"))]
    pub code: &'static str,
    pub due_at: Timestamp,
    pub clause: &'static str,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Summary {
    pub id: Uuid,
    pub version: i64,
    pub kind: Kind,
    #[schema(examples("GZ-2026-000123"))]
    pub number: String,
    pub title: String,
    pub state: State,
    /// Of a fault or a quality defect.
    pub severity: Option<Severity>,
    pub reporter: PersonRef,
    #[schema(value_type = Option<String>)]
    pub department: Option<SharedText>,
    pub assignee: Option<PersonRef>,
    pub received_at: Timestamp,
    pub updated_at: Timestamp,
    /// 1, and one more for each reopening.
    pub cycle: i32,
    pub next_due: Option<NextDue>,
    pub rating: Option<i32>,
}

/// What the caller may do besides actions.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Can {
    pub reply: bool,
    pub internal_note: bool,
    pub reveal: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Ticket {
    #[serde(flatten)]
    pub summary: Summary,
    pub description: String,
    pub occurred_at: Option<Timestamp>,
    pub scope: Option<String>,
    pub steps_tried: Option<String>,
    pub contact_masked: Option<String>,
    pub allowed_actions: Vec<Action>,
    pub can: Can,
    pub clocks: Vec<Clock>,
    pub solutions: Vec<Solution>,
    pub waits: Vec<Wait>,
    pub messages: Page<Message>,
    /// Of the report itself; those of messages are with them.
    pub attachments: Vec<AttachmentView>,
    /// Who entered it for the reporter.
    pub on_behalf: Option<PersonRef>,
    pub merged_into: Option<MergedInto>,
    pub reopen_until: Option<Timestamp>,
    pub remind_after: Option<Timestamp>,
    pub receipt: ReceiptStub,
    /// The states on the way, for a step bar.
    pub progress: Vec<Step>,
    pub particulars: Particulars,
    /// What to tell whoever looks at it while support is closed; null while it is open.
    pub outside_hours: Option<OutsideHours>,
    /// Versions, papers and signatures, in the order in which they were made.
    pub records: Vec<Record>,
    /// Tickets that belong to this one, as far as the caller may see them.
    pub links: Vec<Linked>,
    /// How many people said 「我也遇到」.
    pub followers: i64,
    /// Whether the caller is one of them.
    pub follows: bool,
}

/// Support is closed (6.1.2).
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct OutsideHours {
    pub opens_at: Timestamp,
    /// Until when the answer is due.
    pub promised_at: Timestamp,
}

/// The hours of support (6.1.2, annex P1), as of now.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SupportHours {
    pub open: bool,
    /// When it opens next; null while it is open.
    pub opens_at: Option<Timestamp>,
    /// Until when a question asked now is answered (annex P14).
    pub promised_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProgressStep)]
pub struct Step {
    pub state: State,
    /// What the state is called in this kind.
    pub title: &'static str,
    /// The present state and those before it.
    pub reached: bool,
}

/// What only some kinds have. A member is null where the kind has no such thing.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Particulars {
    /// The kind that the vendor proposed and the client has not answered.
    pub proposed_kind: Option<Kind>,
    /// Closed by silence (默示确认, or nobody went on).
    pub implied: bool,
    /// Change: the day from which it is wished.
    pub wished_on: Option<NaiveDate>,
    /// Change, before it is issued: the first day that the lead time of 2.2.1 allows.
    pub earliest_on: Option<NaiveDate>,
    /// Change: the vendor does without the lead time.
    pub lead_time_waived: bool,
    /// Change: the vendor's decision in the reply that stands.
    pub decision: Option<Decision>,
    /// Change: when it is to be implemented.
    pub planned_on: Option<NaiveDate>,
    /// Consultation.
    pub mode: Option<Mode>,
    /// Quality: the finding that the vendor proposed and the client has not answered.
    pub proposed_finding: Option<bool>,
    /// Incident: as both sides agreed.
    pub grade: Option<Grade>,
    /// Incident: proposed by the vendor, not answered.
    pub proposed_grade: Option<Grade>,
    /// Incident: whether the client has decided about reporting to the authority.
    pub report_decided: bool,
    /// Incident: whether the persons concerned are told; null until it is decided.
    pub personal_notice: Option<bool>,
    /// Incident: a draft of the notice to persons with the contents of 个人信息保护法 57.
    pub personal_notice_draft: Option<String>,
    /// Incident: while it is open, no key of anything involved is destroyed.
    pub evidence_frozen: bool,
    /// Report: when it must be there.
    pub due_at: Option<Timestamp>,
    /// Invoice, in 分.
    pub amount_cents: Option<i64>,
    /// Invoice.
    pub invoice_type: Option<InvoiceType>,
}

/// A text, version or paper with its signatures.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TicketRecord)]
pub struct Record {
    pub id: Uuid,
    #[serde(rename = "type")]
    pub record_type: RecordType,
    pub number: i32,
    pub cycle: i32,
    pub state: RecordState,
    pub body: RecordBody,
    pub author: PersonRef,
    pub at: Timestamp,
    pub client_signed: Option<Signature>,
    pub vendor_signed: Option<Signature>,
}

/// Who signed for a side, and when. What was signed is what the ledger entry of that moment vouches for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Signature {
    pub by: PersonRef,
    pub at: Timestamp,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Linked {
    pub id: Uuid,
    pub number: String,
    pub kind: Kind,
    pub state: State,
    pub relation: Relation,
    /// Whether the link was made from the other ticket (the fault that this incident came from).
    pub backwards: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MergedInto {
    pub id: Uuid,
    pub number: String,
}

/// 回执 in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReceiptStub {
    pub number: String,
    pub received_at: Timestamp,
    /// SHA-256 over what was reported, as the ledger keeps it.
    pub digest: String,
}

/// 回执: proof that the notice came in, and when.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Receipt {
    #[serde(flatten)]
    pub stub: ReceiptStub,
    /// Its place in the ledger, once it has one.
    pub ledger_seq: Option<i64>,
    pub text: String,
}

/// One duty with its deadline. A running clock past `due_at` is `breached`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Clock {
    pub code: &'static str,
    pub cycle: i32,
    pub clause: &'static str,
    pub title: &'static str,
    pub obligor: Obligor,
    /// What it rests on: late is a breach only where that is the agreement.
    pub basis: Basis,
    pub unit: Unit,
    pub amount: i64,
    pub started_at: Timestamp,
    pub due_at: Timestamp,
    /// Whether a calendar that is not published yet may still move it; never for natural hours.
    pub provisional: bool,
    pub stopped_at: Option<Timestamp>,
    pub verdict: Verdict,
    pub gross_seconds: i64,
    /// Without the time spent waiting for the client; has no effect on the verdict.
    pub net_seconds: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TracedClock {
    #[serde(flatten)]
    pub clock: Clock,
    pub trace: Vec<TraceDay>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Solution {
    pub id: Uuid,
    pub cycle: i32,
    pub number: i32,
    pub solution_type: SolutionType,
    pub text: String,
    pub eta: Option<Timestamp>,
    pub published_at: Timestamp,
    pub author: PersonRef,
    pub state: SolutionState,
    pub reason: Option<String>,
}

/// A span in which the vendor waited for the client.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Wait {
    pub from: Timestamp,
    pub to: Option<Timestamp>,
    /// When the client agreed that the wait was its own.
    pub acknowledged_at: Option<Timestamp>,
    pub reason: String,
    pub asked_by: PersonRef,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Message {
    pub id: Uuid,
    pub author: PersonRef,
    pub side: Side,
    pub visibility: Visibility,
    pub body: String,
    pub at: Timestamp,
    pub attachments: Vec<AttachmentView>,
}

/// Place in the ledger; nulls until the sequencer has come by.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Place {
    pub seq: Option<i64>,
    pub hash: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelineItem {
    pub id: Uuid,
    pub at: Timestamp,
    pub actor: Option<PersonRef>,
    /// `client`, `vendor` or `system`.
    pub side: String,
    /// `submitted`, `message`, `absorbed`, `reveal`, `linked`, `silent`, `reminded`, `confirmed_by_silence`,
    /// `closed_by_silence`, or an action.
    pub event: String,
    /// One Chinese sentence without personal data.
    pub text: Option<String>,
    #[schema(value_type = Object)]
    pub detail: Value,
    pub ledger: Place,
}

/// Unmasked, for the stated purpose; the reporter sees that it was looked at.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Revealed {
    pub reporter_name: String,
    pub reporter_phone: Option<String>,
    pub contact: Option<String>,
}

impl Clock {
    #[must_use]
    pub fn of(clock: &crate::clocks::Clock, now: Timestamp) -> Self {
        Self {
            code: clock.def.code,
            cycle: clock.cycle,
            clause: clock.def.clause,
            title: clock.def.title,
            obligor: clock.def.obligor,
            basis: clock.def.basis,
            unit: clock.unit,
            amount: i64::from(clock.amount),
            started_at: clock.started_at,
            due_at: clock.due_at,
            provisional: clock.provisional,
            stopped_at: clock.stopped_at,
            verdict: clock.verdict(now),
            gross_seconds: clock.gross_ms / 1000,
            net_seconds: clock.net_ms / 1000,
        }
    }
}

/// Enough to recognise one's own number, not enough to call it: digits in the middle and letters after
/// the first are starred.
#[must_use]
pub fn mask_contact(contact: &str) -> String {
    let chars: Vec<char> = contact.chars().collect();
    let digits = chars.iter().filter(|c| c.is_ascii_digit()).count();
    let (head, tail) = if digits >= 11 { (3, 4) } else { (1, 0) };
    let count = chars.len();
    let starred = |i: usize| i >= head && i + tail < count;
    chars.iter().enumerate().map(|(i, c)| if starred(i) { '*' } else { *c }).collect()
}

/// 2026年11月22日 09:12:00（北京时间）
#[must_use]
pub fn beijing(at: Timestamp) -> String {
    format!("{}（北京时间）", at.shanghai().format("%Y年%-m月%-d日 %H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::mask_contact;

    #[test]
    fn contacts_are_masked() {
        assert_eq!(mask_contact("13812345678"), "138****5678");
        assert_eq!(mask_contact("分机8012"), "分*****");
        assert_eq!(mask_contact("a"), "a");
    }
}
