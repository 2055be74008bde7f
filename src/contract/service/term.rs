//! The end of the term: both sides are reminded 90, 30 and 7 days before, once each; after it the exit begins.

use super::agreement::Dates;
use super::exit;
use super::records::{self, NewRecord};
use crate::contract::model::{self, ContractRecordKind, ContractRecordState, ItemKind};
use crate::contract::store;
use crate::kit::Kit;
use crate::kit::actor::Role;
use crate::kit::error::Result;
use crate::ledger;
use crate::notices::{self, Notice, Recipient};
use serde_json::json;

/// Gives the reminder that is due; `true` when one was given.
///
/// # Errors
/// What the database says.
pub(in crate::contract) async fn remind(kit: &Kit) -> Result<bool> {
    let now = kit.clock.now();
    let Some(contract) = store::agreement::find(kit.db.reader()).await? else { return Ok(false) };
    let Some(end) = Dates::of(&contract).expires_on else { return Ok(false) };
    let Some(days) = model::reminder(end, now.shanghai_date()) else { return Ok(false) };
    let tx = kit.db.write_tx().await?;
    if !store::agreement::claim_reminder(&tx, &end.to_string(), days, now).await? {
        return Ok(false);
    }
    let left = end.signed_duration_since(now.shanghai_date()).num_days();
    let notice = Notice {
        event: "term.reminder".to_owned(),
        object_kind: "contract",
        object_id: contract.id,
        number: contract.number.clone(),
        text: format!("协议将于 {} 届满，还有 {left} 天，请商定续签或准备交接", end),
        urgent: false,
        by: None,
    };
    let to = [Role::ClientManager, Role::VendorLead, Role::Admin].map(Recipient::Role);
    notices::tell(kit, &tx, now, &to, &notice).await?;
    let entry = ledger::Entry {
        action: "term.reminded",
        object_kind: "contract",
        object_id: contract.id,
        detail: json!({ "expires_on": end.to_string(), "days": days }),
        content: &[],
    };
    ledger::append_system(kit, &*tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Begins the exit once the term has ended; `true` when it was begun now.
///
/// # Errors
/// What the database says.
pub(in crate::contract) async fn begin_exit(kit: &Kit) -> Result<bool> {
    let now = kit.clock.now();
    let db = kit.db.reader();
    let Some(contract) = store::agreement::find(db).await? else { return Ok(false) };
    let Some(end) = Dates::of(&contract).expires_on else { return Ok(false) };
    if now.shanghai_date() <= end || !store::record::of_kind(db, ContractRecordKind::Exit).await?.is_empty() {
        return Ok(false);
    }
    let number = records::number(kit, ContractRecordKind::Exit.prefix()).await?;
    let id = kit.ids.fresh()?;
    let new = NewRecord {
        id,
        kind: ContractRecordKind::Exit,
        number,
        state: ContractRecordState::Open,
        subject: "",
        stage: 0,
        // The first instant after the term: the same for every process that notices, so that one wins.
        started_at: model::midnight(end.succ_opt().unwrap_or(end)),
        clock: None,
        named_due_at: None,
        created_by: None,
    };
    let row = new.row(now);
    let ids = ItemKind::EXIT.iter().map(|_| kit.ids.fresh()).collect::<Result<Vec<_>>>()?;
    let book = super::book::book(kit).await?;
    let tx = kit.db.write_tx().await?;
    if !records::open(kit, &tx, &row, &book).await? {
        return Ok(false);
    }
    store::record::insert_items(&tx, exit::items(id, &ids)).await?;
    let text = "协议已届满：请停用账号、返还数据、销毁密钥并出具证明".to_owned();
    let sides = [crate::kit::actor::Side::Client, crate::kit::actor::Side::Vendor];
    records::tell(kit, &tx, now, &row, &sides, ("exit.begun", text), None).await?;
    tx.commit().await?;
    Ok(true)
}
