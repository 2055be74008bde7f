//! What the wire shows of the agreement.

mod records;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{AnnexState, Phase};
use crate::calendar::Day;
use crate::clocks::Flaw;
use crate::identity::people::PersonRef;
use crate::kit::clock::Timestamp;

pub use records::{
    Delivery, DeliveryAction, ExitAction, ExitChecklist, FeeLine, FeePreview, FeeSum, MaintenanceEntry,
    Milestone, MilestoneAction, MilestoneVersion, RecordClock, RecordItem,
};

/// One side of the agreement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Party {
    pub name: String,
}

/// A parameter with its value in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParameterValue {
    #[schema(examples("P9"))]
    pub code: String,
    pub title: String,
    /// What it decides, and which law or clause leaves it open.
    pub text: String,
    /// In the form of the agreement file; names and phones of people are never part of it.
    #[schema(examples("5 working days"))]
    pub value: Value,
}

/// The parameter set that is in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Parameters {
    /// 0 for the defaults of the program, before the agreement is set up.
    pub version: i32,
    /// `null` for the defaults.
    pub effective_from: Option<Timestamp>,
    pub values: Vec<ParameterValue>,
}

/// Something that waits for a signature or an acceptance.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Pending {
    pub kind: PendingKind,
    pub id: Uuid,
    /// Fit to show: 附件参数 P9, 2027 年日历, 交付 JF-2026-000001, 续签至 2027-12-07.
    pub title: String,
    /// It is the caller who can sign it now.
    pub can_sign: bool,
    /// It is the caller who can sign it or go on with it now.
    pub is_mine: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PendingKind {
    Parameters,
    Calendar,
    Delivery,
    Renewal,
}

/// A renewal of the term (1.3), proposed, signed, or come to nothing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Renewal {
    pub id: Uuid,
    pub version: i64,
    pub state: AnnexState,
    /// Counts what both signed, from 1; `null` until then.
    pub number: Option<i32>,
    /// The last day of the term when it was proposed.
    pub ends_on: NaiveDate,
    /// The last day that it proposes; it holds from the second signature.
    pub expires_on: NaiveDate,
    pub reason: Option<String>,
    pub proposed_side: String,
    pub proposed_by: Option<PersonRef>,
    pub proposed_at: Timestamp,
    pub client_signed: Option<Signature>,
    pub vendor_signed: Option<Signature>,
    /// Declined or withdrawn.
    pub ended: Option<Signature>,
    pub end_reason: Option<String>,
    pub allowed_actions: Vec<AnnexAction>,
}

/// Where the text of the agreement is unclear, and what holds here.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FlawView {
    #[serde(flatten)]
    pub flaw: Flaw,
    /// The parameters that decide it, with their values in force.
    pub in_force: Vec<FlawChoice>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FlawChoice {
    pub code: String,
    pub value: Value,
}

/// The agreement as it stands now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Contract {
    /// `false` before `lvyue init`: then the program's defaults hold, and the parties have no names.
    pub set_up: bool,
    /// 合同编号
    pub number: Option<String>,
    pub client: Option<Party>,
    pub vendor: Option<Party>,
    /// 双方签字盖章之日 (1.3).
    pub signed_on: Option<NaiveDate>,
    /// The day on which both signed the acceptance of the whole delivery (1.3, 3.3).
    pub delivered_on: Option<NaiveDate>,
    /// The last day of the term: the same date one year later (民法典 202), or what both signed as its renewal.
    pub expires_on: Option<NaiveDate>,
    pub phase: Phase,
    pub parameters: Parameters,
    /// The caller's own first.
    pub pending: Vec<Pending>,
    pub flaws: Vec<FlawView>,
}

/// What can be done with a version of an annex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnnexAction {
    /// Never listed: a proposal is a new version.
    Propose,
    Sign,
    Decline,
    Withdraw,
}

impl AnnexAction {
    #[must_use]
    pub const fn ledger(self) -> &'static str {
        match self {
            Self::Propose => "annex.proposed",
            Self::Sign => "annex.signed",
            Self::Decline => "annex.declined",
            Self::Withdraw => "annex.withdrawn",
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ContractSignature)]
pub struct Signature {
    /// `null` for the paper annex, which both sides signed by hand.
    pub by: Option<PersonRef>,
    pub at: Timestamp,
}

/// A running deadline that a version would move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MovedDeadline {
    pub number: String,
    #[schema(examples("A3"))]
    pub code: String,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// What all versions of annexes have in common.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnnexHead {
    pub id: Uuid,
    pub version: i64,
    pub state: AnnexState,
    /// Counts what both signed, from 1; `null` until then.
    pub number: Option<i32>,
    /// `client`, `vendor`, or `system` for the administrator's import.
    pub proposed_side: String,
    pub proposed_by: Option<PersonRef>,
    pub proposed_at: Timestamp,
    pub reason: Option<String>,
    pub client_signed: Option<Signature>,
    pub vendor_signed: Option<Signature>,
    /// Declined or withdrawn.
    pub ended: Option<Signature>,
    pub end_reason: Option<String>,
    /// At least 60 seconds after the second signature.
    pub effective_from: Option<Timestamp>,
    pub allowed_actions: Vec<AnnexAction>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParameterChange {
    pub code: String,
    pub title: String,
    pub before: Value,
    pub after: Value,
}

/// A parameter set, proposed or signed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParameterVersion {
    #[serde(flatten)]
    pub head: AnnexHead,
    /// The proposer's wish; the effect is never earlier.
    pub asked_from: Option<Timestamp>,
    /// Against the version that was in force before it.
    pub changes: Vec<ParameterChange>,
    /// People who are named in P11 or P16 changed; who they are is not shown here.
    pub people_changed: bool,
    /// Running deadlines that would move, at most 100 of them; only while it is proposed.
    pub moved: Vec<MovedDeadline>,
    pub moved_total: u64,
}

/// What a parameter set would do, before anybody proposes it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ParameterPreview {
    /// Against the newest signed version.
    pub changes: Vec<ParameterChange>,
    pub people_changed: bool,
    /// Running deadlines that would move, at most 100 of them.
    pub moved: Vec<MovedDeadline>,
    pub moved_total: u64,
}

/// What a calendar year would do, before anybody proposes it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CalendarPreview {
    pub year: i32,
    /// Against the calendar in force.
    pub differences: Vec<DayDifference>,
    /// Running deadlines that would move, at most 100 of them.
    pub moved: Vec<MovedDeadline>,
    pub moved_total: u64,
}

/// A day that an import changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayDifference {
    pub date: NaiveDate,
    pub before: Day,
    pub after: Day,
}

/// A calendar year, proposed or signed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CalendarVersion {
    #[serde(flatten)]
    pub head: AnnexHead,
    pub year: i32,
    /// The State Council's notice, as who imported it named it.
    pub source: Option<String>,
    /// Against the calendar in force.
    pub differences: Vec<DayDifference>,
    /// Running deadlines that would move, at most 100 of them; only while it is proposed.
    pub moved: Vec<MovedDeadline>,
    pub moved_total: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum YearStatus {
    Published,
    Unpublished,
}

/// A year day by day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CalendarYear {
    pub year: i32,
    /// `unpublished`: the State Council's notice is not in force here; days are shown by weekday only.
    pub status: YearStatus,
    pub days: Vec<CalendarDay>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CalendarDay {
    pub date: NaiveDate,
    pub kind: crate::calendar::DayKind,
    /// The festival, of days off and made-up days.
    pub name: Option<String>,
}
