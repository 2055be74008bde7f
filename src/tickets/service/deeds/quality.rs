//! 质量问题 (7.3): acknowledged or disputed, repaired by one person and verified by another.

use serde_json::json;

use crate::kit::error::Result;
use crate::tickets::model::Visibility;
use crate::tickets::model::action::body;
use crate::tickets::model::records::{Body, RecordState, RecordType, body as record};
use crate::tickets::service::doing::{Doing, Trace};

pub async fn acknowledge(doing: &mut Doing<'_>, c: &body::Acknowledge) -> Result<Trace> {
    doing.row.assignee_id = doing.row.assignee_id.or(Some(doing.me));
    doing.tell(&c.text).await
}

pub async fn propose_finding(doing: &Doing<'_>, c: &body::ProposeFinding) -> Result<Trace> {
    let finding = Body::Finding(record::Finding { valid: c.valid, text: c.text.to_string() });
    let trace = doing.record(&finding, RecordState::Proposed, true, true).await?;
    Ok(trace.with(&json!({ "valid": c.valid })))
}

pub async fn agree_finding(doing: &Doing<'_>) -> Result<Trace> {
    let trace = doing.settle(RecordType::Finding, RecordState::Signed, true, |_| ()).await?;
    Ok(trace.with(&json!({ "valid": doing.standing.finding })))
}

pub async fn pass(doing: &mut Doing<'_>, c: &body::PassVerification) -> Result<Trace> {
    doing.row.rating = c.rating.map(|r| r.0);
    let said = doing.say(c.comment.as_deref(), Visibility::Public, &[]).await?;
    Ok(said.with(&json!({ "rating": c.rating })))
}
