//! Pure rules of identity: masking, role lists, statuses.
//!
//! Masked text is what lists, notices and logs of actions show; the whole value leaves only through a
//! reveal with a purpose, or to the person it belongs to.

use crate::kit::actor::{Role, Side};

/// Surnames of two characters that are still borne; others count as one.
const DOUBLE_SURNAMES: [&str; 40] = [
    "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛", "尉迟",
    "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离",
    "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘", "子车", "亓官", "司寇", "令狐", "呼延", "轩辕", "拓跋",
    "百里",
];

/// `张*`, `欧阳**`, `J***`: the surname, and a star for each further character up to three.
#[must_use]
pub fn mask_name(name: &str) -> String {
    let length = name.chars().count();
    let surname = match DOUBLE_SURNAMES.iter().find(|s| name.starts_with(**s)) {
        // A surname alone would be the whole name; 欧阳 of three characters would stay at two thirds.
        Some(_) if length >= 4 => 2,
        _ if length >= 2 => 1,
        _ => 0,
    };
    let stars = (length - surname).clamp(1, 3);
    name.chars().take(surname).chain(std::iter::repeat_n('*', stars)).collect()
}

/// `138****1234` for Chinese mobiles (E.164 digits with or without 86); others keep their last two digits.
#[must_use]
pub fn mask_phone(e164: &str) -> String {
    let national = e164.strip_prefix("86").filter(|n| n.len() == 11 && n.starts_with('1')).unwrap_or(e164);
    let digits: Vec<char> = national.chars().collect();
    let length = digits.len();
    if length == 11 && digits.first() == Some(&'1') {
        let head = digits.iter().take(3);
        let tail = digits.iter().skip(7);
        return head.chain(std::iter::repeat_n(&'*', 4)).chain(tail).collect();
    }
    let shown = if length >= 5 { 2 } else { 0 };
    let tail = digits.iter().skip(length - shown);
    std::iter::repeat_n(&'*', (length - shown).max(1)).chain(tail).collect()
}

/// The last three characters of a long employee number; of a short one, fewer than half.
#[must_use]
pub fn mask_employee_no(number: &str) -> String {
    let length = number.chars().count();
    let shown = if length >= 6 { 3 } else { length.saturating_sub(1) / 2 };
    let hidden = (length - shown).max(1);
    std::iter::repeat_n('*', hidden).chain(number.chars().skip(length - shown)).collect()
}

/// Roles as the table keeps them: wire names joined by `;`. Unknown names are not roles.
#[must_use]
pub fn roles_from(text: &str) -> Vec<Role> {
    text.split(';').filter_map(Role::from_wire).collect()
}

#[must_use]
pub fn roles_to(roles: &[Role]) -> String {
    roles.iter().map(|r| r.wire()).collect::<Vec<_>>().join(";")
}

/// Whether a person of that side may hold the role. Auditors and administrators may be of either.
#[must_use]
pub fn role_fits(role: Role, side: Side) -> bool {
    match role {
        Role::Employee | Role::ClientManager | Role::DepartmentViewer => side == Side::Client,
        Role::VendorAgent | Role::VendorLead => side == Side::Vendor,
        Role::Auditor | Role::Admin => true,
    }
}

pub const ACTIVE: &str = "active";
pub const LEFT: &str = "left";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_keep_the_surname() {
        for (name, masked) in [
            ("张三", "张*"),
            ("张三丰", "张**"),
            ("欧阳修文", "欧阳**"),
            ("欧阳修", "欧**"),
            ("欧阳", "欧*"),
            ("李", "*"),
            ("", "*"),
            ("Johannes", "J***"),
        ] {
            assert_eq!(mask_name(name), masked);
        }
    }

    #[test]
    fn phones_keep_three_and_four() {
        assert_eq!(mask_phone("8613812341234"), "138****1234");
        assert_eq!(mask_phone("13812341234"), "138****1234");
        assert_eq!(mask_phone("861088888888"), "**********88");
        assert_eq!(mask_phone("85291234567"), "*********67");
    }

    #[test]
    fn numbers_keep_the_last_three() {
        assert_eq!(mask_employee_no("A0012345"), "*****345");
        assert_eq!(mask_employee_no("E1001"), "***01");
        assert_eq!(mask_employee_no("7"), "*");
    }

    /// How much of the original still stands where it stood.
    fn shown(original: &str, masked: &str) -> f64 {
        let total = original.chars().count();
        let kept = masked.chars().filter(|c| *c != '*').count();
        if total == 0 {
            0.0
        } else {
            f64::from(u32::try_from(kept).unwrap()) / f64::from(u32::try_from(total).unwrap())
        }
    }

    proptest! {
        #[test]
        fn less_than_sixty_percent_of_a_name_stays(name in "[\\p{Han}]{1,6}|[A-Za-z]{1,20}") {
            prop_assert!(shown(&name, &mask_name(&name)) < 0.6);
        }

        #[test]
        fn less_than_sixty_percent_of_a_mobile_stays(digits in "861[3-9][0-9]{9}") {
            // The form that the law's own examples use keeps 7 of 11; with the country code 7 of 13.
            prop_assert!(shown(&digits, &mask_phone(&digits)) < 0.6);
        }

        #[test]
        fn less_than_sixty_percent_of_other_phones_stays(digits in "[2-9][0-9]{4,14}") {
            prop_assert!(shown(&digits, &mask_phone(&digits)) < 0.6);
        }

        #[test]
        fn less_than_sixty_percent_of_a_number_stays(number in "[A-Z0-9]{1,32}") {
            prop_assert!(shown(&number, &mask_employee_no(&number)) < 0.6);
        }
    }
}
