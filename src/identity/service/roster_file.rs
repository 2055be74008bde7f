//! The roster file: `party,employee_no,name,phone,email,department,roles`, UTF-8, with or without a BOM.
//! Reading judges every line and names each bad one by its number; it touches nothing.

use std::collections::HashSet;

use super::super::model::role_fits;
use crate::kit::actor::{Role, Side};
use crate::kit::crypto::blind;
use crate::kit::error::Error;
use crate::kit::text::{Lines, checked, optional};

const HEADER: [&str; 7] = ["party", "employee_no", "name", "phone", "email", "department", "roles"];
/// More than any client of one agreement has.
const MOST_LINES: usize = 50_000;

/// A line that keeps the whole file from being loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// From 1, the header included.
    pub line: u64,
    /// Chinese; names the field, never its value.
    pub reason: String,
}

impl BadLine {
    pub(super) fn new(line: u64, reason: impl Into<String>) -> Self {
        Self { line, reason: reason.into() }
    }
}

/// A person as the file has them, normalised.
pub struct Line {
    pub line: u64,
    pub side: Side,
    pub employee_no: String,
    pub name: String,
    /// E.164 digits.
    pub phone: Option<String>,
    pub email: Option<String>,
    pub department: Option<String>,
    pub roles: Vec<Role>,
}

/// # Errors
/// Every bad line, in order.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, Vec<BadLine>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else {
        let good = std::str::from_utf8(bytes).err().map_or(0, |e| e.valid_up_to());
        let line = bytes.iter().take(good).filter(|b| **b == b'\n').count() + 1;
        return Err(vec![BadLine::new(number(line), "不是 UTF-8 编码，请另存为“CSV UTF-8”")]);
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut bad = Vec::new();
    let mut lines = Vec::new();
    let mut numbers = HashSet::new();
    let mut phones = HashSet::new();
    let mut headed = false;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(err) => {
                let line = err.position().map_or(0, csv::Position::line);
                bad.push(BadLine::new(line, "引号或换行不成对，读不下去"));
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if !headed {
            headed = true;
            if record.iter().ne(HEADER) {
                let reason = format!("表头应为 {}", HEADER.join(","));
                return Err(vec![BadLine::new(line, reason)]);
            }
            continue;
        }
        match person(line, &record) {
            Ok(read) => {
                if !numbers.insert((read.side.wire(), read.employee_no.clone())) {
                    bad.push(BadLine::new(line, "工号与前面的行重复"));
                }
                if read.phone.as_ref().is_some_and(|p| !phones.insert(p.clone())) {
                    bad.push(BadLine::new(line, "手机号与前面的行重复"));
                }
                lines.push(read);
            }
            Err(reason) => bad.push(BadLine::new(line, reason)),
        }
        if lines.len() > MOST_LINES {
            bad.push(BadLine::new(line, format!("人数超过 {MOST_LINES}，请分批导入")));
            break;
        }
    }
    if !headed {
        bad.push(BadLine::new(1, "文件是空的"));
    }
    if bad.is_empty() { Ok(lines) } else { Err(bad) }
}

fn person(line: u64, record: &csv::StringRecord) -> Result<Line, String> {
    let fields: Vec<&str> = record.iter().collect();
    let [party, employee_no, name, phone, email, department, roles] = fields.as_slice() else {
        return Err(format!("应有 {} 列，实有 {} 列", HEADER.len(), fields.len()));
    };
    let side = Side::from_wire(party).ok_or("party 应为 client 或 vendor")?;
    let phone = match phone.is_empty() {
        true => None,
        false => Some(blind::phone("phone", phone).map_err(|e| told("phone", &e))?),
    };
    let email = optional("email", Some(email), Lines::One, 254).map_err(|e| told("email", &e))?;
    if email.as_deref().is_some_and(|e| !is_email(e)) {
        return Err("email 不是邮箱地址".to_owned());
    }
    Ok(Line {
        line,
        side,
        employee_no: blind::employee_no("employee_no", employee_no).map_err(|e| told("employee_no", &e))?,
        name: checked("name", name, Lines::One, 50).map_err(|e| told("name", &e))?,
        phone,
        email,
        department: optional("department", Some(department), Lines::One, 80)
            .map_err(|e| told("department", &e))?,
        roles: roles_of(side, roles)?,
    })
}

fn roles_of(side: Side, text: &str) -> Result<Vec<Role>, String> {
    let mut roles = Vec::new();
    for name in text.split(';').map(str::trim).filter(|n| !n.is_empty()) {
        let role = Role::from_wire(name).filter(|role| Role::ALL.contains(role));
        let role = role.ok_or("roles 里有不认识的角色")?;
        if !role_fits(role, side) {
            return Err(format!("{} 一方不能有角色 {role}", side.wire()));
        }
        roles.push(role);
    }
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() { Err("roles 至少要有一个角色".to_owned()) } else { Ok(roles) }
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.contains('@')
            && !text.contains(char::is_whitespace)
    })
}

/// The field's own message, without the value.
fn told(field: &str, err: &Error) -> String {
    let message = err.fields().first().map_or("不对", |f| f.message.as_str());
    format!("{field}：{message}")
}

fn number(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "party,employee_no,name,phone,email,department,roles\n";

    fn reasons(rows: &str) -> Vec<(u64, String)> {
        let bad = read(format!("{HEAD}{rows}").as_bytes()).err().unwrap_or_default();
        bad.into_iter().map(|b| (b.line, b.reason)).collect()
    }

    #[test]
    fn good_lines_are_normalised() {
        let text = format!(
            "\u{feff}{HEAD}client,ｅ100１,陈雨,138 1234 1234,,市场部,employee;client_manager\r\nvendor,V-1,周可,,z@example.com,,vendor_agent\n"
        );
        let lines = read(text.as_bytes()).unwrap();
        let first = lines.first().unwrap();
        assert_eq!((first.employee_no.as_str(), first.phone.as_deref()), ("E1001", Some("8613812341234")));
        assert_eq!(first.roles, [Role::Employee, Role::ClientManager]);
        assert_eq!(lines[1].email.as_deref(), Some("z@example.com"));
        assert!(lines[1].department.is_none());
    }

    #[test]
    fn every_bad_line_is_named() {
        let rows = "client,E1,陈雨,13812341234,,,employee\n\
            partner,E2,张三,,,,employee\n\
            client,,张三,,,,employee\n\
            client,E3,,,,,employee\n\
            client,E4,张三,12,,,employee\n\
            client,E5,张三,,nobody,,employee\n\
            client,E6,张三,,,,\n\
            client,E7,张三,,,,boss\n\
            client,E8,张三,,,,vendor_lead\n\
            client,e1,张三,,,,employee\n\
            client,E9,张三,+86 138 1234 1234,,,employee\n\
            client,E10,张三\n";
        let lines: Vec<u64> = reasons(rows).iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
        for (_, reason) in reasons(rows) {
            assert!(!reason.contains("张三") && !reason.contains("1381234"), "{reason}");
        }
    }

    #[test]
    fn header_encoding_and_emptiness() {
        assert_eq!(read(b"").err().unwrap()[0].line, 1);
        assert!(read(b"a,b\n").err().unwrap()[0].reason.contains("表头"));
        let gbk = [HEAD.as_bytes(), b"client,E1,\xb3\xc2,,,,employee\n"].concat();
        assert_eq!(read(&gbk).err().unwrap()[0], BadLine::new(2, "不是 UTF-8 编码，请另存为“CSV UTF-8”"));
    }
}
