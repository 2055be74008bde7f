//! 变更 (2.2): versions of the notice, the lead time, contacts, the reply with its three assessments, and the
//! way to acceptance. A new version of the notice takes the place of all that was said on the one before.

use chrono::NaiveDate;
use serde_json::json;

use crate::calendar::{self, Unit};
use crate::clocks::Book;
use crate::kit::clock::Timestamp;
use crate::kit::error::{Code, Error, Result};
use crate::tickets::entity::{DESCRIPTION, TITLE};
use crate::tickets::machine::Situation;
use crate::tickets::model::action::body;
use crate::tickets::model::records::{Body, RecordState, RecordType, body as record};
use crate::tickets::model::{State, Visibility};
use crate::tickets::service::doing::{Doing, Trace};
use crate::tickets::service::open;
use crate::tickets::service::unknown_word;
use crate::tickets::store::records;

/// 2.2.1: so many working days lie between the notice and the day from which the change is wished.
const LEAD_TIME_DAYS: u32 = 5;

/// The first day from which a change can lawfully be wished, when its notice is issued at `at`: the fifth
/// working day after that day.
#[must_use]
pub fn earliest_on(book: &Book, at: Timestamp) -> Option<NaiveDate> {
    let version = book.at(at);
    let (calendar, rules) = (&version.calendar, &version.rules);
    let due = calendar::due_at(calendar, rules, at, Unit::WorkingDays, LEAD_TIME_DAYS, &[]).ok()?;
    // 24:00 belongs to the day that ends.
    Some(due.due_at.plus_millis(-1).shanghai_date())
}

/// # Errors
/// 422 without a wished date, and for one that is too near unless the client wants it all the same.
pub fn check_issue(book: &Book, situation: &Situation, accept_short: bool) -> Result<()> {
    let missing = || Error::field("wished_on", "REQUIRED", "请先填写希望生效的日期");
    let wished_on = situation.standing.wished_on.ok_or_else(missing)?;
    match earliest_on(book, situation.now) {
        Some(earliest) if wished_on < earliest && !accept_short => {
            let detail = format!(
                "最早可以选 {}；如仍要现在签发，乙方可以不接受这个日期",
                earliest.format("%-m月%-d日")
            );
            Err(Error::new(Code::LeadTimeShort).detail(detail).with("earliest_on", earliest.to_string()))
        }
        _ => Ok(()),
    }
}

/// The notice as it reads now.
fn notice(doing: &Doing<'_>) -> Result<record::Notice> {
    let (key, row) = (&doing.key, &doing.row);
    Ok(record::Notice {
        title: key.open_text(TITLE, row.id, &row.title_sealed)?,
        description: key.open_text(DESCRIPTION, row.id, &row.description_sealed)?,
        wished_on: doing.standing.wished_on.ok_or_else(|| unknown_word("ticket_events.detail"))?,
    })
}

pub async fn edit_notice(doing: &mut Doing<'_>, c: &body::EditNotice) -> Result<Trace> {
    // The receipt keeps vouching for what came in first.
    if doing.row.receipt_digest.is_none() {
        doing.row.receipt_digest = Some(open::digest_of(&doing.row));
    }
    let mut content = Vec::new();
    let id = doing.row.id;
    if let Some(title) = &c.title {
        doing.row.title_sealed = doing.key.seal(TITLE, id, title.as_bytes())?;
        content.push(doing.row.title_sealed.clone());
    }
    if let Some(description) = &c.description {
        doing.row.description_sealed = doing.key.seal(DESCRIPTION, id, description.as_bytes())?;
        content.push(doing.row.description_sealed.clone());
    }
    doing.standing.wished_on = c.wished_on.or(doing.standing.wished_on);
    let trace = Trace { content, ..Trace::default() }.with(&json!({ "wished_on": c.wished_on }));
    if matches!(doing.from, State::Draft | State::AwaitingIssue) {
        return Ok(trace);
    }
    let issued = issue_version(doing).await?;
    Ok(trace.and(issued).with(&json!({ "reissued": true })))
}

pub async fn issue(doing: &mut Doing<'_>, c: &body::Issue) -> Result<Trace> {
    let book = doing.book.clone();
    let earliest = earliest_on(&book, doing.at);
    let short = doing.standing.wished_on.zip(earliest).is_some_and(|(wished, earliest)| wished < earliest);
    let trace = issue_version(doing).await?;
    Ok(trace.with(&json!({
        "wished_on": doing.standing.wished_on, "earliest_on": earliest, "short": short,
        "accept_short": c.accept_short,
    })))
}

/// Freezes the notice as it reads now, signed by the manager; what answered the version before is void.
async fn issue_version(doing: &mut Doing<'_>) -> Result<Trace> {
    doing.row.has_solution = false;
    for answered in [RecordType::Reply, RecordType::Schedule] {
        if records::latest(&**doing.tx, doing.row.id, answered).await?.is_some() {
            doing.settle(answered, RecordState::Superseded, false, |_| ()).await?;
        }
    }
    let notice = Body::Notice(notice(doing)?);
    doing.record(&notice, RecordState::Signed, true, true).await
}

pub async fn log_contact(doing: &mut Doing<'_>, c: &body::LogContact) -> Result<Trace> {
    doing.row.assignee_id = doing.row.assignee_id.or(Some(doing.me));
    let contact = Body::Contact(record::Contact { channel: c.channel, text: c.text.to_string() });
    let trace = doing.record(&contact, RecordState::Done, false, false).await?;
    Ok(trace.with(&json!({ "channel": c.channel })))
}

pub async fn draft_reply(doing: &Doing<'_>, c: &body::DraftReply) -> Result<Trace> {
    let reply = record::Reply {
        schedule: c.schedule.to_string(),
        cost: c.cost.to_string(),
        quality: c.quality.to_string(),
        decision: c.decision,
    };
    // What the vendor drafts among itself is its own until the lead signs.
    let trace = doing.record(&Body::Reply(reply), RecordState::Draft, false, true).await?;
    Ok(Trace { internal: true, ..trace })
}

pub async fn reply(doing: &mut Doing<'_>, c: &body::Reply) -> Result<Trace> {
    doing.row.has_solution = true;
    let reply = record::Reply {
        schedule: c.schedule.to_string(),
        cost: c.cost.to_string(),
        quality: c.quality.to_string(),
        decision: c.decision,
    };
    let trace = doing.record(&Body::Reply(reply), RecordState::Signed, true, true).await?;
    Ok(trace.with(&json!({ "decision": c.decision })))
}

pub async fn approve(doing: &Doing<'_>) -> Result<Trace> {
    doing.settle(RecordType::Reply, RecordState::Accepted, true, |_| ()).await
}

pub async fn reconsider(doing: &mut Doing<'_>, c: &body::Reconsider) -> Result<Trace> {
    let said = doing.tell(&c.reason).await?;
    Ok(issue_version(doing).await?.and(said))
}

pub async fn schedule(doing: &Doing<'_>, c: &body::ScheduleChange) -> Result<Trace> {
    let schedule = record::Schedule { planned_on: c.planned_on, text: c.text.to_string() };
    let trace = doing.record(&Body::Schedule(schedule), RecordState::Signed, true, true).await?;
    Ok(trace.with(&json!({ "planned_on": c.planned_on })))
}

pub async fn submit_for_acceptance(doing: &mut Doing<'_>, c: &body::SubmitForAcceptance) -> Result<Trace> {
    doing.row.repaired_by = Some(doing.me);
    let acceptance = Body::Acceptance(record::Acceptance { text: c.text.to_string() });
    doing.record(&acceptance, RecordState::Proposed, true, false).await
}

pub async fn accept(doing: &mut Doing<'_>, c: &body::AcceptChange) -> Result<Trace> {
    doing.row.rating = Some(c.rating.0);
    let said = doing.say(c.comment.as_deref(), Visibility::Public, &[]).await?;
    let accepted = doing.settle(RecordType::Acceptance, RecordState::Accepted, true, |_| ()).await?;
    Ok(accepted.and(said).with(&json!({ "rating": c.rating })))
}

pub async fn reject_acceptance(doing: &Doing<'_>, c: &body::RejectAcceptance) -> Result<Trace> {
    let rejected = doing.settle(RecordType::Acceptance, RecordState::Refused, false, |_| ()).await?;
    Ok(rejected.and(doing.tell(&c.reason).await?))
}
