//! What each action does besides moving the state: one file per clause of the agreement. All of them only
//! use the tools of `doing`, so that nothing is written that the event does not vouch for.

pub(super) mod change;
mod consultation;
mod fault;
mod incident;
mod papers;
mod quality;

use serde_json::json;

use super::doing::{Doing, Trace};
use crate::clocks::Book;
use crate::kit::error::{Code, Error, Result};
use crate::tickets::entity::ticket;
use crate::tickets::machine::Situation;
use crate::tickets::model::{Command, Kind, Visibility};
use crate::tickets::store::followers;

/// What an action asks of the ticket that neither its fields nor the machine can say.
///
/// # Errors
/// 422 naming the field, or `LEAD_TIME_SHORT`.
pub(super) fn check(
    book: &Book,
    situation: &Situation,
    row: &ticket::Model,
    command: &Command,
) -> Result<()> {
    match command {
        Command::MarkRepaired(c) if c.text.is_none() && situation.kind == Kind::Quality => {
            Err(Error::field("text", "REQUIRED", "请写明怎样修复的"))
        }
        Command::SetSeverity(c) if c.severity.wire() == row.severity => {
            Err(Error::field("severity", "SAME", "严重程度没有变化"))
        }
        Command::Reclassify(c) if c.kind == situation.kind => {
            Err(Error::field("kind", "SAME", "已经是这一类工单"))
        }
        Command::Issue(c) => change::check_issue(book, situation, c.accept_short),
        _ => Ok(()),
    }
}

/// Does it.
///
/// # Errors
/// What the database says; attachments that cannot be used.
pub(super) async fn apply(doing: &mut Doing<'_>, command: &Command) -> Result<Trace> {
    use Command as C;
    match command {
        C::Assign(c) => {
            let before = doing.row.assignee_id.replace(c.assignee_id);
            let said = doing.say(c.note.as_deref(), Visibility::Internal, &[]).await?;
            // Whether there was a note is the vendor's affair as well.
            let detail = json!({ "assignee_id": c.assignee_id, "from_assignee_id": before });
            Ok(Trace { content: said.content, ..Trace::default() }.with(&detail))
        }
        C::Remind(c) => {
            doing.row.reminded_at = Some(doing.at);
            doing.say(c.text.as_deref(), Visibility::Public, &[]).await
        }
        C::Withdraw(c) => doing.tell(&c.reason).await,
        C::Reopen(c) => {
            doing.row.cycle += 1;
            doing.row.closed_at = None;
            doing.row.rating = None;
            doing.row.has_solution = false;
            doing.row.repaired_by = None;
            doing.tell(&c.reason).await
        }
        C::MeToo(_) => {
            followers::follow(doing.tx, doing.row.id, doing.me, doing.at).await?;
            Ok(Trace::default())
        }
        C::Reclassify(c) => Ok(doing.tell(&c.reason).await?.with(&json!({ "kind": c.kind }))),
        C::AgreeReclassify(_) => {
            let kind = doing.proposed_kind()?;
            kind.wire().clone_into(&mut doing.row.kind);
            doing.row.has_solution = false;
            Ok(Trace::default().with(&json!({ "kind": kind, "from_kind": doing.kind })))
        }
        C::RefuseReclassify(c) => doing.tell(&c.reason).await,

        C::Accept(c) => fault::accept(doing, c).await,
        C::AskClient(c) => fault::ask_client(doing, c).await,
        C::Supply(c) => doing.say(Some(&c.text), Visibility::Public, &c.attachment_ids).await,
        C::AcknowledgeWait(_) => Ok(Trace::default()),
        C::SetSeverity(c) => fault::set_severity(doing, c).await,
        C::PublishSolution(c) => fault::publish_solution(doing, c).await,
        C::RejectSolution(c) => fault::reject_solution(doing, c).await,
        C::MarkRepaired(c) => {
            doing.row.repaired_by = Some(doing.me);
            doing.row.has_solution = true;
            doing.say(c.text.as_deref(), Visibility::Public, &[]).await
        }
        C::Confirm(c) => fault::confirm(doing, c).await,
        C::FailVerification(c) => doing.tell(&c.reason).await,

        C::EditNotice(c) => change::edit_notice(doing, c).await,
        C::SubmitForIssue(_) => Ok(Trace::default()),
        C::ReturnDraft(c) => doing.tell(&c.reason).await,
        C::Issue(c) => change::issue(doing, c).await,
        C::WaiveLeadTime(c) => doing.tell(&c.reason).await,
        C::LogContact(c) => change::log_contact(doing, c).await,
        C::DraftReply(c) => change::draft_reply(doing, c).await,
        C::Reply(c) => change::reply(doing, c).await,
        C::Approve(_) => change::approve(doing).await,
        C::Reconsider(c) => change::reconsider(doing, c).await,
        C::ScheduleChange(c) => change::schedule(doing, c).await,
        C::StartWork(_) => Ok(Trace::default()),
        C::SubmitForAcceptance(c) => change::submit_for_acceptance(doing, c).await,
        C::AcceptChange(c) => change::accept(doing, c).await,
        C::RejectAcceptance(c) => change::reject_acceptance(doing, c).await,

        C::Answer(c) => consultation::answer(doing, c).await,
        C::FollowUp(c) => doing.tell(&c.text).await,
        C::Close(c) => consultation::close(doing, c).await,
        C::RequestRemote(c) => consultation::request_remote(doing, c).await,
        C::GrantRemote(_) => consultation::grant_remote(doing).await,
        C::RefuseRemote(_) => consultation::refuse_remote(doing).await,
        C::StartRemote(_) => consultation::start_remote(doing).await,
        C::EndRemote(c) => consultation::end_remote(doing, c).await,
        C::RequestVisit(c) => consultation::request_visit(doing, c).await,
        C::ScheduleVisit(c) => consultation::schedule_visit(doing, c).await,
        C::Arrive(_) => consultation::arrive(doing).await,
        C::Leave(c) => consultation::leave(doing, c).await,
        C::SignVisit(_) => consultation::sign_visit(doing).await,

        C::ConfirmNotice(_) => Ok(Trace::default()),
        C::Acknowledge(c) => quality::acknowledge(doing, c).await,
        C::Dispute(c) => doing.tell(&c.reason).await,
        C::ProposeFinding(c) => quality::propose_finding(doing, c).await,
        C::AgreeFinding(_) => quality::agree_finding(doing).await,
        C::PassVerification(c) => quality::pass(doing, c).await,

        C::SubmitReport(c) => papers::submit_report(doing, c).await,
        C::AcceptReport(_) => papers::accept_report(doing).await,
        C::ReturnReport(c) => papers::return_report(doing, c).await,
        C::Quote(c) => papers::quote(doing, c).await,
        C::AgreeQuote(_) => papers::agree_quote(doing).await,
        C::DeclineQuote(c) => papers::decline_quote(doing, c).await,
        C::SubmitInspectionReport(c) => papers::submit_inspection_report(doing, c).await,
        C::IssueInvoice(c) => papers::issue_invoice(doing, c).await,
        C::SignReceipt(_) => papers::sign_receipt(doing).await,
        C::ReturnInvoice(c) => papers::return_invoice(doing, c).await,

        C::NotifyClient(c) => incident::notify_client(doing, c).await,
        C::ProposeGrade(c) => incident::propose_grade(doing, c).await,
        C::AgreeGrade(_) => incident::agree_grade(doing).await,
        C::Contain(c) => incident::contain(doing, c).await,
        C::DecideReport(c) => incident::decide_report(doing, c).await,
        C::DecidePersonalNotice(c) => incident::decide_personal_notice(doing, c).await,
        C::Recover(c) => incident::recover(doing, c).await,
        C::SubmitReview(c) => incident::submit_review(doing, c).await,
        C::AcceptReview(_) => incident::accept_review(doing).await,
        C::ReturnReview(c) => incident::return_review(doing, c).await,

        C::Merge(_) | C::Link(_) | C::EscalateToIncident(_) => {
            Err(Error::new(Code::Internal).because("an action on two tickets"))
        }
    }
}
