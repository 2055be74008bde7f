//! The words of a ticket: kinds, states, and the choices that people make. Pure; the wire text of each
//! word is also how it is stored, so a word is never renamed.

pub mod action;
pub mod asked;
pub mod fields;
pub mod records;
pub mod standing;

pub use crate::clocks::{Grade, Kind, Severity};
pub use action::{Action, Command};

pub(crate) use crate::clocks::words::words;

words! {
    /// A state that several kinds know has the same meaning in all of them.
    State {
        Submitted = "submitted", "已提交";
        InProgress = "in_progress", "处理中";
        AwaitingClient = "awaiting_client", "待甲方补充";
        SolutionGiven = "solution_given", "已给方案";
        AwaitingConfirmation = "awaiting_confirmation", "待确认";
        Draft = "draft", "草稿";
        AwaitingIssue = "awaiting_issue", "待甲方签发";
        Issued = "issued", "已签发";
        Assessing = "assessing", "评估中";
        Replied = "replied", "已答复";
        Scheduled = "scheduled", "排期";
        Implementing = "implementing", "实施中";
        AwaitingAcceptance = "awaiting_acceptance", "待验收";
        Asked = "asked", "待答复";
        Answered = "answered", "已答";
        Proposed = "proposed", "待甲方确认";
        Notified = "notified", "已通知";
        Disputed = "disputed", "有争议";
        Repairing = "repairing", "修复中";
        Repaired = "repaired", "待复验";
        Requested = "requested", "已要求";
        Quoted = "quoted", "已报价";
        Inspecting = "inspecting", "检测中";
        Reported = "reported", "已出报告";
        Detected = "detected", "已发现";
        Graded = "graded", "已定级";
        Contained = "contained", "已遏制";
        Recovered = "recovered", "已恢复";
        Reviewed = "reviewed", "已复盘";
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
    /// How support is asked for (6.1.1).
    Mode {
        Online = "online", "线上";
        Remote = "remote", "远程";
        OnSite = "on_site", "现场";
    }
}

words! {
    InvoiceType {
        Normal = "normal", "普通发票";
        Special = "special", "增值税专用发票";
    }
}

words! {
    /// The vendor's decision on a change (2.2.2).
    Decision {
        Accept = "accept", "接受";
        Partial = "partial", "部分接受";
        Decline = "decline", "不接受";
    }
}

words! {
    /// How the vendor got in touch before it replied (2.2.2 及时沟通).
    Channel {
        Phone = "phone", "电话";
        Wechat = "wechat", "微信";
        Meeting = "meeting", "会议";
        Email = "email", "邮件";
        Visit = "visit", "当面";
    }
}

words! {
    /// How two tickets belong together, seen from the first.
    Relation {
        Related = "related", "相关";
        Incident = "incident", "升级为";
    }
}
