//! 咨询 (6.1): answers, remote sessions that the reporter consents to one by one, and visits that both sides
//! sign.

use serde_json::json;

use crate::kit::error::Result;
use crate::tickets::model::Visibility;
use crate::tickets::model::action::body;
use crate::tickets::model::records::{Body, RecordState, RecordType, body as record};
use crate::tickets::service::doing::{Doing, Trace};

pub async fn answer(doing: &mut Doing<'_>, c: &body::Answer) -> Result<Trace> {
    doing.row.has_solution = true;
    doing.row.assignee_id = doing.row.assignee_id.or(Some(doing.me));
    doing.tell(&c.text).await
}

pub async fn close(doing: &mut Doing<'_>, c: &body::Close) -> Result<Trace> {
    doing.row.rating = c.rating.map(|r| r.0);
    let said = doing.say(c.comment.as_deref(), Visibility::Public, &[]).await?;
    Ok(said.with(&json!({ "rating": c.rating })))
}

pub async fn request_remote(doing: &Doing<'_>, c: &body::RequestRemote) -> Result<Trace> {
    let session =
        record::RemoteSession { text: c.text.to_string(), result: None, started_at: None, ended_at: None };
    doing.record(&Body::RemoteSession(session), RecordState::Proposed, true, false).await
}

pub async fn grant_remote(doing: &Doing<'_>) -> Result<Trace> {
    doing.settle(RecordType::RemoteSession, RecordState::Granted, true, |_| ()).await
}

pub async fn refuse_remote(doing: &Doing<'_>) -> Result<Trace> {
    doing.settle(RecordType::RemoteSession, RecordState::Refused, false, |_| ()).await
}

pub async fn start_remote(doing: &Doing<'_>) -> Result<Trace> {
    let start = |body: &mut Body| {
        if let Body::RemoteSession(session) = body {
            session.started_at = Some(doing.at);
        }
    };
    doing.settle(RecordType::RemoteSession, RecordState::Running, false, start).await
}

pub async fn end_remote(doing: &Doing<'_>, c: &body::EndRemote) -> Result<Trace> {
    let end = |body: &mut Body| {
        if let Body::RemoteSession(session) = body {
            session.ended_at = Some(doing.at);
            session.result = Some(c.text.to_string());
        }
    };
    doing.settle(RecordType::RemoteSession, RecordState::Done, true, end).await
}

pub async fn request_visit(doing: &Doing<'_>, c: &body::RequestVisit) -> Result<Trace> {
    let visit = record::SiteVisit {
        text: c.text.to_string(),
        visit_at: None,
        arrived_at: None,
        left_at: None,
        result: None,
    };
    doing.record(&Body::SiteVisit(visit), RecordState::Proposed, false, false).await
}

async fn visit(
    doing: &Doing<'_>,
    state: RecordState,
    signed: bool,
    change: impl FnOnce(&mut record::SiteVisit),
) -> Result<Trace> {
    let of_visit = |body: &mut Body| {
        if let Body::SiteVisit(visit) = body {
            change(visit);
        }
    };
    doing.settle(RecordType::SiteVisit, state, signed, of_visit).await
}

pub async fn schedule_visit(doing: &Doing<'_>, c: &body::ScheduleVisit) -> Result<Trace> {
    let trace = visit(doing, RecordState::Granted, false, |v| v.visit_at = Some(c.visit_at)).await?;
    Ok(trace.with(&json!({ "visit_at": c.visit_at })))
}

pub async fn arrive(doing: &Doing<'_>) -> Result<Trace> {
    visit(doing, RecordState::Running, false, |v| v.arrived_at = Some(doing.at)).await
}

pub async fn leave(doing: &Doing<'_>, c: &body::Leave) -> Result<Trace> {
    let left = |v: &mut record::SiteVisit| {
        v.left_at = Some(doing.at);
        v.result = Some(c.text.to_string());
    };
    visit(doing, RecordState::Done, true, left).await
}

pub async fn sign_visit(doing: &Doing<'_>) -> Result<Trace> {
    visit(doing, RecordState::Signed, true, |_| ()).await
}
