//! The words of a ticket: kinds, states, severities and what people may ask for. Pure; the wire text of
//! each word is also how it is stored.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kit::clock::Timestamp;

/// Declares an enum whose wire text is its name in snake case, with its Chinese title.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($word:ident = $wire:literal, $title:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($word),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$word),*];

            #[must_use]
            pub const fn wire(self) -> &'static str { match self { $(Self::$word => $wire),* } }

            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$word => $title),* } }

            #[must_use]
            pub fn from_wire(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|w| w.wire() == text)
            }
        }
    };
}

words! {
    /// What a ticket is about. Each kind has its own states and clocks.
    Kind {
        Fault = "fault", "故障";
    }
}

words! {
    State {
        Submitted = "submitted", "已提交";
        InProgress = "in_progress", "处理中";
        AwaitingClient = "awaiting_client", "待甲方补充";
        SolutionGiven = "solution_given", "已给方案";
        AwaitingConfirmation = "awaiting_confirmation", "待确认";
        Closed = "closed", "已关闭";
        Withdrawn = "withdrawn", "已撤回";
        Merged = "merged", "已合并";
    }
}

impl State {
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Withdrawn | Self::Merged)
    }
}

words! {
    Severity {
        Critical = "critical", "严重";
        Major = "major", "一般";
        Minor = "minor", "轻微";
    }
}

words! {
    /// `internal` is for the vendor's own people.
    Visibility {
        Public = "public", "公开";
        Internal = "internal", "内部";
    }
}

words! {
    SolutionType {
        Fix = "fix", "修复";
        Workaround = "workaround", "临时措施";
        Plan = "plan", "处理计划";
    }
}

words! {
    SolutionState {
        Open = "open", "待甲方确认";
        Rejected = "rejected", "甲方不认可";
        Confirmed = "confirmed", "已确认";
    }
}

words! {
    /// The verbs of a ticket, as `POST /tickets/{id}/actions` names them.
    Action {
        Accept = "accept", "受理";
        Assign = "assign", "分派";
        AskClient = "ask_client", "请甲方补充";
        Supply = "supply", "补充";
        PublishSolution = "publish_solution", "给出方案";
        RejectSolution = "reject_solution", "不认可方案";
        MarkRepaired = "mark_repaired", "已修复，待确认";
        Confirm = "confirm", "确认已解决";
        FailVerification = "fail_verification", "验证不通过";
        Reopen = "reopen", "重新打开";
        Withdraw = "withdraw", "撤回";
        Merge = "merge", "合并到另一工单";
        Remind = "remind", "催办";
        EscalateToIncident = "escalate_to_incident", "升级为安全事件";
    }
}

/// An action with its checked contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Accept { text: String },
    Assign { assignee_id: Uuid, note: Option<String> },
    AskClient { question: String },
    Supply { text: String, attachment_ids: Vec<Uuid> },
    PublishSolution { solution_type: SolutionType, text: String, eta: Option<Timestamp> },
    RejectSolution { reason: String },
    MarkRepaired { text: Option<String> },
    Confirm { rating: i32, comment: Option<String> },
    FailVerification { reason: String },
    Reopen { reason: String },
    Withdraw { reason: String },
    Merge { into: Uuid },
    Remind { text: Option<String> },
    EscalateToIncident,
}

impl Command {
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::Accept { .. } => Action::Accept,
            Self::Assign { .. } => Action::Assign,
            Self::AskClient { .. } => Action::AskClient,
            Self::Supply { .. } => Action::Supply,
            Self::PublishSolution { .. } => Action::PublishSolution,
            Self::RejectSolution { .. } => Action::RejectSolution,
            Self::MarkRepaired { .. } => Action::MarkRepaired,
            Self::Confirm { .. } => Action::Confirm,
            Self::FailVerification { .. } => Action::FailVerification,
            Self::Reopen { .. } => Action::Reopen,
            Self::Withdraw { .. } => Action::Withdraw,
            Self::Merge { .. } => Action::Merge,
            Self::Remind { .. } => Action::Remind,
            Self::EscalateToIncident => Action::EscalateToIncident,
        }
    }
}
