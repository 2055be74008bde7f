//! What the wire shows of milestones, deliveries, maintenance, the exit and the fee.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Signature;
use crate::clocks::words::words;
use crate::clocks::{self, Obligor, Unit, Verdict};
use crate::contract::model::{
    ContractRecordKind, ContractRecordState, IpLabel, ItemKind, ItemState, MaintenanceKind, MaintenanceResult,
};
use crate::files::Attachment;
use crate::identity::people::PersonRef;
use crate::kit::clock::Timestamp;

words! {
    /// What can be done with a milestone.
    MilestoneAction {
        Submit = "submit", "提交";
        Accept = "accept", "确认";
        Return = "return", "退回";
        Demand = "demand", "指定日期";
    }
}

words! {
    /// What can be done with a delivery.
    DeliveryAction {
        AcceptItem = "accept_item", "通过一项";
        RejectItem = "reject_item", "退回一项";
        Resubmit = "resubmit", "补交一项";
        Sign = "sign", "签署验收";
    }
}

words! {
    /// What can be done with the exit checklist.
    ExitAction {
        Done = "done", "完成一项";
        Confirm = "confirm", "确认一项";
        Return = "return", "退回一项";
    }
}

/// The clock that runs on a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordClock {
    #[schema(examples("D15"))]
    pub code: String,
    pub clause: String,
    pub obligor: Obligor,
    pub unit: Unit,
    /// In the unit; 0 for a named date.
    pub amount: u32,
    pub started_at: Timestamp,
    pub due_at: Timestamp,
    /// Rests on a day for which no notice is published.
    pub provisional: bool,
    pub stopped_at: Option<Timestamp>,
    pub verdict: Verdict,
}

impl RecordClock {
    #[must_use]
    pub fn of(clock: &clocks::Clock, now: Timestamp) -> Self {
        Self {
            code: clock.def.code.to_owned(),
            clause: clock.def.clause.to_owned(),
            obligor: clock.def.obligor,
            unit: clock.unit,
            amount: clock.amount,
            started_at: clock.started_at,
            due_at: clock.due_at,
            provisional: clock.provisional,
            stopped_at: clock.stopped_at,
            verdict: clock.verdict(now),
        }
    }
}

/// One submission of a milestone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MilestoneVersion {
    pub number: i32,
    /// `submitted`, `accepted` or `returned`.
    pub state: ContractRecordState,
    pub text: String,
    /// SHA-256 in hex over the text as it is sealed: what the ledger keeps.
    pub digest: String,
    pub attachments: Vec<Attachment>,
    pub author: Option<PersonRef>,
    pub at: Timestamp,
    pub decided: Option<Signature>,
    pub reason: Option<String>,
}

/// 里程碑
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Milestone {
    pub id: Uuid,
    pub version: i64,
    pub kind: ContractRecordKind,
    /// 需求文档, 第 2 阶段安全测试, …
    pub title: String,
    pub number: String,
    pub clause: String,
    pub state: ContractRecordState,
    /// Of stage inspections; 0 for the others.
    pub stage: i32,
    pub started_at: Timestamp,
    /// `null` where the agreement sets no time, or it had run out before this system knew the agreement.
    pub clock: Option<RecordClock>,
    pub versions: Vec<MilestoneVersion>,
    pub allowed_actions: Vec<MilestoneAction>,
}

/// One round of one item.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordItem {
    pub number: i32,
    /// 1, and one more each time it was provided again.
    pub round: i32,
    pub item: ItemKind,
    pub title: String,
    /// Of deliverables.
    pub name: Option<String>,
    pub ip_label: Option<IpLabel>,
    pub state: ItemState,
    pub attachment: Option<Attachment>,
    /// Of what was handed over elsewhere.
    pub sha256: Option<String>,
    pub note: Option<String>,
    pub provided: Option<Signature>,
    pub decided: Option<Signature>,
    pub reason: Option<String>,
}

/// 交付
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Delivery {
    pub id: Uuid,
    pub version: i64,
    pub number: String,
    /// `submitted`, `returned` (an item was rejected) or `accepted` (both signed).
    pub state: ContractRecordState,
    pub submitted_at: Timestamp,
    /// Every round of every item; the last round of each counts.
    pub items: Vec<RecordItem>,
    pub client_signed: Option<Signature>,
    pub vendor_signed: Option<Signature>,
    pub allowed_actions: Vec<DeliveryAction>,
}

/// 届满清单
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExitChecklist {
    pub id: Uuid,
    pub version: i64,
    pub number: String,
    /// `open` or `accepted` (everything confirmed).
    pub state: ContractRecordState,
    /// When the term had ended.
    pub began_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub items: Vec<RecordItem>,
    pub allowed_actions: Vec<ExitAction>,
}

/// 维护记录
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MaintenanceEntry {
    pub id: Uuid,
    #[schema(examples("WH-2026-000001"))]
    pub number: String,
    pub kind: MaintenanceKind,
    pub performed_at: Timestamp,
    pub result: MaintenanceResult,
    /// Minutes.
    pub restore_minutes: Option<i32>,
    pub data_point: Option<Timestamp>,
    pub note: String,
    pub attachments: Vec<Attachment>,
    pub author: Option<PersonRef>,
    pub created_at: Timestamp,
}

/// What the breaches of one code would take off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeeLine {
    #[schema(examples("R8"))]
    pub code: String,
    pub breaches: u64,
    /// Of the monthly fee for each breach, in hundredths of a percent.
    pub share: u32,
    /// 分
    pub amount_cents: u64,
}

/// One way of counting a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeeSum {
    pub lines: Vec<FeeLine>,
    /// 分, before the cap.
    pub sum_cents: u64,
    /// 分, the cap applied.
    pub deduction_cents: u64,
    pub capped: bool,
}

/// 费用预览: what P13 would take off the month's fee. Nothing is charged by it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeePreview {
    #[schema(examples("2026-11"))]
    pub month: String,
    /// `false`: P13 is `none`, nothing is counted.
    pub agreed: bool,
    /// 分
    pub monthly_fee_cents: u64,
    /// In hundredths of a percent.
    pub cap: u32,
    /// Breaches of the vendor that both sides hold to be so.
    pub confirmed: FeeSum,
    /// Those and the ones that are asserted or disputed.
    pub with_asserted: FeeSum,
}
