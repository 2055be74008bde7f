//! Pure rules of the agreement: its words, who provides what and who decides about it, and when its term ends.
//! The wire text of each word is also how it is stored.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::clocks::words::words;
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;

/// Between the second signature and the effect: longer than any process keeps an older book.
pub const NOTICE_SECONDS: i64 = 60;
/// Days before the end of the term on which both sides are reminded (1.3).
pub const REMINDER_DAYS: [i32; 3] = [90, 30, 7];

/// Beyond this a new agreement is due rather than a renewal.
pub const RENEWAL_YEARS: u32 = 5;

words! {
    /// 协议阶段: follows from delivery and expiry (1.3).
    Phase {
        Development = "development", "开发期";
        Maintenance = "maintenance", "维护期";
        Expired = "expired", "已届满";
    }
}

words! {
    AnnexKind {
        Parameters = "parameters", "附件参数";
        Calendar = "calendar", "年度日历";
    }
}

words! {
    /// A version of an annex counts once both sides signed it.
    AnnexState {
        Proposed = "proposed", "待签署";
        Signed = "signed", "双方已签";
        Declined = "declined", "未同意";
        Withdrawn = "withdrawn", "已撤回";
    }
}

words! {
    ContractRecordKind {
        RequirementDoc = "requirement_doc", "需求文档";
        DevPlan = "dev_plan", "开发计划";
        FirstReport = "first_report", "首份进度报告";
        StageInspection = "stage_inspection", "阶段检测";
        Delivery = "delivery", "交付";
        MissedCadence = "missed_cadence", "维护缺项";
        Exit = "exit", "届满清单";
    }
}

words! {
    ContractRecordState {
        Open = "open", "未提交";
        Submitted = "submitted", "待对方确认";
        Returned = "returned", "已退回";
        Accepted = "accepted", "已确认";
    }
}

words! {
    /// What a stage inspection tests (7.2.1; the agreement prints 功能测试 twice, the second stands for 性能测试).
    TestKind {
        Functional = "functional", "功能测试";
        Performance = "performance", "性能测试";
        Security = "security", "安全测试";
    }
}

words! {
    /// An item of a delivery (3.3.2) or of the exit (5.2.3, 个人信息保护法 21).
    ItemKind {
        SourceCode = "source_code", "源代码";
        TechnicalDocs = "technical_docs", "技术文档";
        UserManual = "user_manual", "使用手册";
        TestReport = "test_report", "测试报告";
        Design = "design", "设计稿";
        Other = "other", "其他";
        RevokeAccounts = "revoke_accounts", "停用账号与密钥";
        ReturnExport = "return_export", "返还数据";
        DestroyKeys = "destroy_keys", "销毁数据";
        Certificate = "certificate", "销毁证明";
    }
}

words! {
    ItemState {
        Open = "open", "待办";
        Provided = "provided", "待甲方确认";
        Accepted = "accepted", "已通过";
        Rejected = "rejected", "已退回";
    }
}

words! {
    /// Whose a delivered thing is: 5.2.1 and 5.2.2 collide on code, so every item says it.
    IpLabel {
        Client = "client", "甲方所有";
        VendorLicensed = "vendor_licensed", "乙方所有，许可甲方使用";
        ThirdParty = "third_party", "第三方许可";
    }
}

words! {
    /// What daily maintenance consists of (4.1.1, 8.1.2).
    MaintenanceKind {
        InspectionRound = "inspection_round", "巡检";
        Backup = "backup", "备份";
        RestoreDrill = "restore_drill", "恢复演练";
        Patch = "patch", "补丁升级";
        Optimisation = "optimisation", "优化";
        Hardening = "hardening", "安全加固";
    }
}

words! {
    MaintenanceResult {
        Ok = "ok", "正常";
        Partial = "partial", "部分完成";
        Failed = "failed", "失败";
    }
}

impl ContractRecordKind {
    /// Of the human number, as in `XQ-2026-000001`.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::RequirementDoc => "XQ",
            Self::DevPlan => "JH",
            Self::FirstReport => "JD",
            Self::StageInspection => "CS",
            Self::Delivery => "JF",
            Self::MissedCadence => "QX",
            Self::Exit => "DQ",
        }
    }

    pub const fn clause(self) -> &'static str {
        match self {
            Self::RequirementDoc => "2.1",
            Self::DevPlan => "3.1",
            Self::FirstReport => "3.2.1",
            Self::StageInspection => "7.2.1",
            Self::Delivery => "3.3.2",
            Self::MissedCadence => "4.1.1",
            Self::Exit => "5.2.3",
        }
    }

    /// Who submits it; the other side decides about it.
    pub const fn provider(self) -> Side {
        match self {
            Self::RequirementDoc => Side::Client,
            _ => Side::Vendor,
        }
    }

    pub const fn is_milestone(self) -> bool {
        matches!(self, Self::RequirementDoc | Self::DevPlan | Self::FirstReport | Self::StageInspection)
    }
}

impl ItemKind {
    /// What the vendor owes at the end of the agreement, in this order.
    pub const EXIT: [Self; 4] =
        [Self::RevokeAccounts, Self::ReturnExport, Self::DestroyKeys, Self::Certificate];

    pub const fn is_deliverable(self) -> bool {
        !matches!(self, Self::RevokeAccounts | Self::ReturnExport | Self::DestroyKeys | Self::Certificate)
    }
}

impl MaintenanceKind {
    /// Days within which it must happen again; `None` when it has no rhythm of its own.
    pub const fn cadence_days(self) -> Option<u64> {
        match self {
            Self::Backup => Some(1),
            Self::InspectionRound => Some(7),
            Self::Patch => Some(31),
            Self::RestoreDrill => Some(92),
            Self::Optimisation | Self::Hardening => None,
        }
    }
}

/// The other party.
pub const fn other(side: Side) -> Side {
    match side {
        Side::Client => Side::Vendor,
        Side::Vendor => Side::Client,
    }
}

/// The last day of the term: the same date one year after delivery (1.3); 29 February ends on 28 February
/// (民法典 202: where the month has no such day, on its last).
pub fn expires_on(delivered_on: NaiveDate) -> NaiveDate {
    delivered_on.checked_add_months(Months::new(12)).unwrap_or(NaiveDate::MAX)
}

/// The latest end that a renewal may name: five years after the present one.
pub fn latest_end(ends_on: NaiveDate) -> NaiveDate {
    ends_on.checked_add_months(Months::new(12 * RENEWAL_YEARS)).unwrap_or(NaiveDate::MAX)
}

/// The day `today` falls into which part of the agreement; the last day of the term still belongs to it.
pub fn phase(delivered_on: Option<NaiveDate>, expires_on: Option<NaiveDate>, today: NaiveDate) -> Phase {
    match (delivered_on, expires_on) {
        (_, Some(end)) if today > end => Phase::Expired,
        (Some(from), _) if today >= from => Phase::Maintenance,
        _ => Phase::Development,
    }
}

/// The reminder that is due today: the nearest that has been reached, so that a system that stood still for a
/// week gives one reminder and not three.
pub fn reminder(expires_on: NaiveDate, today: NaiveDate) -> Option<i32> {
    let left = expires_on.signed_duration_since(today).num_days();
    let reached = REMINDER_DAYS.iter().filter(|days| left >= 0 && left <= i64::from(**days));
    reached.copied().min()
}

/// Midnight in Shanghai at the beginning of a day.
pub fn midnight(date: NaiveDate) -> Timestamp {
    let utc = date.and_time(chrono::NaiveTime::MIN).and_utc();
    Timestamp(utc.timestamp_millis()).plus_seconds(-8 * 3600)
}

/// When what was last done at `last` must have been done again: the end of the last day of its rhythm.
pub fn cadence_due(last: Timestamp, days: u64) -> Timestamp {
    let day = last.shanghai_date().checked_add_days(Days::new(days + 1)).unwrap_or(NaiveDate::MAX);
    midnight(day).plus_millis(-1)
}

/// `2026-11` as its first and last instant (exclusive).
pub fn month(text: &str) -> Option<(Timestamp, Timestamp)> {
    let first: NaiveDate = format!("{text}-01").parse().ok().filter(|_| text.len() == 7)?;
    let next = first.checked_add_months(Months::new(1))?;
    (first.year() >= 2000 && first.year() < 2200).then(|| (midnight(first), midnight(next)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_term_is_a_year_to_the_same_date() {
        assert_eq!(expires_on(day("2026-12-01")), day("2027-12-01"));
        assert_eq!(expires_on(day("2028-02-29")), day("2029-02-28"));
        assert_eq!(expires_on(day("2027-02-28")), day("2028-02-28"));
    }

    #[test]
    fn the_last_day_belongs_to_the_term() {
        let (from, to) = (Some(day("2026-12-01")), Some(day("2027-12-01")));
        for (today, expected) in [
            ("2026-11-30", Phase::Development),
            ("2026-12-01", Phase::Maintenance),
            ("2027-12-01", Phase::Maintenance),
            ("2027-12-02", Phase::Expired),
        ] {
            assert_eq!(phase(from, to, day(today)), expected, "{today}");
        }
        assert_eq!(phase(None, None, day("2030-01-01")), Phase::Development);
    }

    #[test]
    fn only_the_nearest_reminder_counts() {
        let end = day("2027-12-01");
        for (today, expected) in [
            ("2027-09-01", None),
            ("2027-09-02", Some(90)),
            ("2027-10-31", Some(90)),
            ("2027-11-01", Some(30)),
            ("2027-11-24", Some(7)),
            ("2027-12-01", Some(7)),
            ("2027-12-02", None),
        ] {
            assert_eq!(reminder(end, day(today)), expected, "{today}");
        }
    }

    #[test]
    fn a_cadence_ends_with_its_day() {
        let last = Timestamp::parse("2026-11-16T09:00:00+08:00").unwrap();
        assert_eq!(cadence_due(last, 1), Timestamp::parse("2026-11-17T23:59:59.999+08:00").unwrap());
        let (from, to) = month("2026-12").unwrap();
        assert_eq!(from.to_string(), "2026-11-30T16:00:00.000Z");
        assert_eq!(to.to_string(), "2026-12-31T16:00:00.000Z");
        for bad in ["2026-13", "2026-1", "26-01", "2026-01-01", ""] {
            assert!(month(bad).is_none(), "{bad}");
        }
    }
}
