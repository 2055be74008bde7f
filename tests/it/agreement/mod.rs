//! Stories of the agreement itself: terms that need two signatures, the calendar, milestones, delivery and the
//! year after it, the exit.

pub mod calendars;
mod foreseen;
pub mod permissions;
mod renewals;
mod term;
mod terms;

use lvyue::contract::jobs;
use lvyue::contract::service::file::AgreementFile;
use lvyue::contract::service::register::{Registered, register};
use lvyue::kit::clock::Timestamp;
use lvyue::kit::error::Result;
use reqwest::Method;
use serde_json::Value;

use crate::support::{Answer, Client, World, sql};

/// Signed on the Friday before the stories begin; the names are nobody's.
pub const AGREEMENT: &str = r#"
number = "LY-2026-07"
signed_on = "2026-11-13"
[client]
name = "甲方公司"
[vendor]
name = "乙方公司"
[parameters]
P9 = "5 working days"
P11 = { hours = 1, notify = ["魏安全 19900010099"] }
P13 = { monthly_fee_cents = 1000000, shares = { M = "1%", R8 = "0.5%" }, cap = "10%" }
"#;

impl World {
    pub async fn init(&self, text: &str) -> Result<Registered> {
        register(self.app.kit(), text, &AgreementFile::read(text).unwrap()).await
    }

    /// The agreement of [`AGREEMENT`], known to every process.
    pub async fn agreed(&self) {
        assert_eq!(self.init(AGREEMENT).await.unwrap(), Registered::New);
        self.minutes(1);
    }

    /// What the worker does every minute, now.
    pub async fn looks_after(&self) {
        jobs::run(self.app.kit()).await.unwrap();
    }

    pub async fn milestone(&self, kind: &str) -> Value {
        let all = self.as_("cara").await.get("/contract/milestones").await.ok();
        let found = all["items"].as_array().unwrap().iter().find(|m| m["kind"] == kind);
        found.unwrap_or_else(|| panic!("no {kind}: {all}")).clone()
    }

    /// How many notices of this event everybody together has.
    pub async fn told(&self, event: &str) -> i64 {
        sql::number(self.db(), &format!("SELECT COUNT(*) FROM notices WHERE event = '{event}'")).await
    }

    pub fn at(&self, text: &str) {
        self.clock.set(Timestamp::parse(text).unwrap());
        self.forget_sessions();
    }
}

impl Client {
    /// Acts on something of the agreement as it was last seen.
    pub async fn acts(&self, path: &str, seen: &Value, body: Value) -> Answer {
        let request = self.request(Method::POST, &format!("{path}/actions"));
        self.send(request.header("if-match", format!("\"{}\"", seen["version"])).json(&body)).await
    }
}
