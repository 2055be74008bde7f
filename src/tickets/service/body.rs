//! From what was sent to what is meant: every text checked, every field where it belongs. Pure.

use uuid::Uuid;

use crate::kit::clock::Timestamp;
use crate::kit::error::{Error, Result};
use crate::kit::text::{Lines, checked, optional};
use crate::tickets::model::{Action, Command, Kind, Severity, SolutionType};
use crate::tickets::requests::{ActionBody, NewTicket};

const LONG: usize = 5000;
const SHORT: usize = 2000;
const MAX_FILES: usize = 9;
/// A promise further away than this is a slip of the pen.
const MAX_ETA_MS: i64 = 366 * 86_400_000;

/// A checked report.
#[derive(Debug)]
pub struct Report {
    pub kind: Kind,
    pub title: String,
    pub description: String,
    pub severity: Severity,
    pub occurred_at: Option<Timestamp>,
    pub scope: Option<String>,
    pub steps_tried: Option<String>,
    pub contact: Option<String>,
    pub attachment_ids: Vec<Uuid>,
}

/// Checks all fields and names every wrong one.
///
/// # Errors
/// 422.
pub fn report(body: &NewTicket, now: Timestamp) -> Result<Report> {
    let mut wrong = Vec::new();
    let kind = Kind::from_wire(&body.kind)
        .ok_or_else(|| Error::field("kind", "NOT_AVAILABLE", "这类工单暂未开通，请选择“故障”"));
    let kind = keep(kind, &mut wrong);
    let title = keep(checked("title", &body.title, Lines::One, 80), &mut wrong);
    let description = keep(checked("description", &body.description, Lines::Many, LONG), &mut wrong);
    let scope = keep(optional("scope", body.scope.as_deref(), Lines::Many, 200), &mut wrong);
    let steps = body.steps_tried.as_deref();
    let steps_tried = keep(optional("steps_tried", steps, Lines::Many, SHORT), &mut wrong);
    let contact = keep(optional("contact", body.contact.as_deref(), Lines::One, 100), &mut wrong);
    keep(files("attachment_ids", &body.attachment_ids), &mut wrong);
    if body.occurred_at.is_some_and(|at| at > now.plus_seconds(300)) {
        wrong.push(Error::field("occurred_at", "IN_FUTURE", "发生时间不能晚于现在"));
    }
    match (kind, title, description, scope, steps_tried, contact) {
        (Some(kind), Some(title), Some(description), Some(scope), Some(steps_tried), Some(contact))
            if wrong.is_empty() =>
        {
            Ok(Report {
                kind,
                title,
                description,
                severity: body.severity.unwrap_or(Severity::Major),
                occurred_at: body.occurred_at,
                scope,
                steps_tried,
                contact,
                attachment_ids: body.attachment_ids.clone(),
            })
        }
        _ => Err(together(&wrong)),
    }
}

fn keep<T>(result: Result<T>, wrong: &mut Vec<Error>) -> Option<T> {
    result.map_err(|e| wrong.push(e)).ok()
}

fn together(wrong: &[Error]) -> Error {
    let fields = wrong.iter().flat_map(|e| e.fields().to_vec()).collect();
    Error::new(crate::kit::error::Code::Invalid).with_fields(fields)
}

/// # Errors
/// 422 when there are too many.
pub fn files(field: &str, ids: &[Uuid]) -> Result<()> {
    if ids.len() > MAX_FILES {
        return Err(Error::field(field, "TOO_MANY", format!("最多 {MAX_FILES} 个附件")));
    }
    Ok(())
}

/// The text of a message.
///
/// # Errors
/// 422.
pub fn message(body: &str) -> Result<String> {
    checked("body", body, Lines::Many, LONG)
}

/// # Errors
/// 422.
pub fn purpose(purpose: &str) -> Result<String> {
    let purpose = checked("purpose", purpose, Lines::One, 200)?;
    if purpose.chars().count() < 3 {
        return Err(Error::field("purpose", "TOO_SHORT", "请写明用途，至少 3 个字"));
    }
    Ok(purpose)
}

/// An action with exactly the fields that belong to it.
///
/// # Errors
/// 422 naming the field that is missing, wrong, or of another action.
pub fn command(mut body: ActionBody, now: Timestamp) -> Result<Command> {
    let command = match body.action {
        Action::Accept => Command::Accept { text: required("text", body.text.take(), SHORT)? },
        Action::Assign => Command::Assign {
            assignee_id: present("assignee_id", body.assignee_id.take())?,
            note: optional("note", body.note.take().as_deref(), Lines::Many, SHORT)?,
        },
        Action::AskClient => {
            Command::AskClient { question: required("question", body.question.take(), SHORT)? }
        }
        Action::Supply => {
            let attachment_ids = body.attachment_ids.take().unwrap_or_default();
            files("attachment_ids", &attachment_ids)?;
            Command::Supply { text: required("text", body.text.take(), LONG)?, attachment_ids }
        }
        Action::PublishSolution => {
            let solution_type = present("solution_type", body.solution_type.take())?;
            let text = required("text", body.text.take(), LONG)?;
            let eta = promised(solution_type, body.eta.take(), now)?;
            Command::PublishSolution { solution_type, text, eta }
        }
        Action::RejectSolution => Command::RejectSolution { reason: reason(&mut body)? },
        Action::MarkRepaired => {
            Command::MarkRepaired { text: optional("text", body.text.take().as_deref(), Lines::Many, SHORT)? }
        }
        Action::Confirm => Command::Confirm {
            rating: rating(body.rating.take())?,
            comment: optional("comment", body.comment.take().as_deref(), Lines::Many, SHORT)?,
        },
        Action::FailVerification => Command::FailVerification { reason: reason(&mut body)? },
        Action::Reopen => Command::Reopen { reason: reason(&mut body)? },
        Action::Withdraw => Command::Withdraw { reason: reason(&mut body)? },
        Action::Merge => Command::Merge { into: present("into", body.into.take())? },
        Action::Remind => {
            Command::Remind { text: optional("text", body.text.take().as_deref(), Lines::Many, SHORT)? }
        }
        Action::EscalateToIncident => Command::EscalateToIncident,
    };
    nothing_left(&body)?;
    Ok(command)
}

fn missing(field: &str) -> Error {
    Error::field(field, "REQUIRED", "请填写")
}

fn present<T>(field: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| missing(field))
}

fn required(field: &str, text: Option<String>, max_chars: usize) -> Result<String> {
    checked(field, &present(field, text)?, Lines::Many, max_chars)
}

fn reason(body: &mut ActionBody) -> Result<String> {
    required("reason", body.reason.take(), SHORT)
}

fn rating(rating: Option<i32>) -> Result<i32> {
    let rating = present("rating", rating)?;
    if !(1..=5).contains(&rating) {
        return Err(Error::field("rating", "OUT_OF_RANGE", "请给 1 到 5 分"));
    }
    Ok(rating)
}

/// Only a fix can do without a promised time: the others are no end by themselves.
fn promised(kind: SolutionType, eta: Option<Timestamp>, now: Timestamp) -> Result<Option<Timestamp>> {
    match eta {
        None if kind != SolutionType::Fix => {
            Err(Error::field("eta", "REQUIRED", "临时措施和处理计划要写明承诺完成时间"))
        }
        Some(eta) if eta <= now => Err(Error::field("eta", "IN_PAST", "承诺完成时间要晚于现在")),
        Some(eta) if eta.since(now) > MAX_ETA_MS => {
            Err(Error::field("eta", "TOO_FAR", "承诺完成时间不能超过一年"))
        }
        eta => Ok(eta),
    }
}

/// Every field was taken by its action.
fn nothing_left(body: &ActionBody) -> Result<()> {
    let left = [
        ("text", body.text.is_some()),
        ("assignee_id", body.assignee_id.is_some()),
        ("note", body.note.is_some()),
        ("question", body.question.is_some()),
        ("attachment_ids", body.attachment_ids.is_some()),
        ("solution_type", body.solution_type.is_some()),
        ("eta", body.eta.is_some()),
        ("reason", body.reason.is_some()),
        ("rating", body.rating.is_some()),
        ("comment", body.comment.is_some()),
        ("into", body.into.is_some()),
    ];
    match left.iter().find(|(_, is_left)| *is_left) {
        Some((field, _)) => Err(Error::field(*field, "UNKNOWN_FIELD", "这项操作没有这个内容")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(body: serde_json::Value) -> Result<Command> {
        command(serde_json::from_value(body).unwrap(), Timestamp(1000))
    }

    fn refused(body: serde_json::Value) -> (String, String) {
        let error = parse(body).unwrap_err();
        (error.fields()[0].field.clone(), error.fields()[0].code.to_string())
    }

    #[test]
    fn actions_take_their_own_fields_and_no_others() {
        assert_eq!(
            parse(json!({"action": "accept", "text": " 好的 "})).unwrap(),
            Command::Accept { text: "好的".to_owned() }
        );
        let required = |f: &str| (f.to_owned(), "REQUIRED".to_owned());
        assert_eq!(refused(json!({"action": "accept"})), required("text"));
        assert_eq!(refused(json!({"action": "accept", "text": "  "})), required("text"));
        assert_eq!(refused(json!({"action": "confirm"})), required("rating"));
        assert_eq!(refused(json!({"action": "merge"})), required("into"));
        assert_eq!(refused(json!({"action": "reopen"})), required("reason"));
        let stray = refused(json!({"action": "reopen", "reason": "又坏了", "rating": 1}));
        assert_eq!(stray, ("rating".to_owned(), "UNKNOWN_FIELD".to_owned()));
        assert_eq!(refused(json!({"action": "confirm", "rating": 6})).1, "OUT_OF_RANGE");
    }

    #[test]
    fn promises_lie_in_the_future_and_only_a_fix_needs_none() {
        let solution = |kind: &str, eta: Option<i64>| {
            json!({"action": "publish_solution", "solution_type": kind, "text": "重启服务",
                   "eta": eta.map(Timestamp)})
        };
        assert!(parse(solution("fix", None)).is_ok());
        assert!(parse(solution("plan", Some(1001))).is_ok());
        assert_eq!(refused(solution("plan", None)).1, "REQUIRED");
        assert_eq!(refused(solution("workaround", Some(1000))).1, "IN_PAST");
        assert_eq!(refused(solution("fix", Some(1000 + MAX_ETA_MS + 1))).1, "TOO_FAR");
    }

    #[test]
    fn a_report_names_every_wrong_field_at_once() {
        let body = serde_json::from_value(json!({
            "kind": "invoice", "title": "", "description": "x", "contact": "a\nb",
        }))
        .unwrap();
        let error = report(&body, Timestamp(0)).unwrap_err();
        let fields: Vec<_> = error.fields().iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["kind", "title", "contact"]);
    }
}
