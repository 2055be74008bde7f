//! 安全事件 (8.2): every step leaves a record, the decisions are the client's, and nothing is settled by
//! silence.

use serde_json::json;

use crate::kit::error::Result;
use crate::tickets::model::action::body;
use crate::tickets::model::records::{Body, RecordState, RecordType, body as record};
use crate::tickets::service::doing::{Doing, Trace};

pub async fn notify_client(doing: &mut Doing<'_>, c: &body::NotifyClient) -> Result<Trace> {
    doing.row.has_solution = true;
    doing.row.assignee_id = doing.row.assignee_id.or(Some(doing.me));
    let notice = Body::IncidentNotice(record::IncidentNotice { text: c.text.to_string() });
    doing.record(&notice, RecordState::Signed, true, false).await
}

pub async fn propose_grade(doing: &Doing<'_>, c: &body::ProposeGrade) -> Result<Trace> {
    let grade = Body::Grade(record::Grade { grade: c.grade, text: c.text.to_string() });
    let trace = doing.record(&grade, RecordState::Proposed, true, true).await?;
    Ok(trace.with(&json!({ "grade": c.grade })))
}

pub async fn agree_grade(doing: &Doing<'_>) -> Result<Trace> {
    let trace = doing.settle(RecordType::Grade, RecordState::Signed, true, |_| ()).await?;
    Ok(trace.with(&json!({ "grade": doing.standing.proposed_grade })))
}

pub async fn contain(doing: &Doing<'_>, c: &body::Contain) -> Result<Trace> {
    let containment = Body::Containment(record::Containment { text: c.text.to_string() });
    doing.record(&containment, RecordState::Signed, true, false).await
}

pub async fn decide_report(doing: &Doing<'_>, c: &body::DecideReport) -> Result<Trace> {
    let decision =
        Body::ReportDecision(record::ReportDecision { report: c.report, text: c.text.to_string() });
    let trace = doing.record(&decision, RecordState::Signed, true, false).await?;
    Ok(trace.with(&json!({ "report": c.report })))
}

pub async fn decide_personal_notice(doing: &Doing<'_>, c: &body::DecidePersonalNotice) -> Result<Trace> {
    let decision = Body::PersonalNoticeDecision(record::PersonalNoticeDecision {
        notify: c.notify,
        text: c.text.to_string(),
    });
    let trace = doing.record(&decision, RecordState::Signed, true, false).await?;
    Ok(trace.with(&json!({ "notify": c.notify })))
}

pub async fn recover(doing: &Doing<'_>, c: &body::Recover) -> Result<Trace> {
    let recovery = Body::Recovery(record::Recovery { text: c.text.to_string() });
    doing.record(&recovery, RecordState::Signed, true, false).await
}

pub async fn submit_review(doing: &Doing<'_>, c: &body::SubmitReview) -> Result<Trace> {
    let attachment_ids = c.attachment_ids.to_vec();
    let attached = doing.attach(&attachment_ids).await?;
    let review = Body::Review(record::Review { text: c.text.to_string(), attachment_ids });
    Ok(doing.record(&review, RecordState::Proposed, true, false).await?.and(attached))
}

pub async fn accept_review(doing: &Doing<'_>) -> Result<Trace> {
    doing.settle(RecordType::Review, RecordState::Accepted, true, |_| ()).await
}

pub async fn return_review(doing: &Doing<'_>, c: &body::ReturnReview) -> Result<Trace> {
    let returned = doing.settle(RecordType::Review, RecordState::Refused, false, |_| ()).await?;
    Ok(returned.and(doing.tell(&c.reason).await?))
}
