//! `lvyue init`: the agreement file becomes the agreement that this installation keeps. Repeating it is safe; a
//! changed file is taken where it only corrects what nothing rests on yet, and refused where it would rewrite
//! what both sides have signed or done since.

use serde_json::json;

use super::annex::{self, Proposal};
use super::file::AgreementFile;
use super::parameters::{document, people_text};
use super::{book, milestones};
use crate::contract::entity::{FILE, PRIVATE, annex as row, contract};
use crate::contract::model::{AnnexKind, AnnexState, NOTICE_SECONDS, midnight};
use crate::contract::store;
use crate::duties;
use crate::kit::Kit;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::{DataKey, KeyScope};
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger;

/// What became of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    New,
    Corrected,
    Unchanged,
}

const NEW_VERSION: &str = "附件参数改动须双方签署：请甲方经理或乙方负责人在系统里提出新版本，不要改文件";

/// Keeps the agreement of this file.
///
/// # Errors
/// 422 naming what cannot be changed any more; what the database says.
pub async fn register(kit: &Kit, text: &str, file: &AgreementFile) -> Result<Registered> {
    let numbers = milestones::Numbers::take(kit).await?;
    let tx = kit.db.write_tx().await?;
    let done = match store::agreement::lock(&tx).await? {
        None => create(kit, &tx, text, file, numbers).await?,
        Some(kept) => correct(kit, &tx, text, file, kept).await?,
    };
    tx.commit().await?;
    book::forget(kit);
    Ok(done)
}

fn digest(kit: &Kit, text: &str) -> Vec<u8> {
    kit.vault.digest("agreement file", text.as_bytes())
}

async fn create(
    kit: &Kit,
    tx: &WriteTx,
    text: &str,
    file: &AgreementFile,
    numbers: milestones::Numbers,
) -> Result<Registered> {
    let now = kit.clock.now();
    let id = kit.ids.fresh()?;
    let key = kit.vault.new_key(&**tx, kit.ids.fresh()?, KeyScope::Contract, id, now).await?;
    let row = contract::Model {
        id,
        slot: 1,
        version: 1,
        number: file.number.clone(),
        client_name: file.client.clone(),
        vendor_name: file.vendor.clone(),
        signed_on: file.signed_on.to_string(),
        delivered_on: file.delivered_on.map(|d| d.to_string()),
        expires_on: file.expires_on.map(|d| d.to_string()),
        term_set_by: file.delivered_on.or(file.expires_on).map(|_| "file".to_owned()),
        key_id: key.id,
        file_digest: digest(kit, text),
        file_sealed: key.seal(FILE, id, text.as_bytes())?,
        created_at: now,
        updated_at: now,
    };
    store::agreement::insert(tx, row.clone()).await?;
    let annex = first_version(kit, tx, &key, file, now).await?;
    let entry = ledger::Entry {
        action: "contract.registered",
        object_kind: "contract",
        object_id: id,
        detail: detail(&row),
        content: &[&row.file_sealed.0, annex.document.as_bytes()],
    };
    ledger::append_system(kit, &**tx, entry).await?;
    milestones::open_at_signing(kit, tx, file, numbers, now).await?;
    Ok(Registered::New)
}

fn detail(row: &contract::Model) -> serde_json::Value {
    json!({
        "number": row.number, "signed_on": row.signed_on, "delivered_on": row.delivered_on,
        "expires_on": row.expires_on,
    })
}

/// The paper annex, which both sides signed by hand: in force since the signing. Where deadlines were already
/// counted without it, it counts from now on only, so that no verdict changes behind anybody's back.
async fn first_version(
    kit: &Kit,
    tx: &WriteTx,
    key: &DataKey,
    file: &AgreementFile,
    now: Timestamp,
) -> Result<row::Model> {
    let signed_at = midnight(file.signed_on);
    let from = if duties::any(&**tx).await? || signed_at > now {
        now.plus_seconds(NOTICE_SECONDS)
    } else {
        signed_at
    };
    let id = kit.ids.fresh()?;
    let proposal = Proposal {
        id,
        kind: AnnexKind::Parameters,
        year: None,
        base: 0,
        document: document(&file.annex.params)?,
        private: Some(key.seal(PRIVATE, id, people_text(&file.annex.people).as_bytes())?),
        reason: None,
        source: None,
        asked_from: None,
    };
    let mut row = annex::row(proposal, annex::Proposer::Keeper(None), now);
    row.number = Some(1);
    AnnexState::Signed.wire().clone_into(&mut row.state);
    (row.client_signed_at, row.vendor_signed_at) = (Some(signed_at), Some(signed_at));
    row.effective_from = Some(from);
    store::annex::insert(tx, row.clone()).await?;
    Ok(row)
}

async fn correct(
    kit: &Kit,
    tx: &WriteTx,
    text: &str,
    file: &AgreementFile,
    kept: contract::Model,
) -> Result<Registered> {
    if kept.file_digest == digest(kit, text) {
        return Ok(Registered::Unchanged);
    }
    let refused = |field: &str, text: String| Err(Error::field(field, "FIXED", text));
    if kept.number != file.number {
        return refused("number", format!("这里已经是协议 {}；一套系统只履行一份协议", kept.number));
    }
    if kept.signed_on != file.signed_on.to_string() {
        return refused("signed_on", format!("已从签订日 {} 起算时限，不能再改", kept.signed_on));
    }
    let (delivered_on, expires_on) =
        (file.delivered_on.map(|d| d.to_string()), file.expires_on.map(|d| d.to_string()));
    // What both signed here, a delivery or a renewal, no file takes back.
    let renewed = store::renewal::signed(&**tx).await? > 0;
    let by_both = kept.term_set_by.as_deref() == Some("delivery") || renewed;
    let term_changes = (&kept.delivered_on, &kept.expires_on) != (&delivered_on, &expires_on);
    // A file from before the delivery says nothing about the term and changes nothing of it.
    let silent = delivered_on.is_none() && expires_on.is_none();
    if by_both && term_changes && !silent {
        return refused("delivered_on", "交付与届满日期已由双方签署的验收或续签确定，不能再改".to_owned());
    }
    let first = store::annex::signed(&**tx).await?;
    let first = first.iter().find(|r| r.kind == AnnexKind::Parameters.wire() && r.number == Some(1));
    let first = first.ok_or_else(|| Error::new(Code::Internal).because("no first parameter version"))?;
    let key = kit.vault.key(&**tx, kept.key_id).await?;
    let people = first.private_sealed.as_ref().map(|s| key.open_text(PRIVATE, first.id, s)).transpose()?;
    let same = first.document == document(&file.annex.params)?
        && people.unwrap_or_default() == people_text(&file.annex.people);
    if !same {
        return refused("parameters", NEW_VERSION.to_owned());
    }
    let row = contract::Model {
        client_name: file.client.clone(),
        vendor_name: file.vendor.clone(),
        delivered_on: if by_both { kept.delivered_on.clone() } else { delivered_on },
        expires_on: if by_both { kept.expires_on.clone() } else { expires_on },
        term_set_by: if by_both {
            kept.term_set_by.clone()
        } else {
            file.delivered_on.or(file.expires_on).map(|_| "file".to_owned())
        },
        file_digest: digest(kit, text),
        file_sealed: key.seal(FILE, kept.id, text.as_bytes())?,
        updated_at: kit.clock.now(),
        ..kept
    };
    let entry = ledger::Entry {
        action: "contract.corrected",
        object_kind: "contract",
        object_id: row.id,
        detail: detail(&row),
        content: &[&row.file_sealed.0],
    };
    ledger::append_system(kit, &**tx, entry).await?;
    store::agreement::update(tx, row).await?;
    Ok(Registered::Corrected)
}
