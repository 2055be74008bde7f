//! The agreement as everybody may read it who has to do with it: parties, term, parameters in force, what waits
//! for a signature, and what the text itself leaves open.

use chrono::NaiveDate;

use super::{annex, book, deliveries, enter, parameters, renewals};
use crate::clocks::FLAWS;
use crate::contract::entity::contract;
use crate::contract::model::{self, AnnexKind, ContractRecordKind, ContractRecordState};
use crate::contract::store;
use crate::contract::views::{
    AnnexAction, Contract, DeliveryAction, FlawChoice, FlawView, Parameters, Party, Pending, PendingKind,
};
use crate::identity::policy::Action;
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;

/// # Errors
/// 403 for those who may not read it.
pub async fn show(ctx: &Ctx) -> Result<Contract> {
    enter(ctx, Action::ReadContract)?;
    let db = ctx.kit.db.reader();
    let row = store::agreement::find(db).await?;
    let book = book::book(&ctx.kit).await?;
    let in_force = book.at(ctx.now);
    let values = in_force.params.values();
    let parameters = Parameters {
        version: in_force.params_version,
        effective_from: since(&book, in_force.params_version),
        values: parameters::shown(&values),
    };
    let choice = |code: &&str| {
        values.get(*code).map(|value| FlawChoice { code: (*code).to_owned(), value: value.clone() })
    };
    let flaws = FLAWS
        .iter()
        .map(|flaw| FlawView { flaw: *flaw, in_force: flaw.parameters.iter().filter_map(choice).collect() })
        .collect();
    let dates = row.as_ref().map(Dates::of).unwrap_or_default();
    let party = |name: &String| Party { name: name.clone() };
    Ok(Contract {
        set_up: row.is_some(),
        number: row.as_ref().map(|r| r.number.clone()),
        client: row.as_ref().map(|r| party(&r.client_name)),
        vendor: row.as_ref().map(|r| party(&r.vendor_name)),
        signed_on: dates.signed_on,
        delivered_on: dates.delivered_on,
        expires_on: dates.expires_on,
        phase: model::phase(dates.delivered_on, dates.expires_on, ctx.now.shanghai_date()),
        parameters,
        pending: pending(ctx).await?,
        flaws,
    })
}

/// What waits for a signature or an acceptance, the caller's own first.
async fn pending(ctx: &Ctx) -> Result<Vec<Pending>> {
    let db = ctx.kit.db.reader();
    let mut all = Vec::new();
    let signed = store::annex::signed(db).await?;
    for row in store::annex::proposed(db).await? {
        let calendar = row.kind == AnnexKind::Calendar.wire();
        let can_sign = annex::allowed(ctx, &row).contains(&AnnexAction::Sign);
        all.push(Pending {
            kind: if calendar { PendingKind::Calendar } else { PendingKind::Parameters },
            id: row.id,
            title: if calendar { annex::title(&row) } else { parameters::summary(&signed, &row)? },
            can_sign,
            is_mine: can_sign,
        });
    }
    if let Some(row) = store::renewal::proposed(db).await? {
        let can_sign = renewals::allowed(ctx, &row).contains(&AnnexAction::Sign);
        let title = format!("续签至 {}", row.expires_on);
        all.push(Pending { kind: PendingKind::Renewal, id: row.id, title, can_sign, is_mine: can_sign });
    }
    let deliveries = store::record::of_kind(db, ContractRecordKind::Delivery).await?;
    for row in deliveries.iter().filter(|r| r.state != ContractRecordState::Accepted.wire()) {
        let can = deliveries::allowed(ctx, row, &store::record::items(db, &[row.id]).await?);
        all.push(Pending {
            kind: PendingKind::Delivery,
            id: row.id,
            title: format!("交付 {}", row.number),
            can_sign: can.contains(&DeliveryAction::Sign),
            is_mine: !can.is_empty(),
        });
    }
    all.sort_by_key(|p| !p.is_mine);
    Ok(all)
}

/// Since when a parameter version counts; `None` for the defaults, which always did.
fn since(book: &crate::clocks::Book, version: i32) -> Option<Timestamp> {
    let first = book.versions().find(|v| v.params_version == version)?;
    (version > 0).then_some(first.from)
}

/// The dates of a stored agreement.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::contract) struct Dates {
    pub signed_on: Option<NaiveDate>,
    pub delivered_on: Option<NaiveDate>,
    pub expires_on: Option<NaiveDate>,
}

impl Dates {
    pub fn of(row: &contract::Model) -> Self {
        let day = |text: &Option<String>| text.as_ref().and_then(|t| t.parse().ok());
        Self {
            signed_on: row.signed_on.parse().ok(),
            delivered_on: day(&row.delivered_on),
            expires_on: day(&row.expires_on),
        }
    }
}
