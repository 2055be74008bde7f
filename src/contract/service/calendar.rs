//! The calendar in force, the question when an allowance is used up, and years on their way into force: a
//! year file or the pasted notice becomes a proposal that shows what it changes before anybody signs.

use chrono::Datelike;

use uuid::Uuid;

use super::annex::{self, Proposal, Proposer};
use super::{book, enter, party, payload};
use crate::calendar::{Calendar, Due, DueError, Rules, Year, due};
use crate::contract::entity::{ANNEX_REASON, END_REASON, annex as row};
use crate::contract::model::{AnnexKind, AnnexState};
use crate::contract::requests::{AnnexAct, CalendarImport, DueQuestion};
use crate::contract::store::annex as store;
use crate::contract::views::{
    AnnexHead, CalendarDay, CalendarPreview, CalendarVersion, CalendarYear, DayDifference, MovedDeadline,
    YearStatus,
};
use crate::duties;
use crate::identity::policy::Action;
use crate::kit::Kit;
use crate::kit::ctx::Ctx;
use crate::kit::db::Fetch;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::kit::http::{IdempotencyKey, ok};
use crate::kit::page::{Cursor, Page, PageQuery, window};
use crate::kit::text::{Lines, checked};
use crate::ledger;

/// Deadlines that a preview lists by name.
pub(super) const MOST_MOVED: usize = 100;
const NOTICE_CHARS: usize = 20_000;
const MOST_PAUSES: usize = 1000;
/// The month and day from which a missing next year is worth a warning: the notice comes out in November.
const EXPECTED: (u32, u32) = (11, 15);

/// A year of the calendar in force.
///
/// # Errors
/// 403 until the account is bound; 404 for a year outside 1970 to 2100.
pub async fn show(ctx: &Ctx, year: i32) -> Result<CalendarYear> {
    enter(ctx, Action::ReadCalendar)?;
    let book = book::book(&ctx.kit).await?;
    year_of(&book.at(ctx.now).calendar, year)
}

/// # Errors
/// 404 for a year outside 1970 to 2100.
pub fn year_of(calendar: &Calendar, year: i32) -> Result<CalendarYear> {
    if !(1970..=2100).contains(&year) {
        return Err(Error::new(Code::NotFound));
    }
    let status = if calendar.year(year).is_some() { YearStatus::Published } else { YearStatus::Unpublished };
    let day = |day: crate::calendar::Day| CalendarDay { date: day.date, kind: day.kind, name: day.name };
    Ok(CalendarYear { year, status, days: calendar.days(year).map(day).collect() })
}

/// When the allowance is used up, by the calendar and the parameters in force.
///
/// # Errors
/// 403 until the account is bound; 422 naming the field.
pub async fn ask(ctx: &Ctx, question: &DueQuestion) -> Result<Due> {
    enter(ctx, Action::ReadCalendar)?;
    let book = book::book(&ctx.kit).await?;
    let in_force = book.at(ctx.now);
    answer(&in_force.calendar, &in_force.rules, question)
}

/// The pure function behind the HTTP answer and the command line.
///
/// # Errors
/// 422 naming the field.
pub fn answer(calendar: &Calendar, rules: &Rules, question: &DueQuestion) -> Result<Due> {
    if question.pauses.len() > MOST_PAUSES {
        return Err(Error::field("pauses", "TOO_MANY", format!("最多 {MOST_PAUSES} 段暂停")));
    }
    let DueQuestion { start, unit, amount, pauses } = question;
    due(calendar, rules, *start, *unit, *amount, pauses).map_err(|e| {
        let code = match e {
            DueError::PauseReversed { .. } => "ORDER",
            _ => "OUT_OF_RANGE",
        };
        Error::field(e.field(), code, e.to_string())
    })
}

/// Versions of years, the newest proposal first.
///
/// # Errors
/// 403 for those who may not read the agreement; 422 naming the parameter.
pub async fn list(ctx: &Ctx, page: &PageQuery) -> Result<Page<CalendarVersion>> {
    enter(ctx, Action::ReadContract)?;
    let (limit, after) = window(page.limit, page.cursor.as_deref())?;
    let rows = store::page(ctx.kit.db.reader(), AnnexKind::Calendar, limit, after).await?;
    let page = Page::from_surplus(rows, limit, |r| Cursor { key: 0, id: r.id });
    let mut items = Vec::with_capacity(page.items.len());
    for row in &page.items {
        items.push(view(ctx, ctx.kit.db.reader(), row).await?);
    }
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// # Errors
/// 403 or 404.
pub async fn show_version(ctx: &Ctx, id: Uuid) -> Result<CalendarVersion> {
    enter(ctx, Action::ReadContract)?;
    let db = ctx.kit.db.reader();
    view(ctx, db, &store::find(db, AnnexKind::Calendar, id).await?).await
}

/// Takes a year in as a proposal, or only shows what it would do.
///
/// # Errors
/// 403; 422 naming the place in the file or the sentence of the notice: then nothing is stored.
pub async fn import(ctx: &Ctx, key: &IdempotencyKey, body: CalendarImport) -> Result<Answer> {
    enter(ctx, Action::ImportCalendar)?;
    let me = ctx.member()?.person_id;
    let by = party(ctx).map_or(Proposer::Keeper(Some(me)), |side| Proposer::Party(me, side));
    let payload = payload(&body)?;
    let read = Read::of(&book::book(&ctx.kit).await?.at(ctx.now).calendar, &body)?;
    if body.preview {
        let db = ctx.kit.db.reader();
        let base = annex::base(db, AnnexKind::Calendar, Some(read.year.year())).await?;
        let row = annex::row(read.proposal(ctx.kit.ids.fresh()?, base, None), by, ctx.now);
        return Ok(ok(&CalendarPreview::of(&ctx.kit, db, &row).await?));
    }
    let sealing = annex::key_for(ctx).await?;
    once(ctx, "calendar.import", key, &payload, async |tx| {
        let id = ctx.kit.ids.fresh()?;
        let private = read.notice.as_deref().map(|text| annex::seal(&sealing, id, text.as_bytes()));
        let proposal = read.proposal(
            id,
            annex::base(&**tx, AnnexKind::Calendar, Some(read.year.year())).await?,
            private.transpose()?,
        );
        let row = annex::row(proposal, by, ctx.now);
        annex::propose(ctx, tx, &row).await?;
        let shown = view(ctx, &**tx, &row).await?;
        Stored::created(format!("/api/v1/calendar/imports/{id}"), row.version, &shown)
    })
    .await
}

/// Takes a year in for the keeper of the system, who signs nothing: the command line.
///
/// # Errors
/// As [`import`].
pub async fn import_by_keeper(kit: &Kit, body: &CalendarImport) -> Result<(Uuid, CalendarPreview)> {
    let now = kit.clock.now();
    let read = Read::of(&book::book(kit).await?.at(now).calendar, body)?;
    let key = match crate::contract::store::agreement::find(kit.db.reader()).await? {
        Some(row) => kit.vault.key(kit.db.reader(), row.key_id).await?,
        None => kit.vault.deployment_key(kit.db.reader()).await?,
    };
    let tx = kit.db.write_tx().await?;
    let id = kit.ids.fresh()?;
    let private = read.notice.as_deref().map(|text| annex::seal(&key, id, text.as_bytes())).transpose()?;
    let base = annex::base(&*tx, AnnexKind::Calendar, Some(read.year.year())).await?;
    let row = annex::row(read.proposal(id, base, private), Proposer::Keeper(None), now);
    store::insert(&tx, row.clone()).await?;
    let entry = ledger::Entry {
        action: "annex.proposed",
        object_kind: "annex_version",
        object_id: id,
        detail: annex::entry_detail(&row),
        content: &[row.document.as_bytes()],
    };
    ledger::append_system(kit, &*tx, entry).await?;
    let preview = CalendarPreview::of(kit, &*tx, &row).await?;
    tx.commit().await?;
    Ok((id, preview))
}

/// Signs, declines or withdraws a year.
///
/// # Errors
/// As the signing of any annex.
pub async fn act(ctx: &Ctx, id: Uuid, seen: i64, body: AnnexAct) -> Result<CalendarVersion> {
    let row = annex::act(ctx, AnnexKind::Calendar, id, seen, body).await?;
    view(ctx, ctx.kit.db.reader(), &row).await
}

/// An import, read and checked.
struct Read {
    year: Year,
    notice: Option<String>,
    source: String,
}

impl Read {
    /// `calendar` is what is in force: a notice may change a year that is published already.
    fn of(calendar: &Calendar, body: &CalendarImport) -> Result<Self> {
        let source = checked("source", &body.source, Lines::One, 200)?;
        let bad = |field: &'static str| {
            move |e: crate::calendar::BadYear| {
                Error::new(Code::CalendarInvalid).with_field(field, "INVALID", e.to_string())
            }
        };
        match (&body.year_file, &body.notice_text) {
            (Some(file), None) => {
                let year = Year::from_json(&file.to_string()).map_err(bad("year_file"))?;
                Ok(Self { year, notice: None, source })
            }
            (None, Some(text)) => {
                let text = checked("notice_text", text, Lines::Many, NOTICE_CHARS)?;
                let year = calendar.read_notice(&text).map_err(bad("notice_text"))?;
                Ok(Self { year, notice: Some(text), source })
            }
            (None, None) => Err(Error::field("year_file", "REQUIRED", "请给出年度文件或通知全文")),
            (Some(_), Some(_)) => {
                Err(Error::field("notice_text", "NOT_ALLOWED", "年度文件和通知全文只能给出一种"))
            }
        }
    }

    fn proposal(&self, id: Uuid, base: i32, private: Option<crate::kit::crypto::Sealed>) -> Proposal {
        Proposal {
            id,
            kind: AnnexKind::Calendar,
            year: Some(self.year.year()),
            base,
            document: self.year.to_json(),
            private,
            reason: None,
            source: Some(self.source.clone()),
            asked_from: None,
        }
    }
}

impl CalendarPreview {
    /// What the version would change.
    async fn of(kit: &Kit, db: &impl Fetch, row: &row::Model) -> Result<Self> {
        let now = kit.clock.now();
        let year = book::year(row)?;
        let book = book::of(&store::signed(db).await?)?;
        // Against what was there before it: once in force, it differs from itself in nothing.
        let before = row.effective_from.map_or(now, |from| from.plus_millis(-1));
        let difference = |change: crate::calendar::Change| DayDifference {
            date: change.after.date,
            before: change.before,
            after: change.after,
        };
        let (moved, moved_total) = moved(db, row, now).await?;
        Ok(Self {
            year: year.year(),
            differences: book.at(before).calendar.diff(&year).into_iter().map(difference).collect(),
            moved,
            moved_total,
        })
    }
}

/// The running deadlines that a proposed version would move.
///
/// # Errors
/// What the database says.
pub(super) async fn moved(
    db: &impl Fetch,
    row: &row::Model,
    now: crate::kit::clock::Timestamp,
) -> Result<(Vec<MovedDeadline>, u64)> {
    if row.state != AnnexState::Proposed.wire() {
        return Ok((Vec::new(), 0));
    }
    let then = annex::foreseen(db, row, now).await?;
    let moves = duties::moved(db, &then, now, MOST_MOVED).await?;
    let view = |m: duties::Moved| MovedDeadline { number: m.number, code: m.code, from: m.from, to: m.to };
    Ok((moves.named.into_iter().map(view).collect(), moves.total))
}

pub(super) async fn head(ctx: &Ctx, row: &row::Model) -> Result<AnnexHead> {
    let faces = annex::Faces::of(ctx, std::slice::from_ref(row)).await?;
    let state = AnnexState::from_wire(&row.state);
    Ok(AnnexHead {
        id: row.id,
        version: row.version,
        state: state.ok_or_else(|| Error::new(Code::Internal).because("annex_versions.state"))?,
        number: row.number,
        proposed_side: row.proposed_side.clone(),
        proposed_by: faces.person(row.proposed_by),
        proposed_at: row.proposed_at,
        reason: annex::open(ctx, ANNEX_REASON, row.id, row.reason_sealed.as_ref()).await?,
        client_signed: faces.signature(row.client_signed_by, row.client_signed_at),
        vendor_signed: faces.signature(row.vendor_signed_by, row.vendor_signed_at),
        ended: faces.signature(row.ended_by, row.ended_at),
        end_reason: annex::open(ctx, END_REASON, row.id, row.end_reason_sealed.as_ref()).await?,
        effective_from: row.effective_from,
        allowed_actions: annex::allowed(ctx, row),
    })
}

async fn view(ctx: &Ctx, db: &impl Fetch, row: &row::Model) -> Result<CalendarVersion> {
    let preview = CalendarPreview::of(&ctx.kit, db, row).await?;
    Ok(CalendarVersion {
        head: head(ctx, row).await?,
        year: preview.year,
        source: row.source.clone(),
        differences: preview.differences,
        moved: preview.moved,
        moved_total: preview.moved_total,
    })
}

/// The year that should be in force by now and is not: from 15 November, next year's.
///
/// # Errors
/// What the database says.
pub async fn missing_year(kit: &Kit) -> Result<Option<i32>> {
    let now = kit.clock.now();
    let today = now.shanghai_date();
    let book = book::book(kit).await?;
    let calendar = &book.at(now).calendar;
    let expected = (today.month(), today.day()) >= EXPECTED;
    let years = [Some(today.year()), expected.then_some(today.year() + 1)];
    Ok(years.into_iter().flatten().find(|year| calendar.year(*year).is_none()))
}
