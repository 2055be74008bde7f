//! Reading tickets: lists, one ticket with all that hangs on it, its history, clocks and receipt.

use sea_orm::ConnectionTrait;
use serde_json::Value;
use uuid::Uuid;

use super::open::{self, Thread};
use super::{allowed_actions, enter, history, remind_after, reopen_until, state};
use crate::clocks;
use crate::files;
use crate::identity::policy::{self, Action as May, Facts, TicketFacts, Verdict, authorise};
use crate::kit::actor::{Role, Side};
use crate::kit::crypto::{DataKey, Sealed};
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::{Cursor, Page, PageQuery, window};
use crate::ledger;
use crate::tickets::entity::{CONTACT, DESCRIPTION, SCOPE, STEPS};
use crate::tickets::machine::Situation;
use crate::tickets::model::{Action, Kind, State};
use crate::tickets::store::list::{self, Assignee, Filter, Scope};
use crate::tickets::store::show::{self, Head, Want};
use crate::tickets::views::{self, ListQuery, Summary, Ticket, beijing, mask_contact};

/// As many events as a ticket will ever have.
const ALL: i64 = 100_000;

/// A page of tickets; one statement.
///
/// # Errors
/// 403 for a scope that is not the caller's; 422 for a parameter that is none.
pub async fn list(ctx: &Ctx, query: &ListQuery) -> Result<Page<Summary>> {
    let member = enter(ctx)?;
    let scope = scope(ctx, query.scope.as_deref())?;
    let (limit, after) = window(query.limit, query.cursor.as_deref())?;
    let Some(filter) = filter(query, member.person_id)? else { return Ok(Page::whole(Vec::new())) };
    let rows = list::page(ctx.kit.db.reader(), scope, &filter, limit, after).await?;
    let page = Page::from_surplus(rows, limit, |row| row.place(scope));
    let open = |row: &list::ListRow| open::summary(ctx, row, &open::key(ctx, row)?);
    let items = page.items.iter().map(open).collect::<Result<_>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

fn scope(ctx: &Ctx, asked: Option<&str>) -> Result<Scope> {
    let member = ctx.member()?;
    let default = match member.side {
        Side::Client => "mine",
        Side::Vendor => "queue",
    };
    let (may, scope) = match asked.unwrap_or(default) {
        "mine" => (May::ListMine, Scope::Mine(member.person_id)),
        "department" => (May::ListDepartment, Scope::Department(member.department_id)),
        "queue" => (May::ListQueue, Scope::Queue),
        "all" => (May::ListAll, Scope::All),
        _ => return Err(Error::field("scope", "UNKNOWN_VALUE", "没有这种列表")),
    };
    authorise(&ctx.actor, may, &Facts::Nothing)?;
    let sees_all = [Role::ClientManager, Role::VendorLead, Role::Auditor];
    if scope == Scope::All && !sees_all.iter().any(|role| ctx.actor.has(*role)) {
        return Ok(Scope::AllOfAgent(member.person_id));
    }
    Ok(scope)
}

/// `None` when nothing can match.
fn filter(query: &ListQuery, me: Uuid) -> Result<Option<Filter>> {
    let unknown = |field: &str| Error::field(field, "UNKNOWN_VALUE", "没有这个选项");
    let kind = query.kind.as_deref().map(|k| Kind::from_wire(k).ok_or_else(|| unknown("kind")));
    let states = query.state.iter().flat_map(|s| s.split(',')).filter(|s| !s.is_empty());
    let states = states.map(|s| State::from_wire(s).ok_or_else(|| unknown("state")));
    let assignee = match query.assignee.as_deref() {
        None => None,
        Some("me") => Some(Assignee::Is(me)),
        Some("none") => Some(Assignee::None),
        Some(id) => Some(Assignee::Is(Uuid::parse_str(id).map_err(|_| unknown("assignee"))?)),
    };
    let q = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty()).map(str::to_ascii_uppercase);
    if q.as_ref().is_some_and(|q| q.len() > 40 || !q.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
    {
        return Ok(None);
    }
    Ok(Some(Filter {
        kind: kind.transpose()?,
        states: states.collect::<Result<_>>()?,
        assignee,
        number_prefix: q,
        due_before: query.due_before,
    }))
}

/// One ticket as the caller sees it; three statements.
///
/// # Errors
/// 404 for one that does not exist or is not theirs to see.
pub async fn show(ctx: &Ctx, id: Uuid) -> Result<Ticket> {
    enter(ctx)?;
    show_on(ctx, ctx.kit.db.reader(), id).await
}

/// As [`show`], on the caller's connection.
pub(super) async fn show_on(ctx: &Ctx, db: &impl ConnectionTrait, id: Uuid) -> Result<Ticket> {
    let seen = Seen::load(ctx, db, id).await?;
    let limit = u64::from(crate::kit::page::DEFAULT_LIMIT);
    let first = Some((Uuid::nil(), i64::from(crate::kit::page::DEFAULT_LIMIT) + 1));
    let want = Want { internal: seen.internal, events: Some((0, ALL)), messages: first, solutions: true };
    let rows = show::thread(db, id, want).await?;
    let files = files::of_ticket(ctx, db, id, &seen.key, seen.internal).await?;
    let (attachments, of_messages) = files.into_iter().partition(|f| f.message_id.is_none());

    let thread = Thread::new(ctx, &seen.key, &rows);
    let events = thread.clock_events();
    let Seen { head, facts, key, .. } = &seen;
    let situation = situation(ctx, head)?;
    let text =
        |column, sealed: &Option<Sealed>| sealed.as_ref().map(|s| key.open_text(column, id, s)).transpose();
    let may = |action| policy::allow(&ctx.actor, action, facts) == Verdict::Allow;
    Ok(Ticket {
        summary: open::summary(ctx, &head.summary, key)?,
        description: key.open_text(DESCRIPTION, id, &head.description_sealed)?,
        occurred_at: head.occurred_at,
        scope: text(SCOPE, &head.scope_sealed)?,
        steps_tried: text(STEPS, &head.steps_tried_sealed)?,
        contact_masked: text(CONTACT, &head.contact_sealed)?.as_deref().map(mask_contact),
        allowed_actions: allowed_actions(ctx, &situation, facts),
        can: views::Can {
            reply: may(May::Reply),
            internal_note: may(May::NoteInternal),
            reveal: may(May::Reveal),
        },
        clocks: clocks::derive(&events, ctx.now).iter().map(|c| views::Clock::of(c, ctx.now)).collect(),
        solutions: thread.solutions()?,
        waits: thread.waits(&clocks::waits(&events))?,
        messages: thread.messages(limit, of_messages)?,
        attachments,
        on_behalf: on_behalf(ctx, head)?,
        merged_into: head.merged_into.clone().map(|(id, number)| views::MergedInto { id, number }),
        reopen_until: situation.reopen_until.filter(|until| ctx.now <= *until),
        remind_after: remind_after(ctx, head.reminded_at),
        receipt: open::receipt(head),
    })
}

fn on_behalf(ctx: &Ctx, head: &Head) -> Result<Option<crate::identity::people::PersonRef>> {
    let reporter = head.summary.reporter.as_ref().map(|p| p.id);
    let typist = head.entered_by.as_ref().filter(|p| Some(p.id) != reporter);
    typist.map(|p| open::person(ctx, p)).transpose()
}

/// Messages after the cursor, oldest first.
///
/// # Errors
/// 404 for a ticket that is not theirs to see; 422 for a wrong parameter.
pub async fn messages(ctx: &Ctx, id: Uuid, page: &PageQuery) -> Result<Page<views::Message>> {
    enter(ctx)?;
    let (limit, after) = window(page.limit, page.cursor.as_deref())?;
    let db = ctx.kit.db.reader();
    let seen = Seen::load(ctx, db, id).await?;
    let after = (after.map_or(Uuid::nil(), |c| c.id), surplus(limit));
    let want = Want { internal: seen.internal, events: None, messages: Some(after), solutions: false };
    let rows = show::thread(db, id, want).await?;
    let files = files::of_ticket(ctx, db, id, &seen.key, seen.internal).await?;
    Thread::new(ctx, &seen.key, &rows).messages(limit, files)
}

/// What happened, oldest first, each with its place in the ledger.
///
/// # Errors
/// As [`messages`].
pub async fn timeline(ctx: &Ctx, id: Uuid, page: &PageQuery) -> Result<Page<views::TimelineItem>> {
    enter(ctx)?;
    let (limit, after) = window(page.limit, page.cursor.as_deref())?;
    let db = ctx.kit.db.reader();
    let seen = Seen::load(ctx, db, id).await?;
    let after = after.map_or(0, |c| i32::try_from(c.key).unwrap_or(i32::MAX));
    let events = Some((after, surplus(limit)));
    let want = Want { internal: seen.internal, events, messages: None, solutions: false };
    let rows = show::thread(db, id, want).await?;
    let page = Page::from_surplus(rows, limit, |r| Cursor { key: i64::from(r.n), id: r.id });
    let ledger_ids: Vec<Uuid> = page.items.iter().filter_map(|r| r.ledger_id).collect();
    let mut places = ledger::places(db, &ledger_ids).await?;
    let item = |r: &show::ThreadRow| {
        let place = r.ledger_id.and_then(|id| places.remove(&id));
        let mut detail: Value = serde_json::from_str(&r.detail).unwrap_or_default();
        if let Some(members) = detail.as_object_mut() {
            members.insert("from_state".to_owned(), r.from_state.clone().into());
            members.insert("to_state".to_owned(), r.state.clone().into());
        }
        Ok(views::TimelineItem {
            id: r.id,
            at: r.at,
            actor: r.author.as_ref().map(|p| open::person(ctx, p)).transpose()?,
            side: r.side.clone(),
            event: r.word.clone(),
            text: sentence(&r.word, &r.visibility),
            detail,
            ledger: place.map_or_else(views::Place::default, |(seq, hash)| views::Place {
                seq: Some(seq),
                hash: Some(hash),
            }),
        })
    };
    let items = page.items.iter().map(item).collect::<Result<_>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

fn sentence(event: &str, visibility: &str) -> Option<String> {
    let text = match event {
        history::SUBMITTED => "提交工单",
        history::MESSAGE if visibility == "internal" => "写了内部备注",
        history::MESSAGE => "回复",
        history::ABSORBED => "另一工单合并到此",
        history::REVEAL => "查看了报告人的联系方式",
        other => Action::from_wire(other)?.title(),
    };
    Some(text.to_owned())
}

/// The clocks with their explanation.
///
/// # Errors
/// 404 for a ticket that is not theirs to see.
pub async fn clocks(ctx: &Ctx, id: Uuid) -> Result<Page<views::TracedClock>> {
    enter(ctx)?;
    let db = ctx.kit.db.reader();
    let seen = Seen::load(ctx, db, id).await?;
    let want = Want { internal: true, events: Some((0, ALL)), messages: None, solutions: false };
    let rows = show::thread(db, id, want).await?;
    let events = Thread::new(ctx, &seen.key, &rows).clock_events();
    let waits = clocks::waits(&events);
    let traced = |c: &clocks::Clock| views::TracedClock {
        clock: views::Clock::of(c, ctx.now),
        trace: clocks::trace(c, &waits, ctx.now),
    };
    Ok(Page::whole(clocks::derive(&events, ctx.now).iter().map(traced).collect()))
}

/// 回执.
///
/// # Errors
/// 404 for a ticket that is not theirs to see.
pub async fn receipt(ctx: &Ctx, id: Uuid) -> Result<views::Receipt> {
    enter(ctx)?;
    let db = ctx.kit.db.reader();
    let seen = Seen::load(ctx, db, id).await?;
    let want = Want { internal: false, events: Some((0, 1)), messages: None, solutions: false };
    let first = show::thread(db, id, want).await?;
    let entry = first.first().and_then(|r| r.ledger_id);
    let places = ledger::places(db, entry.as_slice()).await?;
    let stub = open::receipt(&seen.head);
    let text = format!(
        "收讫确认：工单 {} 已于 {} 进入本系统。时限从这一刻起算。内容摘要（SHA-256）：{}",
        stub.number,
        beijing(stub.received_at),
        stub.digest
    );
    let ledger_seq = entry.and_then(|e| places.get(&e)).map(|(seq, _)| *seq);
    Ok(views::Receipt { stub, ledger_seq, text })
}

/// The ticket's key for whoever may see what hangs on it with this visibility; attachments ask.
///
/// # Errors
/// 404 otherwise.
pub async fn gate(ctx: &Ctx, id: Uuid, visibility: files::Visibility) -> Result<DataKey> {
    enter(ctx)?;
    let seen = Seen::load(ctx, ctx.kit.db.reader(), id).await?;
    if visibility == files::Visibility::Internal && !seen.internal {
        return Err(Error::new(Code::NotFound));
    }
    Ok(seen.key)
}

fn surplus(limit: u64) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1
}

/// A ticket that the caller may see, with its key.
struct Seen {
    head: Head,
    facts: TicketFacts,
    key: DataKey,
    internal: bool,
}

impl Seen {
    async fn load(ctx: &Ctx, db: &impl ConnectionTrait, id: Uuid) -> Result<Self> {
        let head = show::head(db, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        let facts = facts(&head)?;
        policy::allow(&ctx.actor, May::View, &facts).require()?;
        let internal = policy::allow(&ctx.actor, May::ViewInternal, &facts) == Verdict::Allow;
        Ok(Self { key: open::key(ctx, &head.summary)?, head, facts, internal })
    }
}

fn facts(head: &Head) -> Result<TicketFacts> {
    let id = |p: &Option<crate::tickets::store::people::PersonRow>| p.as_ref().map(|p| p.id);
    let missing = || super::unknown_word("people.id");
    Ok(TicketFacts {
        reporter: id(&head.summary.reporter).ok_or_else(missing)?,
        reporter_side: Side::Client,
        entered_by: id(&head.entered_by).ok_or_else(missing)?,
        department: head.department_id,
        assignee: id(&head.summary.assignee),
        repaired_by: head.repaired_by,
        is_open: head.is_open,
        has_solution: head.has_solution,
    })
}

fn situation(ctx: &Ctx, head: &Head) -> Result<Situation> {
    let member = ctx.member()?;
    Ok(Situation {
        kind: super::kind(&head.summary.kind)?,
        state: state(&head.summary.state)?,
        side: member.side,
        is_manager: ctx.actor.has(Role::ClientManager),
        is_repairer: head.repaired_by == Some(member.person_id),
        has_solution: head.has_solution,
        reopen_until: reopen_until(ctx, head.closed_at),
        now: ctx.now,
    })
}
