//! The people of the demonstration: a client company of 30 in 4 departments and a vendor team of 6.
//! All invented; phone numbers are of the block that is never handed out for real (1990000xxxx).

use crate::kit::actor::{Role, Side};

/// One person of the roster. `login` is the name that the page's person switch and the fake WeChat use.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub login: &'static str,
    pub name: &'static str,
    pub side: Side,
    pub department: &'static str,
    pub employee_no: &'static str,
    pub roles: &'static [Role],
    /// Whether the WeChat account is tied to the person when the demo begins.
    pub bound: bool,
}

pub const CLIENT_NAME: &str = "海岚制造有限公司";
pub const VENDOR_NAME: &str = "云栈软件有限公司";
pub const AGREEMENT_NUMBER: &str = "HL-2026-017";

const EMPLOYEE: &[Role] = &[Role::Employee];
const MANAGER: &[Role] = &[Role::Employee, Role::ClientManager];
const AGENT: &[Role] = &[Role::VendorAgent];
const LEAD: &[Role] = &[Role::VendorAgent, Role::VendorLead];

const fn client(
    login: &'static str,
    name: &'static str,
    department: &'static str,
    employee_no: &'static str,
) -> Part {
    Part { login, name, side: Side::Client, department, employee_no, roles: EMPLOYEE, bound: true }
}

const fn vendor(
    login: &'static str,
    name: &'static str,
    employee_no: &'static str,
    roles: &'static [Role],
) -> Part {
    Part { login, name, side: Side::Vendor, department: "客户服务部", employee_no, roles, bound: true }
}

pub const CAST: &[Part] = &[
    client("chenyu", "陈宇", "市场部", "HL1001"),
    Part { roles: MANAGER, ..client("linmin", "林敏", "信息部", "HL1002") },
    client("fangjing", "方静", "市场部", "HL1003"),
    client("guotao", "郭涛", "市场部", "HL1004"),
    client("hanxue", "韩雪", "市场部", "HL1005"),
    client("jiangbo", "蒋波", "市场部", "HL1006"),
    client("kongli", "孔丽", "市场部", "HL1007"),
    client("luwei", "陆伟", "市场部", "HL1008"),
    client("maning", "马宁", "生产部", "HL1009"),
    client("niujun", "牛俊", "生产部", "HL1010"),
    client("ouyang", "欧阳晴", "生产部", "HL1011"),
    client("panhao", "潘浩", "生产部", "HL1012"),
    client("qinlan", "秦岚", "生产部", "HL1013"),
    client("renjie", "任杰", "生产部", "HL1014"),
    client("sunqi", "孙琪", "生产部", "HL1015"),
    client("tangyi", "唐毅", "生产部", "HL1016"),
    client("wangfei", "王菲菲", "生产部", "HL1017"),
    client("xiaodi", "肖迪", "生产部", "HL1018"),
    client("yangguang", "杨光", "财务部", "HL1019"),
    client("zhaomei", "赵梅", "财务部", "HL1020"),
    client("baiyun", "白云", "财务部", "HL1021"),
    client("caoyang", "曹阳", "财务部", "HL1022"),
    client("dingdan", "丁丹", "财务部", "HL1023"),
    client("fuqiang", "付强", "财务部", "HL1024"),
    client("gaojie", "高洁", "信息部", "HL1025"),
    Part { roles: MANAGER, ..client("huangli", "黄莉", "财务部", "HL1026") },
    client("jinxin", "金鑫", "信息部", "HL1027"),
    Part { roles: &[Role::Auditor], ..client("auditor", "梁审", "信息部", "HL1028") },
    Part { roles: &[Role::Admin], ..client("admin", "管平", "信息部", "HL1029") },
    Part { bound: false, ..client("newcomer", "新小米", "市场部", "HL1030") },
    vendor("hejun", "何军", "YZ01", LEAD),
    vendor("zhouke", "周可", "YZ02", AGENT),
    vendor("wuting", "吴婷", "YZ03", AGENT),
    vendor("zhengyi", "郑一", "YZ04", AGENT),
    vendor("fengchao", "冯超", "YZ05", AGENT),
    vendor("shenyu", "沈雨", "YZ06", LEAD),
];

/// The person's place in the cast gives the last digits of an invented number.
#[must_use]
pub fn phone(index: usize) -> String {
    format!("1990000{:04}", index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn thirty_client_people_in_four_departments_and_six_of_the_vendor() {
        let client: Vec<_> = CAST.iter().filter(|p| p.side == Side::Client).collect();
        assert_eq!(client.len(), 30);
        assert_eq!(client.iter().map(|p| p.department).collect::<HashSet<_>>().len(), 4);
        assert_eq!(CAST.len() - client.len(), 6);
        assert_eq!(CAST.iter().map(|p| p.employee_no).collect::<HashSet<_>>().len(), CAST.len());
    }
}
