//! A body that fits for every action of every kind, where a story does not care what exactly is said.

use serde_json::{Value, json};

use super::engine::BEGINNING;

/// `other` is another ticket, where the action is about two.
pub fn body(action: &str, other: &str) -> Value {
    let mut body = match action {
        "accept"
        | "supply"
        | "answer"
        | "follow_up"
        | "request_remote"
        | "end_remote"
        | "request_visit"
        | "leave"
        | "acknowledge"
        | "submit_for_acceptance"
        | "submit_report"
        | "submit_inspection_report"
        | "notify_client"
        | "contain"
        | "recover"
        | "submit_review"
        | "escalate_to_incident"
        | "mark_repaired" => json!({ "text": "写明了情况" }),
        "ask_client" => json!({ "question": "哪一版？" }),
        "publish_solution" => json!({ "solution_type": "fix", "text": "改好了" }),
        "confirm" | "accept_change" => json!({ "rating": 5 }),
        "merge" => json!({ "into": other }),
        "link" => json!({ "to": other }),
        "reclassify" => json!({ "kind": "quality", "reason": "是质量问题" }),
        "set_severity" => json!({ "severity": "critical", "reason": "影响所有人" }),
        "edit_notice" => json!({ "description": "改一改" }),
        "log_contact" => json!({ "text": "电话里谈过", "channel": "phone" }),
        "draft_reply" | "reply" => {
            json!({ "schedule": "两周", "cost": "不加价", "quality": "不受影响", "decision": "accept" })
        }
        "schedule_change" => json!({ "planned_on": "2026-12-25", "text": "晚上发布" }),
        "schedule_visit" => json!({ "visit_at": BEGINNING.plus_seconds(90 * 86_400) }),
        "propose_finding" => json!({ "valid": true, "text": "确有缺陷" }),
        "quote" => json!({ "amount_cents": 500_000, "text": "含报告" }),
        "issue_invoice" => {
            json!({ "invoice_no": "25312000000012345678", "amount_cents": 500_000, "issued_on": "2026-11-16" })
        }
        "propose_grade" => json!({ "grade": "major", "text": "影响较大" }),
        "decide_report" => json!({ "report": true, "text": "上报省网信办" }),
        "decide_personal_notice" => json!({ "notify": true, "text": "逐一告知" }),
        "reject_solution" | "fail_verification" | "reopen" | "withdraw" | "refuse_reclassify"
        | "return_draft" | "waive_lead_time" | "reconsider" | "reject_acceptance" | "dispute"
        | "return_report" | "decline_quote" | "return_invoice" | "return_review" => {
            json!({ "reason": "说明了理由" })
        }
        _ => json!({}),
    };
    body["action"] = json!(action);
    body
}
