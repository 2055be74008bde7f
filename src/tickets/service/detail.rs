//! The parts of a ticket's view that depend on its kind: the way it goes, its particulars, its records with
//! their signatures, and the tickets that belong to it.

use std::sync::Arc;

use super::deeds::change;
use super::open::{Faces, Thread};
use super::{kind, matter, side, state, unknown_word};
use crate::clocks::Book;
use crate::identity::policy::{self, Action as May, TicketFacts, Verdict};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::tickets::entity::{RECORD, record};
use crate::tickets::kinds;
use crate::tickets::model::records::{Body, RecordState, RecordType};
use crate::tickets::model::standing::Standing;
use crate::tickets::model::{Kind, Relation, State};
use crate::tickets::store::followers::Linked;
use crate::tickets::store::show::Part;
use crate::tickets::views::{self, Particulars, Signature, Step, Summary};

/// The states on the way. What is off it (a question to the client, a dispute) stands where it left the way;
/// a ticket that ended otherwise ends where it was.
pub fn progress(summary: &Summary, thread: &Thread<'_>) -> Vec<Step> {
    let path = kinds::spec(summary.kind).path;
    let place = |s: State| path.iter().position(|p| *p == s);
    let before = || thread.part(Part::Event).filter_map(|r| place(State::from_wire(&r.state)?)).last();
    let here = place(summary.state).or_else(before).unwrap_or(0);
    let step = |state: State, reached| Step { state, title: kinds::title(summary.kind, state), reached };
    let steps = path.iter().enumerate().map(|(n, state)| step(*state, n <= here));
    if matches!(summary.state, State::Withdrawn | State::Merged) {
        return steps.take(here + 1).chain([step(summary.state, true)]).collect();
    }
    steps.collect()
}

pub fn particulars(book: &Arc<Book>, summary: &Summary, standing: &Standing, now: Timestamp) -> Particulars {
    let kind = summary.kind;
    let incident = kind == Kind::Incident;
    let unissued = kind == Kind::Change && kinds::is_among_the_client(summary.state);
    Particulars {
        proposed_kind: standing.proposed_kind,
        implied: standing.implied,
        wished_on: standing.wished_on.filter(|_| kind == Kind::Change),
        earliest_on: unissued.then(|| change::earliest_on(book, now)).flatten(),
        lead_time_waived: standing.lead_time_waived,
        decision: standing.decision,
        planned_on: standing.planned_on,
        mode: standing.mode.filter(|_| kind == Kind::Consultation),
        proposed_finding: standing.finding,
        grade: standing.grade,
        proposed_grade: standing.proposed_grade,
        report_decided: standing.report_decided,
        personal_notice: standing.notice_decided,
        personal_notice_draft: (incident && standing.notice_decided.is_none()).then(|| notice_draft(summary)),
        evidence_frozen: incident && summary.state.is_open(),
        due_at: standing.due_at,
        amount_cents: standing.amount_cents,
        invoice_type: standing.invoice_type,
    }
}

/// 个人信息保护法 57: kinds of data, cause and possible harm; what is done and what the person can do; whom
/// to ask. Only the frame: what it must say is known to people alone.
fn notice_draft(summary: &Summary) -> String {
    format!(
        "关于个人信息安全事件的告知（事件编号 {}）\n\
         我们于 {} 发现一起安全事件，可能涉及您的个人信息，现告知如下：\n\
         一、涉及的个人信息种类：〔请填写，如姓名、手机号〕\n\
         二、发生的原因和可能造成的危害：〔请填写〕\n\
         三、我们已采取的补救措施：〔请填写〕\n\
         四、您可以采取的减轻危害的措施：〔请填写，如留意陌生来电、修改密码〕\n\
         五、联系方式：〔请填写负责人和电话〕",
        summary.number,
        views::beijing(summary.received_at),
    )
}

/// Records with their signatures. What the vendor drafts is for its own people until it is signed.
pub fn records(
    faces: &Faces,
    key: &DataKey,
    rows: &[record::Model],
    internal: bool,
) -> Result<Vec<views::Record>> {
    if key.is_destroyed() {
        // Who signed what is in the ledger; the papers themselves are gone.
        return Ok(Vec::new());
    }
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let record_type =
            RecordType::from_wire(&row.record_type).ok_or_else(|| unknown_word("record_type"))?;
        let state = RecordState::from_wire(&row.state).ok_or_else(|| unknown_word("ticket_records.state"))?;
        if record_type == RecordType::Reply && row.vendor_signed_by.is_none() && !internal {
            continue;
        }
        let signature = |by, at: Option<Timestamp>| {
            let signed = faces.person(by)?.zip(at);
            Ok::<_, crate::kit::error::Error>(signed.map(|(by, at)| Signature { by, at }))
        };
        shown.push(views::Record {
            id: row.id,
            record_type,
            number: row.number,
            cycle: row.cycle,
            state,
            body: Body::decode(record_type, &key.open(RECORD, row.id, &row.body_sealed)?)?,
            author: faces.named(Some(row.author_id))?,
            at: row.at,
            client_signed: signature(row.client_signed_by, row.client_signed_at)?,
            vendor_signed: signature(row.vendor_signed_by, row.vendor_signed_at)?,
        });
    }
    Ok(shown)
}

/// The tickets that belong to this one and that the caller may see.
pub fn links(ctx: &Ctx, rows: &[Linked]) -> Result<Vec<views::Linked>> {
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let (kind, state) = (kind(&row.kind)?, state(&row.state)?);
        let facts = TicketFacts {
            reporter: row.reporter,
            reporter_side: side(&row.reporter_side)?,
            entered_by: row.entered_by,
            department: None,
            assignee: row.assignee,
            repaired_by: None,
            is_open: row.is_open,
            has_answer: false,
            matter: matter(kind),
            is_among_the_client: kinds::is_among_the_client(state),
            follows: false,
        };
        if policy::allow(&ctx.actor, May::View, &facts) != Verdict::Allow {
            continue;
        }
        shown.push(views::Linked {
            id: row.id,
            number: row.number.clone(),
            kind,
            state,
            relation: Relation::from_wire(&row.relation).ok_or_else(|| unknown_word("relation"))?,
            backwards: row.backwards,
        });
    }
    Ok(shown)
}
