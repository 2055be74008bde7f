//! The calls about learning and classes, for the stories of wrong bodies: each would be accepted as it stands, but
//! for the codes, which nobody guesses.

use serde_json::{Value, json};

use super::permissions::Taught;
use super::published::id;
use crate::edge::Call;

type Row =
    (&'static str, &'static str, String, Value, &'static [(&'static str, usize)], &'static [&'static str]);

/// `taught` is `None` where only the names of the operations matter.
pub fn calls(taught: Option<&Taught>) -> Vec<Call> {
    let [attempt, class] = taught.map(Taught::places).unwrap_or_default();
    let class = format!("/training-sessions/{class}");
    let plan = taught.map_or_else(|| json!({}), Taught::plan);
    let film = json!({ "player": "p", "seq": 1, "from": 0, "to": 0, "position": 0 });
    let code = || json!({ "code": "000000" });
    let rows: [Row; 6] = [
        (
            "report_progress",
            "amy",
            format!("/materials/{}/progress", id(12)),
            film,
            &[("player", 64)],
            &["seq", "from", "to", "position"],
        ),
        (
            "submit_attempt",
            "amy",
            format!("/attempts/{attempt}/submit"),
            json!({ "answers": [{ "no": 99, "chosen": [] }] }),
            &[],
            &["answers"],
        ),
        (
            "propose_class",
            "lena",
            "/training-sessions".into(),
            plan,
            &[("title", 80), ("place", 200), ("agenda", 2000)],
            &["category", "title", "mode", "starts_at", "ends_at"],
        ),
        (
            "act_on_class",
            "lena",
            format!("{class}/actions"),
            json!({ "action": "cancel", "reason": "改期" }),
            &[("reason", 500)],
            &["action", "reason"],
        ),
        ("sign_in_to_class", "amy", format!("{class}/sign-in"), code(), &[], &["code"]),
        ("sign_out_of_class", "amy", format!("{class}/sign-out"), code(), &[], &["code"]),
    ];
    let call = |(operation, who, path, body, texts, required): Row| Call {
        operation,
        who,
        path,
        version: (operation == "act_on_class").then_some(1),
        body,
        texts: texts.to_vec(),
        required: required.to_vec(),
    };
    rows.into_iter().map(call).collect()
}
