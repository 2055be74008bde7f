//! What the health routes show.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    Ok,
    /// Worth a look, and no reason not to serve.
    Warning,
    Failed,
}

/// The whole is ok when every check is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Readiness {
    pub status: CheckState,
    /// By name: `database`, `sessions`, `keys`, `migrations`, `disk` (a warning below 5 % of free space, failed when
    /// that is less than 1 GiB), `calendar` (a warning from 15 November on while the next year is not in force),
    /// `search` (a warning while the index was made by other rules than this program's), and `stopping` during a stop.
    pub checks: BTreeMap<&'static str, CheckState>,
}

impl Readiness {
    #[must_use]
    pub fn of(checks: BTreeMap<&'static str, CheckState>) -> Self {
        let well = checks.values().all(|c| *c != CheckState::Failed);
        Self { status: if well { CheckState::Ok } else { CheckState::Failed }, checks }
    }

    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.status == CheckState::Ok
    }
}
