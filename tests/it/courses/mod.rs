//! Courses: written, reviewed, published, imported, and their media; what learners do with them is told elsewhere.

mod authoring;
pub mod bodies;
mod importing;
mod large;
pub mod media;
pub mod permissions;
mod slides;
mod uploads;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::fresh_key;
use crate::support::{Answer, Client, World};

/// What a course says about itself.
pub fn about(title: &str) -> Value {
    json!({
        "category": "operation", "title": title, "summary": "三分钟看完。", "mandatory_for": ["*"], "due_days": 30,
        "tags": ["登录"],
    })
}

pub const QUESTIONS: &str = "+++\npass = 60\nattempts = 2\n+++\n# 登录 抽 1\n## 要设密码吗？\n- [ ] 对\n- [x] 错\n> 用微信登录。\n\n## 邀请码能用几次？\n- [x] 一次\n- [ ] 两次\n- [ ] 不限\n# 隐私\n## 哪些不能写在标题里？\n- [x] 手机号\n- [x] 身份证号\n- [ ] 出错提示\n";

/// A call that carries the version that the caller saw.
pub async fn seen(client: &Client, method: Method, course: &Value, rest: &str, body: &Value) -> Answer {
    let path = format!("/courses/{}{rest}", course["id"].as_str().unwrap());
    let request = client.request(method, &path).header("if-match", course["version"].to_string());
    client.send(request.header("idempotency-key", fresh_key()).json(body)).await
}

pub async fn add(client: &Client, course: &Value, item: Value) -> Value {
    seen(client, Method::POST, course, "/items", &item).await.created()
}

pub async fn step(client: &Client, course: &Value, body: Value) -> Answer {
    seen(client, Method::POST, course, "/actions", &body).await
}

pub fn article(title: &str, body: &str) -> Value {
    json!({ "kind": "article", "section_title": "开始", "title": title, "required": true, "body_md": body })
}

/// The item of that title.
pub fn item<'a>(course: &'a Value, title: &str) -> &'a Value {
    let sections = course["sections"].as_array().unwrap();
    let mut items = sections.iter().flat_map(|s| s["items"].as_array().unwrap());
    items.find(|i| i["title"] == title).unwrap_or_else(|| panic!("no {title} in {course}"))
}

/// Vera submits what she wrote, lena reviews and publishes it.
pub async fn publish(w: &World, course: &Value) -> Value {
    let (vera, lena) = (w.as_("vera").await, w.as_("lena").await);
    let course = step(&vera, course, json!({ "action": "submit_for_review" })).await.ok();
    let course = step(&lena, &course, json!({ "action": "approve" })).await.ok();
    step(&lena, &course, json!({ "action": "publish" })).await.ok()
}

/// A published course of one article, by vera.
pub async fn published(w: &World, title: &str, body: &str) -> Value {
    let vera = w.as_("vera").await;
    let course = vera.post("/courses", about(title)).await.created();
    let course = add(&vera, &course, article("怎么登录", body)).await;
    publish(w, &course).await
}
