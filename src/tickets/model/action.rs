//! What people may ask for: one line per action gives its word, its title, the right that the policy grants
//! it by, and its fields. A body is decoded by the type of its action alone, so that a field of another
//! action is refused like one that nobody knows.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::fields::{Cents, Field, Files, Line, LongText, Rating, ShortText, TitleText};
use super::{Channel, Decision, Grade, Kind, Severity, SolutionType, words};
use crate::identity::policy::Action as Right;
use crate::kit::clock::Timestamp;
use crate::kit::error::Result;
use crate::kit::http::{ByAction, decode_json};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $wire:literal, $title:literal, $right:ident {
        $($(#[$attribute:meta])* $field:ident: $kind:ty,)*
    })*) => {
        words! {
            /// The verbs of a ticket, as `POST /tickets/{id}/actions` names them.
            Action { $($name = $wire, $title;)* }
        }

        impl Action {
            /// The right that the policy asks for.
            #[must_use]
            pub const fn right(self) -> Right { match self { $(Self::$name => Right::$right),* } }

            /// Decodes the body of this action strictly and checks every field.
            ///
            /// # Errors
            /// 422 naming the field that is missing, wrong, or of another action.
            pub fn decode(self, body: &[u8]) -> Result<Command> {
                match self {
                    $(Self::$name => {
                        let sent: body::$name = decode_json(body)?;
                        let action = sent.action;
                        $(let $field = sent.$field.checked(stringify!($field))?;)*
                        Ok(Command::$name(body::$name { action, $($field),* }))
                    })*
                }
            }
        }

        /// The bodies, one type per action.
        pub mod body {
            use super::*;

            $(
                $(#[$doc])*
                #[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
                #[serde(deny_unknown_fields)]
                #[schema(as = action::$name)]
                pub struct $name {
                    #[doc = concat!("`", $wire, "`")]
                    #[schema(value_type = String, examples($wire))]
                    pub action: Action,
                    $($(#[$attribute])* pub $field: $kind,)*
                }
            )*
        }

        /// An action with the fields of that action.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(untagged)]
        pub enum Command { $($name(body::$name)),* }

        impl Command {
            #[must_use]
            pub const fn action(&self) -> Action {
                match self { $(Self::$name(_) => Action::$name),* }
            }
        }
    };
}

actions! {
    // 故障 4.2
    Accept = "accept", "受理", Accept { text: ShortText, }
    AskClient = "ask_client", "请甲方补充", AskClient { question: ShortText, }
    Supply = "supply", "补充", Supply { text: LongText, #[serde(default)] attachment_ids: Files, }
    /// The client agrees that the last wait was its own: it counts in the net figure.
    AcknowledgeWait = "acknowledge_wait", "认可这段等待", TakePart {}
    SetSeverity = "set_severity", "调整严重程度", TakePart { severity: Severity, reason: ShortText, }
    PublishSolution = "publish_solution", "给出方案", PublishSolution {
        solution_type: SolutionType,
        text: LongText,
        /// The promised time; required for `workaround` and `plan`.
        #[serde(default)] eta: Option<Timestamp>,
    }
    RejectSolution = "reject_solution", "不认可方案", RejectSolution { reason: ShortText, }
    /// The text is required for a quality defect.
    MarkRepaired = "mark_repaired", "已修复，待确认", MarkRepaired { #[serde(default)] text: Option<ShortText>, }
    Confirm = "confirm", "确认已解决", Confirm {
        rating: Rating,
        #[serde(default)] comment: Option<ShortText>,
    }
    FailVerification = "fail_verification", "验证不通过", FailVerification { reason: ShortText, }

    // 变更 2.2
    /// What is left out stays as it was. After the notice was issued this makes a new version of it, and the
    /// time to reply begins anew.
    EditNotice = "edit_notice", "修改变更通知", TakePart {
        #[serde(default)] title: Option<TitleText>,
        #[serde(default)] description: Option<LongText>,
        #[serde(default)] wished_on: Option<NaiveDate>,
    }
    SubmitForIssue = "submit_for_issue", "提交签发", TakePart {}
    ReturnDraft = "return_draft", "退回草稿", Decide { reason: ShortText, }
    Issue = "issue", "签发变更通知", Decide {
        /// Issue although the wished date is nearer than the agreement allows (2.2.1).
        #[serde(default)] accept_short: bool,
    }
    WaiveLeadTime = "waive_lead_time", "同意不足提前期", Sign { reason: ShortText, }
    LogContact = "log_contact", "记录沟通", Work { text: ShortText, channel: Channel, }
    DraftReply = "draft_reply", "起草答复", Work {
        schedule: ShortText, cost: ShortText, quality: ShortText, decision: Decision,
    }
    /// The written reply with its three assessments (2.2.2).
    Reply = "reply", "签署答复", Sign {
        schedule: ShortText, cost: ShortText, quality: ShortText, decision: Decision,
    }
    Approve = "approve", "同意变更", Decide {}
    Reconsider = "reconsider", "再议", Decide { reason: ShortText, }
    ScheduleChange = "schedule_change", "安排实施", Sign { planned_on: NaiveDate, text: ShortText, }
    StartWork = "start_work", "开始实施", Work {}
    SubmitForAcceptance = "submit_for_acceptance", "提交验收", Work { text: LongText, }
    AcceptChange = "accept_change", "验收通过", Decide {
        rating: Rating,
        #[serde(default)] comment: Option<ShortText>,
    }
    RejectAcceptance = "reject_acceptance", "验收不通过", Decide { reason: ShortText, }

    // 咨询 6.1
    Answer = "answer", "答复", Work { text: LongText, }
    FollowUp = "follow_up", "追问", TakePart { text: LongText, }
    Close = "close", "结束咨询", TakePart {
        #[serde(default)] rating: Option<Rating>,
        #[serde(default)] comment: Option<ShortText>,
    }
    RequestRemote = "request_remote", "申请远程协助", Work { text: ShortText, }
    GrantRemote = "grant_remote", "同意这次远程", Consent {}
    RefuseRemote = "refuse_remote", "不同意远程", Consent {}
    StartRemote = "start_remote", "开始远程", Work {}
    EndRemote = "end_remote", "结束远程", Work { text: ShortText, }
    RequestVisit = "request_visit", "要求现场支持", Decide { text: ShortText, }
    ScheduleVisit = "schedule_visit", "约定上门时间", Sign { visit_at: Timestamp, }
    Arrive = "arrive", "到场", Work {}
    Leave = "leave", "离场", Work { text: ShortText, }
    SignVisit = "sign_visit", "签认现场服务", TakePart {}

    // 质量问题 7.3
    ConfirmNotice = "confirm_notice", "确认并通知乙方", Decide {}
    Acknowledge = "acknowledge", "确认问题", Work { text: ShortText, }
    Dispute = "dispute", "提出异议", Sign { reason: ShortText, }
    ProposeFinding = "propose_finding", "提出共同认定", Sign { valid: bool, text: ShortText, }
    AgreeFinding = "agree_finding", "同意认定", Decide {}
    PassVerification = "pass_verification", "复验通过", Confirm {
        #[serde(default)] rating: Option<Rating>,
        #[serde(default)] comment: Option<ShortText>,
    }

    // 进度报告 3.2.2
    SubmitReport = "submit_report", "提交报告", Sign { text: LongText, #[serde(default)] attachment_ids: Files, }
    AcceptReport = "accept_report", "接收报告", Decide {}
    ReturnReport = "return_report", "退回报告", Decide { reason: ShortText, }

    // 质量检测 7.2.2
    Quote = "quote", "报价", Sign { amount_cents: Cents, text: ShortText, }
    AgreeQuote = "agree_quote", "同意报价", Decide {}
    DeclineQuote = "decline_quote", "不同意报价", Decide { reason: ShortText, }
    SubmitInspectionReport = "submit_inspection_report", "提交检测报告", Sign {
        text: LongText, #[serde(default)] attachment_ids: Files,
    }

    // 发票 4.3.2
    IssueInvoice = "issue_invoice", "开具发票", Sign {
        invoice_no: Line,
        amount_cents: Cents,
        issued_on: NaiveDate,
        #[serde(default)] attachment_ids: Files,
    }
    SignReceipt = "sign_receipt", "签收发票", Decide {}
    ReturnInvoice = "return_invoice", "退回发票", Decide { reason: ShortText, }

    // 安全事件 8.2
    NotifyClient = "notify_client", "通知甲方", Work { text: LongText, }
    ProposeGrade = "propose_grade", "提议定级", Sign { grade: Grade, text: ShortText, }
    AgreeGrade = "agree_grade", "同意定级", Decide {}
    Contain = "contain", "已遏制", Work { text: LongText, }
    /// Whether the client reports to the authority.
    DecideReport = "decide_report", "决定是否上报", Decide { report: bool, text: ShortText, }
    /// Whether the client tells the persons concerned (个人信息保护法 57).
    DecidePersonalNotice = "decide_personal_notice", "决定是否告知个人", Decide { notify: bool, text: LongText, }
    Recover = "recover", "已恢复", Work { text: LongText, }
    SubmitReview = "submit_review", "提交复盘", Sign { text: LongText, #[serde(default)] attachment_ids: Files, }
    AcceptReview = "accept_review", "认可复盘", Decide {}
    ReturnReview = "return_review", "退回复盘", Decide { reason: ShortText, }

    // Any kind.
    Assign = "assign", "分派", Assign {
        assignee_id: Uuid,
        /// An internal note.
        #[serde(default)] note: Option<ShortText>,
    }
    Reopen = "reopen", "重新打开", Reopen { reason: ShortText, }
    Withdraw = "withdraw", "撤回", Withdraw { reason: ShortText, }
    /// Into another open ticket of the same kind.
    Merge = "merge", "合并到另一工单", Merge { into: Uuid, }
    Remind = "remind", "催办", Remind { #[serde(default)] text: Option<ShortText>, }
    /// Notes that two tickets belong together.
    Link = "link", "关联另一工单", Link { to: Uuid, }
    /// The caller follows a fault that they meet too: they see it as its department does, instead of
    /// reporting it again.
    MeToo = "me_too", "我也遇到", Follow {}
    /// Makes an incident that is linked to this ticket.
    EscalateToIncident = "escalate_to_incident", "升级为安全事件", EscalateToIncident { text: LongText, }
    /// `fault`, `quality`, `consultation` or `change`.
    Reclassify = "reclassify", "提议改为另一类工单", Sign { kind: Kind, reason: ShortText, }
    AgreeReclassify = "agree_reclassify", "同意改类", Decide {}
    RefuseReclassify = "refuse_reclassify", "不同意改类", Decide { reason: ShortText, }
}

impl ByAction for Command {
    fn decode(body: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        struct Tag {
            action: Action,
        }
        let Tag { action } = decode_json(body)?;
        action.decode(body)
    }
}
