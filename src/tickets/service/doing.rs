//! An action under way: the locked ticket, and the tools that its deed is made of (words, records,
//! signatures). Everything ends in one event with the ledger entry that vouches for it.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::history::{self, Step};
use super::message::{Said, Saying, say};
use super::{kind, standing, state, unknown_word};
use crate::clocks::Book;
use crate::files;
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::{DataKey, Sealed};
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::tickets::entity::{RECORD, event, record, ticket};
use crate::tickets::model::records::{Body, RecordState, RecordType};
use crate::tickets::model::standing::Standing;
use crate::tickets::model::{Action, Kind, State, Visibility};
use crate::tickets::store::{records, write};

/// An action under way, holding the ticket.
pub(super) struct Doing<'a> {
    pub ctx: &'a Ctx,
    pub tx: &'a WriteTx,
    pub key: DataKey,
    pub row: ticket::Model,
    pub events: Vec<event::Model>,
    pub event_id: Uuid,
    pub standing: Standing,
    pub kind: Kind,
    pub from: State,
    /// The time of what happens now.
    pub at: Timestamp,
    pub me: Uuid,
    pub side: Side,
    pub book: Arc<Book>,
}

/// What an action leaves behind besides the state.
#[derive(Default)]
pub(super) struct Trace {
    /// No personal data, no text of people.
    pub detail: Map<String, Value>,
    pub text: Option<Sealed>,
    /// Sealed contents that the ledger entry vouches for.
    pub content: Vec<Sealed>,
    /// Only the vendor's own people see that it happened.
    pub internal: bool,
}

impl Trace {
    /// With these members in its detail.
    pub fn with(mut self, detail: &Value) -> Self {
        self.detail.extend(detail.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())));
        self
    }

    /// Both together.
    pub fn and(mut self, other: Self) -> Self {
        self.detail.extend(other.detail);
        self.content.extend(other.content);
        self.text = self.text.or(other.text);
        self
    }
}

impl<'a> Doing<'a> {
    pub async fn begin(ctx: &'a Ctx, tx: &'a WriteTx, row: ticket::Model, book: Arc<Book>) -> Result<Self> {
        let key = ctx.kit.vault.key(&**tx, row.key_id).await?;
        let events = write::events(&**tx, row.id).await?;
        let member = ctx.member()?;
        Ok(Self {
            key,
            event_id: ctx.kit.ids.fresh()?,
            standing: standing(&events),
            kind: kind(&row.kind)?,
            from: state(&row.state)?,
            at: history::event_time(ctx.now, &row),
            me: member.person_id,
            side: member.side,
            book,
            ctx,
            tx,
            row,
            events,
        })
    }

    /// Stores what was done as one event, the row with its new version, and what follows for clocks.
    pub async fn finish(mut self, action: Action, to: State, trace: Trace) -> Result<()> {
        let seen = self.row.version;
        if to == State::Closed && self.from != State::Closed {
            self.row.closed_at = Some(self.at);
        }
        let step = Step {
            id: self.event_id,
            event: action.wire(),
            visibility: if trace.internal { Visibility::Internal } else { Visibility::Public },
            from: Some(self.from),
            to,
            detail: Value::Object(trace.detail),
            text: trace.text,
            content: trace.content,
        };
        let by = history::By::Person(self.ctx);
        let change =
            history::plan((&self.ctx.kit, &self.book), self.tx, by, &mut self.row, &self.events, step)
                .await?;
        self.row.version = seen + 1;
        write::update_ticket(self.tx, seen, self.row).await?;
        history::save((&self.ctx.kit, &self.book), self.tx, change).await
    }

    pub fn count(&self, action: Action) -> i32 {
        i32::try_from(self.events.iter().filter(|e| e.event == action.wire()).count()).unwrap_or(i32::MAX)
    }

    /// The words of an action, as a message that both sides (or the vendor's people) read in its place.
    pub async fn say(&self, text: Option<&str>, visibility: Visibility, files: &[Uuid]) -> Result<Trace> {
        let Some(text) = text else { return Ok(Trace::default()) };
        let saying = Saying { ticket_id: self.row.id, text, visibility, at: self.at };
        let Said { id, sealed } = say(self.ctx, self.tx, &self.key, saying).await?;
        let place = (self.row.id, Some(id), visibility.wire());
        files::link(self.ctx, &**self.tx, files, place.0, &self.key, place.1, place.2).await?;
        let trace = Trace { content: vec![sealed], ..Trace::default() };
        Ok(trace.with(&json!({ "message_id": id, "attachments": files.len() })))
    }

    /// As [`Self::say`], to both sides.
    pub async fn tell(&self, text: &str) -> Result<Trace> {
        self.say(Some(text), Visibility::Public, &[]).await
    }

    /// Adds a record of the next number; of its type, the one before no longer counts where `replaces`.
    pub async fn record(
        &self,
        body: &Body,
        state: RecordState,
        signed: bool,
        replaces: bool,
    ) -> Result<Trace> {
        let record_type = body.record_type();
        let before = records::latest(&**self.tx, self.row.id, record_type).await?;
        let number = before.as_ref().map_or(1, |r| r.number + 1);
        if let Some(before) = before.filter(|_| replaces) {
            let superseded = RecordState::Superseded.wire().to_owned();
            records::update(self.tx, record::Model { state: superseded, ..before }).await?;
        }
        let id = self.ctx.kit.ids.fresh()?;
        let sealed = self.key.seal(RECORD, id, &body.encode()?)?;
        let mut row = record::Model {
            id,
            ticket_id: self.row.id,
            record_type: record_type.wire().to_owned(),
            number,
            cycle: self.row.cycle,
            state: state.wire().to_owned(),
            body_sealed: sealed.clone(),
            author_id: self.me,
            at: self.at,
            client_signed_by: None,
            client_signed_at: None,
            vendor_signed_by: None,
            vendor_signed_at: None,
        };
        if signed {
            self.sign(&mut row);
        }
        records::insert(self.tx, row).await?;
        Ok(Self::about(record_type, number, state, signed).containing(sealed))
    }

    /// Brings the latest record of a type further: its state, perhaps its body, perhaps a signature.
    pub async fn settle(
        &self,
        record_type: RecordType,
        state: RecordState,
        signed: bool,
        change: impl FnOnce(&mut Body),
    ) -> Result<Trace> {
        let mut row = self.latest(record_type).await?;
        let before = Body::decode(record_type, &self.key.open(RECORD, row.id, &row.body_sealed)?)?;
        let mut body = before.clone();
        change(&mut body);
        if body != before {
            row.body_sealed = self.key.seal(RECORD, row.id, &body.encode()?)?;
        }
        state.wire().clone_into(&mut row.state);
        if signed {
            self.sign(&mut row);
        }
        let (number, sealed) = (row.number, row.body_sealed.clone());
        records::update(self.tx, row).await?;
        // A signature is worth what it signs: the entry vouches for the bytes as they are now.
        Ok(Self::about(record_type, number, state, signed).containing(sealed))
    }

    pub async fn latest(&self, record_type: RecordType) -> Result<record::Model> {
        let row = records::latest(&**self.tx, self.row.id, record_type).await?;
        row.ok_or_else(|| unknown_word("ticket_records.record_type"))
    }

    fn sign(&self, row: &mut record::Model) {
        let (by, at) = (Some(self.me), Some(self.at));
        match self.side {
            Side::Client => (row.client_signed_by, row.client_signed_at) = (by, at),
            Side::Vendor => (row.vendor_signed_by, row.vendor_signed_at) = (by, at),
        }
    }

    fn about(record_type: RecordType, number: i32, state: RecordState, signed: bool) -> Trace {
        let record = json!({ "type": record_type, "number": number, "state": state, "signed": signed });
        Trace::default().with(&json!({ "record": record }))
    }

    /// Files that belong to the ticket itself, or to a record that names them.
    pub async fn attach(&self, files: &[Uuid]) -> Result<Trace> {
        let public = Visibility::Public.wire();
        files::link(self.ctx, &**self.tx, files, self.row.id, &self.key, None, public).await?;
        Ok(Trace::default().with(&json!({ "attachments": files.len() })))
    }

    /// A kind that a proposal or a stored word promises.
    pub fn proposed_kind(&self) -> Result<Kind> {
        self.standing.proposed_kind.ok_or_else(|| unknown_word("ticket_events.detail"))
    }
}

impl Trace {
    fn containing(mut self, sealed: Sealed) -> Self {
        self.content.push(sealed);
        self
    }
}
