//! The agreement before the desk was busy: signed, its documents handed in, developed, delivered, and its
//! annex changed once. Told in order; the dates follow from the end of the term, which is twelve days away. Its
//! renewal is on offer: who looks around as the client's manager signs it, or does not.

use chrono::{Days, Months, NaiveDate};
use serde_json::{Value, json};

use super::errands::Renewing;
use super::stage::{Stage, act_of, id_in, read};
use crate::contract::model::{ContractRecordKind, midnight};
use crate::contract::requests::NewStage;
use crate::contract::service::file::AgreementFile;
use crate::contract::service::register::register;
use crate::contract::service::{agreement, deliveries, milestones, parameters, renewals};
use crate::duties::{self, requests::BreachQuery};
use crate::kit::clock::Timestamp;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::PageQuery;

/// Days from now to the last day of the term.
const LEFT: u64 = 12;
/// Days from the signing to the delivery.
const DEVELOPMENT: u64 = 73;

fn delivered_on(now: Timestamp) -> NaiveDate {
    let end = now.shanghai_date().checked_add_days(Days::new(LEFT)).unwrap_or(NaiveDate::MAX);
    end.checked_sub_months(Months::new(12)).unwrap_or(NaiveDate::MIN)
}

/// The day on which both companies signed.
pub fn signed_on(now: Timestamp) -> NaiveDate {
    delivered_on(now).checked_sub_days(Days::new(DEVELOPMENT)).unwrap_or(NaiveDate::MIN)
}

/// So many days after the signing, at this hour in Beijing.
pub fn after_signing(now: Timestamp, days: i64, hour: i64) -> Timestamp {
    midnight(signed_on(now)).plus_seconds(days * 86_400 + hour * 3600)
}

impl Stage {
    /// `lvyue init`, on the day of the signing.
    pub async fn sign_agreement(&self, text: &str) -> Result<()> {
        let file = AgreementFile::read(text).map_err(|e| Error::new(Code::Internal).because(e))?;
        register(&self.kit, text, &file).await.map(drop)
    }

    /// From the signing to the annex of this summer.
    pub async fn found(&self, now: Timestamp) -> Result<()> {
        let at = |days, hour| self.kit.clock.set(after_signing(now, days, hour));
        let (plan, first) = (ContractRecordKind::DevPlan, ContractRecordKind::FirstReport);
        at(6, 10);
        let due = after_signing(now, 20, 18);
        self.milestone("linmin", plan, 0, json!({ "action": "demand", "due_at": due })).await?;
        let text = "审批、库存与看板三个模块的需求，附流程图与字段表。";
        at(14, 16);
        self.submitted("linmin", ContractRecordKind::RequirementDoc, 0, text).await?;
        at(15, 11);
        self.accepted("hejun", ContractRecordKind::RequirementDoc, 0).await?;
        at(18, 15);
        self.submitted("hejun", plan, 0, "三个阶段，每阶段三周；每周五交进度。").await?;
        at(19, 10);
        let reason = "第二阶段没有留出财务部试用的时间，请补上。";
        self.milestone("linmin", plan, 0, json!({ "action": "return", "reason": reason })).await?;
        at(20, 9);
        self.submitted("hejun", plan, 0, "第二阶段加一周财务部试用，其余不变。").await?;
        at(20, 14);
        self.accepted("linmin", plan, 0).await?;
        // Three days late: what came of it is told below.
        at(33, 11);
        self.submitted("hejun", first, 0, "第一阶段完成八成，审批流可以演示。").await?;
        at(33, 16);
        self.accepted("linmin", first, 0).await?;
        self.look_out().await?;
        at(34, 10);
        self.late_report().await?;
        for (stage, day) in [(1, 36), (2, 58)] {
            at(day, 9);
            self.inspected(stage).await?;
        }
        at(69, 10);
        self.deliver(now).await?;
        self.annex(now).await
    }

    /// The late report is disputed, answered, and waived.
    async fn late_report(&self) -> Result<()> {
        let steps = [
            (
                "hejun",
                json!({ "action": "dispute", "reason": "测试环境由甲方提供，晚到了四天，有往来邮件。" }),
            ),
            ("linmin", json!({ "action": "answer_dispute", "text": "情况属实，环境确实晚交付四天。" })),
            ("linmin", json!({ "action": "waive", "reason": "延误由甲方环境造成，不计超时。" })),
        ];
        for (who, body) in steps {
            let ctx = self.acting(who)?;
            let all = duties::breaches(&ctx, &BreachQuery::default()).await?;
            let breach = all.items.iter().find(|b| b.code == "D30").ok_or_else(|| missing("breach"))?;
            duties::act(&ctx, breach.id, breach.version, read(body)?).await?;
            self.kit.clock.set(self.kit.clock.now().plus_seconds(2 * 3600));
        }
        Ok(())
    }

    async fn inspected(&self, stage: i32) -> Result<()> {
        let ctx = self.acting("hejun")?;
        milestones::begin_stage(&ctx, &self.key()?, NewStage { stage }).await?;
        // Functional, performance and security, in whatever order they are listed.
        for _ in 0..3 {
            self.kit.clock.set(self.kit.clock.now().plus_seconds(5 * 3600));
            let text = "全部用例通过；两项低风险已修复并复测。";
            self.submitted("hejun", ContractRecordKind::StageInspection, stage, text).await?;
            self.kit.clock.set(self.kit.clock.now().plus_seconds(3600));
            self.accepted("linmin", ContractRecordKind::StageInspection, stage).await?;
        }
        Ok(())
    }

    async fn submitted(&self, who: &str, kind: ContractRecordKind, stage: i32, text: &str) -> Result<()> {
        self.milestone(who, kind, stage, json!({ "action": "submit", "text": text })).await
    }

    async fn accepted(&self, who: &str, kind: ContractRecordKind, stage: i32) -> Result<()> {
        self.milestone(who, kind, stage, json!({ "action": "accept" })).await
    }

    /// Acts on the first milestone of this kind on which the person can.
    async fn milestone(&self, who: &str, kind: ContractRecordKind, stage: i32, body: Value) -> Result<()> {
        let ctx = self.acting(who)?;
        let all = milestones::list(&ctx).await?;
        let action = body.get("action").cloned().unwrap_or_default();
        let can = |a: &crate::contract::views::MilestoneAction| action == a.wire();
        let found = all
            .items
            .iter()
            .find(|m| m.kind == kind && m.stage == stage && m.allowed_actions.iter().any(can));
        let found = found.ok_or_else(|| missing(kind.title()))?;
        milestones::act(&ctx, found.id, found.version, act_of(&body)?).await.map(drop)
    }

    /// Five items, one of them rejected and handed in again; the second signature begins the term.
    async fn deliver(&self, now: Timestamp) -> Result<()> {
        let item = |kind: &str, name: &str, label: &str, n: u64| {
            let sha256 = digest(n);
            json!({ "item": kind, "name": name, "ip_label": label, "sha256": sha256 })
        };
        let items = json!([
            item("source_code", "业务系统源代码 v1.0", "client", 1),
            item("technical_docs", "接口与部署文档", "client", 2),
            item("user_manual", "使用手册", "client", 3),
            item("test_report", "三类测试报告", "client", 4),
            item("other", "报表组件库", "vendor_licensed", 5),
        ]);
        let vendor = self.acting("hejun")?;
        let made = deliveries::create(&vendor, &self.key()?, read(json!({ "items": items }))?).await?;
        let id = id_in(made).await?;
        let mut version = deliveries::show(&vendor, id).await?.version;
        let accept = |number: i32| ("linmin", json!({ "action": "accept_item", "number": number }));
        let reason = "缺少弱网环境下的性能测试，请补测后再交。";
        let (again, sign) = (digest(6), json!({ "action": "sign" }));
        let steps = [
            accept(1),
            accept(2),
            accept(3),
            ("linmin", json!({ "action": "reject_item", "number": 4, "reason": reason })),
            accept(5),
            ("hejun", json!({ "action": "resubmit", "number": 4, "sha256": again })),
            accept(4),
            ("hejun", sign.clone()),
        ];
        for (who, body) in steps {
            self.kit.clock.set(self.kit.clock.now().plus_seconds(7 * 3600));
            version = deliveries::act(&self.acting(who)?, id, version, act_of(&body)?).await?.version;
        }
        self.kit.clock.set(midnight(delivered_on(now)).plus_seconds(15 * 3600));
        deliveries::act(&self.acting("linmin")?, id, version, act_of(&sign)?).await.map(drop)
    }

    /// The second version of the annex: silence means consent only after seven working days.
    async fn annex(&self, now: Timestamp) -> Result<()> {
        self.kit.clock.set(now.plus_seconds(-150 * 86_400));
        let reason = "财务月结时来不及验收，默示确认的期限放宽到 7 个工作日。";
        let body = json!({ "changes": { "P9": "7 working days" }, "reason": reason });
        let id = self.propose("linmin", body).await?;
        self.kit.clock.set(self.kit.clock.now().plus_seconds(26 * 3600));
        // Proposing is the first signature.
        let ctx = self.acting("hejun")?;
        let seen = parameters::show(&ctx, id).await?.head.version;
        parameters::act(&ctx, id, seen, act_of(&json!({ "action": "sign" }))?).await?;
        Ok(())
    }

    /// Offers to renew the term, or declines the offer that waits.
    pub async fn renew(&self, who: &str, renewing: &Renewing) -> Result<()> {
        let ctx = self.acting(who)?;
        match renewing {
            Renewing::Offer(years, reason) => {
                let end = agreement::show(&ctx).await?.expires_on.ok_or_else(|| missing("the term"))?;
                let expires_on = end.checked_add_months(Months::new(12 * years)).unwrap_or(end);
                let body = json!({ "expires_on": expires_on, "reason": reason });
                renewals::propose(&ctx, &self.key()?, read(body)?).await.map(drop)
            }
            Renewing::Decline(reason) => {
                let all = renewals::list(&ctx, &PageQuery::default()).await?;
                let last = all.items.first().ok_or_else(|| missing("a renewal"))?;
                let body = json!({ "action": "decline", "reason": reason });
                renewals::act(&ctx, last.id, last.version, act_of(&body)?).await.map(drop)
            }
        }
    }

    /// Proposes a version of the annex.
    pub async fn propose(&self, who: &str, body: Value) -> Result<uuid::Uuid> {
        id_in(parameters::propose(&self.acting(who)?, &self.key()?, read(body)?).await?).await
    }
}

fn missing(what: &str) -> Error {
    Error::new(Code::Internal).because(format!("nothing to act on: {what}"))
}

/// Of an archive that is not there.
fn digest(number: u64) -> String {
    let mut dice = super::dice::Dice::new(number);
    (0..64)
        .map(|_| char::from_digit(u32::try_from(dice.between(0, 16)).unwrap_or(0), 16).unwrap_or('0'))
        .collect()
}
