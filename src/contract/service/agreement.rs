//! The agreement as everybody may read it who has to do with it: parties, term, parameters in force, what waits
//! for a signature, and what the text itself leaves open.

use chrono::NaiveDate;

use super::{book, enter, parameters};
use crate::clocks::FLAWS;
use crate::contract::entity::contract;
use crate::contract::model::{self, AnnexKind, ContractRecordKind, ContractRecordState};
use crate::contract::store;
use crate::contract::views::{Contract, FlawChoice, FlawView, Parameters, Party, Pending};
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
    let proposed = store::annex::proposed(db).await?;
    let of_kind = |kind: AnnexKind| proposed.iter().filter(|r| r.kind == kind.wire()).map(|r| r.id).collect();
    let deliveries = store::record::of_kind(db, ContractRecordKind::Delivery).await?;
    let waiting = deliveries.iter().filter(|r| r.state != ContractRecordState::Accepted.wire());
    let pending = Pending {
        parameters: of_kind(AnnexKind::Parameters),
        calendars: of_kind(AnnexKind::Calendar),
        deliveries: waiting.map(|r| r.id).collect(),
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
        pending,
        flaws,
    })
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
