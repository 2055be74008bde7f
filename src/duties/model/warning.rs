//! Pure: who is warned of what and in which words. A warning names the duty, the record and the times, and
//! nobody.

use crate::clocks;
use crate::duties::entity::duty;
use crate::duties::model::{OVERDUE, ended_at};
use crate::kit::actor::Role;
use crate::kit::clock::Timestamp;

/// Whom a warning goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// Who works on the record; while nobody does, everybody of the vendor who could.
    Owner,
    /// Whose record it is.
    Reporter,
    Agents,
    Leads,
    Managers,
    Admins,
}

/// For these duties, whom to tell at 50, 75, 90 and 100 %.
struct Rule {
    codes: &'static [&'static str],
    at: [&'static [To]; 4],
}

use To::{Admins, Agents, Leads, Managers, Owner, Reporter};

/// The matrix of notices, per duty. The first rule that names the code counts; the last is for all others.
const RULES: &[Rule] = &[
    // Faults, their promises, and questions: the owner first, both sides' responsible people before it is late.
    Rule {
        codes: &["R8", "S24", "P", "W"],
        at: [&[Owner], &[Owner, Leads], &[Owner, Leads, Managers], &[Owner, Leads, Managers, Reporter]],
    },
    // What the vendor's lead signs: replies to changes, repairs of quality defects.
    Rule {
        codes: &["A3", "Q5"],
        at: [&[Owner], &[Owner, Leads], &[Owner, Leads, Managers], &[Owner, Leads, Managers, Reporter]],
    },
    // An hour is short: all of the vendor from the beginning, the client when it is late.
    Rule {
        codes: &["I1"],
        at: [
            &[Agents, Leads],
            &[Agents, Leads],
            &[Agents, Leads, Managers],
            &[Agents, Leads, Managers, Admins, Reporter],
        ],
    },
    // Reports, plans and invoices: only the lead can submit them.
    Rule {
        codes: &["X", "F", "D30"],
        at: [&[Leads], &[Leads], &[Leads, Managers], &[Leads, Managers, Reporter]],
    },
    // The reporter is who can confirm.
    Rule {
        codes: &["C"],
        at: [&[Reporter], &[Reporter], &[Reporter, Managers], &[Reporter, Managers, Leads]],
    },
    // The client's own duties.
    Rule { codes: &[], at: [&[Managers], &[Managers], &[Managers], &[Managers, Leads]] },
];

/// Whom to tell that `percent` of a duty's allowance is used.
#[must_use]
pub fn recipients(code: &str, percent: i32) -> &'static [To] {
    let at = match percent {
        ..=50 => 0,
        51..=75 => 1,
        76..=90 => 2,
        _ => 3,
    };
    let rule = RULES.iter().find(|r| r.codes.contains(&code) || r.codes.is_empty());
    rule.and_then(|r| r.at.get(at)).copied().unwrap_or(&[])
}

/// The role that a group stands for; `None` for single people.
#[must_use]
pub const fn role(to: To) -> Option<Role> {
    match to {
        To::Owner | To::Reporter => None,
        To::Agents => Some(Role::VendorAgent),
        To::Leads => Some(Role::VendorLead),
        To::Managers => Some(Role::ClientManager),
        To::Admins => Some(Role::Admin),
    }
}

/// Whether the warning goes out at any hour: faults and incidents that are about to be late.
#[must_use]
pub fn is_urgent(code: &str, percent: i32) -> bool {
    percent >= 90 && ["R8", "S24", "P", "I1", "N4"].contains(&code)
}

/// The event code of a warning: one per duty and threshold, so that none hides another.
#[must_use]
pub fn event(code: &str, percent: i32) -> String {
    format!("duty.{percent}.{code}")
}

/// The sentence: 「GZ-2026-000123 响应：时限已用 75%，11月22日 17:12 到期」.
#[must_use]
pub fn text(row: &duty::Model, percent: i32) -> String {
    let title = clocks::def(&row.code).map_or(row.code.as_str(), |def| def.title);
    let due = instant(row.due_at);
    let number = &row.number;
    match ended_at(row) {
        Some(end) if percent >= OVERDUE => {
            format!("{number} {title}：已超时，应于 {due} 前完成，实际 {}", instant(end))
        }
        None if percent >= OVERDUE => format!("{number} {title}：已超时，应于 {due} 前完成"),
        _ => format!("{number} {title}：时限已用 {percent}%，{due} 到期"),
    }
}

/// 「11月22日 17:12」 as a clock in China shows it.
fn instant(at: Timestamp) -> String {
    at.shanghai().format("%-m月%-d日 %H:%M").to_string()
}
