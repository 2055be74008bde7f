//! What is done with a class, from the agreement of the other side to the second signature under the roster.

use serde_json::{Value, json};
use uuid::Uuid;

use super::plan::{checked_plan, enter_plan, names, other};
use super::{
    MOST_FILES, allowed, departments, not_now, seal_texts, seen, speakers, standing, tell, texts, when,
};
use crate::classes::entity::{CODE_SECRET, REASON, attendance, class};
use crate::classes::model::{ALL, ClassAction, ClassMode, ClassState, Method};
use crate::classes::requests::{ClassAct, NewClass};
use crate::classes::store;
use crate::classes::views::ClassView;
use crate::contract;
use crate::courses::model::Category;
use crate::files;
use crate::identity::people;
use crate::identity::policy::Action;
use crate::kit::actor::{Role, Side};
use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::text::{Lines, checked};
use crate::ledger;
use crate::notices::Recipient;

const REASON_CHARS: usize = 500;
const MINUTES_CHARS: usize = 5000;

impl ClassAct {
    const fn action(&self) -> ClassAction {
        match self {
            Self::Agree {} => ClassAction::Agree,
            Self::Decline { .. } => ClassAction::Decline,
            Self::Change { .. } => ClassAction::Change,
            Self::Cancel { .. } => ClassAction::Cancel,
            Self::Enrol {} => ClassAction::Enrol,
            Self::Leave {} => ClassAction::Leave,
            Self::Start {} => ClassAction::Start,
            Self::MarkPresent { .. } => ClassAction::MarkPresent,
            Self::Finish { .. } => ClassAction::Finish,
            Self::SignRoster {} => ClassAction::SignRoster,
        }
    }
}

/// A class under change.
struct Held<'a> {
    ctx: &'a Ctx,
    tx: &'a WriteTx,
    row: class::Model,
    key: DataKey,
    mine: Option<attendance::Model>,
}

/// Does it.
///
/// # Errors
/// 403, 404, 412; 409 with what is allowed instead; 422 naming the field.
pub async fn act(ctx: &Ctx, id: Uuid, version: i64, body: ClassAct) -> Result<ClassView> {
    let action = body.action();
    seen(ctx, store::find(ctx.kit.db.reader(), id).await?, Action::ViewClass)?;
    let key = contract::key(ctx).await?;
    // Before the transaction: it asks other tables, and on SQLite there is one writer.
    let change = match &body {
        ClassAct::Change { .. } => Some(changed(ctx, id, &key, body.clone()).await?),
        _ => None,
    };
    let tx = ctx.kit.db.write_tx().await?;
    let row = seen(ctx, store::lock(&tx, id).await?, action.policy())?;
    if row.version != version {
        return Err(Error::new(Code::VersionStale));
    }
    let me = ctx.member()?.person_id;
    let mine = store::of_person(&*tx, &[id], me).await?.remove(&id);
    let enrolled = store::enrolled(&*tx, &[id]).await?.get(&id).copied().unwrap_or(0);
    let standing = standing(ctx, &row, mine.as_ref(), enrolled).await?;
    if !action.is_open(&standing, ctx.now) {
        return Err(not_now(&allowed(ctx, &row, &standing)));
    }
    let mut held = Held { ctx, tx: &tx, row, key, mine };
    match (body, change) {
        (ClassAct::Agree {}, _) => held.agree().await?,
        (ClassAct::Decline { reason }, _) => held.end(ClassState::Declined, &reason).await?,
        (ClassAct::Cancel { reason }, _) => held.end(ClassState::Cancelled, &reason).await?,
        (ClassAct::Change { .. }, Some(plan)) => held.change(plan).await?,
        (ClassAct::Change { .. }, None) => return Err(Error::new(Code::Internal)),
        (ClassAct::Enrol {}, _) => held.enrol(true).await?,
        (ClassAct::Leave {}, _) => held.enrol(false).await?,
        (ClassAct::Start {}, _) => held.start().await?,
        (ClassAct::MarkPresent { person_id, reason }, _) => held.mark_present(person_id, &reason).await?,
        (ClassAct::Finish { minutes, attachment_ids }, _) => held.finish(&minutes, &attachment_ids).await?,
        (ClassAct::SignRoster {}, _) => held.sign(standing.side).await?,
    }
    tx.commit().await?;
    super::show(ctx, id).await
}

/// The whole plan as it would be, checked like a new one.
async fn changed(ctx: &Ctx, id: Uuid, key: &DataKey, body: ClassAct) -> Result<NewClass> {
    let row = store::find(ctx.kit.db.reader(), id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let ClassAct::Change {
        title,
        mode,
        place,
        agenda,
        starts_at,
        ends_at,
        trainer_id,
        departments: to,
        capacity,
    } = body
    else {
        return Err(Error::new(Code::Internal));
    };
    let before = texts(&row, key)?;
    let known = |what: &str| Error::new(Code::Internal).because(format!("classes.{what}"));
    let plan = NewClass {
        category: Category::from_wire(&row.category).ok_or_else(|| known("category"))?,
        // The course stays; it may have been withdrawn meanwhile.
        course_id: None,
        title: title.unwrap_or(before.title),
        mode: mode.or_else(|| ClassMode::from_wire(&row.mode)).ok_or_else(|| known("mode"))?,
        place: place.unwrap_or(before.place),
        agenda: agenda.unwrap_or(before.agenda),
        starts_at: starts_at.unwrap_or(row.starts_at),
        ends_at: ends_at.unwrap_or(row.ends_at),
        trainer_id: trainer_id.or(row.trainer_id),
        departments: to.map_or_else(|| departments(&row), Ok)?,
        capacity: capacity.or(row.capacity),
    };
    checked_plan(ctx, plan).await
}

impl Held<'_> {
    fn set(&mut self, state: ClassState) {
        state.wire().clone_into(&mut self.row.state);
    }

    async fn save(&mut self, action: &'static str) -> Result<()> {
        self.row.updated_at = self.ctx.now;
        store::update(self.tx, &mut self.row).await?;
        enter_plan(self.ctx, self.tx, &self.row, action).await
    }

    async fn agree(&mut self) -> Result<()> {
        let me = self.ctx.member()?;
        if self.row.trainer_id.is_none() && me.side == Side::Vendor {
            self.row.trainer_id = Some(me.person_id);
        }
        let is_first = self.row.announced_at.is_none();
        self.set(ClassState::Agreed);
        self.row.agreed_by = Some(me.person_id);
        self.row.agreed_at = Some(self.ctx.now);
        self.row.announced_at.get_or_insert(self.ctx.now);
        self.save("class.agreed").await?;
        let proposer = Recipient::Person(self.row.proposed_by);
        let trainer = self.row.trainer_id.map(Recipient::Person);
        let to: Vec<Recipient> = [proposer].into_iter().chain(trainer).collect();
        let text = format!("{} 培训计划对方已同意：{} 开始", self.row.number, when(self.row.starts_at));
        tell(self.ctx, self.tx, &self.row, &to, "class.agreed", text).await?;
        let text = format!("{} 邀请您参加培训：{} 开始", self.row.number, when(self.row.starts_at));
        let invited = if is_first { self.invited().await? } else { self.enrolled().await? };
        tell(self.ctx, self.tx, &self.row, &invited, "class.announced", text).await
    }

    /// Everybody of the departments that it is for.
    async fn invited(&self) -> Result<Vec<Recipient>> {
        let names = departments(&self.row)?;
        let all = people::departments(&**self.tx, Side::Client).await?;
        let is_for = |department: Option<Uuid>| {
            let named = all.iter().find(|d| Some(d.id) == department);
            names.iter().any(|n| n == ALL || named.is_some_and(|d| d.name == *n))
        };
        let roll = people::roll(&**self.tx, Side::Client).await?;
        Ok(roll.iter().filter(|p| is_for(p.department_id)).map(|p| Recipient::Person(p.id)).collect())
    }

    async fn enrolled(&self) -> Result<Vec<Recipient>> {
        let roster = store::roster(&**self.tx, self.row.id).await?;
        Ok(roster.iter().map(|r| Recipient::Person(r.person_id)).collect())
    }

    async fn end(&mut self, state: ClassState, reason: &str) -> Result<()> {
        let reason = checked("reason", reason, Lines::Many, REASON_CHARS)?;
        let mut words = texts(&self.row, &self.key)?;
        words.reason = Some(reason);
        seal_texts(&mut self.row, &words, &self.key)?;
        self.set(state);
        let (action, text) = match state {
            ClassState::Declined => ("class.declined", "培训计划对方未同意"),
            _ => ("class.cancelled", "培训已取消"),
        };
        self.save(action).await?;
        let mut to = self.enrolled().await?;
        to.extend([Side::Client, Side::Vendor].map(speakers));
        to.extend(self.row.trainer_id.map(Recipient::Person));
        tell(self.ctx, self.tx, &self.row, &to, action, format!("{} {text}", self.row.number)).await
    }

    /// A plan of the caller's side now: the other side has to agree again.
    async fn change(&mut self, plan: NewClass) -> Result<()> {
        let mut words = texts(&self.row, &self.key)?;
        (words.title, words.place, words.agenda) = (plan.title, plan.place, plan.agenda);
        let me = self.ctx.member()?;
        self.row.mode = plan.mode.wire().to_owned();
        self.row.starts_at = plan.starts_at;
        self.row.ends_at = plan.ends_at;
        self.row.trainer_id = plan.trainer_id;
        self.row.departments = names(&plan.departments)?;
        self.row.capacity = plan.capacity;
        self.row.proposed_by = me.person_id;
        me.side.wire().clone_into(&mut self.row.proposed_side);
        self.row.agreed_by = None;
        self.row.agreed_at = None;
        seal_texts(&mut self.row, &words, &self.key)?;
        self.set(ClassState::Proposed);
        self.save("class.changed").await?;
        let text =
            format!("{} 培训计划有改动，待你方同意：{} 开始", self.row.number, when(self.row.starts_at));
        tell(self.ctx, self.tx, &self.row, &[speakers(other(me.side))], "class.changed", text).await
    }

    /// The caller's row, as it is to be changed.
    fn attendance(&self, person: Uuid, known: Option<attendance::Model>) -> Result<attendance::Model> {
        let id = self.ctx.kit.ids.fresh()?;
        Ok(known.unwrap_or(attendance::Model {
            id,
            class_id: self.row.id,
            person_id: person,
            enrolled_at: None,
            signed_in_at: None,
            method: None,
            signed_out_at: None,
            marked_by: None,
            reason_sealed: None,
        }))
    }

    /// Many enrol at once: the class keeps its version.
    async fn enrol(&mut self, is_in: bool) -> Result<()> {
        let mine = self.mine.take();
        let mut row = self.attendance(self.ctx.member()?.person_id, mine)?;
        row.enrolled_at = is_in.then_some(self.ctx.now);
        store::save(self.tx, row).await?;
        let action = if is_in { "class.enrolled" } else { "class.left" };
        self.note(action, json!({ "number": self.row.number }), &[]).await
    }

    async fn note(&self, action: &'static str, detail: Value, content: &[&[u8]]) -> Result<()> {
        let entry = ledger::Entry { action, object_kind: "class", object_id: self.row.id, detail, content };
        ledger::append(self.ctx, &**self.tx, entry).await?;
        Ok(())
    }

    async fn start(&mut self) -> Result<()> {
        let secret = zeroize::Zeroizing::new(self.ctx.kit.ids.random::<32>()?);
        self.row.code_secret_sealed = Some(self.key.seal(CODE_SECRET, self.row.id, secret.as_slice())?);
        self.set(ClassState::Running);
        self.save("class.started").await
    }

    async fn mark_present(&mut self, person: Uuid, reason: &str) -> Result<()> {
        let reason = checked("reason", reason, Lines::Many, REASON_CHARS)?;
        let member = people::member_of(self.ctx, &**self.tx, person).await?;
        if member.is_none_or(|m| m.side != Side::Client) {
            return Err(Error::field("person_id", "NOT_FOUND", "请选择甲方的在职人员"));
        }
        let known = store::of_person(&**self.tx, &[self.row.id], person).await?.remove(&self.row.id);
        let mut row = self.attendance(person, known)?;
        if row.signed_in_at.is_some() {
            return Err(Error::field("person_id", "ALREADY_PRESENT", "这位同事已经签到"));
        }
        let sealed = self.key.seal(REASON, row.id, reason.as_bytes())?;
        row.signed_in_at = Some(self.ctx.now);
        row.method = Some(Method::Marked.wire().to_owned());
        row.marked_by = self.ctx.actor.person_id();
        row.reason_sealed = Some(sealed.clone());
        store::save(self.tx, row).await?;
        let detail = json!({ "number": self.row.number, "person": person });
        self.note("class.marked_present", detail, &[&sealed.0]).await
    }

    async fn finish(&mut self, minutes: &str, photos: &[Uuid]) -> Result<()> {
        let minutes = checked("minutes", minutes, Lines::Many, MINUTES_CHARS)?;
        if photos.len() > MOST_FILES {
            return Err(Error::field("attachment_ids", "TOO_MANY", format!("最多 {MOST_FILES} 个附件")));
        }
        files::link_to_record(self.ctx, &**self.tx, photos, self.row.id, &self.key).await?;
        let mut words = texts(&self.row, &self.key)?;
        words.minutes = Some(minutes);
        seal_texts(&mut self.row, &words, &self.key)?;
        self.row.finished_at = Some(self.ctx.now);
        // No code of it will ever be taken again.
        self.row.code_secret_sealed = None;
        self.set(ClassState::Held);
        self.save("class.finished").await?;
        let text = format!("{} 培训已结束，签到表待双方签署", self.row.number);
        let to = [Recipient::Role(Role::ClientManager), Recipient::Role(Role::VendorLead)];
        tell(self.ctx, self.tx, &self.row, &to, "class.finished", text).await
    }

    /// The entry vouches for the roster as it is: from the first signature on it does not change.
    async fn sign(&mut self, side: Side) -> Result<()> {
        let me = self.ctx.actor.person_id();
        match side {
            Side::Client => (self.row.client_signed_by, self.row.client_signed_at) = (me, Some(self.ctx.now)),
            Side::Vendor => (self.row.vendor_signed_by, self.row.vendor_signed_at) = (me, Some(self.ctx.now)),
        }
        let is_whole = self.row.client_signed_at.is_some() && self.row.vendor_signed_at.is_some();
        if is_whole {
            self.set(ClassState::Signed);
        }
        self.row.updated_at = self.ctx.now;
        store::update(self.tx, &mut self.row).await?;
        let roster = store::roster(&**self.tx, self.row.id).await?;
        let came: Vec<&attendance::Model> = roster.iter().filter(|r| r.signed_in_at.is_some()).collect();
        let lines: Vec<Value> =
            came.iter().map(|r| json!([r.person_id, r.signed_in_at, r.method, r.signed_out_at])).collect();
        let content = serde_json::to_vec(&lines).map_err(|e| Error::new(Code::Internal).because(e))?;
        let detail = json!({
            "number": self.row.number, "side": side.wire(), "present": came.len(), "state": self.row.state,
        });
        self.note("class.roster_signed", detail, &[&content]).await?;
        let text = match is_whole {
            true => format!("{} 签到表双方已签", self.row.number),
            false => format!("{} 签到表对方已签，待你方签署", self.row.number),
        };
        tell(self.ctx, self.tx, &self.row, &[speakers(other(side))], "class.roster_signed", text).await
    }
}
