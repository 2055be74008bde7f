//! From what was sent to what is meant: every text checked, every field where it belongs. Pure.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::kit::clock::Timestamp;
use crate::kit::error::{Error, Result};
use crate::kit::text::{Lines, checked, optional};
use crate::tickets::kinds;
use crate::tickets::model::fields::{Cents, Field, Files};
use crate::tickets::model::{Command, InvoiceType, Kind, Mode, Severity, SolutionType};
use crate::tickets::requests::NewTicket;

const LONG: usize = 5000;
const SHORT: usize = 2000;
/// A promise further away than this is a slip of the pen.
const MAX_AHEAD_MS: i64 = 366 * 86_400_000;

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
    /// What the kind asks for, as the first event keeps it.
    pub particulars: Map<String, Value>,
}

impl Report {
    /// What an incident begins with when a ticket became one.
    pub fn incident(title: String, description: String) -> Self {
        Self {
            kind: Kind::Incident,
            title,
            description,
            severity: Severity::Major,
            occurred_at: None,
            scope: None,
            steps_tried: None,
            contact: None,
            attachment_ids: Vec::new(),
            particulars: Map::new(),
        }
    }
}

/// Checks all fields and names every wrong one.
///
/// # Errors
/// 422.
pub fn report(body: &NewTicket, now: Timestamp) -> Result<Report> {
    let mut wrong = Vec::new();
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
    let known = Known {
        kind: keep(word("kind", Some(&body.kind), Kind::from_wire), &mut wrong).flatten(),
        severity: keep(word("severity", body.severity.as_ref(), Severity::from_wire), &mut wrong).flatten(),
        mode: keep(word("mode", body.mode.as_ref(), Mode::from_wire), &mut wrong).flatten(),
    };
    let invoice_type = word("invoice_type", body.invoice_type.as_ref(), InvoiceType::from_wire);
    keep(invoice_type, &mut wrong);
    let particulars = known.kind.map(|kind| particulars(body, (kind, &known), now, &mut wrong));
    match (known.kind, title, description, scope, steps_tried, contact, particulars) {
        (
            Some(kind),
            Some(title),
            Some(description),
            Some(scope),
            Some(steps_tried),
            Some(contact),
            Some(particulars),
        ) if wrong.is_empty() => Ok(Report {
            kind,
            title,
            description,
            severity: known.severity.unwrap_or(Severity::Major),
            occurred_at: body.occurred_at,
            scope,
            steps_tried,
            contact,
            attachment_ids: body.attachment_ids.clone(),
            particulars,
        }),
        _ => Err(together(&wrong)),
    }
}

/// The words of a report that are choices, as far as they are known.
struct Known {
    kind: Option<Kind>,
    severity: Option<Severity>,
    mode: Option<Mode>,
}

/// # Errors
/// 422 naming the field of a word that is no choice.
fn word<T>(field: &str, text: Option<&String>, known: fn(&str) -> Option<T>) -> Result<Option<T>> {
    let unknown = || Error::field(field, "UNKNOWN_VALUE", "没有这个选项");
    text.map(|text| known(text).ok_or_else(unknown)).transpose()
}

/// The fields that only one kind has: there when it needs them, and nowhere else.
fn particulars(
    body: &NewTicket,
    (kind, known): (Kind, &Known),
    now: Timestamp,
    wrong: &mut Vec<Error>,
) -> Map<String, Value> {
    let mut found = Map::new();
    let mut of = |name: &str, belongs: bool, value: Option<Value>, ahead: Result<()>| match (belongs, value) {
        (false, Some(_)) => wrong.push(Error::field(name, "UNKNOWN_FIELD", "这类工单没有这个内容")),
        (true, None) => wrong.push(Error::field(name, "REQUIRED", "请填写")),
        (true, Some(value)) => {
            keep(ahead, wrong);
            found.insert(name.to_owned(), value);
        }
        (false, None) => {}
    };
    let has_severity = kinds::has_severity(kind);
    let severity = known.severity.or(has_severity.then_some(Severity::Major));
    of("severity", has_severity, severity.map(|s| json!(s)), Ok(()));
    let wished = body.wished_on.map_or(Ok(()), |day| ahead("wished_on", day, now));
    of("wished_on", kind == Kind::Change, body.wished_on.map(|d| json!(d)), wished);
    let consultation = kind == Kind::Consultation;
    let mode = known.mode.or(consultation.then_some(Mode::Online));
    of("mode", consultation, mode.map(|m| json!(m)), Ok(()));
    let due = body.due_at.map_or(Ok(()), |at| soon("due_at", at, now));
    of("due_at", kind == Kind::Report, body.due_at.map(|at| json!(at)), due);
    let invoice = kind == Kind::Invoice;
    let amount = body.amount_cents.map_or(Ok(()), |cents| Cents(cents).checked("amount_cents").map(drop));
    of("amount_cents", invoice, body.amount_cents.map(|n| json!(n)), amount);
    of("invoice_type", invoice, body.invoice_type.as_ref().map(|t| json!(t)), Ok(()));
    found
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
    Files(ids.to_vec()).checked(field).map(drop)
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

/// What the types of an action's fields cannot say: promises and plans lie ahead, and not absurdly far.
///
/// # Errors
/// 422 naming the field.
pub fn sense(command: &Command, now: Timestamp) -> Result<()> {
    match command {
        Command::PublishSolution(c) => promised(c.solution_type, c.eta, now),
        Command::EditNotice(c) => {
            if c.title.is_none() && c.description.is_none() && c.wished_on.is_none() {
                return Err(Error::field("description", "REQUIRED", "请写明要修改的内容"));
            }
            c.wished_on.map_or(Ok(()), |day| ahead("wished_on", day, now))
        }
        Command::ScheduleChange(c) => {
            if c.planned_on < now.shanghai_date() {
                return Err(Error::field("planned_on", "IN_PAST", "实施日期不能早于今天"));
            }
            near("planned_on", c.planned_on, now)
        }
        Command::ScheduleVisit(c) => soon("visit_at", c.visit_at, now),
        Command::IssueInvoice(c) if c.issued_on > now.shanghai_date() => {
            Err(Error::field("issued_on", "IN_FUTURE", "开票日期不能晚于今天"))
        }
        Command::Reclassify(c) if !kinds::can_become(c.kind) => {
            Err(Error::field("kind", "NOT_AVAILABLE", "只能改为故障、质量问题、咨询或变更"))
        }
        _ => Ok(()),
    }
}

/// Only a fix can do without a promised time: the others are no end by themselves.
fn promised(kind: SolutionType, eta: Option<Timestamp>, now: Timestamp) -> Result<()> {
    match eta {
        None if kind != SolutionType::Fix => {
            Err(Error::field("eta", "REQUIRED", "临时措施和处理计划要写明承诺完成时间"))
        }
        Some(eta) if eta <= now => Err(Error::field("eta", "IN_PAST", "承诺完成时间要晚于现在")),
        Some(eta) if eta.since(now) > MAX_AHEAD_MS => {
            Err(Error::field("eta", "TOO_FAR", "承诺完成时间不能超过一年"))
        }
        _ => Ok(()),
    }
}

/// An instant of the next year.
fn soon(field: &str, at: Timestamp, now: Timestamp) -> Result<()> {
    if at <= now {
        return Err(Error::field(field, "IN_PAST", "时间要晚于现在"));
    }
    if at.since(now) > MAX_AHEAD_MS {
        return Err(Error::field(field, "TOO_FAR", "时间不能超过一年"));
    }
    Ok(())
}

/// A day after today, of the next year.
fn ahead(field: &str, day: NaiveDate, now: Timestamp) -> Result<()> {
    if day <= now.shanghai_date() {
        return Err(Error::field(field, "IN_PAST", "日期要晚于今天"));
    }
    near(field, day, now)
}

fn near(field: &str, day: NaiveDate, now: Timestamp) -> Result<()> {
    if day > now.plus_millis(MAX_AHEAD_MS).shanghai_date() {
        return Err(Error::field(field, "TOO_FAR", "日期不能超过一年"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kit::http::ByAction as _;

    fn parse(body: &serde_json::Value) -> Result<Command> {
        let command = Command::decode(body.to_string().as_bytes())?;
        sense(&command, Timestamp(1000))?;
        Ok(command)
    }

    fn refused(body: serde_json::Value) -> (String, String) {
        let error = parse(&body).unwrap_err();
        (error.fields()[0].field.clone(), error.fields()[0].code.to_string())
    }

    #[test]
    fn actions_take_their_own_fields_and_no_others() {
        let Command::Accept(accept) = parse(&json!({"action": "accept", "text": " 好的 "})).unwrap() else {
            panic!("not an acceptance")
        };
        assert_eq!(&*accept.text, "好的");
        let required = |f: &str| (f.to_owned(), "REQUIRED".to_owned());
        assert_eq!(refused(json!({"text": "好的"})), required("action"));
        assert_eq!(refused(json!({"action": "fly"})), ("action".to_owned(), "UNKNOWN_VALUE".to_owned()));
        assert_eq!(refused(json!({"action": "accept"})), required("text"));
        assert_eq!(refused(json!({"action": "accept", "text": "  "})), required("text"));
        assert_eq!(refused(json!({"action": "confirm"})), required("rating"));
        assert_eq!(refused(json!({"action": "merge"})), required("into"));
        assert_eq!(refused(json!({"action": "reopen"})), required("reason"));
        assert_eq!(
            refused(json!({"action": "reply", "schedule": "三天", "cost": "无"})),
            required("quality")
        );
        let stray = refused(json!({"action": "reopen", "reason": "又坏了", "rating": 1}));
        assert_eq!(stray, ("rating".to_owned(), "UNKNOWN_FIELD".to_owned()));
        let stray = refused(json!({"action": "issue", "text": "x"}));
        assert_eq!(stray, ("text".to_owned(), "UNKNOWN_FIELD".to_owned()));
        let typed = refused(json!({"action": "quote", "amount_cents": "12", "text": "x"}));
        assert_eq!(typed, ("amount_cents".to_owned(), "WRONG_TYPE".to_owned()));
        assert_eq!(refused(json!({"action": "confirm", "rating": 6})).1, "OUT_OF_RANGE");
        assert_eq!(refused(json!({"action": "edit_notice"})), required("description"));
        let long = "长".repeat(2001);
        assert_eq!(refused(json!({"action": "accept", "text": long})).1, "TOO_LONG");
        assert!(parse(&json!({"action": "remind", "text": " "})).is_ok());
    }

    #[test]
    fn a_field_twice_is_refused() {
        let error = Command::decode(br#"{"action":"confirm","rating":1,"rating":5}"#).unwrap_err();
        assert_eq!(error.fields()[0].code, "DUPLICATE_FIELD");
    }

    #[test]
    fn promises_lie_in_the_future_and_only_a_fix_needs_none() {
        let solution = |kind: &str, eta: Option<i64>| {
            json!({"action": "publish_solution", "solution_type": kind, "text": "重启服务",
                   "eta": eta.map(Timestamp)})
        };
        assert!(parse(&solution("fix", None)).is_ok());
        assert!(parse(&solution("plan", Some(1001))).is_ok());
        assert_eq!(refused(solution("plan", None)).1, "REQUIRED");
        assert_eq!(refused(solution("workaround", Some(1000))).1, "IN_PAST");
        assert_eq!(refused(solution("fix", Some(1000 + MAX_AHEAD_MS + 1))).1, "TOO_FAR");
        let planned = |day: &str| json!({"action": "schedule_change", "planned_on": day, "text": "x"});
        assert!(parse(&planned("1970-01-01")).is_ok());
        assert_eq!(refused(planned("1969-12-31")).1, "IN_PAST");
        assert_eq!(refused(planned("1972-01-01")).1, "TOO_FAR");
        assert_eq!(refused(planned("1970-13-01")).0, "planned_on");
    }

    #[test]
    fn a_report_names_every_wrong_field_at_once() {
        let wrong = |body: serde_json::Value| {
            let error = report(&serde_json::from_value(body).unwrap(), Timestamp(0)).unwrap_err();
            let fields = error.fields().iter();
            fields.map(|f| format!("{} {}", f.field, f.code)).collect::<Vec<_>>()
        };
        let body = json!({ "kind": "fault", "title": "", "description": "x", "contact": "a\nb" });
        assert_eq!(wrong(body), ["title REQUIRED", "contact CHARACTER_REFUSED"]);
        let of = |kind: &str| json!({ "kind": kind, "title": "x", "description": "x", "mode": "remote" });
        assert_eq!(wrong(of("change")), ["wished_on REQUIRED", "mode UNKNOWN_FIELD"]);
        assert_eq!(wrong(of("report")), ["mode UNKNOWN_FIELD", "due_at REQUIRED"]);
        let invoice = ["mode UNKNOWN_FIELD", "amount_cents REQUIRED", "invoice_type REQUIRED"];
        assert_eq!(wrong(of("invoice")), invoice);
        let strange = json!({ "kind": "fly", "title": "", "description": "x", "severity": "worst",
                              "mode": "telepathy", "invoice_type": "gold" });
        let all = ["title REQUIRED", "kind UNKNOWN_VALUE", "severity UNKNOWN_VALUE", "mode UNKNOWN_VALUE"];
        assert_eq!(wrong(strange), [&all[..], &["invoice_type UNKNOWN_VALUE"]].concat());
        let strange = json!({ "kind": "fault", "title": "x", "description": "x", "severity": "worst",
                              "due_at": Timestamp(9) });
        assert_eq!(wrong(strange), ["severity UNKNOWN_VALUE", "due_at UNKNOWN_FIELD"]);
        let severe = json!({ "kind": "report", "title": "x", "description": "x", "severity": "minor",
                             "due_at": Timestamp(0) });
        assert_eq!(wrong(severe), ["severity UNKNOWN_FIELD", "due_at IN_PAST"]);
        let change = json!({ "kind": "change", "title": "x", "description": "x", "wished_on": "1970-01-01" });
        assert_eq!(wrong(change), ["wished_on IN_PAST"]);
    }
}
