//! What happens to tickets of the other kinds, for a set in which every kind has its history: loops that stop a clock and
//! let it go on (a repair that fails, an invoice that is returned), questions asked again, a promise.

use lvyue::clocks::{Grade, Opening, Severity, What};
use lvyue::kit::clock::Timestamp;
use serde_json::json;

const HOUR: i64 = 3_600_000;

/// Event, what it means for clocks, the state after it, hours since the one before, and its detail.
pub type Step = (&'static str, What, &'static str, i64, String);

pub struct Story {
    pub kind: &'static str,
    pub prefix: &'static str,
    /// Of the vendor's steps, by their names; all others are the client's.
    pub vendors: &'static [&'static str],
    pub steps: Vec<Step>,
}

/// The history of ticket `i`, received at `at`; a fault's is made where the measured sets are.
pub fn story(i: i64, at: i64) -> Option<Story> {
    let none = || "{}".to_owned();
    let due = Timestamp(at + 60 * HOUR);
    let opened = |more: serde_json::Value| {
        let mut detail = json!({ "attachments": 0, "on_behalf": false });
        detail.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        detail.to_string()
    };
    let story = |kind, prefix, vendors, steps| Some(Story { kind, prefix, vendors, steps });
    let s = What::Submitted;
    match i % 8 {
        1 => story(
            "consultation",
            "ZX",
            &["answer"],
            vec![
                ("submitted", s(Opening::Consultation), "asked", 0, opened(json!({ "kind": "consultation" }))),
                ("answer", What::Answered, "answered", 30, none()),
                ("follow_up", What::FollowedUp, "asked", 2, none()),
                ("answer", What::Answered, "answered", 3, none()),
                ("close", What::Closed, "closed", 1, none()),
            ],
        ),
        2 => story(
            "change",
            "BG",
            &["log_contact", "reply", "schedule_change", "start_work", "submit_for_acceptance"],
            vec![
                ("submitted", s(Opening::Change), "draft", 0, opened(json!({ "kind": "change" }))),
                ("issue", What::Issued, "issued", 2, none()),
                ("log_contact", What::ContactLogged, "assessing", 20, none()),
                ("reply", What::Replied, "replied", 70, none()),
                ("reconsider", What::Reconsidered, "issued", 5, none()),
                ("log_contact", What::ContactLogged, "assessing", 3, none()),
                ("reply", What::Replied, "replied", 4, none()),
                ("approve", What::Approved, "scheduled", 6, none()),
                ("schedule_change", What::Noted, "scheduled", 2, none()),
                ("start_work", What::Noted, "implementing", 24, none()),
                ("submit_for_acceptance", What::SubmittedForAcceptance, "awaiting_acceptance", 48, none()),
                ("accept_change", What::ChangeAccepted, "closed", 12, none()),
            ],
        ),
        3 => story(
            "quality",
            "ZL",
            &["acknowledge", "mark_repaired"],
            vec![
                (
                    "submitted",
                    s(Opening::Quality { notified: true }),
                    "notified",
                    0,
                    opened(json!({ "kind": "quality", "notified": true })),
                ),
                ("acknowledge", What::Acknowledged, "repairing", 4, none()),
                ("mark_repaired", What::MarkedRepaired, "repaired", 60, none()),
                ("fail_verification", What::VerificationFailed, "repairing", 30, none()),
                ("mark_repaired", What::MarkedRepaired, "repaired", 20, none()),
                ("fail_verification", What::VerificationFailed, "repairing", 17, none()),
                ("mark_repaired", What::MarkedRepaired, "repaired", 9, none()),
                ("pass_verification", What::VerificationPassed, "closed", 3, none()),
            ],
        ),
        4 => story(
            "report",
            "BB",
            &["submit_report"],
            vec![
                ("submitted", s(Opening::Report { due_at: due }), "requested", 0, opened(json!({ "kind": "report", "due_at": due }))),
                ("submit_report", What::ReportSubmitted, "submitted", 40, none()),
                ("return_report", What::ReportReturned, "requested", 6, none()),
                ("submit_report", What::ReportSubmitted, "submitted", 20, none()),
                ("accept_report", What::ReportAccepted, "closed", 4, none()),
            ],
        ),
        5 => story(
            "invoice",
            "FP",
            &["issue_invoice"],
            vec![
                ("submitted", s(Opening::Invoice), "requested", 0, opened(json!({ "kind": "invoice" }))),
                ("issue_invoice", What::InvoiceIssued, "issued", 100, none()),
                ("return_invoice", What::InvoiceReturned, "requested", 50, none()),
                ("issue_invoice", What::InvoiceIssued, "issued", 80, none()),
                ("sign_receipt", What::ReceiptSigned, "closed", 5, none()),
            ],
        ),
        6 => story(
            "incident",
            "AQ",
            &["notify_client", "contain", "recover", "submit_review"],
            vec![
                ("submitted", s(Opening::Incident), "detected", 0, opened(json!({ "kind": "incident" }))),
                ("notify_client", What::ClientNotified, "notified", i % 3, none()),
                ("propose_grade", What::Noted, "notified", 1, json!({ "grade": "major" }).to_string()),
                ("agree_grade", What::GradeAgreed(Grade::Major), "graded", 1, json!({ "grade": "major" }).to_string()),
                ("decide_report", What::ReportDecided, "graded", i % 4, none()),
                ("contain", What::Noted, "contained", 2, none()),
                ("recover", What::Noted, "recovered", 5, none()),
                ("submit_review", What::Noted, "reviewed", 40, none()),
                ("accept_review", What::Closed, "closed", 8, none()),
            ],
        ),
        7 => {
            let eta = Timestamp(at + 40 * HOUR);
            story(
                "fault",
                "GZ",
                &["accept", "ask_client", "publish_solution", "mark_repaired"],
                vec![
                    (
                        "submitted",
                        s(Opening::Fault { severity: Severity::Minor }),
                        "submitted",
                        0,
                        opened(json!({ "kind": "fault", "severity": "minor" })),
                    ),
                    ("accept", What::Accepted, "in_progress", i % 11, none()),
                    (
                        "set_severity",
                        What::SeveritySet(Severity::Critical),
                        "in_progress",
                        1,
                        json!({ "severity": "critical" }).to_string(),
                    ),
                    ("ask_client", What::AskedClient, "awaiting_client", 1, none()),
                    ("supply", What::Supplied, "in_progress", 6, none()),
                    ("acknowledge_wait", What::WaitAcknowledged, "in_progress", 1, none()),
                    (
                        "publish_solution",
                        What::SolutionPublished { eta: Some(eta) },
                        "solution_given",
                        9,
                        json!({ "eta": eta, "number": 1, "solution_type": "plan" }).to_string(),
                    ),
                    ("mark_repaired", What::MarkedRepaired, "awaiting_confirmation", 8, none()),
                    ("fail_verification", What::VerificationFailed, "in_progress", 20, none()),
                    (
                        "publish_solution",
                        What::SolutionPublished { eta: None },
                        "solution_given",
                        5,
                        json!({ "eta": null, "number": 2, "solution_type": "fix" }).to_string(),
                    ),
                    ("mark_repaired", What::MarkedRepaired, "awaiting_confirmation", 1, none()),
                    ("confirm", What::Confirmed, "closed", 3, json!({ "rating": 4 }).to_string()),
                ],
            )
        }
        _ => None,
    }
}
