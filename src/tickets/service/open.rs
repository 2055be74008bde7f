//! Opening sealed rows into what clients see. Keys come with the rows; nothing here asks the database.

use std::collections::HashMap;

use uuid::Uuid;

use super::{history, kind, state, unknown_word};
use crate::clocks;
use crate::files::AttachmentView;
use crate::identity::people::{self, Joined, PersonRef};
use crate::kit::actor::Side;
use crate::kit::crypto::{DataKey, KeyScope};
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::page::{Cursor, Page};
use crate::ledger;
use crate::tickets::entity::{BODY, EVENT_TEXT, REASON, SOLUTION, TITLE};
use crate::tickets::model::{Action, Severity, SolutionState, SolutionType, Visibility};
use crate::tickets::store::list::ListRow;
use crate::tickets::store::people::PersonRow;
use crate::tickets::store::show::{Head, Part, ThreadRow};
use crate::tickets::views::{Message, NextDue, ReceiptStub, Solution, Summary, Wait};

/// The ticket's data key, from its joined row.
pub fn key(ctx: &Ctx, row: &ListRow) -> Result<DataKey> {
    ctx.kit.vault.unwrap_row(row.key_id, KeyScope::Ticket, row.id, row.wrapped.as_deref())
}

pub fn person(ctx: &Ctx, row: &PersonRow) -> Result<PersonRef> {
    let joined = Joined {
        id: row.id,
        party: &row.party,
        department: row.department.clone(),
        name_sealed: &row.name_sealed,
        key_id: row.key_id,
        wrapped: row.wrapped.as_deref(),
    };
    people::from_joined(ctx, joined)
}

/// A person that a foreign key promises.
pub fn named(ctx: &Ctx, row: Option<&PersonRow>) -> Result<PersonRef> {
    person(ctx, row.ok_or_else(|| unknown_word("people.id"))?)
}

pub fn summary(ctx: &Ctx, row: &ListRow, key: &DataKey) -> Result<Summary> {
    let next_due = row.next_due_at.zip(row.next_due_code.as_deref()).map(|(due_at, code)| NextDue {
        code: code.to_owned(),
        due_at,
        clause: clocks::def(code).map_or("", |def| def.clause),
    });
    Ok(Summary {
        id: row.id,
        version: row.version,
        kind: kind(&row.kind)?,
        number: row.number.clone(),
        title: key.open_text(TITLE, row.id, &row.title_sealed)?,
        state: state(&row.state)?,
        severity: Severity::from_wire(&row.severity).ok_or_else(|| unknown_word("severity"))?,
        reporter: named(ctx, row.reporter.as_ref())?,
        department: row.department.clone(),
        assignee: row.assignee.as_ref().map(|p| person(ctx, p)).transpose()?,
        received_at: row.received_at,
        updated_at: row.updated_at,
        cycle: row.cycle,
        next_due,
        rating: row.rating,
    })
}

/// What was reported, as the first ledger entry of the ticket vouches for it: the sealed values in this
/// order. They never change, so the digest can be given at any time.
pub fn receipt(head: &Head) -> ReceiptStub {
    let optional = [&head.scope_sealed, &head.steps_tried_sealed, &head.contact_sealed];
    let mut content = vec![head.summary.title_sealed.0.as_slice(), head.description_sealed.0.as_slice()];
    content.extend(optional.into_iter().flatten().map(|s| s.0.as_slice()));
    ReceiptStub {
        number: head.summary.number.clone(),
        received_at: head.summary.received_at,
        digest: ledger::hex(&ledger::lp_digest(&content)),
    }
}

/// What hangs on a ticket, sorted out.
pub struct Thread<'a> {
    ctx: &'a Ctx,
    key: &'a DataKey,
    rows: &'a [ThreadRow],
}

impl<'a> Thread<'a> {
    pub fn new(ctx: &'a Ctx, key: &'a DataKey, rows: &'a [ThreadRow]) -> Self {
        Self { ctx, key, rows }
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
                author: named(self.ctx, r.author.as_ref())?,
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
                reason: text.unwrap_or_default(),
                asked_by: named(self.ctx, r.author.as_ref())?,
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
        let open = |r: &ThreadRow| message(self.ctx, self.key, r, of.remove(&r.id).unwrap_or_default());
        let messages: Vec<Message> = self.part(Part::Message).map(open).collect::<Result<_>>()?;
        Ok(Page::from_surplus(messages, limit, |m| Cursor { key: 0, id: m.id }))
    }
}

fn message(ctx: &Ctx, key: &DataKey, row: &ThreadRow, attachments: Vec<AttachmentView>) -> Result<Message> {
    let body = row.text.as_ref().ok_or_else(|| unknown_word("body_sealed"))?;
    Ok(Message {
        id: row.id,
        author: named(ctx, row.author.as_ref())?,
        side: Side::from_wire(&row.side).ok_or_else(|| unknown_word("side"))?,
        visibility: Visibility::from_wire(&row.visibility).ok_or_else(|| unknown_word("visibility"))?,
        body: key.open_text(BODY, row.id, body)?,
        at: row.at,
        attachments,
    })
}
