//! The verbs: permitted by the policy, listed by the machine, done on the version that the caller saw.

use serde_json::{Value, json};
use uuid::Uuid;

use super::history::{self, Step};
use super::message::{Said, Saying, say};
use super::{enter, find_permitted, merge, policy_action, read, remind_after, state, step, unknown_word};
use crate::files;
use crate::identity::people;
use crate::kit::actor::{Role, Side};
use crate::kit::crypto::{DataKey, Sealed};
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::tickets::entity::{EVENT_TEXT, REASON, SOLUTION, event, solution, ticket};
use crate::tickets::model::{Command, SolutionState, State, Visibility};
use crate::tickets::requests::ActionBody;
use crate::tickets::store::write;
use crate::tickets::views::Ticket;

/// Does an action on the version `seen` of a ticket.
///
/// # Errors
/// 422 naming the field; 404 or 403 as the policy says; 412 when the ticket has changed; 409 with what is
/// allowed instead.
pub async fn act(ctx: &Ctx, id: Uuid, seen: i64, body: ActionBody) -> Result<Ticket> {
    enter(ctx)?;
    let action = body.action;
    let row = find_permitted(ctx, id, policy_action(action)).await?;
    let command = super::body::command(body, ctx.now)?;
    // Refusals need no write lock; whether the version still holds is asked again under the lock.
    current(&row, seen)?;
    let to = step(ctx, &row, action)?;
    check(ctx, &row, &command).await?;

    let tx = ctx.kit.db.write_tx().await?;
    match command {
        Command::Merge { into } => merge::merge(ctx, &tx, id, seen, into).await?,
        command => {
            let row = write::lock(&tx, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
            current(&row, seen)?;
            Doing::begin(ctx, &tx, row).await?.finish(&command, to).await?;
        }
    }
    tx.commit().await?;
    read::written(ctx, ctx.kit.db.reader(), id).await
}

/// # Errors
/// 412 when the row is not the version that was seen.
pub(super) fn current(row: &ticket::Model, seen: i64) -> Result<()> {
    if row.version == seen { Ok(()) } else { Err(Error::new(Code::VersionStale)) }
}

/// What the machine cannot know.
async fn check(ctx: &Ctx, row: &ticket::Model, command: &Command) -> Result<()> {
    match command {
        Command::Assign { assignee_id, .. } => {
            let member = people::member_of(ctx, ctx.kit.db.reader(), *assignee_id).await?;
            let takes = |r: &Role| matches!(r, Role::VendorAgent | Role::VendorLead);
            match member {
                Some(m) if m.side == Side::Vendor && m.roles.iter().any(takes) => Ok(()),
                _ => Err(Error::field("assignee_id", "NOT_ASSIGNABLE", "请选择一位乙方处理人员")),
            }
        }
        Command::Remind { .. } => {
            let Some(again) = remind_after(ctx, row.reminded_at) else { return Ok(()) };
            let seconds = again.since(ctx.now).saturating_add(999) / 1000;
            let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
            Err(Error::new(Code::RemindTooSoon).retry_after(seconds))
        }
        _ => Ok(()),
    }
}

/// An action under way, holding the ticket.
struct Doing<'a> {
    ctx: &'a Ctx,
    tx: &'a WriteTx,
    key: DataKey,
    row: ticket::Model,
    events: Vec<event::Model>,
    event_id: Uuid,
}

/// What an action leaves behind besides the state.
#[derive(Default)]
struct Trace {
    detail: Value,
    text: Option<Sealed>,
    content: Vec<Sealed>,
}

impl<'a> Doing<'a> {
    async fn begin(ctx: &'a Ctx, tx: &'a WriteTx, row: ticket::Model) -> Result<Self> {
        let key = ctx.kit.vault.key(&**tx, row.key_id).await?;
        let events = write::events(&**tx, row.id).await?;
        Ok(Self { ctx, tx, key, row, events, event_id: ctx.kit.ids.fresh()? })
    }

    async fn finish(mut self, command: &Command, to: State) -> Result<()> {
        let from = state(&self.row.state)?;
        let seen = self.row.version;
        let trace = self.apply(command).await?;
        let step = Step {
            id: self.event_id,
            event: command.action().wire(),
            visibility: Visibility::Public,
            from: Some(from),
            to,
            detail: trace.detail,
            text: trace.text,
            content: trace.content,
        };
        let change = history::plan(self.ctx, self.tx, &mut self.row, &self.events, step).await?;
        self.row.version = seen + 1;
        write::update_ticket(self.tx, seen, self.row).await?;
        history::save(self.ctx, self.tx, change).await
    }

    /// The effects of the action, besides state, version, event and clocks.
    async fn apply(&mut self, command: &Command) -> Result<Trace> {
        let me = self.ctx.member()?.person_id;
        let at = history::event_time(self.ctx, &self.row);
        match command {
            Command::Accept { text } => {
                self.row.assignee_id = self.row.assignee_id.or(Some(me));
                self.say(Some(text), Visibility::Public, &[]).await
            }
            Command::Assign { assignee_id, note } => {
                let before = self.row.assignee_id.replace(*assignee_id);
                let mut trace = self.say(note.as_deref(), Visibility::Internal, &[]).await?;
                trace.detail = json!({ "assignee_id": assignee_id, "from_assignee_id": before });
                Ok(trace)
            }
            Command::AskClient { question } => {
                let mut trace = self.say(Some(question), Visibility::Public, &[]).await?;
                // Once more with the event: a wait shows its question, whatever page messages are on.
                trace.text = Some(self.seal_event_text(question)?);
                Ok(trace)
            }
            Command::Supply { text, attachment_ids } => {
                self.say(Some(text), Visibility::Public, attachment_ids).await
            }
            Command::PublishSolution { solution_type, text, eta } => {
                self.row.has_solution = true;
                let number = self.count("publish_solution") + 1;
                let id = self.ctx.kit.ids.fresh()?;
                let sealed = self.key.seal(SOLUTION, id, text.as_bytes())?;
                let row = solution::Model {
                    id,
                    ticket_id: self.row.id,
                    cycle: self.row.cycle,
                    number,
                    solution_type: solution_type.wire().to_owned(),
                    text_sealed: sealed.clone(),
                    eta: *eta,
                    author_id: me,
                    state: SolutionState::Open.wire().to_owned(),
                    reason_sealed: None,
                    published_at: at,
                };
                write::insert_solution(self.tx, row).await?;
                let detail = json!({ "number": number, "solution_type": solution_type, "eta": eta });
                Ok(Trace { detail, text: None, content: vec![sealed] })
            }
            Command::RejectSolution { reason } => self.judge(SolutionState::Rejected, Some(reason)).await,
            Command::MarkRepaired { text } => {
                self.row.repaired_by = Some(me);
                self.say(text.as_deref(), Visibility::Public, &[]).await
            }
            Command::Confirm { rating, comment } => {
                self.row.closed_at = Some(at);
                self.row.rating = Some(*rating);
                let judged = self.judge(SolutionState::Confirmed, None).await?;
                let mut trace = self.say(comment.as_deref(), Visibility::Public, &[]).await?;
                trace.detail = json!({ "rating": rating, "solution": judged.detail });
                Ok(trace)
            }
            Command::FailVerification { reason } => self.say(Some(reason), Visibility::Public, &[]).await,
            Command::Reopen { reason } => {
                self.row.cycle += 1;
                self.row.closed_at = None;
                self.row.rating = None;
                self.row.has_solution = false;
                self.row.repaired_by = None;
                self.say(Some(reason), Visibility::Public, &[]).await
            }
            Command::Withdraw { reason } => self.say(Some(reason), Visibility::Public, &[]).await,
            Command::Remind { text } => {
                self.row.reminded_at = Some(at);
                self.say(text.as_deref(), Visibility::Public, &[]).await
            }
            Command::Merge { .. } | Command::EscalateToIncident => {
                Err(Error::new(Code::Internal).because("an action without effects here"))
            }
        }
    }

    fn count(&self, event: &str) -> i32 {
        i32::try_from(self.events.iter().filter(|e| e.event == event).count()).unwrap_or(i32::MAX)
    }

    fn seal_event_text(&self, text: &str) -> Result<Sealed> {
        self.key.seal(EVENT_TEXT, self.event_id, text.as_bytes())
    }

    /// The words of an action, as a message that both sides (or the vendor's people) read in its place.
    async fn say(&self, text: Option<&str>, visibility: Visibility, files: &[Uuid]) -> Result<Trace> {
        let Some(text) = text else { return Ok(Trace { detail: json!({}), ..Trace::default() }) };
        let at = history::event_time(self.ctx, &self.row);
        let saying = Saying { ticket_id: self.row.id, text, visibility, at };
        let Said { id, sealed } = say(self.ctx, self.tx, &self.key, saying).await?;
        let place = (self.row.id, Some(id), visibility.wire());
        files::link(self.ctx, &**self.tx, files, place.0, &self.key, place.1, place.2).await?;
        let detail = json!({ "message_id": id, "attachments": files.len() });
        Ok(Trace { detail, text: None, content: vec![sealed] })
    }

    /// The client's word on the solution that lies before it.
    async fn judge(&self, verdict: SolutionState, reason: Option<&str>) -> Result<Trace> {
        let latest = write::latest_solution(self.tx, self.row.id).await?;
        let latest = latest.ok_or_else(|| unknown_word("ticket_solutions.id"))?;
        let sealed = reason.map(|r| self.key.seal(REASON, latest.id, r.as_bytes())).transpose()?;
        write::judge_solution(self.tx, latest.id, verdict, sealed.clone()).await?;
        let detail = json!({ "number": latest.number });
        Ok(Trace { detail, text: None, content: sealed.into_iter().collect() })
    }
}
