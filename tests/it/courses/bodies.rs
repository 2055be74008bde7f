//! The calls about courses, for the stories of wrong bodies: each would be accepted as it stands.

use serde_json::{Value, json};

use super::{about, add, article, item};
use crate::edge::Call;
use crate::support::World;
use crate::support::faults::id;

/// Where a draft and its item are.
#[derive(Clone, Default)]
pub struct Place {
    course: String,
    item: String,
    version: i64,
}

pub async fn place(w: &World) -> Place {
    let vera = w.as_("vera").await;
    let course = vera.post("/courses", about("错的")).await.created();
    let course = add(&vera, &course, article("文", "正文")).await;
    Place {
        course: id(&course), item: id(item(&course, "文")), version: course["version"].as_i64().unwrap()
    }
}

type Row = (
    &'static str,
    &'static str,
    String,
    bool,
    Value,
    &'static [(&'static str, usize)],
    &'static [&'static str],
);

pub fn calls(place: &Place) -> Vec<Call> {
    let course = format!("/courses/{}", place.course);
    let items = format!("{course}/items");
    let item = format!("{items}/{}", place.item);
    let upload = json!({ "name": "a.pdf", "size": 9, "media_type": "application/pdf" });
    let rows: [Row; 7] = [
        (
            "create_course",
            "vera",
            "/courses".into(),
            false,
            about("登录"),
            &[("title", 60), ("summary", 300)],
            &["category", "title", "summary", "mandatory_for"],
        ),
        (
            "change_course",
            "vera",
            course.clone(),
            true,
            json!({ "title": "新", "summary": "短", "due_days": 3, "mandatory_for": [] }),
            &[("title", 60), ("summary", 300)],
            &[],
        ),
        (
            "add_item",
            "vera",
            items,
            true,
            article("a", "正文"),
            &[("title", 60), ("section_title", 60)],
            &["kind", "section_title", "title", "required"],
        ),
        (
            "change_item",
            "vera",
            item,
            true,
            json!({ "title": "新", "section_title": "新", "position": 1 }),
            &[("title", 60), ("section_title", 60)],
            &[],
        ),
        (
            "preview_text",
            "vera",
            "/courses/preview".into(),
            false,
            json!({ "body_md": "x" }),
            &[],
            &["body_md"],
        ),
        (
            "act_on_course",
            "lena",
            format!("{course}/actions"),
            true,
            json!({ "action": "return_draft", "reason": "不" }),
            &[("reason", 500)],
            &["action", "reason"],
        ),
        ("begin_upload", "vera", "/uploads".into(), false, upload, &[], &["name", "size", "media_type"]),
    ];
    let call = |(operation, who, path, versioned, body, texts, required): Row| Call {
        operation,
        who,
        path,
        version: versioned.then_some(place.version),
        body,
        texts: texts.to_vec(),
        required: required.to_vec(),
    };
    rows.into_iter().map(call).collect()
}
