//! Use cases of the agreement, one file per family. Each authorises, holds what it changes, and writes row,
//! duties, notices and ledger entry in one transaction.

pub mod agreement;
pub mod annex;
pub mod book;
pub mod calendar;
pub mod check;
pub mod deliveries;
pub mod exit;
pub mod fees;
pub mod file;
pub mod maintenance;
pub mod milestones;
pub mod parameters;
mod records;
pub mod register;
pub mod renewals;
mod shown;
pub mod term;

use serde::Serialize;

use super::entity::contract;
use super::store;
use crate::identity::consent;
use crate::identity::policy::{Action, Facts, authorise};
use crate::kit::Kit;
use crate::kit::actor::Side;
use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};

/// Bound, consented and permitted.
fn enter(ctx: &Ctx, action: Action) -> Result<()> {
    authorise(&ctx.actor, action, &Facts::Nothing)?;
    consent::require(ctx)
}

/// The side in whose name the caller may act.
///
/// # Errors
/// 403 for everybody but the client's managers and the vendor's leads.
fn party(ctx: &Ctx) -> Result<Side> {
    let side = ctx.side()?;
    let action = match side {
        Side::Client => Action::ActForClient,
        Side::Vendor => Action::ActForVendor,
    };
    enter(ctx, action)?;
    Ok(side)
}

/// Whether the caller could act in the name of their side.
fn is_party(ctx: &Ctx) -> Option<Side> {
    party(ctx).ok()
}

/// The agreement that is set up, with its key.
///
/// # Errors
/// 409 `NOT_SET_UP` before `lvyue init`.
async fn agreed(ctx: &Ctx) -> Result<(contract::Model, DataKey)> {
    let db = ctx.kit.db.reader();
    let row = store::agreement::find(db).await?.ok_or_else(|| Error::new(Code::NotSetUp))?;
    let key = ctx.kit.vault.key(db, row.key_id).await?;
    Ok((row, key))
}

/// Who may read the files of the agreement's records: whoever may read the agreement.
///
/// # Errors
/// 404 for everybody else.
pub async fn gate(ctx: &Ctx) -> Result<DataKey> {
    let not_found = |_| Error::new(Code::NotFound);
    enter(ctx, Action::ReadContract).map_err(not_found)?;
    Ok(agreed(ctx).await.map_err(not_found)?.1)
}

/// The agreement's key, for what other features seal as part of it.
///
/// # Errors
/// 409 `NOT_SET_UP` before `lvyue init`.
pub async fn key(ctx: &Ctx) -> Result<DataKey> {
    Ok(agreed(ctx).await?.1)
}

/// What the client is called in the agreement; `None` before `lvyue init`.
///
/// # Errors
/// What the database says.
pub async fn client_name(kit: &Kit) -> Result<Option<String>> {
    Ok(store::agreement::find(kit.db.reader()).await?.map(|row| row.client_name))
}

/// What must be the same when a submission is repeated.
fn payload(body: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(body).map_err(|e| Error::new(Code::Internal).because(e))
}
