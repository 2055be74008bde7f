//! Use cases of courses, one file per family. Each authorises, holds the course that it changes, and writes rows and
//! ledger entry in one transaction.

pub mod article;
pub mod catalog;
pub mod content;
pub mod courses;
pub mod folder;
pub mod import;
pub mod items;
pub mod publish;
mod shown;

use sea_orm::ConnectionTrait;
use serde::Serialize;
use uuid::Uuid;

use super::entity::course;
use super::model::State;
use super::model::acts::Step;
use super::model::content::Wrong;
use super::store;
use crate::identity::consent;
use crate::identity::policy::{Action, Facts, authorise};
use crate::kit::Kit;
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger;

/// Bound, consented and permitted.
fn enter(ctx: &Ctx, action: Action) -> Result<()> {
    authorise(&ctx.actor, action, &Facts::Nothing)?;
    consent::require(ctx)
}

fn payload(body: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(body).map_err(|e| Error::new(Code::Internal).because(e))
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::new(Code::Internal).because(e))
}

/// A list of texts as it is stored.
fn list(stored: &str) -> Result<Vec<String>> {
    serde_json::from_str(stored).map_err(|_| Error::new(Code::Internal).because("a stored list"))
}

impl From<Wrong> for Error {
    fn from(wrong: Wrong) -> Self {
        let text = match wrong.line {
            Some(line) => format!("第 {line} 行：{}", wrong.text),
            None => wrong.text,
        };
        Self::field(wrong.field, "WRONG_VALUE", text)
    }
}

/// Who writes: a person, or the program that imports a folder.
#[derive(Clone, Copy)]
pub struct By<'a> {
    kit: &'a Kit,
    ctx: Option<&'a Ctx>,
    now: Timestamp,
}

impl<'a> By<'a> {
    fn person(ctx: &'a Ctx) -> Self {
        Self { kit: &ctx.kit, ctx: Some(ctx), now: ctx.now }
    }

    fn id(&self) -> Option<Uuid> {
        self.ctx.and_then(|ctx| ctx.actor.person_id())
    }

    async fn note(&self, tx: &impl ConnectionTrait, entry: ledger::Entry<'_>) -> Result<()> {
        match self.ctx {
            Some(ctx) => ledger::append(ctx, tx, entry).await?,
            None => ledger::append_system(self.kit, tx, entry).await?,
        };
        Ok(())
    }
}

fn state(row: &course::Model) -> Result<State> {
    State::from_wire(&row.state).ok_or_else(|| Error::new(Code::Internal).because("courses.state"))
}

/// The course as the caller saw it, held, and still being written.
async fn open(ctx: &Ctx, tx: &WriteTx, id: Uuid, seen: i64) -> Result<course::Model> {
    let row = store::courses::lock(tx, id).await?;
    if state(&row)? != State::Draft {
        return Err(not_now(ctx, &row)?.detail("只有草稿可以修改；已发布的课程请先点“修订”"));
    }
    fresh(&row, seen)?;
    Ok(row)
}

fn fresh(row: &course::Model, seen: i64) -> Result<()> {
    if row.version == seen { Ok(()) } else { Err(Error::new(Code::VersionStale)) }
}

fn not_now(ctx: &Ctx, row: &course::Model) -> Result<Error> {
    let names: Vec<&str> = allowed(ctx, row)?.iter().map(|s| s.wire()).collect();
    Ok(Error::new(Code::ActionNotAllowed).with("allowed_actions", names))
}

/// The steps that the caller can take now.
fn allowed(ctx: &Ctx, row: &course::Model) -> Result<Vec<Step>> {
    let state = state(row)?;
    let can = |step: &Step| {
        let own = *step == Step::Approve && row.author_id.is_some() && row.author_id == ctx.actor.person_id();
        !own && step.from(state, row.in_force.is_some()).is_some() && enter(ctx, step.needs()).is_ok()
    };
    Ok(Step::ALL.iter().copied().filter(can).collect())
}

/// Counts an edit: the course is a draft by this author now.
async fn edited(by: &By<'_>, tx: &WriteTx, row: &mut course::Model) -> Result<()> {
    row.author_id = by.id();
    row.reviewed_by = None;
    row.updated_at = by.now;
    State::Draft.wire().clone_into(&mut row.state);
    store::courses::update(tx, row).await
}
