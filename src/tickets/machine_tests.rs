//! The tables of all kinds once more, typed by hand from the agreement and product.md 5.2, and every triple of
//! state, action and side tried against them.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Per action: from the states (`*` = every open one) by `C`, `V` or both, to a state (`=` = the same).
type Line = (&'static str, &'static str, &'static str, &'static str);

const COMMON: &[Line] = &[
    ("assign", "*", "V", "="),
    ("remind", "*", "C", "="),
    ("merge", "*", "CV", "merged"),
    ("link", "* closed", "CV", "="),
    ("escalate_to_incident", "* closed", "CV", "="),
];

const FAULT: &[Line] = &[
    ("accept", "submitted", "V", "in_progress"),
    ("ask_client", "in_progress", "V", "awaiting_client"),
    ("supply", "awaiting_client", "C", "in_progress"),
    ("acknowledge_wait", "*", "C", "="),
    ("set_severity", "*", "C", "="),
    ("publish_solution", "in_progress awaiting_client", "V", "solution_given"),
    ("reject_solution", "solution_given", "C", "in_progress"),
    ("mark_repaired", "solution_given", "V", "awaiting_confirmation"),
    ("confirm", "awaiting_confirmation", "C", "closed"),
    ("fail_verification", "awaiting_confirmation", "C", "in_progress"),
    ("reopen", "closed", "C", "in_progress"),
    ("withdraw", "*", "C", "withdrawn"),
    ("me_too", "*", "C", "="),
    ("agree_reclassify", "*", "C", "notified"),
    ("refuse_reclassify", "*", "C", "="),
];

const CHANGE: &[Line] = &[
    ("edit_notice", "draft awaiting_issue", "C", "="),
    ("edit_notice", "issued assessing replied scheduled", "C", "issued"),
    ("submit_for_issue", "draft", "C", "awaiting_issue"),
    ("return_draft", "awaiting_issue", "C", "draft"),
    ("issue", "draft awaiting_issue", "C", "issued"),
    ("waive_lead_time", "issued assessing replied", "V", "="),
    ("log_contact", "issued assessing", "V", "assessing"),
    ("draft_reply", "issued assessing", "V", "="),
    ("reply", "assessing", "V", "replied"),
    ("approve", "replied", "C", "scheduled"),
    ("reconsider", "replied", "C", "issued"),
    ("schedule_change", "scheduled", "V", "="),
    ("start_work", "scheduled", "V", "implementing"),
    ("submit_for_acceptance", "implementing", "V", "awaiting_acceptance"),
    ("accept_change", "awaiting_acceptance", "C", "closed"),
    ("reject_acceptance", "awaiting_acceptance", "C", "implementing"),
    ("withdraw", "*", "C", "withdrawn"),
    ("agree_reclassify", "*", "C", "notified"),
    ("refuse_reclassify", "*", "C", "="),
];

const CONSULTATION: &[Line] = &[
    ("answer", "asked", "V", "answered"),
    ("follow_up", "answered", "C", "asked"),
    ("close", "answered", "C", "closed"),
    ("reopen", "closed", "C", "asked"),
    ("withdraw", "*", "C", "withdrawn"),
    ("grant_remote", "*", "C", "="),
    ("refuse_remote", "*", "C", "="),
    ("schedule_visit", "*", "V", "="),
    ("arrive", "*", "V", "="),
    ("agree_reclassify", "*", "C", "notified"),
    ("refuse_reclassify", "*", "C", "="),
];

const QUALITY: &[Line] = &[
    ("confirm_notice", "proposed", "C", "notified"),
    ("acknowledge", "notified disputed", "V", "repairing"),
    ("dispute", "notified repairing", "V", "disputed"),
    ("propose_finding", "disputed", "V", "="),
    ("agree_finding", "disputed", "C", "closed"),
    ("mark_repaired", "repairing", "V", "repaired"),
    ("pass_verification", "repaired", "C", "closed"),
    ("fail_verification", "repaired", "C", "repairing"),
    ("set_severity", "*", "C", "="),
    ("reopen", "closed", "C", "notified"),
    ("withdraw", "*", "C", "withdrawn"),
    ("agree_reclassify", "*", "C", "notified"),
    ("refuse_reclassify", "*", "C", "="),
];

const REPORT: &[Line] = &[
    ("submit_report", "requested", "V", "submitted"),
    ("accept_report", "submitted", "C", "closed"),
    ("return_report", "submitted", "C", "requested"),
    ("withdraw", "*", "C", "withdrawn"),
];

const INSPECTION: &[Line] = &[
    ("quote", "requested", "V", "quoted"),
    ("agree_quote", "quoted", "C", "inspecting"),
    ("decline_quote", "quoted", "C", "closed"),
    ("submit_inspection_report", "inspecting", "V", "reported"),
    ("accept_report", "reported", "C", "closed"),
    ("return_report", "reported", "C", "inspecting"),
    ("withdraw", "*", "C", "withdrawn"),
];

const INVOICE: &[Line] = &[
    ("issue_invoice", "requested", "V", "issued"),
    ("sign_receipt", "issued", "C", "closed"),
    ("return_invoice", "issued", "C", "requested"),
    ("withdraw", "*", "C", "withdrawn"),
];

const INCIDENT: &[Line] = &[
    ("notify_client", "detected", "V", "notified"),
    ("propose_grade", "notified graded contained recovered reviewed", "V", "="),
    ("agree_grade", "notified", "C", "graded"),
    ("agree_grade", "graded contained recovered reviewed", "C", "="),
    ("contain", "notified graded", "V", "contained"),
    ("decide_report", "notified graded contained recovered reviewed", "C", "="),
    ("decide_personal_notice", "notified graded contained recovered reviewed", "C", "="),
    ("recover", "contained", "V", "recovered"),
    ("submit_review", "recovered", "V", "reviewed"),
    ("return_review", "reviewed", "C", "recovered"),
    ("withdraw", "detected notified", "C", "withdrawn"),
];

const KINDS: [(Kind, &str, &[Line]); 8] = [
    (Kind::Fault, "submitted in_progress awaiting_client solution_given awaiting_confirmation", FAULT),
    (Kind::Consultation, "asked answered", CONSULTATION),
    (
        Kind::Change,
        "draft awaiting_issue issued assessing replied scheduled implementing awaiting_acceptance",
        CHANGE,
    ),
    (Kind::Quality, "proposed notified disputed repairing repaired", QUALITY),
    (Kind::Incident, "detected notified graded contained recovered reviewed", INCIDENT),
    (Kind::Inspection, "requested quoted inspecting reported", INSPECTION),
    (Kind::Report, "requested submitted", REPORT),
    (Kind::Invoice, "requested issued", INVOICE),
];

/// A manager who neither reported nor repaired it, with everything proposed that waits for an answer and
/// nothing decided.
fn standing() -> Standing {
    Standing {
        proposed_kind: Some(Kind::Quality),
        open_wait: true,
        decision: Some(Decision::Accept),
        planned_on: Some(chrono::NaiveDate::default()),
        remote: Session::Requested,
        visit: Session::Agreed,
        finding: Some(false),
        proposed_grade: Some(crate::clocks::Grade::Major),
        ..Standing::default()
    }
}

fn situation(kind: Kind, state: State, side: Side) -> Situation {
    Situation {
        kind,
        state,
        side,
        is_manager: true,
        is_repairer: false,
        is_reporter: false,
        follows: false,
        has_answer: false,
        reopen_until: (state == State::Closed).then_some(Timestamp(14)),
        standing: standing(),
        now: Timestamp(14),
    }
}

fn state(word: &str) -> State {
    State::from_wire(word).unwrap_or_else(|| panic!("no state is called {word}"))
}

type Legal = BTreeMap<(State, Action, &'static str), State>;

fn legal(kind: Kind, open: &str, lines: &[Line]) -> Legal {
    let mut legal = Legal::new();
    let common = COMMON.iter().filter(|l| kind != Kind::Incident || l.0 != "escalate_to_incident");
    for (action, from, sides, to) in lines.iter().chain(common) {
        let action = Action::from_wire(action).unwrap_or_else(|| panic!("no action is called {action}"));
        for from in from.split(' ').flat_map(|f| if f == "*" { open.split(' ').collect() } else { vec![f] }) {
            let from = state(from);
            for side in ["C", "V"].into_iter().filter(|s| sides.contains(s)) {
                let to = if *to == "=" { from } else { state(to) };
                assert_eq!(legal.insert((from, action, side), to), None, "{action:?} from {from:?} twice");
            }
        }
    }
    legal
}

#[test]
fn every_triple_outside_the_tables_is_refused() {
    let mut tried = 0;
    let mut used = BTreeSet::new();
    for (kind, open, lines) in KINDS {
        let legal = legal(kind, open, lines);
        for from in State::ALL {
            for action in Action::ALL {
                for (side, letter) in [(Side::Client, "C"), (Side::Vendor, "V")] {
                    tried += 1;
                    let stepped = step(&situation(kind, *from, side), *action).ok();
                    let listed = legal.get(&(*from, *action, letter)).copied();
                    assert_eq!(stepped, listed, "{kind:?} {from:?} {action:?} {letter}");
                    used.extend(stepped.map(|_| *action));
                }
            }
        }
    }
    assert_eq!(tried, 8 * State::ALL.len() * Action::ALL.len() * 2);
    // What the circumstances of this test keep back is tried in `guards_hold`.
    let unused: Vec<_> = Action::ALL.iter().filter(|a| !used.contains(*a)).map(|a| a.wire()).collect();
    let kept_back = [
        "request_remote",
        "start_remote",
        "end_remote",
        "request_visit",
        "leave",
        "sign_visit",
        "accept_review",
        "reclassify",
    ];
    assert_eq!(unused, kept_back);
}

/// Whether it is possible there, and whether it still is when one thing is otherwise.
fn depends(kind: Kind, from: State, side: Side, action: Action, otherwise: impl Fn(&mut Situation)) {
    let mut s = situation(kind, from, side);
    let before = step(&s, action).is_ok();
    otherwise(&mut s);
    assert_eq!(step(&s, action).is_err(), before, "{kind:?} {from:?} {action:?}");
}

#[test]
fn guards_hold() {
    use Action as A;
    use Side::{Client, Vendor};
    use State as S;
    for (kind, from, action) in [
        (Kind::Fault, S::AwaitingConfirmation, A::Confirm),
        (Kind::Fault, S::AwaitingConfirmation, A::FailVerification),
        (Kind::Quality, S::Repaired, A::PassVerification),
        (Kind::Quality, S::Repaired, A::FailVerification),
        (Kind::Change, S::AwaitingAcceptance, A::AcceptChange),
    ] {
        depends(kind, from, Client, action, |s| s.is_repairer = true);
    }
    for kind in [Kind::Fault, Kind::Change, Kind::Report] {
        let from = kinds::spec(kind).open[0];
        let answered = |s: &mut Situation| (s.has_answer, s.is_manager) = (true, false);
        depends(kind, from, Client, A::Withdraw, answered);
        let mut managers = situation(kind, from, Client);
        managers.has_answer = true;
        assert_eq!(step(&managers, A::Withdraw), Ok(S::Withdrawn));
    }
    depends(Kind::Incident, S::Detected, Client, A::Withdraw, |s| s.is_manager = false);
    depends(Kind::Change, S::Issued, Client, A::EditNotice, |s| s.is_manager = false);
    depends(Kind::Fault, S::Submitted, Client, A::MeToo, |s| s.is_reporter = true);
    depends(Kind::Fault, S::Submitted, Client, A::MeToo, |s| s.follows = true);
    depends(Kind::Fault, S::InProgress, Client, A::AcknowledgeWait, |s| s.standing.open_wait = false);
    for (kind, from) in [
        (Kind::Fault, S::InProgress),
        (Kind::Quality, S::Disputed),
        (Kind::Consultation, S::Asked),
        (Kind::Change, S::Assessing),
    ] {
        depends(kind, from, Client, A::AgreeReclassify, |s| s.standing.proposed_kind = None);
        depends(kind, from, Vendor, A::Reclassify, |s| s.standing.proposed_kind = None);
    }
    depends(Kind::Change, S::Issued, Vendor, A::WaiveLeadTime, |s| s.standing.lead_time_waived = true);
    depends(Kind::Change, S::Replied, Client, A::Approve, |s| s.standing.decision = Some(Decision::Decline));
    depends(Kind::Change, S::Scheduled, Vendor, A::StartWork, |s| s.standing.planned_on = None);
    depends(Kind::Quality, S::Disputed, Client, A::AgreeFinding, |s| s.standing.finding = None);
    depends(Kind::Incident, S::Notified, Client, A::AgreeGrade, |s| s.standing.proposed_grade = None);
    depends(Kind::Incident, S::Graded, Client, A::DecideReport, |s| s.standing.report_decided = true);
    let told = |s: &mut Situation| s.standing.notice_decided = Some(false);
    depends(Kind::Incident, S::Graded, Client, A::DecidePersonalNotice, told);
    depends(Kind::Incident, S::Reviewed, Client, A::AcceptReview, |s| {
        s.standing.grade = Some(crate::clocks::Grade::General);
        s.standing.report_decided = true;
        s.standing.notice_decided = Some(true);
    });

    let valid = |valid| {
        let mut s = situation(Kind::Quality, S::Disputed, Client);
        s.standing.finding = Some(valid);
        step(&s, A::AgreeFinding)
    };
    assert_eq!((valid(true), valid(false)), (Ok(S::Repairing), Ok(S::Closed)));

    let closed = situation(Kind::Fault, S::Closed, Client);
    let late = Situation { now: Timestamp(15), ..closed };
    assert_eq!(step(&late, A::Reopen), Err(Refusal::ReopenWindowClosed));
}

#[test]
fn sessions_go_step_by_step() {
    use Action as A;
    use Session as S;
    use Side::{Client, Vendor};
    let possible = |side, set: &dyn Fn(&mut Standing)| {
        let mut s = situation(Kind::Consultation, State::Answered, side);
        (s.standing.remote, s.standing.visit) = (S::None, S::None);
        set(&mut s.standing);
        let of_sessions = |a: &&Action| {
            let word = a.wire();
            ["remote", "visit"].iter().any(|w| word.contains(w))
                || ["arrive", "leave", "close"].contains(&word)
        };
        let can = Action::ALL.iter().filter(of_sessions).filter(|a| step(&s, **a).is_ok());
        can.copied().collect::<Vec<_>>()
    };
    let remote = |side, at| possible(side, &move |s| (s.remote, s.visit) = (at, S::Left));
    assert_eq!(remote(Vendor, S::None), [A::RequestRemote]);
    assert_eq!(remote(Client, S::Requested), [A::GrantRemote, A::RefuseRemote, A::SignVisit]);
    assert_eq!(remote(Vendor, S::Agreed), [A::StartRemote]);
    assert_eq!(remote(Vendor, S::Running), [A::EndRemote]);
    let visit = |side, at| possible(side, &move |s| (s.remote, s.visit) = (S::Running, at));
    assert_eq!(visit(Client, S::None), [A::RequestVisit]);
    assert_eq!(visit(Vendor, S::Requested), [A::EndRemote, A::ScheduleVisit]);
    assert_eq!(visit(Vendor, S::Agreed), [A::EndRemote, A::ScheduleVisit, A::Arrive]);
    assert_eq!(visit(Vendor, S::Running), [A::EndRemote, A::Leave]);
    assert_eq!(visit(Client, S::Left), [A::SignVisit]);
    assert_eq!(possible(Client, &|_| ()), [A::Close, A::RequestVisit]);
}

#[test]
fn permission_narrows() {
    for kind in Kind::ALL {
        for state in State::ALL {
            for side in [Side::Client, Side::Vendor] {
                assert!(allowed_actions(&situation(*kind, *state, side), |_| false).is_empty());
            }
        }
    }
    let mut fresh = situation(Kind::Fault, State::Submitted, Side::Vendor);
    fresh.standing = Standing::default();
    let can = allowed_actions(&fresh, |_| true);
    use Action as A;
    assert_eq!(
        can,
        [A::Accept, A::Assign, A::Merge, A::Link, A::EscalateToIncident, A::Reclassify],
        "the vendor's on a fresh fault"
    );
}
