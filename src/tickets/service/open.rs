//! Opening sealed rows into what clients see. Keys come with the rows; only for people who were
//! not met lately is the database asked again.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{history, unknown_word};
use crate::clocks;
use crate::files::AttachmentView;
use crate::identity::people::{self, PersonRef};
use crate::kit::actor::Side;
use crate::kit::crypto::{DataKey, KeyScope, Sealed};
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::page::{Cursor, Page};
use crate::kit::shared_text::SharedText;
use crate::ledger;
use crate::tickets::entity::{BODY, EVENT_TEXT, REASON, SOLUTION, TITLE, record, ticket};
use crate::tickets::kinds;
use crate::tickets::model::standing::Standing;
use crate::tickets::model::{Action, SolutionState, SolutionType, Visibility};
use crate::tickets::store::list::ListRow;
use crate::tickets::store::show::{Head, Part, ThreadRow};
use crate::tickets::views::{Message, NextDue, ReceiptStub, Solution, Summary, Wait};

/// The ticket's data key, from its row; of a shredded ticket one that opens nothing.
pub fn key(ctx: &Ctx, row: &ListRow) -> Result<DataKey> {
    match row.wrapped.as_deref() {
        Some(wrapped) => ctx.kit.vault.unwrap_row(row.key_id, KeyScope::Ticket, row.id, Some(wrapped)),
        None => Ok(DataKey::destroyed(row.key_id)),
    }
}

/// The people and departments of one answer, as the caller sees them.
pub struct Faces {
    people: HashMap<Uuid, PersonRef>,
    departments: HashMap<Uuid, SharedText>,
}

impl Faces {
    pub async fn of(
        ctx: &Ctx,
        db: &impl ConnectionTrait,
        people: impl IntoIterator<Item = Option<Uuid>>,
        departments: impl IntoIterator<Item = Option<Uuid>>,
    ) -> Result<Self> {
        Ok(Self {
            people: people::named(ctx, db, people.into_iter().flatten()).await?,
            departments: people::department_names(db, departments.into_iter().flatten()).await?,
        })
    }

    /// For what shows nobody.
    pub fn nobody() -> Self {
        Self { people: HashMap::new(), departments: HashMap::new() }
    }

    /// Those whom a page of a list names.
    pub async fn of_list(ctx: &Ctx, db: &impl ConnectionTrait, rows: &[ListRow]) -> Result<Self> {
        let people = rows.iter().map(|r| r.reporter).chain(rows.iter().map(|r| r.assignee));
        Self::of(ctx, db, people, rows.iter().map(|r| r.department_id)).await
    }

    /// Those whom a ticket and what hangs on it name.
    pub async fn of_ticket(
        ctx: &Ctx,
        db: &impl ConnectionTrait,
        head: &Head,
        rows: &[ThreadRow],
        records: &[record::Model],
    ) -> Result<Self> {
        let ours = [head.summary.reporter, head.summary.assignee, head.entered_by];
        let signed = records.iter().flat_map(|r| [Some(r.author_id), r.client_signed_by, r.vendor_signed_by]);
        let people = ours.into_iter().chain(rows.iter().map(|r| r.author)).chain(signed);
        Self::of(ctx, db, people, [head.summary.department_id]).await
    }

    /// Somebody who may not be there.
    pub fn person(&self, who: Option<Uuid>) -> Result<Option<PersonRef>> {
        who.map(|who| self.people.get(&who).cloned().ok_or_else(|| unknown_word("people.id"))).transpose()
    }

    fn department(&self, which: Option<Uuid>) -> Result<Option<SharedText>> {
        let named = |id| self.departments.get(&id).cloned();
        which.map(|id| named(id).ok_or_else(|| unknown_word("departments.id"))).transpose()
    }

    /// Somebody whom a foreign key promises.
    pub fn named(&self, who: Option<Uuid>) -> Result<PersonRef> {
        self.person(who)?.ok_or_else(|| unknown_word("people.id"))
    }
}

pub fn summary(ctx: &Ctx, faces: &Faces, row: ListRow) -> Result<Summary> {
    let next_due = row.next_due_at.zip(row.next_due);
    Ok(Summary {
        id: row.id,
        version: row.version,
        kind: row.kind,
        title: title(ctx, &row)?,
        number: row.number,
        state: row.state,
        severity: kinds::has_severity(row.kind).then_some(row.severity),
        reporter: faces.named(row.reporter)?,
        department: faces.department(row.department_id)?,
        assignee: faces.person(row.assignee)?,
        received_at: row.received_at,
        updated_at: row.updated_at,
        cycle: row.cycle,
        next_due: next_due.map(|(due_at, def)| NextDue { code: def.code, due_at, clause: def.clause }),
        rating: row.rating,
    })
}

fn title(ctx: &Ctx, row: &ListRow) -> Result<String> {
    let (id, sealed) = (row.id, &row.title_sealed);
    match row.wrapped {
        Some(_) => ctx.kit.vault.listed_text(TITLE, id, sealed, || key(ctx, row)),
        None => key(ctx, row)?.open_text(TITLE, id, sealed),
    }
}

/// What was reported, as the first ledger entry of the ticket vouches for it: the sealed values in this
/// order. Where a later version took their place, the digest was put away before.
pub fn receipt(head: &Head) -> ReceiptStub {
    let optional = [&head.scope_sealed, &head.steps_tried_sealed, &head.contact_sealed];
    let first = [&head.summary.title_sealed, &head.description_sealed];
    ReceiptStub {
        number: head.summary.number.clone(),
        received_at: head.summary.received_at,
        digest: head.receipt_digest.clone().unwrap_or_else(|| digest(first, optional)),
    }
}

/// The digest of what was reported, while it is still in its place.
pub fn digest_of(row: &ticket::Model) -> String {
    let optional = [&row.scope_sealed, &row.steps_tried_sealed, &row.contact_sealed];
    digest([&row.title_sealed, &row.description_sealed], optional)
}

fn digest(first: [&Sealed; 2], optional: [&Option<Sealed>; 3]) -> String {
    let sealed = first.into_iter().chain(optional.into_iter().flatten());
    ledger::hex(&ledger::lp_digest(&sealed.map(|s| s.0.as_slice()).collect::<Vec<_>>()))
}

/// What hangs on a ticket, sorted out.
pub struct Thread<'a> {
    faces: &'a Faces,
    key: &'a DataKey,
    rows: &'a [ThreadRow],
}

impl<'a> Thread<'a> {
    pub fn new(faces: &'a Faces, key: &'a DataKey, rows: &'a [ThreadRow]) -> Self {
        Self { faces, key, rows }
    }

    pub fn part(&self, part: Part) -> impl Iterator<Item = &'a ThreadRow> {
        self.rows.iter().filter(move |r| r.part == part)
    }

    /// The events, as clocks see them.
    pub fn clock_events(&self) -> Vec<clocks::Event> {
        let read = |r: &ThreadRow| {
            let public = r.visibility == Visibility::Public.wire();
            history::read_event(&r.word, &r.side, public, r.at, &r.detail)
        };
        self.part(Part::Event).map(read).collect()
    }

    /// What the public events say beyond the state.
    pub fn standing(&self) -> Standing {
        let public = self.part(Part::Event).filter(|r| r.visibility == Visibility::Public.wire());
        Standing::of(public.map(|r| (r.word.as_str(), r.at, r.detail.as_str())))
    }

    pub fn solutions(&self) -> Result<Vec<Solution>> {
        let open = |r: &ThreadRow| {
            let text = r.text.as_ref().ok_or_else(|| unknown_word("text_sealed"))?;
            let reason = r.reason.as_ref().map(|s| self.key.open_text(REASON, r.id, s));
            Ok(Solution {
                id: r.id,
                cycle: r.cycle,
                number: r.n,
                solution_type: SolutionType::from_wire(&r.word)
                    .ok_or_else(|| unknown_word("solution_type"))?,
                text: self.key.open_text(SOLUTION, r.id, text)?,
                eta: r.eta,
                published_at: r.at,
                author: self.faces.named(r.author)?,
                state: SolutionState::from_wire(&r.state).ok_or_else(|| unknown_word("state"))?,
                reason: reason.transpose()?,
            })
        };
        self.part(Part::Solution).map(open).collect()
    }

    /// The waits, each with the question that opened it.
    pub fn waits(&self, spans: &[clocks::Wait]) -> Result<Vec<Wait>> {
        let asked: Vec<&ThreadRow> =
            self.part(Part::Event).filter(|r| r.word == Action::AskClient.wire()).collect();
        // The machine asks only where no wait is open: the n-th question opened the n-th span.
        let with = |(span, r): (&clocks::Wait, &&ThreadRow)| {
            let text = r.text.as_ref().map(|s| self.key.open_text(EVENT_TEXT, r.id, s)).transpose()?;
            Ok(Wait {
                from: span.from,
                to: span.to,
                acknowledged_at: span.acknowledged_at,
                reason: text.unwrap_or_default(),
                asked_by: self.faces.named(r.author)?,
            })
        };
        spans.iter().zip(&asked).map(with).collect()
    }

    /// A page of messages from `limit + 1` rows, each with its attachments.
    pub fn messages(&self, limit: u64, attachments: Vec<AttachmentView>) -> Result<Page<Message>> {
        let mut of: HashMap<Uuid, Vec<AttachmentView>> = HashMap::new();
        for attachment in attachments {
            if let Some(message) = attachment.message_id {
                of.entry(message).or_default().push(attachment);
            }
        }
        let open = |r: &ThreadRow| message(self.faces, self.key, r, of.remove(&r.id).unwrap_or_default());
        let messages: Vec<Message> = self.part(Part::Message).map(open).collect::<Result<_>>()?;
        Ok(Page::from_surplus(messages, limit, |m| Cursor { key: 0, id: m.id }))
    }
}

fn message(
    faces: &Faces,
    key: &DataKey,
    row: &ThreadRow,
    attachments: Vec<AttachmentView>,
) -> Result<Message> {
    let body = row.text.as_ref().ok_or_else(|| unknown_word("body_sealed"))?;
    Ok(Message {
        id: row.id,
        author: faces.named(row.author)?,
        side: Side::from_wire(&row.side).ok_or_else(|| unknown_word("side"))?,
        visibility: Visibility::from_wire(&row.visibility).ok_or_else(|| unknown_word("visibility"))?,
        body: key.open_text(BODY, row.id, body)?,
        at: row.at,
        attachments,
    })
}
