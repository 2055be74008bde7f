//! Writing history: one event, the ledger entry that vouches for it, and the clocks that follow from it.
//! Stored clocks and deadlines are always what `clocks::derive` makes of the stored events.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{announce, kind, silence, standing};
use crate::clocks::{self, Book, Clock, Event, Obligor, Opening, What};
use crate::duties::{self, Record};
use crate::kit::Kit;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Sealed;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::ledger;
use crate::tickets::entity::{event, ticket};
use crate::tickets::model::standing::{Detail, event as words};
use crate::tickets::model::{Action, Grade, Kind, Severity, State, Visibility};
use crate::tickets::store::write;

/// Who did it.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    Person(&'a Ctx),
    /// The program by itself, at this time.
    System(Timestamp),
}

/// What is about to happen to a ticket.
#[derive(Debug)]
pub struct Step<'a> {
    /// The event's id to be: sealed text is bound to it.
    pub id: Uuid,
    pub event: &'a str,
    pub visibility: Visibility,
    pub from: Option<State>,
    pub to: State,
    /// No personal data, no text of people.
    pub detail: Value,
    pub text: Option<Sealed>,
    /// Sealed contents that the ledger entry vouches for.
    pub content: Vec<Sealed>,
}

/// An event with its effect on the clocks, ready to be stored.
#[derive(Debug)]
pub struct Change {
    event: event::Model,
    record: Record,
    before: Vec<Clock>,
    after: Vec<Clock>,
}

impl Change {
    pub fn event(&self) -> &event::Model {
        &self.event
    }
}

/// The time of the next event: the server's, but never before the last one of the ticket.
pub fn event_time(now: Timestamp, row: &ticket::Model) -> Timestamp {
    now.max(row.updated_at)
}

/// Makes the event, has the ledger vouch for it, and brings state and deadline of `row` up to date.
/// `row.cycle` is the cycle that the event belongs to.
///
/// # Errors
/// What the database says.
pub async fn plan(
    (kit, book): (&Kit, &Book),
    tx: &WriteTx,
    by: By<'_>,
    row: &mut ticket::Model,
    events: &[event::Model],
    step: Step<'_>,
) -> Result<Change> {
    let now = match by {
        By::Person(ctx) => ctx.now,
        By::System(now) => now,
    };
    let at = event_time(now, row);
    let seq = events.last().map_or(0, |e| e.seq) + 1;
    let mut event = event::Model {
        id: step.id,
        ticket_id: row.id,
        seq,
        cycle: row.cycle,
        event: step.event.to_owned(),
        actor_id: None,
        actor_side: "system".to_owned(),
        visibility: step.visibility.wire().to_owned(),
        at,
        from_state: step.from.map(|s| s.wire().to_owned()),
        to_state: step.to.wire().to_owned(),
        detail: step.detail.to_string(),
        text_sealed: step.text,
        ledger_id: Uuid::nil(),
    };
    let entry = ledger::Entry {
        action: &ledger_action(&event),
        object_kind: "ticket",
        object_id: row.id,
        detail: vouched(&row.number, &event, step.detail),
        content: &step.content.iter().map(|s| s.0.as_slice()).collect::<Vec<_>>(),
    };
    event.ledger_id = match by {
        By::Person(ctx) => {
            event.actor_id = ctx.actor.person_id();
            ctx.side()?.wire().clone_into(&mut event.actor_side);
            ledger::append_later(ctx, tx, entry).await?
        }
        By::System(_) => ledger::append_system(kit, &**tx, entry).await?,
    };
    let mut history: Vec<Event> = events.iter().map(clock_event).collect();
    let before = clocks::derive(&history, book, at);
    history.push(clock_event(&event));
    let after = clocks::derive(&history, book, at);

    step.to.wire().clone_into(&mut row.state);
    row.is_open = step.to.is_open();
    row.updated_at = at;
    row.wake_at = silence::wake_at(book, row, &standing(events.iter().chain([&event])));
    let next = next_due(&after);
    row.next_due_at = next.map(|c| c.due_at);
    row.next_due_code = next.map(|c| c.def.code.to_owned());
    Ok(Change { event, record: record(row)?, before, after })
}

/// What the ledger calls an event.
#[must_use]
pub fn ledger_action(event: &event::Model) -> String {
    format!("ticket.{}", event.event)
}

/// What the ledger keeps of an event: all of it but who did it, which stands beside, and the words of people.
#[must_use]
pub fn vouched(number: &str, event: &event::Model, detail: Value) -> Value {
    json!({
        "number": number, "seq": event.seq, "cycle": event.cycle, "at": event.at,
        "visibility": event.visibility, "from_state": event.from_state, "to_state": event.to_state,
        "detail": detail,
    })
}

/// Stores what [`plan`] made; the ticket's row must be stored by then.
///
/// # Errors
/// What the database says.
pub async fn save((kit, book): (&Kit, &Book), tx: &WriteTx, change: Change) -> Result<()> {
    let at = change.event.at;
    announce::tell(kit, tx, &change.event, &change.record).await?;
    write::insert_event(tx, change.event).await?;
    duties::save(kit, tx, at, book, &change.record, (&change.before, &change.after)).await.map(drop)
}

/// A ticket, as its duties name it.
///
/// # Errors
/// A kind that the program does not know.
pub fn record(row: &ticket::Model) -> Result<Record> {
    Ok(Record {
        kind: kind(&row.kind)?.wire(),
        id: row.id,
        number: row.number.clone(),
        owner_id: row.assignee_id,
        reporter_id: Some(row.reporter_id),
        severity: Severity::from_wire(&row.severity),
    })
}

/// The earliest deadline that still runs: the vendor's, and only where it has none the client's, because the
/// queue is the vendor's.
#[must_use]
pub fn next_due(clocks: &[Clock]) -> Option<&Clock> {
    let running = clocks.iter().filter(|c| c.is_running());
    running.min_by_key(|c| (c.def.obligor == Obligor::Client, c.due_at))
}

/// A stored event, as clocks see it.
#[must_use]
pub fn clock_event(row: &event::Model) -> Event {
    let public = row.visibility == Visibility::Public.wire();
    read_event(&row.event, &row.actor_side, public, row.at, &row.detail)
}

/// As [`clock_event`], from single columns.
#[must_use]
pub fn read_event(event: &str, side: &str, public: bool, at: Timestamp, detail: &str) -> Event {
    let by = match side {
        "client" => clocks::By::Client,
        "vendor" => clocks::By::Vendor,
        _ => clocks::By::System,
    };
    let what = match Action::from_wire(event) {
        Some(action) => acted(action, detail),
        None => happened(event, detail),
    };
    Event { at, by, public, what }
}

fn happened(word: &str, detail: &str) -> What {
    match word {
        words::SUBMITTED => What::Submitted(opening(&Detail::read(detail))),
        words::MESSAGE => What::Said,
        words::SILENT => What::WaitLapsed,
        words::CONFIRMED_BY_SILENCE => What::Confirmed,
        words::CLOSED_BY_SILENCE => What::Closed,
        words::ABSORBED => {
            let detail = Detail::read(detail);
            What::Absorbed {
                response_from: detail.instant("response_from"),
                solution_from: detail.instant("solution_from"),
                duty_from: detail.instant("duty_from"),
            }
        }
        _ => What::Noted,
    }
}

fn opening(detail: &Detail) -> Opening {
    match detail.word("kind", Kind::from_wire).unwrap_or(Kind::Fault) {
        Kind::Fault => Opening::Fault { severity: severity(detail) },
        Kind::Consultation => Opening::Consultation,
        Kind::Change => Opening::Change,
        Kind::Quality => Opening::Quality { notified: detail.flag("notified") },
        Kind::Incident => Opening::Incident,
        Kind::Inspection => Opening::Inspection { due_at: None },
        Kind::Report => Opening::Report { due_at: detail.instant("due_at").unwrap_or(Timestamp(i64::MAX)) },
        Kind::Invoice => Opening::Invoice,
    }
}

fn severity(detail: &Detail) -> Severity {
    detail.word("severity", Severity::from_wire).unwrap_or(Severity::Major)
}

fn acted(action: Action, detail: &str) -> What {
    use Action as A;
    let read = || Detail::read(detail);
    match action {
        A::Assign => What::Assigned,
        A::Reopen => What::Reopened,
        A::Withdraw => What::Withdrawn,
        A::Merge => What::MergedAway,
        A::Remind => What::Reminded,
        A::AgreeReclassify => {
            read().word("kind", Kind::from_wire).map_or(What::Noted, |to| What::Reclassified { to })
        }
        A::Accept => What::Accepted,
        A::AskClient => What::AskedClient,
        A::Supply => What::Supplied,
        A::AcknowledgeWait => What::WaitAcknowledged,
        A::SetSeverity => What::SeveritySet(severity(&read())),
        A::PublishSolution => What::SolutionPublished { eta: read().instant("eta") },
        A::RejectSolution => What::SolutionRejected,
        A::MarkRepaired => What::MarkedRepaired,
        A::Confirm => What::Confirmed,
        A::FailVerification => What::VerificationFailed,
        A::Issue => What::Issued,
        A::EditNotice => What::NoticeEdited,
        A::LogContact => What::ContactLogged,
        A::Reply => What::Replied,
        A::Reconsider => What::Reconsidered,
        A::Approve => What::Approved,
        A::SubmitForAcceptance => What::SubmittedForAcceptance,
        A::AcceptChange => What::ChangeAccepted,
        A::RejectAcceptance => What::AcceptanceRejected,
        A::ConfirmNotice => What::NoticeConfirmed,
        A::Acknowledge => What::Acknowledged,
        A::Dispute => What::Disputed,
        A::AgreeFinding => What::FindingAgreed { valid: read().flag("valid") },
        A::PassVerification => What::VerificationPassed,
        A::Answer => What::Answered,
        A::FollowUp => What::FollowedUp,
        A::Close | A::DeclineQuote | A::AcceptReview => What::Closed,
        A::SubmitReport | A::SubmitInspectionReport => What::ReportSubmitted,
        A::AcceptReport => What::ReportAccepted,
        A::ReturnReport => What::ReportReturned,
        A::IssueInvoice => What::InvoiceIssued,
        A::SignReceipt => What::ReceiptSigned,
        A::ReturnInvoice => What::InvoiceReturned,
        A::NotifyClient => What::ClientNotified,
        A::AgreeGrade => read().word("grade", Grade::from_wire).map_or(What::Noted, What::GradeAgreed),
        A::DecideReport => What::ReportDecided,
        A::Link
        | A::MeToo
        | A::EscalateToIncident
        | A::Reclassify
        | A::RefuseReclassify
        | A::SubmitForIssue
        | A::ReturnDraft
        | A::WaiveLeadTime
        | A::DraftReply
        | A::ScheduleChange
        | A::StartWork
        | A::RequestRemote
        | A::GrantRemote
        | A::RefuseRemote
        | A::StartRemote
        | A::EndRemote
        | A::RequestVisit
        | A::ScheduleVisit
        | A::Arrive
        | A::Leave
        | A::SignVisit
        | A::ProposeFinding
        | A::Quote
        | A::AgreeQuote
        | A::ProposeGrade
        | A::Contain
        | A::DecidePersonalNotice
        | A::Recover
        | A::SubmitReview
        | A::ReturnReview => What::Noted,
    }
}
