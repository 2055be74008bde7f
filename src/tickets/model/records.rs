//! Texts, versions and signatures that belong to a ticket and are no chat: each a typed body, stored as
//! JSON sealed under the ticket's key. Nothing is taken away: what no longer counts is superseded.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Channel, Decision, InvoiceType, words};
// A record is called like this too.
use crate::clocks::Grade as AgreedGrade;
use crate::kit::clock::Timestamp;
use crate::kit::error::{Code, Error, Result};

words! {
    /// Where a record stands.
    RecordState {
        Draft = "draft", "草稿";
        Proposed = "proposed", "待对方确认";
        Granted = "granted", "已同意";
        Running = "running", "进行中";
        Done = "done", "已完成";
        Signed = "signed", "已签署";
        Accepted = "accepted", "已认可";
        Refused = "refused", "未认可";
        Superseded = "superseded", "已被取代";
    }
}

macro_rules! records {
    ($($name:ident = $wire:literal, $title:literal { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* })*) => {
        words! {
            /// What a record is; its number counts within its type.
            RecordType { $($name = $wire, $title;)* }
        }

        /// The bodies, one type per record type.
        pub mod body {
            use super::*;

            $(
                #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
                #[serde(deny_unknown_fields)]
                #[schema(as = record::$name)]
                pub struct $name { $($(#[$attribute])* pub $field: $kind,)* }
            )*
        }

        /// The body of a record; the record's type says which.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(untagged)]
        #[schema(as = RecordBody)]
        pub enum Body { $($name(body::$name)),* }

        impl Body {
            #[must_use]
            pub const fn record_type(&self) -> RecordType {
                match self { $(Self::$name(_) => RecordType::$name),* }
            }

            /// # Errors
            /// Stored bytes that are no such body.
            pub fn decode(record_type: RecordType, json: &[u8]) -> Result<Self> {
                match record_type {
                    $(RecordType::$name => serde_json::from_slice(json).map(Self::$name)),*
                }
                .map_err(|e| Error::new(Code::Internal).because(format!("a record body: {:?}", e.classify())))
            }

            /// # Errors
            /// Never in practice.
            pub fn encode(&self) -> Result<Vec<u8>> {
                serde_json::to_vec(self).map_err(|e| Error::new(Code::Internal).because(e))
            }
        }
    };
}

records! {
    Notice = "notice", "变更通知" { title: String, description: String, wished_on: NaiveDate, }
    Contact = "contact", "沟通记录" { channel: Channel, text: String, }
    Reply = "reply", "书面答复" { schedule: String, cost: String, quality: String, decision: Decision, }
    Schedule = "schedule", "实施安排" { planned_on: NaiveDate, text: String, }
    Acceptance = "acceptance", "验收" { text: String, }
    RemoteSession = "remote_session", "远程协助" {
        text: String,
        /// What was done, once it is over.
        result: Option<String>,
        started_at: Option<Timestamp>,
        ended_at: Option<Timestamp>,
    }
    SiteVisit = "site_visit", "现场支持" {
        text: String,
        visit_at: Option<Timestamp>,
        arrived_at: Option<Timestamp>,
        left_at: Option<Timestamp>,
        /// What was done, once it is over.
        result: Option<String>,
    }
    Finding = "finding", "共同认定" { valid: bool, text: String, }
    Report = "report", "进度报告" { text: String, attachment_ids: Vec<Uuid>, }
    Quote = "quote", "检测报价" { amount_cents: i64, text: String, }
    InspectionReport = "inspection_report", "检测报告" { text: String, attachment_ids: Vec<Uuid>, }
    Invoice = "invoice", "发票" {
        invoice_no: String,
        invoice_type: InvoiceType,
        amount_cents: i64,
        issued_on: NaiveDate,
        attachment_ids: Vec<Uuid>,
    }
    IncidentNotice = "incident_notice", "事件通知" { text: String, }
    Grade = "grade", "定级" { grade: AgreedGrade, text: String, }
    Containment = "containment", "遏制措施" { text: String, }
    ReportDecision = "report_decision", "上报决定" { report: bool, text: String, }
    PersonalNoticeDecision = "personal_notice_decision", "个人告知决定" { notify: bool, text: String, }
    Recovery = "recovery", "恢复情况" { text: String, }
    Review = "review", "复盘报告" { text: String, attachment_ids: Vec<Uuid>, }
}
