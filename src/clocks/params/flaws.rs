//! Where the text of the agreement is unclear, contradicts itself or has a hole: shown to both sides when they
//! set up, each with the choices and the safe one that holds until they decide.

use serde::Serialize;
use utoipa::ToSchema;

/// One flaw of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Flaw {
    /// Stable: decisions refer to it.
    #[schema(examples("hours_of_4_2"))]
    pub id: &'static str,
    pub clauses: &'static [&'static str],
    pub text: &'static str,
    /// The parameters that decide it; none where the text itself must be agreed.
    pub parameters: &'static [&'static str],
    pub options: &'static [&'static str],
    /// What the program does meanwhile: one of the options.
    pub safe_default: &'static str,
}

/// In the order of their weight for deadlines.
pub const FLAWS: &[Flaw] = &[
    Flaw {
        id: "hours_of_4_2",
        clauses: &["4.2", "6.1.2"],
        text: "第 4.2 条的 8 小时、24 小时没有写是不是工作小时，而第 6.1.2 条把支持限于工作时间。",
        parameters: &["P4"],
        options: &["自然小时：昼夜连续计算", "工作小时：只计附件的工作时间"],
        safe_default: "自然小时：昼夜连续计算",
    },
    Flaw {
        id: "no_pause_clause",
        clauses: &["4.2", "7.3"],
        text: "全文没有中止时限的条款：等待甲方补充的时间算不算，没有约定。",
        parameters: &["P3"],
        options: &[
            "不影响时限，另计净用时",
            "只作说明，净用时扣除甲方认可的等待",
            "甲方认可的等待从时限中扣除",
        ],
        safe_default: "不影响时限，另计净用时",
    },
    Flaw {
        id: "three_ends",
        clauses: &["4.2", "7.3.1"],
        text: "第 4.2 条的 24 小时是给出解决方案，第 7.3.1 条的 5 个工作日是修复质量问题；故障何时修复完毕没有数字。",
        parameters: &["P6"],
        options: &[
            "三个时限各自计算，故障的修复以方案中承诺的时间为准",
            "在严重程度表中约定更短的响应和方案时间",
        ],
        safe_default: "三个时限各自计算，故障的修复以方案中承诺的时间为准",
    },
    Flaw {
        id: "code_of_5_2",
        clauses: &["5.2.1", "5.2.2"],
        text: "第 5.2.1 条与第 5.2.2 条都写到代码，归属互相冲突。",
        parameters: &[],
        options: &[
            "逐项登记归属：甲方所有、乙方所有并许可使用、第三方许可",
            "全部归甲方所有",
            "全部归乙方所有并许可甲方使用",
        ],
        safe_default: "逐项登记归属：甲方所有、乙方所有并许可使用、第三方许可",
    },
    Flaw {
        id: "blank_in_3_3",
        clauses: &["3.3.1", "3.3.2"],
        text: "第 3.3 条的交付清单有一项留白。",
        parameters: &[],
        options: &["留白项作为源代码与技术文档列入清单", "双方另行写明该项", "删去该项"],
        safe_default: "留白项作为源代码与技术文档列入清单",
    },
    Flaw {
        id: "missing_annexes",
        clauses: &["4.3", "6.1.2", "8.2"],
        text: "费用、工作时间和安全事件的规则写在附件里，而文本没有附件；第 8.2 条正文缺失。",
        parameters: &["P1", "P11", "P13", "P15"],
        options: &["适用本系统的默认参数", "双方签署自己的附件参数"],
        safe_default: "适用本系统的默认参数",
    },
];
