//! Whom to tell what happened to a ticket: the matrix of notices as a table. What somebody does is told to the
//! others whom it concerns; what the program does by itself is told where it does it (`tickets::jobs`).

use super::{kind, unknown_word};
use crate::duties::Record;
use crate::kit::Kit;
use crate::kit::actor::{Role, Side};
use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::notices::{self, Notice, Recipient};
use crate::tickets::entity::event;
use crate::tickets::model::standing::event as words;
use crate::tickets::model::{Action, Kind, State, Visibility};
use crate::tickets::store::followers;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    Reporter,
    Followers,
    /// Who works on it; while nobody does, everybody of the vendor who could.
    Owner,
    Agents,
    Leads,
    Managers,
    Admins,
}

use To::{Admins, Agents, Followers, Leads, Managers, Owner, Reporter};

/// Who acted, where a rule depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Anybody,
    The(Side),
}

const CLIENT: By = By::The(Side::Client);
const VENDOR: By = By::The(Side::Vendor);

/// For these kinds (all when empty) and events, whom to tell.
struct Rule {
    kinds: &'static [Kind],
    events: &'static [&'static str],
    by: By,
    to: &'static [To],
}

const fn rule(kinds: &'static [Kind], by: By, events: &'static [&'static str], to: &'static [To]) -> Rule {
    Rule { kinds, events, by, to }
}

/// The first rule that fits counts; what none fits is told to nobody.
const RULES: &[Rule] = &[
    // Every step of an incident goes to whoever answers for it on either side.
    rule(&[Kind::Incident], By::Anybody, &[words::SUBMITTED], &[Managers, Agents, Leads, Admins]),
    rule(&[Kind::Incident], By::Anybody, &[words::LINKED, "remind", "link"], &[Owner, Leads]),
    rule(&[Kind::Incident], By::Anybody, &[words::MESSAGE], &[Managers, Owner, Leads]),
    rule(
        &[Kind::Incident],
        By::Anybody,
        &[
            "notify_client",
            "propose_grade",
            "agree_grade",
            "contain",
            "decide_report",
            "decide_personal_notice",
            "recover",
            "submit_review",
            "accept_review",
            "return_review",
        ],
        &[Managers, Owner, Leads, Admins],
    ),
    // Coming in. A draft of a change concerns nobody yet.
    rule(&[Kind::Change], By::Anybody, &[words::SUBMITTED], &[]),
    rule(&[Kind::Fault], By::Anybody, &[words::SUBMITTED], &[Reporter, Managers, Agents]),
    rule(&[Kind::Consultation], By::Anybody, &[words::SUBMITTED], &[Reporter, Agents]),
    rule(&[Kind::Report, Kind::Inspection, Kind::Invoice], By::Anybody, &[words::SUBMITTED], &[Leads]),
    // Talk.
    rule(&[], VENDOR, &["accept", "ask_client", words::MESSAGE], &[Reporter, Followers, Managers]),
    rule(&[], CLIENT, &["supply", "reject_solution", words::MESSAGE], &[Owner, Leads, Followers]),
    // 4.2
    rule(&[], VENDOR, &["publish_solution"], &[Reporter, Followers, Managers]),
    rule(&[Kind::Fault], VENDOR, &["mark_repaired"], &[Reporter, Managers]),
    rule(&[], CLIENT, &["confirm", "acknowledge_wait"], &[Owner, Followers]),
    rule(&[], CLIENT, &["fail_verification", "reopen"], &[Owner, Leads, Managers, Followers]),
    rule(&[], CLIENT, &["set_severity"], &[Owner, Leads]),
    rule(&[], By::Anybody, &["escalate_to_incident"], &[Reporter, Owner, Leads, Managers]),
    // 2.2
    rule(&[], CLIENT, &["submit_for_issue"], &[Managers]),
    rule(&[], CLIENT, &["return_draft"], &[Reporter]),
    rule(&[], CLIENT, &["issue", "edit_notice", "approve", "reconsider"], &[Leads, Owner, Reporter]),
    rule(&[], VENDOR, &["draft_reply"], &[Leads]),
    rule(&[], VENDOR, &["log_contact", "waive_lead_time"], &[Managers]),
    rule(
        &[],
        VENDOR,
        &["reply", "schedule_change", "start_work", "submit_for_acceptance"],
        &[Managers, Reporter],
    ),
    rule(&[], CLIENT, &["accept_change", "reject_acceptance"], &[Leads, Owner, Reporter]),
    // 7.3
    rule(&[], CLIENT, &["confirm_notice"], &[Agents, Leads, Reporter]),
    rule(&[], VENDOR, &["acknowledge", "dispute", "propose_finding", "mark_repaired"], &[Managers, Reporter]),
    rule(&[], CLIENT, &["agree_finding", "pass_verification"], &[Owner, Leads, Reporter]),
    // 6.1
    rule(
        &[],
        VENDOR,
        &["answer", "request_remote", "start_remote", "end_remote", "schedule_visit", "arrive", "leave"],
        &[Reporter, Followers],
    ),
    rule(&[], CLIENT, &["follow_up", "close", "grant_remote", "refuse_remote"], &[Owner]),
    rule(&[], CLIENT, &["request_visit", "sign_visit"], &[Owner, Leads]),
    // 3.2.2, 7.2.2, 4.3.2
    rule(
        &[],
        VENDOR,
        &["submit_report", "quote", "submit_inspection_report", "issue_invoice"],
        &[Managers, Reporter],
    ),
    rule(
        &[],
        CLIENT,
        &["accept_report", "return_report", "agree_quote", "decline_quote", "sign_receipt", "return_invoice"],
        &[Leads],
    ),
    // Any kind.
    rule(&[], By::Anybody, &["assign"], &[Owner]),
    rule(&[], CLIENT, &["remind"], &[Owner, Leads, Managers]),
    rule(&[], By::Anybody, &["withdraw"], &[Owner, Leads]),
    rule(&[], By::Anybody, &["merge"], &[Reporter, Owner, Followers]),
    rule(&[], VENDOR, &["reclassify"], &[Managers]),
    rule(&[], CLIENT, &["agree_reclassify", "refuse_reclassify"], &[Leads, Owner]),
];

/// Whom to tell of an event.
fn recipients(kind: Kind, event: &str, by: Side, to: Option<State>) -> &'static [To] {
    // An employee's defect waits for the manager's word; the manager's own is the notice already.
    match (kind, event, to) {
        (Kind::Quality, words::SUBMITTED, Some(State::Proposed)) => return &[Managers],
        (Kind::Quality, words::SUBMITTED, _) => return &[Agents, Leads],
        _ => {}
    }
    let fits = |r: &&Rule| {
        (r.kinds.is_empty() || r.kinds.contains(&kind))
            && (r.by == By::Anybody || r.by == By::The(by))
            && r.events.contains(&event)
    };
    RULES.iter().find(fits).map_or(&[], |r| r.to)
}

/// Tells those whom the event concerns, but for who did it. Internal notes are told to nobody.
///
/// # Errors
/// What the database says.
pub(super) async fn tell(kit: &Kit, tx: &WriteTx, event: &event::Model, record: &Record) -> Result<()> {
    let Some(by) = Side::from_wire(&event.actor_side) else { return Ok(()) };
    if event.visibility != Visibility::Public.wire() {
        return Ok(());
    }
    let kind = kind(record.kind)?;
    let groups = recipients(kind, &event.event, by, State::from_wire(&event.to_state));
    let mut to: Vec<Recipient> = Vec::new();
    for group in groups {
        match group {
            Reporter => to.extend(record.reporter_id.map(Recipient::Person)),
            Followers => {
                let following = followers::of(&**tx, record.id).await?;
                to.extend(following.into_iter().map(|f| Recipient::Person(f.person_id)));
            }
            Owner => to.push(record.owner_id.map_or(Recipient::Role(Role::VendorAgent), Recipient::Person)),
            Agents => to.push(Recipient::Role(Role::VendorAgent)),
            Leads => to.push(Recipient::Role(Role::VendorLead)),
            Managers => to.push(Recipient::Role(Role::ClientManager)),
            Admins => to.push(Recipient::Role(Role::Admin)),
        }
    }
    if to.is_empty() {
        return Ok(());
    }
    let notice = Notice {
        event: format!("ticket.{}", event.event),
        object_kind: "ticket",
        object_id: record.id,
        number: record.number.clone(),
        text: text(kind, &record.number, by, &event.event)?,
        urgent: is_urgent(kind, &event.event),
        by: event.actor_id,
    };
    if event.event == words::SUBMITTED {
        return notices::tell_new(kit, tx, event.at, &to, &notice).await;
    }
    notices::tell(kit, tx, event.at, &to, &notice).await
}

/// 「故障 GZ-2026-000123：乙方给出方案」
fn text(kind: Kind, number: &str, by: Side, event: &str) -> Result<String> {
    let what = match event {
        words::SUBMITTED => "提交",
        words::MESSAGE => "回复",
        words::LINKED => "关联另一工单",
        other => Action::from_wire(other).ok_or_else(|| unknown_word("ticket_events.event"))?.title(),
    };
    let who = match by {
        Side::Client => "甲方",
        Side::Vendor => "乙方",
    };
    Ok(format!("{} {number}：{who}{what}", kind.title()))
}

/// Faults that somebody has to take up now, and incidents, are told at any hour.
fn is_urgent(kind: Kind, event: &str) -> bool {
    match kind {
        Kind::Incident => true,
        Kind::Fault => [words::SUBMITTED, "remind", "reopen"].contains(&event),
        _ => false,
    }
}

#[cfg(test)]
#[path = "announce_tests.rs"]
mod tests;
