//! 故障 (4.2): answers, questions, solutions and the client's word on them.

use serde_json::json;

use crate::kit::crypto::Sealed;
use crate::kit::error::Result;
use crate::tickets::entity::{EVENT_TEXT, REASON, SOLUTION, solution};
use crate::tickets::model::action::body;
use crate::tickets::model::{Action, SolutionState, Visibility};
use crate::tickets::service::doing::{Doing, Trace};
use crate::tickets::service::unknown_word;
use crate::tickets::store::write;

pub async fn accept(doing: &mut Doing<'_>, c: &body::Accept) -> Result<Trace> {
    doing.row.assignee_id = doing.row.assignee_id.or(Some(doing.me));
    doing.tell(&c.text).await
}

pub async fn ask_client(doing: &Doing<'_>, c: &body::AskClient) -> Result<Trace> {
    let mut trace = doing.tell(&c.question).await?;
    // Once more with the event: a wait shows its question, whatever page messages are on.
    trace.text = Some(doing.key.seal(EVENT_TEXT, doing.event_id, c.question.as_bytes())?);
    Ok(trace)
}

pub async fn set_severity(doing: &mut Doing<'_>, c: &body::SetSeverity) -> Result<Trace> {
    let before = std::mem::replace(&mut doing.row.severity, c.severity.wire().to_owned());
    Ok(doing.tell(&c.reason).await?.with(&json!({ "severity": c.severity, "from_severity": before })))
}

pub async fn publish_solution(doing: &mut Doing<'_>, c: &body::PublishSolution) -> Result<Trace> {
    doing.row.has_solution = true;
    let number = doing.count(Action::PublishSolution) + 1;
    let id = doing.ctx.kit.ids.fresh()?;
    let sealed = doing.key.seal(SOLUTION, id, c.text.as_bytes())?;
    let row = solution::Model {
        id,
        ticket_id: doing.row.id,
        cycle: doing.row.cycle,
        number,
        solution_type: c.solution_type.wire().to_owned(),
        text_sealed: sealed.clone(),
        eta: c.eta,
        author_id: doing.me,
        state: SolutionState::Open.wire().to_owned(),
        reason_sealed: None,
        published_at: doing.at,
    };
    write::insert_solution(doing.tx, row).await?;
    let detail = json!({ "number": number, "solution_type": c.solution_type, "eta": c.eta });
    Ok(Trace { content: vec![sealed], ..Trace::default() }.with(&detail))
}

pub async fn reject_solution(doing: &Doing<'_>, c: &body::RejectSolution) -> Result<Trace> {
    let (number, sealed) = judge(doing, SolutionState::Rejected, Some(&c.reason)).await?;
    let content = sealed.into_iter().collect();
    Ok(Trace { content, ..Trace::default() }.with(&json!({ "number": number })))
}

pub async fn confirm(doing: &mut Doing<'_>, c: &body::Confirm) -> Result<Trace> {
    doing.row.rating = Some(c.rating.0);
    let (number, _) = judge(doing, SolutionState::Confirmed, None).await?;
    let said = doing.say(c.comment.as_deref(), Visibility::Public, &[]).await?;
    Ok(said.with(&json!({ "rating": c.rating, "solution": { "number": number } })))
}

/// The client's word on the solution that lies before it: its number, and the reason as it was sealed.
async fn judge(
    doing: &Doing<'_>,
    verdict: SolutionState,
    reason: Option<&str>,
) -> Result<(i32, Option<Sealed>)> {
    let latest = write::latest_solution(doing.tx, doing.row.id).await?;
    let latest = latest.ok_or_else(|| unknown_word("ticket_solutions.id"))?;
    let sealed = reason.map(|r| doing.key.seal(REASON, latest.id, r.as_bytes())).transpose()?;
    write::judge_solution(doing.tx, latest.id, verdict, sealed.clone()).await?;
    Ok((latest.number, sealed))
}
