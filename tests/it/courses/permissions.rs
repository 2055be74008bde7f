//! What the permission matrix asks about courses: own = vera's draft, foreign = what is published; of uploads own =
//! vera's, foreign = vic's; of materials own = what is published, foreign = what is not.

use reqwest::Method;
use serde_json::{Value, json};

use super::uploads::{begin, send, whole};
use super::{about, add, article, item, publish};
use crate::support::faults::id;
use crate::support::{Answer, Client, World};

pub struct Written {
    draft: String,
    published: String,
    uploads: [String; 2],
    /// Video and article: published, not published.
    media: [String; 2],
    texts: [String; 2],
    digest: String,
}

async fn written(w: &World) -> (Value, String) {
    let vera = w.as_("vera").await;
    let course = vera.post("/courses", about("矩阵")).await.created();
    let film = whole(&vera, "a.mp4", "video/mp4", &super::media::mp4(1000, 500)).await;
    let video = json!({
        "kind": "video", "section_title": "看", "title": "片", "required": true, "upload_id": film,
        "captions": "WEBVTT\n\n00:00.000 --> 00:01.000\nx\n",
    });
    let course = add(&vera, &course, video).await;
    let picture = whole(&vera, "a.png", "image/png", &crate::attachments::png(3, 3)).await;
    let course = add(&vera, &course, article("文", &format!("![图](upload:{picture})"))).await;
    let body = item(&course, "文")["body_md"].as_str().unwrap();
    let digest = body.split("images/").nth(1).unwrap()[..64].to_owned();
    (course, digest)
}

impl Written {
    pub async fn set(w: &World) -> Self {
        let (draft, digest) = written(w).await;
        let (published, _) = written(w).await;
        let published = publish(w, &published).await;
        let mine = begin(&w.as_("vera").await, "b.pdf", "application/pdf", b"123").await.created();
        let other = begin(&w.as_("vic").await, "b.pdf", "application/pdf", b"123").await.created();
        let both = |title: &str| [&published, &draft].map(|c| id(item(c, title)));
        Self {
            draft: id(&draft),
            published: id(&published),
            uploads: [id(&mine), id(&other)],
            media: both("片"),
            texts: both("文"),
            digest,
        }
    }

    /// `None` when the line is not about courses.
    pub async fn ask(
        &self,
        line: &str,
        more: &str,
        relation: &str,
        client: &Client,
        missing: &str,
    ) -> Option<Answer> {
        let one = |own: &str, foreign: &str| match relation {
            "own" => own.to_owned(),
            "foreign" => foreign.to_owned(),
            _ => missing.to_owned(),
        };
        let course = one(&self.draft, &self.published);
        let upload = one(&self.uploads[0], &self.uploads[1]);
        let medium = one(&self.media[0], &self.media[1]);
        let text = one(&self.texts[0], &self.texts[1]);
        let old = async |method: Method, rest: String, body: Value| {
            let stale = json!({ "id": course, "version": 0 });
            super::seen(client, method, &stale, &rest, &body).await
        };
        Some(match line {
            "list_authoring" => client.get("/authoring/courses").await,
            "show_authoring" => client.get(&format!("/authoring/courses/{course}")).await,
            "create_course" => client.post("/courses", about("矩阵")).await,
            "preview_text" => client.post("/courses/preview", json!({ "body_md": "x" })).await,
            "change_course" => old(Method::PATCH, String::new(), json!({})).await,
            "add_item" => old(Method::POST, "/items".to_owned(), article("x", "x")).await,
            "change_item" => old(Method::PATCH, format!("/items/{missing}"), json!({})).await,
            "remove_item" => old(Method::DELETE, format!("/items/{missing}"), json!({})).await,
            "act_on_course" => {
                let reason = ["return_draft", "withdraw"].contains(&more);
                let body =
                    if reason { json!({ "action": more, "reason": "x" }) } else { json!({ "action": more }) };
                old(Method::POST, "/actions".to_owned(), body).await
            }
            "begin_upload" => begin(client, "a.pdf", "application/pdf", b"123").await,
            "show_upload" => client.get(&format!("/uploads/{upload}")).await,
            "continue_upload" => send(client, &upload, 0, b"").await,
            "read_content" => client.get(&format!("/materials/{medium}/content")).await,
            "read_captions" => client.get(&format!("/materials/{medium}/captions")).await,
            "read_image" => client.get(&format!("/materials/{text}/images/{}", self.digest)).await,
            _ => return None,
        })
    }
}
