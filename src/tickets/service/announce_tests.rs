//! The table of notices, beside product.md 5.4.

use super::*;

const CLIENT: Side = Side::Client;
const VENDOR: Side = Side::Vendor;

#[test]
fn the_matrix() {
    let rows: &[(Kind, &str, Side, Option<State>, &[To])] = &[
        (Kind::Fault, "submitted", CLIENT, None, &[Reporter, Managers, Agents]),
        (Kind::Fault, "message", VENDOR, None, &[Reporter, Followers, Managers]),
        (Kind::Fault, "message", CLIENT, None, &[Owner, Leads, Followers]),
        (Kind::Fault, "ask_client", VENDOR, None, &[Reporter, Followers, Managers]),
        (Kind::Fault, "publish_solution", VENDOR, None, &[Reporter, Followers, Managers]),
        (Kind::Fault, "mark_repaired", VENDOR, None, &[Reporter, Managers]),
        (Kind::Fault, "reopen", CLIENT, None, &[Owner, Leads, Managers, Followers]),
        (Kind::Fault, "remind", CLIENT, None, &[Owner, Leads, Managers]),
        (Kind::Fault, "assign", VENDOR, None, &[Owner]),
        (Kind::Fault, "reveal", VENDOR, None, &[]),
        (Kind::Change, "submitted", CLIENT, Some(State::Draft), &[]),
        (Kind::Change, "issue", CLIENT, None, &[Leads, Owner, Reporter]),
        (Kind::Change, "reply", VENDOR, None, &[Managers, Reporter]),
        (Kind::Change, "approve", CLIENT, None, &[Leads, Owner, Reporter]),
        (Kind::Quality, "submitted", CLIENT, Some(State::Proposed), &[Managers]),
        (Kind::Quality, "submitted", CLIENT, Some(State::Notified), &[Agents, Leads]),
        (Kind::Quality, "mark_repaired", VENDOR, None, &[Managers, Reporter]),
        (Kind::Report, "submitted", CLIENT, None, &[Leads]),
        (Kind::Report, "submit_report", VENDOR, None, &[Managers, Reporter]),
        (Kind::Incident, "submitted", CLIENT, None, &[Managers, Agents, Leads, Admins]),
        (Kind::Incident, "contain", VENDOR, None, &[Managers, Owner, Leads, Admins]),
    ];
    for (kind, event, by, state, to) in rows {
        assert_eq!(recipients(*kind, event, *by, *state), *to, "{kind:?} {event} {by:?}");
    }
}

#[test]
fn the_table_names_events_that_there_are() {
    let others = [words::SUBMITTED, words::MESSAGE, words::LINKED];
    for event in RULES.iter().flat_map(|r| r.events) {
        assert!(others.contains(event) || Action::from_wire(event).is_some(), "{event}");
    }
}

/// What no rule fits is silent; whoever adds an action decides here that it is meant to be.
#[test]
fn every_action_is_told_to_somebody_or_left_out_on_purpose() {
    let silent = ["me_too"];
    for action in Action::ALL {
        let told = [CLIENT, VENDOR]
            .iter()
            .any(|by| Kind::ALL.iter().any(|kind| !recipients(*kind, action.wire(), *by, None).is_empty()));
        assert_eq!(told, !silent.contains(&action.wire()), "{}", action.wire());
    }
}

#[test]
fn the_sentence_names_number_and_side_and_nobody() {
    assert_eq!(
        text(Kind::Fault, "GZ-2026-000123", VENDOR, "publish_solution").unwrap(),
        "故障 GZ-2026-000123：乙方给出方案"
    );
    assert_eq!(
        text(Kind::Change, "BG-2026-000001", CLIENT, "message").unwrap(),
        "变更 BG-2026-000001：甲方回复"
    );
    assert!(text(Kind::Fault, "GZ", CLIENT, "nothing").is_err());
}
