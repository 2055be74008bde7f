//! What each parameter is called, what it decides and which clause leaves it open, for people to read.

use serde::Serialize;
use utoipa::ToSchema;

/// One row of the annex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Param {
    #[schema(examples("P3"))]
    pub code: &'static str,
    pub title: &'static str,
    /// The clauses that it completes.
    pub clause: &'static str,
    /// What it decides.
    pub meaning: &'static str,
    /// What holds when the annex says nothing, as it would be written there.
    pub default: &'static str,
    /// What can be written.
    pub options: &'static [&'static str],
    /// Holds names or phones of people, wholly or partly.
    pub names_people: bool,
}

macro_rules! params {
    ($($code:literal, $title:literal, $clause:literal, $default:literal, $people:literal,
       $meaning:literal, [$($option:literal),*];)*) => {
        &[$(Param {
            code: $code, title: $title, clause: $clause, meaning: $meaning, default: $default,
            options: &[$($option),*], names_people: $people,
        }),*]
    };
}

/// P1 to P16, in order.
pub const PARAMS: &[Param] = params! {
    "P1", "工作时间", "6.1.2", "Mon-Fri 09:00-12:00,13:30-18:00", false,
    "按工作小时计的时限只在这些时段内走；按日计的时限到当天最后一段结束时届满（民法典第二百零三条）。调休上班的日子适用 MakeUp，未写时同周一。一律为北京时间。",
    ["Mon-Fri 09:00-12:00,13:30-18:00; Sat 09:00-12:00; MakeUp 09:00-18:00"];
    "P2", "日历来源", "2.2、7.3", "国务院办公厅每年的节假日安排通知", false,
    "工作日以此为准，含调休上班日；每次导入须双方签署，版本记在每个时限上。",
    ["来源名称，200 字以内"];
    "P3", "等待甲方的效果", "4.2", "none", false,
    "协议没有中止时限的条款。none：等待只作为第二个数字（净用时）显示；informational：净用时只扣除甲方认可的等待；deduct_if_acknowledged：甲方认可且已结束的等待不计入时限，届满时刻相应顺延。",
    ["none", "informational", "deduct_if_acknowledged"];
    "P4", "故障时限的小时", "4.2、6.1.2", "natural", false,
    "第 4.2 条写 8 小时和 24 小时，未写工作小时。natural：昼夜连续计算，节假日也计；working：只计 P1 的工作时间。",
    ["natural", "working"];
    "P5", "什么算响应", "4.2", "human_public_answer", false,
    "乙方的人所作、报告人看得到的受理或答复才算响应；自动回复、分派、内部备注、催办都不算。",
    ["human_public_answer"];
    "P6", "严重程度表", "4.2", "none", false,
    "可以为某一严重程度约定更短的响应和解决方案时间；只能收紧，不能放宽第 4.2 条的 8 小时和 24 小时。",
    ["none", "{ critical = { response = \"2 natural hours\", solution = \"12 natural hours\" } }"];
    "P7", "非工作日收到", "2.2、7.3、民法典第一百三十七条", "literal", false,
    "literal：到达之日即收到之日，次日起算；deemed_next：在非工作日到达的，视为下一个工作日收到。只影响按工作日计的时限。",
    ["literal", "deemed_next"];
    "P8", "周末是否顺延", "2.1、3.2.1、民法典第二百零三条", "yes", false,
    "按自然日计的时限，最后一日是法定节假日的总是顺延；yes：是周末的也顺延（调休上班日除外）；no：周末不顺延。",
    ["yes", "no"];
    "P9", "默示确认", "4.2、7.3.2", "5 working days", false,
    "等待甲方确认满这些工作日、且提醒过两次仍无答复的故障，系统关闭并注明默示确认；同时是甲方确认或提出异议的时限。none：沉默不视为确认。",
    ["none", "1 至 30 working days"];
    "P10", "可重开的期限", "4.2", "14 natural days", false,
    "关闭后这些自然日内可以重新打开，开始新的一轮；之后请另提工单并关联。",
    ["1 至 365 natural days"];
    "P11", "安全事件通报", "8.2", "1 natural hour", true,
    "第 8.2 条正文缺失。乙方自发现起这些自然小时内通知甲方，使甲方来得及履行自己 4 小时的上报义务；名单按通知的先后排列。",
    ["1 至 24 natural hours", "{ hours = 1, notify = [\"姓名 电话\"] }"];
    "P12", "留存期限", "5.1、网络安全法、网络数据安全管理条例第十二条", "{ records_months = 36, logs_months = 6 }", false,
    "履约记录与委托处理记录至少 36 个月，网络日志至少 6 个月；可以更长。",
    ["{ records_months = 36 至 360, logs_months = 6 至 120 }"];
    "P13", "违约扣费", "附件一", "none", false,
    "每次违约按月费的一定比例扣减，一个月合计不超过上限。none：未约定，不计算。",
    ["none", "{ monthly_fee_cents = 1000000, shares = { R8 = \"0.5%\", S24 = \"1%\" }, cap = \"10%\" }"];
    "P14", "咨询答复目标", "6.1", "4 working hours", false,
    "咨询自提出至答复的工作小时数；每次追问另起一轮。",
    ["1 至 200 working hours"];
    "P15", "开票期限", "4.3.2", "10 working days", false,
    "自申请至交付发票的工作日数。",
    ["1 至 60 working days"];
    "P16", "双方代表", "2.2.1、3.3", "none", true,
    "谁可以代表一方签发、签署和验收。",
    ["none", "{ client = [\"姓名 职务\"], vendor = [\"姓名 职务\"] }"];
};

/// The row of a parameter.
#[must_use]
pub fn param(code: &str) -> Option<&'static Param> {
    PARAMS.iter().find(|p| p.code == code)
}
