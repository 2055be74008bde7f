//! Reading tickets: lists, one ticket with all that hangs on it, its messages.

use uuid::Uuid;

use super::open::{self, Faces, Thread};
use super::{allowed_actions, book, detail, enter, hours, matter, remind_after, side, situated};
use crate::clocks;
use crate::files;
use crate::identity::policy::{self, Action as May, Facts, TicketFacts, Verdict, authorise};
use crate::kit::actor::{Member, Role, Side};
use crate::kit::crypto::{DataKey, Sealed};
use crate::kit::ctx::Ctx;
use crate::kit::db::Fetch;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::{Page, PageQuery, window};
use crate::tickets::entity::{CONTACT, DESCRIPTION, SCOPE, STEPS, event, ticket};
use crate::tickets::kinds;
use crate::tickets::model::{Kind, State};
use crate::tickets::requests::ListQuery;
use crate::tickets::store::list::{self, Assignee, Filter, Scope};
use crate::tickets::store::show::{self, Head, ThreadRow, Want};
use crate::tickets::store::{followers, records};
use crate::tickets::views::{self, Summary, Ticket, mask_contact};

/// As many events as a ticket will ever have.
pub(super) const ALL: i64 = 100_000;

/// A page of tickets; one statement.
///
/// # Errors
/// 403 for a scope that is not the caller's; 422 for a parameter that is none.
pub async fn list(ctx: &Ctx, query: &ListQuery) -> Result<Page<Summary>> {
    let member = enter(ctx)?;
    let scope = scope(ctx, query.scope.as_deref())?;
    let (limit, after) = window(query.limit, query.cursor.as_deref())?;
    let Some(filter) = filter(query, member)? else { return Ok(Page::whole(Vec::new())) };
    let rows = list::page(ctx.kit.db.reader(), scope, &filter, limit, after).await?;
    let page = Page::from_surplus(rows, limit, |row| row.place(scope));
    let faces = Faces::of_list(ctx, ctx.kit.db.reader(), &page.items).await?;
    let open = |row: list::ListRow| open::summary(ctx, &faces, row);
    let items = page.items.into_iter().map(open).collect::<Result<_>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

pub(super) fn scope(ctx: &Ctx, asked: Option<&str>) -> Result<Scope> {
    let member = ctx.member()?;
    let default = match member.side {
        Side::Client => "mine",
        Side::Vendor => "queue",
    };
    let (may, scope) = match asked.unwrap_or(default) {
        "followed" => (May::ListMine, Scope::Followed(member.person_id)),
        "mine" => (May::ListMine, Scope::Mine(member.person_id)),
        "department" if ctx.actor.has(Role::ClientManager) => {
            (May::ListDepartment, Scope::Department(member.department_id))
        }
        "department" => (May::ListDepartment, Scope::Colleagues(member.department_id)),
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
fn filter(query: &ListQuery, member: &Member) -> Result<Option<Filter>> {
    let unknown = |field: &str| Error::field(field, "UNKNOWN_VALUE", "没有这个选项");
    let me = member.person_id;
    let kinds = words(query.kind.as_deref());
    let kinds = kinds.map(|k| Kind::from_wire(k).ok_or_else(|| unknown("kind")));
    let states = words(query.state.as_deref());
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
        kinds: kinds.collect::<Result<_>>()?,
        states: states.collect::<Result<_>>()?,
        assignee,
        numbers: Vec::new(),
        number_prefix: q,
        due_before: query.due_before,
        kept_from: (member.side == Side::Vendor).then_some(me),
    }))
}

/// Words separated by commas.
fn words(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.into_iter().flat_map(|s| s.split(',')).filter(|s| !s.is_empty())
}

/// One ticket as the caller sees it; two statements, and one more for what only some have.
///
/// # Errors
/// 404 for one that does not exist or is not theirs to see.
pub async fn show(ctx: &Ctx, id: Uuid) -> Result<Ticket> {
    enter(ctx)?;
    let db = ctx.kit.db.reader();
    let seen = Seen::load(ctx, db, id).await?;
    ticket(ctx, db, seen).await
}

/// One ticket for who has just written to it: what they did may have taken it out of their sight, and
/// then the answer to it is still theirs.
pub(super) async fn written(ctx: &Ctx, db: &impl Fetch, id: Uuid) -> Result<Ticket> {
    let seen = Seen::load_unasked(ctx, db, id).await?;
    ticket(ctx, db, seen).await
}

/// A ticket that has just been made, from what was written: nothing is read back.
pub(super) async fn created(
    ctx: &Ctx,
    db: &impl Fetch,
    row: ticket::Model,
    first: event::Model,
    key: DataKey,
    has_files: bool,
) -> Result<Ticket> {
    let head = Head::of_new(row, has_files).ok_or_else(|| super::unknown_word("tickets"))?;
    let facts = facts(&head)?;
    let internal = policy::allow(&ctx.actor, May::ViewInternal, &facts) == Verdict::Allow;
    assemble(ctx, db, Seen { head, facts, key, internal }, vec![ThreadRow::of_event(first)]).await
}

async fn ticket(ctx: &Ctx, db: &impl Fetch, seen: Seen) -> Result<Ticket> {
    let id = seen.head.summary.id;
    let first = Some((Uuid::nil(), i64::from(crate::kit::page::DEFAULT_LIMIT) + 1));
    let want = Want { internal: seen.internal, events: Some((0, ALL)), messages: first, solutions: true };
    let rows = show::thread(db, id, want).await?;
    assemble(ctx, db, seen, rows).await
}

async fn assemble(ctx: &Ctx, db: &impl Fetch, seen: Seen, rows: Vec<ThreadRow>) -> Result<Ticket> {
    let id = seen.head.summary.id;
    let limit = u64::from(crate::kit::page::DEFAULT_LIMIT);
    let files = seen.files(ctx, db).await?;
    let (attachments, of_messages) = files.into_iter().partition(|f| f.message_id.is_none());
    let records = if seen.head.has_records { records::of(db, id).await? } else { Vec::new() };
    let links = if seen.head.has_links { followers::links(db, id).await? } else { Vec::new() };
    let book = book(&ctx.kit).await?;

    let faces = Faces::of_ticket(ctx, db, &seen.head, &rows, &records).await?;
    let thread = Thread::new(&faces, &seen.key, &rows);
    let events = thread.clock_events();
    let standing = thread.standing();
    let clocks = clocks::derive(&events, &book, ctx.now);
    let Seen { head, facts, key, .. } = &seen;
    let summary = open::summary(ctx, &faces, head.summary.clone())?;
    let situation = situated((ctx, &book), (summary.kind, summary.state, head.closed_at), facts, standing)?;
    let masked = |plain: &str| if key.is_destroyed() { plain.to_owned() } else { mask_contact(plain) };
    let text =
        |column, sealed: &Option<Sealed>| sealed.as_ref().map(|s| key.open_text(column, id, s)).transpose();
    let may = |action| policy::allow(&ctx.actor, action, facts) == Verdict::Allow;
    Ok(Ticket {
        description: key.open_text(DESCRIPTION, id, &head.description_sealed)?,
        occurred_at: head.occurred_at,
        scope: text(SCOPE, &head.scope_sealed)?,
        steps_tried: text(STEPS, &head.steps_tried_sealed)?,
        contact_masked: text(CONTACT, &head.contact_sealed)?.as_deref().map(masked),
        allowed_actions: allowed_actions(ctx, &situation, facts),
        can: views::Can {
            reply: may(May::Reply),
            internal_note: may(May::NoteInternal),
            reveal: may(May::Reveal),
        },
        clocks: clocks.iter().map(|c| views::Clock::of(c, ctx.now)).collect(),
        solutions: thread.solutions()?,
        waits: thread.waits(&clocks::waits(&events))?,
        messages: thread.messages(limit, of_messages)?,
        attachments,
        on_behalf: on_behalf(&faces, head)?,
        merged_into: head.merged_into.clone().map(|(id, number)| views::MergedInto { id, number }),
        reopen_until: situation.reopen_until.filter(|until| ctx.now <= *until),
        remind_after: remind_after(ctx, head.reminded_at),
        receipt: open::receipt(head),
        progress: detail::progress(&summary, &thread),
        particulars: detail::particulars(&book, &summary, &standing, ctx.now),
        outside_hours: hours::outside(&book, summary.kind, &clocks, ctx.now),
        records: detail::records(&faces, key, &records, seen.internal)?,
        links: detail::links(ctx, &links)?,
        followers: head.followers,
        follows: head.follows,
        summary,
    })
}

fn on_behalf(faces: &Faces, head: &Head) -> Result<Option<crate::identity::people::PersonRef>> {
    let reporter = head.summary.reporter;
    faces.person(head.entered_by.filter(|p| Some(*p) != reporter))
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
    let files = seen.files(ctx, db).await?;
    let faces = Faces::of_ticket(ctx, db, &seen.head, &rows, &[]).await?;
    Thread::new(&faces, &seen.key, &rows).messages(limit, files)
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

pub(super) fn surplus(limit: u64) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1
}

/// A ticket that the caller may see, with its key.
pub(super) struct Seen {
    pub head: Head,
    pub facts: TicketFacts,
    pub key: DataKey,
    pub internal: bool,
}

impl Seen {
    pub async fn load(ctx: &Ctx, db: &impl Fetch, id: Uuid) -> Result<Self> {
        let seen = Self::load_unasked(ctx, db, id).await?;
        policy::allow(&ctx.actor, May::View, &seen.facts).require()?;
        Ok(seen)
    }

    async fn load_unasked(ctx: &Ctx, db: &impl Fetch, id: Uuid) -> Result<Self> {
        let me = ctx.member()?.person_id;
        let head = show::head(db, id, me).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        let facts = facts(&head)?;
        let internal = policy::allow(&ctx.actor, May::ViewInternal, &facts) == Verdict::Allow;
        Ok(Self { key: open::key(ctx, &head.summary)?, head, facts, internal })
    }

    /// What is attached; most tickets have nothing, and the head's statement has seen that.
    async fn files(&self, ctx: &Ctx, db: &impl Fetch) -> Result<Vec<files::AttachmentView>> {
        // Names and digests went with the key.
        if !self.head.has_files || self.key.is_destroyed() {
            return Ok(Vec::new());
        }
        files::of_ticket(ctx, db, self.head.summary.id, &self.key, self.internal).await
    }
}

fn facts(head: &Head) -> Result<TicketFacts> {
    let missing = || super::unknown_word("people.id");
    Ok(TicketFacts {
        reporter: head.summary.reporter.ok_or_else(missing)?,
        reporter_side: side(&head.reporter_side)?,
        entered_by: head.entered_by.ok_or_else(missing)?,
        department: head.summary.department_id,
        assignee: head.summary.assignee,
        repaired_by: head.repaired_by,
        is_open: head.is_open,
        has_answer: head.has_solution,
        matter: matter(head.summary.kind),
        is_among_the_client: kinds::is_among_the_client(head.summary.state),
        follows: head.follows,
    })
}
