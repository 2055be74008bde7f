//! The stored clocks are an index over the events; here they are compared with what the events give.

use std::collections::BTreeMap;

use lvyue::cli::clocks::verify;
use lvyue::duties::Compared;
use lvyue::kit::clock::Timestamp;
use lvyue::kit::db::Db;
use serde_json::Value;

use super::World;

/// Every record: what is stored about clocks, deadline and state is what its events say.
pub async fn stored_clocks_are_derived(world: &World) {
    // What runs follows another annex within a minute of the worker's; a story does not wait for it.
    while lvyue::tickets::jobs::rederive(world.app.kit()).await.unwrap() > 0 {}
    let compared = verify(world.db(), world.clock.now(), 20).await.unwrap();
    let made_up = compared.named.iter().filter(|d| d.number == crate::duties::MADE_UP).count();
    let expected = (u64::try_from(made_up).unwrap(), 0);
    assert_eq!((compared.different, compared.unvouched), expected, "{:#?}", compared.named);
}

/// As `lvyue clocks verify` finds.
pub async fn no_differences(db: &Db, now: Timestamp, context: &str) -> Compared {
    let compared = verify(db, now, 20).await.unwrap();
    assert_eq!((compared.different, compared.unvouched), (0, 0), "{context}: {:#?}", compared.named);
    compared
}

/// The clocks of a ticket by code, the latest cycle's.
pub fn by_code(ticket: &Value) -> BTreeMap<String, Value> {
    let clocks = ticket["clocks"].as_array().unwrap().iter();
    clocks.map(|c| (c["code"].as_str().unwrap().to_owned(), c.clone())).collect()
}
