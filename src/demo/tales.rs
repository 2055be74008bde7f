//! The tales of the last hundred days: one ticket or more of every other kind, in many states, with clocks that
//! are due around now; what maintenance wrote down; and the offer to renew the term. Times are hours before now.

use serde_json::{Value, json};

use super::errands::{Errand, Renewing, What};
use super::lessons::NEW_HOURS_AGO;
use crate::kit::clock::Timestamp;

const CHENYU: &str = "chenyu";
const MANAGER: &str = "linmin";
const AGENT: &str = "zhouke";
const LEAD: &str = "hejun";

/// Writes errands that lie so many hours before `now`.
struct Book {
    now: Timestamp,
    errands: Vec<Errand>,
}

impl Book {
    fn note(&mut self, hours: f64, who: &'static str, what: What) {
        #[expect(clippy::cast_possible_truncation, reason = "hours of a few months")]
        let at = self.now.plus_millis((hours * -3_600_000.0) as i64);
        self.errands.push(Errand { at, who, what });
    }

    /// Opens a ticket of this name: kind, title, description and what the kind asks for.
    fn open(&mut self, hours: f64, who: &'static str, name: &'static str, texts: [&str; 3], more: Value) {
        let [kind, title, description] = texts;
        let mut body = json!({ "kind": kind, "title": title, "description": description });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        self.note(hours, who, What::Open(name, body));
    }

    fn act(&mut self, hours: f64, who: &'static str, name: &'static str, action: &str, more: Value) {
        let mut body = json!({ "action": action });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        self.note(hours, who, What::Act(name, body));
    }

    fn day(&self, days: i64) -> Value {
        json!(self.now.plus_seconds(days * 86_400).shanghai_date())
    }
}

/// All of them, in the order of each ticket.
pub fn errands(now: Timestamp) -> Vec<Errand> {
    let mut book = Book { now, errands: Vec::new() };
    changes(&mut book);
    consultations(&mut book);
    defects(&mut book);
    incidents(&mut book);
    papers(&mut book);
    maintenance(&mut book);
    let reason = "等待甲方补充的时间不应计入时限，建议按第 4.2 条另行约定后暂停计时。";
    let body = json!({ "changes": { "P3": "deduct_if_acknowledged" }, "reason": reason });
    book.note(52.0, LEAD, What::Propose(body));
    let two = "两年一签，维护费可以谈到更低。";
    book.note(18.0 * 24.0, LEAD, What::Renew(Renewing::Offer(2, two)));
    let one = "先续一年，明年看使用情况再定。";
    book.note(15.0 * 24.0, MANAGER, What::Renew(Renewing::Decline(one)));
    book.note(NEW_HOURS_AGO, LEAD, What::PublishNew);
    let terms = "按现有条件续签一年，其余条款与附件不变。";
    book.note(7.0 * 24.0, LEAD, What::Renew(Renewing::Offer(1, terms)));
    book.errands
}

fn reply(decision: &str) -> Value {
    json!({
        "schedule": "两周，分两次上线", "cost": "在维护费内，不另计费",
        "quality": "需回归测试审批与看板两个模块", "decision": decision,
    })
}

fn changes(b: &mut Book) {
    let wished = |b: &Book, days: i64| json!({ "wished_on": b.day(days) });
    let body = wished(b, 45);
    b.open(
        30.0,
        CHENYU,
        "bg-draft",
        ["change", "客户列表加一列最近下单日", "现在要点进去才看得到，每天要点上百次。"],
        body,
    );
    let body = wished(b, 40);
    b.open(50.0, CHENYU, "bg-waiting", ["change", "合同到期前一个月提醒销售", "今年漏续了两份合同。"], body);
    b.act(48.0, CHENYU, "bg-waiting", "submit_for_issue", json!({}));
    let body = wished(b, 30);
    b.open(
        29.0,
        MANAGER,
        "bg-issued",
        ["change", "审批单导出加上审批意见", "审计要求导出件能看到每一级意见。"],
        body,
    );
    b.act(28.0, MANAGER, "bg-issued", "issue", json!({}));
    // Nine days without a reply: three working days are over, whatever the week was like.
    let body = wished(b, 25);
    b.open(
        340.0,
        MANAGER,
        "bg-late",
        ["change", "库存低于安全线时自动提醒采购", "每周都有一两种料断货。"],
        body,
    );
    b.act(338.0, MANAGER, "bg-late", "issue", json!({}));
    let text = json!({ "text": "电话确认安全线由采购维护。", "channel": "phone" });
    b.act(330.0, AGENT, "bg-late", "log_contact", text);
    let body = wished(b, 35);
    b.open(80.0, MANAGER, "bg-replied", ["change", "看板支持按车间筛选", "车间主任只看自己的数据。"], body);
    let text = json!({ "text": "微信确认筛选条件。", "channel": "wechat" });
    b.act(78.0, MANAGER, "bg-replied", "issue", json!({}));
    b.act(60.0, AGENT, "bg-replied", "log_contact", text);
    b.act(55.0, AGENT, "bg-replied", "draft_reply", reply("accept"));
    b.act(20.0, LEAD, "bg-replied", "reply", reply("accept"));
    for (name, title, at) in
        [("bg-scheduled", "出差申请带出酒店标准", 500.0), ("bg-done", "付款单打印加二维码", 1400.0)]
    {
        let body = json!({ "wished_on": Book { now: b.now.plus_seconds(-(at as i64) * 3600), errands: Vec::new() }.day(40) });
        b.open(at, MANAGER, name, ["change", title, "流程已和各部门确认，按附图实现。"], body);
        b.act(at - 1.0, MANAGER, name, "issue", json!({}));
        let text = json!({ "text": "开会逐条过了一遍。", "channel": "meeting" });
        b.act(at - 20.0, AGENT, name, "log_contact", text);
        b.act(at - 24.0, LEAD, name, "reply", reply("accept"));
        b.act(at - 30.0, MANAGER, name, "approve", json!({}));
        let planned = b.day(if at > 1000.0 { -30 } else { 9 });
        b.act(
            at - 34.0,
            LEAD,
            name,
            "schedule_change",
            json!({ "planned_on": planned, "text": "晚上发布，不影响白天使用。" }),
        );
    }
    b.act(900.0, AGENT, "bg-done", "start_work", json!({}));
    b.act(
        700.0,
        AGENT,
        "bg-done",
        "submit_for_acceptance",
        json!({ "text": "已上线测试环境，附操作说明。" }),
    );
    b.act(
        690.0,
        MANAGER,
        "bg-done",
        "accept_change",
        json!({ "rating": 5, "comment": "扫码就能查到单据，方便。" }),
    );
}

fn consultations(b: &mut Book) {
    b.open(
        1.2,
        CHENYU,
        "zx-new",
        ["consultation", "怎么把报表发给没有账号的人", "合作方要看月度汇总，没有账号。"],
        json!({}),
    );
    b.open(
        20.0,
        CHENYU,
        "zx-answered",
        ["consultation", "手机上能改审批人吗", "出差时要换审批人。"],
        json!({}),
    );
    b.act(
        18.5,
        AGENT,
        "zx-answered",
        "answer",
        json!({ "text": "可以：我的、审批设置、代理人，设好起止日期。" }),
    );
    b.open(
        400.0,
        CHENYU,
        "zx-remote",
        ["consultation", "导入模板总提示列不对", "照模板填的，还是不行。"],
        json!({ "mode": "remote" }),
    );
    b.act(
        399.0,
        AGENT,
        "zx-remote",
        "request_remote",
        json!({ "text": "想看一下您电脑上的文件，约 15 分钟。" }),
    );
    b.act(398.5, CHENYU, "zx-remote", "grant_remote", json!({}));
    b.act(398.0, AGENT, "zx-remote", "start_remote", json!({}));
    b.act(397.7, AGENT, "zx-remote", "end_remote", json!({ "text": "表头多了一个空格，已和您一起改好。" }));
    b.act(397.5, AGENT, "zx-remote", "answer", json!({ "text": "模板表头不能有空格；新版模板会自动去掉。" }));
    b.act(396.0, CHENYU, "zx-remote", "close", json!({ "rating": 5, "comment": "一刻钟就解决了。" }));
    b.open(
        170.0,
        CHENYU,
        "zx-visit",
        ["consultation", "新仓库的扫码枪怎么接", "下周启用新仓库，想请人来现场看看。"],
        json!({ "mode": "on_site" }),
    );
    b.act(169.0, MANAGER, "zx-visit", "request_visit", json!({ "text": "请来现场一次，新仓库三号门。" }));
    let visit = b.now.plus_seconds(-96 * 3600);
    b.act(160.0, LEAD, "zx-visit", "schedule_visit", json!({ "visit_at": visit }));
    b.act(96.0, AGENT, "zx-visit", "arrive", json!({}));
    b.act(93.0, AGENT, "zx-visit", "leave", json!({ "text": "六把扫码枪已接好，教了两位库管。" }));
    b.act(3.0, AGENT, "zx-visit", "answer", json!({ "text": "已到现场接好，说明书在附件里，请签认。" }));
}

fn defects(b: &mut Book) {
    let severe = || json!({ "severity": "major" });
    b.open(
        6.0,
        CHENYU,
        "zl-proposed",
        ["quality", "金额合计少算退货", "本月合计和财务对不上，差的就是退货。"],
        severe(),
    );
    b.open(
        100.0,
        MANAGER,
        "zl-failed",
        ["quality", "并发审批会丢意见", "两人同时审批，后一个的意见不见了。"],
        severe(),
    );
    b.act(98.0, AGENT, "zl-failed", "acknowledge", json!({ "text": "已复现，是保存时没有检查版本。" }));
    b.act(60.0, AGENT, "zl-failed", "mark_repaired", json!({ "text": "保存前检查版本，冲突时提示合并。" }));
    b.act(40.0, MANAGER, "zl-failed", "fail_verification", json!({ "reason": "网页端好了，手机上仍会丢。" }));
    b.open(75.0, MANAGER, "zl-disputed", ["quality", "报表首屏要八秒", "约定三秒内打开。"], severe());
    b.act(
        50.0,
        LEAD,
        "zl-disputed",
        "dispute",
        json!({ "reason": "慢在贵司出口带宽，内网测试两秒内打开。" }),
    );
    b.act(
        26.0,
        LEAD,
        "zl-disputed",
        "propose_finding",
        json!({ "valid": false, "text": "三处网络实测，瓶颈在出口带宽。" }),
    );
    b.open(
        800.0,
        MANAGER,
        "zl-closed",
        ["quality", "导出的日期差一天", "零点前后的单据日期错位。"],
        json!({ "severity": "minor" }),
    );
    b.act(790.0, AGENT, "zl-closed", "acknowledge", json!({ "text": "时区换算错误，确认是缺陷。" }));
    b.act(
        750.0,
        AGENT,
        "zl-closed",
        "mark_repaired",
        json!({ "text": "统一按北京时间导出，已补回归用例。" }),
    );
    b.act(740.0, MANAGER, "zl-closed", "pass_verification", json!({ "rating": 4 }));
}

fn incidents(b: &mut Book) {
    let texts = ["incident", "异常登录尝试激增", "凌晨两点起同一网段连续试探管理端口。"];
    b.open(3.2, AGENT, "aq-open", texts, json!({}));
    b.act(
        2.8,
        AGENT,
        "aq-open",
        "notify_client",
        json!({ "text": "已封锁来源网段，未见登录成功，正在查日志。" }),
    );
    b.act(
        2.0,
        LEAD,
        "aq-open",
        "propose_grade",
        json!({ "grade": "major", "text": "管理端口暴露，按较大处理。" }),
    );
    b.act(1.6, MANAGER, "aq-open", "agree_grade", json!({}));
    b.act(1.0, AGENT, "aq-open", "contain", json!({ "text": "管理端口已改为仅内网可达。" }));
    // The client decided six hours after the detection, two hours late.
    let texts = ["incident", "离职账号未停用", "巡检发现一个离职人员账号仍可登录。"];
    b.open(1100.0, AGENT, "aq-closed", texts, json!({}));
    b.act(1099.5, AGENT, "aq-closed", "notify_client", json!({ "text": "账号已冻结，正在核对登录记录。" }));
    b.act(
        1098.0,
        LEAD,
        "aq-closed",
        "propose_grade",
        json!({ "grade": "major", "text": "账号可见客户名单，按较大定级。" }),
    );
    b.act(1097.0, MANAGER, "aq-closed", "agree_grade", json!({}));
    b.act(1096.5, AGENT, "aq-closed", "contain", json!({ "text": "账号与令牌全部作废。" }));
    b.act(
        1094.0,
        MANAGER,
        "aq-closed",
        "decide_report",
        json!({ "report": false, "text": "核对后没有登录记录，不上报，留档备查。" }),
    );
    b.act(
        1095.5,
        MANAGER,
        "aq-closed",
        "decide_personal_notice",
        json!({ "notify": false, "text": "未涉及他人信息。" }),
    );
    b.act(1090.0, AGENT, "aq-closed", "recover", json!({ "text": "全量核对账号，无其他遗留。" }));
    b.act(
        1060.0,
        LEAD,
        "aq-closed",
        "submit_review",
        json!({ "text": "根因：离职流程没有通知平台；已接入人事离职单。" }),
    );
    b.act(1050.0, MANAGER, "aq-closed", "accept_review", json!({}));
}

fn papers(b: &mut Book) {
    let due = |b: &Book, hours: i64| json!({ "due_at": b.now.plus_seconds(hours * 3600) });
    let body = due(b, 5);
    b.open(
        70.0,
        MANAGER,
        "bb-soon",
        ["report", "年度维护总结", "请写明全年故障、超时与改进，供续签讨论。"],
        body,
    );
    let body = due(b, -480);
    b.open(600.0, MANAGER, "bb-done", ["report", "三季度进度报告", "按模块写进度与风险。"], body);
    b.act(500.0, LEAD, "bb-done", "submit_report", json!({ "text": "三季度完成 14 项优化，无遗留高风险。" }));
    b.act(490.0, MANAGER, "bb-done", "accept_report", json!({}));
    b.open(
        120.0,
        MANAGER,
        "jc-quoted",
        ["inspection", "届满前整体质量检测", "续签前请做一次整体检测。"],
        json!({}),
    );
    b.act(
        96.0,
        LEAD,
        "jc-quoted",
        "quote",
        json!({ "amount_cents": 1_200_000, "text": "含三类测试与书面报告。" }),
    );
    b.open(
        1300.0,
        MANAGER,
        "jc-done",
        ["inspection", "上线后性能抽检", "请抽检审批与看板的响应时间。"],
        json!({}),
    );
    b.act(
        1290.0,
        LEAD,
        "jc-done",
        "quote",
        json!({ "amount_cents": 300_000, "text": "两个模块，出具报告。" }),
    );
    b.act(1280.0, MANAGER, "jc-done", "agree_quote", json!({}));
    b.act(1100.5, LEAD, "jc-done", "submit_inspection_report", json!({ "text": "百人并发下均在两秒内。" }));
    b.act(1080.0, MANAGER, "jc-done", "accept_report", json!({}));
    let normal = || json!({ "amount_cents": 1_000_000, "invoice_type": "normal" });
    b.open(60.0, MANAGER, "fp-new", ["invoice", "本月维护费发票", "按协议月费开具。"], normal());
    b.open(750.0, MANAGER, "fp-done", ["invoice", "上月维护费发票", "按协议月费开具。"], normal());
    let issued = b.day(-30);
    let body =
        json!({ "invoice_no": "26312000000012345678", "amount_cents": 1_000_000, "issued_on": issued });
    b.act(700.5, LEAD, "fp-done", "issue_invoice", body);
    b.act(680.0, MANAGER, "fp-done", "sign_receipt", json!({}));
}

/// Everything in its rhythm but the last patch review, which is owed since five days ago.
fn maintenance(b: &mut Book) {
    let log = |b: &mut Book, hours: f64, kind: &str, note: &str, more: Value| {
        #[expect(clippy::cast_possible_truncation, reason = "hours of a few months")]
        let at = b.now.plus_millis((hours * -3_600_000.0) as i64);
        let mut body = json!({ "kind": kind, "performed_at": at, "result": "ok", "note": note });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        b.note(hours, AGENT, What::Maintain(body));
    };
    for day in 0..82_i32 {
        log(b, f64::from(day) * 24.0 + 2.5, "backup", "全量备份，已校验", json!({}));
    }
    for week in 0..13_i32 {
        log(b, f64::from(week) * 168.0 + 40.0, "inspection_round", "磁盘、证书、日志、账号均正常", json!({}));
    }
    for days in [36, 66, 96] {
        log(b, f64::from(days) * 24.0, "patch", "系统与依赖升级，回归通过", json!({}));
    }
    let point = b.now.plus_seconds(-(84 * 24 + 6) * 3600);
    let drill = json!({ "restore_minutes": 38, "data_point": point });
    log(b, 84.0 * 24.0, "restore_drill", "恢复到备用机，抽查 50 单一致", drill);
    log(b, 300.0, "optimisation", "看板查询加索引，首屏缩短一半", json!({}));
    log(b, 620.0, "hardening", "管理端口收紧，口令策略加强", json!({}));
}
