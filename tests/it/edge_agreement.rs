//! The calls about the agreement, for the stories of wrong bodies: each would be accepted as it stands.

use serde_json::{Value, json};

use crate::edge::Call;

type Row<'a> =
    (&'static str, &'static str, &'a str, Value, &'static [(&'static str, usize)], &'static [&'static str]);

/// `paths` are those of `Agreed::paths`.
pub fn calls(paths: &[String; 5]) -> Vec<Call> {
    let [parameters, import, milestone, delivery, renewal] = paths;
    let rows: [Row<'_>; 15] = [
        (
            "ask_due",
            "amy",
            "/calendar/due",
            json!({ "start": "2026-11-20T01:00:00Z", "unit": "working_days", "amount": 3, "pauses": [] }),
            &[],
            &["start", "unit", "amount"],
        ),
        (
            "propose_parameters",
            "cara",
            "/contract/parameters",
            json!({ "changes": { "P9": 3 }, "reason": "更快" }),
            &[("reason", 500)],
            &["changes", "reason"],
        ),
        (
            "act_on_parameters",
            "lena",
            parameters,
            json!({ "action": "decline", "reason": "不" }),
            &[("reason", 500)],
            &["action", "reason"],
        ),
        (
            "import_calendar",
            "lena",
            "/calendar/imports",
            json!({ "notice_text": "一、元旦：", "source": "国办" }),
            &[("source", 200), ("notice_text", 20_000)],
            &["source"],
        ),
        (
            "act_on_calendar_import",
            "lena",
            import,
            json!({ "action": "decline", "reason": "不" }),
            &[("reason", 500)],
            &["action", "reason"],
        ),
        (
            "propose_renewal",
            "lena",
            "/contract/renewals",
            json!({ "expires_on": "2028-11-16", "reason": "续一年" }),
            &[("reason", 500)],
            &["expires_on"],
        ),
        (
            "act_on_renewal",
            "lena",
            renewal,
            json!({ "action": "decline", "reason": "不" }),
            &[("reason", 500)],
            &["action", "reason"],
        ),
        (
            "act_on_milestone",
            "cara",
            milestone,
            json!({ "action": "submit", "text": "第一版", "attachment_ids": [] }),
            &[("text", 5000)],
            &["action", "text"],
        ),
        ("begin_stage", "lena", "/contract/stages", json!({ "stage": 1 }), &[], &["stage"]),
        ("create_delivery", "lena", "/contract/deliveries", json!({ "items": [] }), &[], &["items"]),
        (
            "act_on_delivery",
            "cara",
            delivery,
            json!({ "action": "reject_item", "number": 1, "reason": "缺页" }),
            &[("reason", 2000)],
            &["action", "number", "reason"],
        ),
        (
            "act_on_delivery",
            "cara",
            delivery,
            json!({ "action": "accept_item", "number": 1 }),
            &[],
            &["action", "number"],
        ),
        (
            "log_maintenance",
            "vera",
            "/contract/maintenance",
            json!({
                "kind": "backup", "performed_at": "2026-11-16T00:00:00Z", "result": "ok", "note": "好",
                "attachment_ids": [],
            }),
            &[("note", 2000)],
            &["kind", "performed_at", "result", "note"],
        ),
        (
            "act_on_exit",
            "lena",
            "/contract/exit/actions",
            json!({ "action": "done", "number": 1, "note": "已收回" }),
            &[],
            &["action", "number", "note"],
        ),
        (
            "act_on_exit",
            "cara",
            "/contract/exit/actions",
            json!({ "action": "confirm", "number": 1 }),
            &[],
            &["action", "number"],
        ),
    ];
    let call = |(operation, who, path, body, texts, required): Row<'_>| Call {
        operation,
        who,
        path: path.to_owned(),
        version: path.ends_with("/actions").then_some(1),
        body,
        texts: texts.to_vec(),
        required: required.to_vec(),
    };
    rows.into_iter().map(call).collect()
}
