//! From a draft to what learners have, and back.

use reqwest::Method;
use serde_json::{Value, json};

use super::uploads::whole;
use super::{QUESTIONS, about, add, article, item, publish, published, seen, step};
use crate::support::faults::{id, report};
use crate::support::{World, sql};

story!(a_course_is_reviewed_by_somebody_else_and_published_whole, async |w: World| {
    let (vera, vic, lena) = (w.as_("vera").await, w.as_("vic").await, w.as_("lena").await);
    let course = vera.post("/courses", about("登录")).await.created();
    assert_eq!(course["allowed_actions"], json!(["submit_for_review"]));
    step(&vera, &course, json!({ "action": "submit_for_review" })).await.refused(409, "ACTION_NOT_ALLOWED");
    let course = add(&vera, &course, article("怎么登录", "先**看**提示。")).await;
    let quiz = json!({ "kind": "quiz", "section_title": "小测", "title": "测一测", "required": true, "questions_text": QUESTIONS });
    let course = add(&vera, &course, quiz).await;
    let link = json!({ "kind": "link", "section_title": "小测", "title": "去报障", "required": false, "link": "/packages/ticket/new/index" });
    let course = add(&vera, &course, link).await;
    // What is written is nobody's but the vendor's.
    let path = format!("/authoring/courses/{}", id(&course));
    for who in ["amy", "cara", "audrey", "adam"] {
        w.as_(who).await.get(&path).await.refused(403, "FORBIDDEN");
        w.as_(who).await.get("/authoring/courses").await.refused(403, "FORBIDDEN");
    }
    assert!(lvyue::courses::published(w.app.kit()).await.unwrap().courses.is_empty());
    let course = step(&vera, &course, json!({ "action": "submit_for_review" })).await.ok();
    // Not while it is being reviewed, not by whoever wrote it, not by an agent.
    seen(&vic, Method::PATCH, &course, "", &json!({ "title": "改" }))
        .await
        .refused(409, "ACTION_NOT_ALLOWED");
    step(&vera, &course, json!({ "action": "approve" })).await.refused(403, "FORBIDDEN");
    step(&lena, &course, json!({ "action": "publish" })).await.refused(409, "ACTION_NOT_ALLOWED");
    let course = step(&lena, &course, json!({ "action": "return_draft", "reason": "少一张图" })).await.ok();
    assert_eq!((course["state"].as_str(), course["reason"].as_str()), (Some("draft"), Some("少一张图")));
    // Lena writes something herself: then she is not the one who reviews it.
    let course = seen(&lena, Method::PATCH, &course, "", &json!({ "title": "登录与绑定" })).await.ok();
    let course = step(&lena, &course, json!({ "action": "submit_for_review" })).await.ok();
    let refused =
        step(&lena, &course, json!({ "action": "approve" })).await.refused(409, "ACTION_NOT_ALLOWED");
    assert!(refused["detail"].as_str().unwrap().contains("不能自己审核"), "{refused}");
    assert_eq!(refused["allowed_actions"], json!(["return_draft"]));
    let course = step(&lena, &course, json!({ "action": "return_draft", "reason": "请韦拉改" })).await.ok();
    let course = seen(&vera, Method::PATCH, &course, "", &json!({ "due_days": 14 })).await.ok();
    let course = publish(&w, &course).await;
    assert_eq!((course["edition"].as_i64(), course["state"].as_str()), (Some(1), Some("published")));
    assert_eq!(course["allowed_actions"], json!(["withdraw", "revise"]));
    let catalog = lvyue::courses::published(w.app.kit()).await.unwrap();
    let seen_by_learners = &catalog.courses[0];
    assert_eq!((seen_by_learners.title.as_str(), seen_by_learners.due_days), ("登录与绑定", Some(14)));
    let titles: Vec<_> = seen_by_learners.items().map(|i| i.title.as_str()).collect();
    assert_eq!(titles, ["怎么登录", "测一测", "去报障"]);
    let rules = seen_by_learners.items().nth(1).unwrap().quiz.unwrap();
    assert_eq!((rules.questions, rules.pass_percent, rules.attempts_per_day), (2, 60, 2));
    let quiz = lvyue::courses::quiz(w.app.kit(), seen_by_learners.items().nth(1).unwrap().id).await.unwrap();
    assert_eq!(quiz.paper.questions().count(), 3);
    let entries =
        sql::number(w.db(), "SELECT COUNT(*) FROM ledger_entries WHERE object_kind = 'course'").await;
    assert!(entries >= 12, "{entries}");
    w
});

story!(reviewers_and_authors_are_told_of_a_course, async |w: World| {
    let notices = async |who: &str| {
        let all = w.as_(who).await.all("/inbox").await;
        let text = |n: &Value| format!("{} {}", n["event"].as_str().unwrap(), n["text"].as_str().unwrap());
        all.iter().filter(|n| n["about"]["kind"] == "authoring").map(text).collect::<Vec<_>>()
    };
    let (vera, lena) = (w.as_("vera").await, w.as_("lena").await);
    let course = vera.post("/courses", about("登录")).await.created();
    let course = add(&vera, &course, article("怎么登录", "先看提示。")).await;
    let submit = json!({ "action": "submit_for_review" });
    let course = step(&vera, &course, submit.clone()).await.ok();
    // The lead may review it; the other agent, the author and the client may not.
    assert_eq!(notices("lena").await, ["course.submitted 《登录》等人审核"]);
    for who in ["vera", "vic", "cara", "amy", "audrey"] {
        assert_eq!(notices(who).await, [] as [String; 0], "{who}");
    }
    let about_it = lena.get("/inbox").await.ok()["items"][0]["about"].clone();
    assert_eq!((&about_it["id"], &about_it["number"]), (&course["id"], &json!("登录")));
    let course = step(&lena, &course, json!({ "action": "return_draft", "reason": "少一张图" })).await.ok();
    assert_eq!(notices("vera").await, ["course.returned 《登录》被退回，看看要改什么"]);
    let course = publish(&w, &course).await;
    assert_eq!(notices("vera").await[0], "course.published 《登录》第 1 版已发布");
    assert_eq!(notices("lena").await.len(), 1, "the same within ten minutes is one notice");
    // A lead who wrote last does not review, and hears nothing of waiting for a review.
    w.hours(1);
    let (vera, lena) = (w.as_("vera").await, w.as_("lena").await);
    let course = step(&lena, &course, json!({ "action": "revise" })).await.ok();
    let course = seen(&lena, Method::PATCH, &course, "", &json!({ "title": "登录与绑定" })).await.ok();
    step(&vera, &course, submit).await.ok();
    assert_eq!(notices("lena").await.len(), 1);
    w
});

story!(a_new_edition_leaves_the_old_one_as_it_was, async |w: World| {
    let course = published(&w, "登录", "第一版").await;
    let vera = w.as_("vera").await;
    let catalog = async || lvyue::courses::published(w.app.kit()).await.unwrap();
    let first = catalog().await;
    let was = first.courses[0].items().next().unwrap().clone();
    let course = step(&vera, &course, json!({ "action": "revise" })).await.ok();
    let path = format!("/items/{}", was.id);
    let course = seen(&vera, Method::PATCH, &course, &path, &json!({ "body_md": "第二版" })).await.ok();
    let course = add(&vera, &course, article("再看一眼", "补充")).await;
    assert_eq!(item(&course, "怎么登录")["draft_version"], 2);
    // Learners keep what they have while somebody writes.
    let still = catalog().await;
    assert_eq!((still.generation, still.courses[0].items().count()), (first.generation, 1));
    w.hours(1);
    let (vera, lena) = (w.as_("vera").await, w.as_("lena").await);
    let course = publish(&w, &course).await;
    let second = catalog().await;
    assert!(second.generation > first.generation);
    let now = second.courses[0].items().next().unwrap();
    assert_eq!((now.id, now.version_no, second.courses[0].items().count()), (was.id, 2, 2));
    assert_eq!(second.courses[0].first_published_at, first.courses[0].published_at);
    let db = w.db().reader();
    let old = lvyue::courses::version(db, was.version_id).await.unwrap();
    assert!(old.html.contains("第一版"));
    assert!(lvyue::courses::version(db, now.version_id).await.unwrap().html.contains("第二版"));
    // An item that is taken out stays in the edition that had it.
    let course = step(&vera, &course, json!({ "action": "revise" })).await.ok();
    let course = seen(&vera, Method::DELETE, &course, &path, &json!({})).await.ok();
    assert_eq!(catalog().await.courses[0].items().count(), 2);
    let course = publish(&w, &course).await;
    assert_eq!(catalog().await.courses[0].items().count(), 1);
    let hits = async |q: &str| w.as_("amy").await.get(&format!("/search?q={q}&in=materials")).await.ok();
    assert_eq!(hits("再看一眼").await["total"], 1);
    assert_eq!(hits("第二版").await["total"], 0, "what was taken out is not found");
    let reason = json!({ "action": "withdraw", "reason": "过时了" });
    step(&vera, &course, reason.clone()).await.refused(403, "FORBIDDEN");
    let course = step(&lena, &course, reason).await.ok();
    assert_eq!((course["state"].as_str(), course["in_force"].is_null()), (Some("withdrawn"), true));
    assert!(catalog().await.courses.is_empty());
    assert_eq!(hits("再看一眼").await["total"], 0);
    w
});

story!(pictures_come_with_their_text_and_nothing_else_does, async |w: World| {
    let (vera, amy) = (w.as_("vera").await, w.as_("amy").await);
    let course = vera.post("/courses", about("登录")).await.created();
    let upload = whole(&vera, "a.png", "image/png", &crate::attachments::png(9, 7)).await;
    let body = format!(
        "看图：\n\n![登录页](upload:{upload})\n\n<script>alert(1)</script><img src=x onerror=alert(1)>"
    );
    let course = add(&vera, &course, article("怎么登录", &body)).await;
    let html = item(&course, "怎么登录")["body_html"].as_str().unwrap().to_owned();
    assert!(!html.contains("<script") && !html.contains("<img src=\"x"), "{html}");
    let address = html.split("src=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    // The address speaks for itself, for as long as it lasts; the path alone does not.
    let picture = w.nobody().get(&address).await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
    assert_eq!(image::load_from_memory(&picture.bytes).unwrap().width(), 9);
    let bare = address.split('?').next().unwrap();
    w.nobody().get(bare).await.refused(401, "LOGIN_REQUIRED");
    amy.get(bare).await.refused(404, "NOT_FOUND");
    vera.get(bare).await.ok();
    for bent in
        [address.replace("t=A", "t=B"), format!("{address}A"), address.replace("/images/0", "/images/1")]
    {
        if bent != address {
            assert!([401, 404].contains(&w.nobody().get(&bent).await.status), "{bent}");
        }
    }
    publish(&w, &course).await;
    assert_eq!(amy.get(bare).await.status, 200);
    let other = bare.rsplit_once('/').unwrap().0.to_owned() + "/" + &"0".repeat(64);
    amy.get(&other).await.refused(404, "NOT_FOUND");
    w.hours(4);
    w.nobody().get(&address).await.refused(401, "LOGIN_REQUIRED");
    // A stored text that somebody bent in the database is sanitised once more when it is shown.
    let evil =
        "<p onclick=\"alert(1)\">x</p><svg onload=alert(1)></svg><a href=\"https://evil.example\">y</a>";
    sql::execute(w.db(), &format!("UPDATE item_versions SET body_html = '{evil}'")).await.unwrap();
    let vera = w.as_("vera").await;
    let shown = vera.get(&format!("/authoring/courses/{}", id(&course))).await.ok();
    assert_eq!(item(&shown, "怎么登录")["body_html"], "<p>x</p>y");
    w
});

story!(what_is_wrong_is_said_by_field_and_line, async |w: World| {
    let vera = w.as_("vera").await;
    for (field, bad) in [
        ("title", json!("")),
        ("title", json!("长".repeat(61))),
        ("summary", json!("长".repeat(301))),
        ("mandatory_for", json!(["没有这个部门"])),
        ("mandatory_for", json!(["*", "市场部"])),
        ("due_days", json!(4000)),
        ("category", json!("cooking")),
        ("tags", json!(vec!["x"; 11])),
    ] {
        let mut body = about("登录");
        body[field] = bad;
        vera.post("/courses", body).await.field(field);
    }
    let course = vera
        .post(
            "/courses",
            json!({ "category": "operation", "title": "登录", "summary": "短", "mandatory_for": ["市场部"] }),
        )
        .await
        .created();
    let mut wrong = Vec::new();
    for (field, change) in [
        ("body_md", json!({ "body_md": "一\n\n![x](https://evil.example/x.png)" })),
        ("body_md", json!({ "body_md": "" })),
        ("link", json!({ "kind": "link", "link": "https://evil.example" })),
        ("upload_id", json!({ "kind": "video" })),
        ("questions_text", json!({ "kind": "quiz", "questions_text": "## 问\n- [ ] a\n- [ ] b" })),
        ("captions", json!({ "captions": "WEBVTT\n\n00:01.000 --> 00:02.000\nx" })),
        ("section_title", json!({ "section_title": "" })),
    ] {
        let mut body = article("a", "正文");
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        wrong.push(seen(&vera, Method::POST, &course, "/items", &body).await.field(field));
    }
    let said = |problem: &Value| problem["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(said(&wrong[0]).starts_with("第 3 行"), "{}", wrong[0]);
    assert!(said(&wrong[4]).starts_with("第 1 行"), "{}", wrong[4]);
    assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM course_items").await, 0);
    let stale = json!({ "id": course["id"], "version": 0 });
    seen(&vera, Method::PATCH, &stale, "", &json!({ "title": "新" })).await.refused(412, "VERSION_STALE");
    let preview = vera.post("/courses/preview", json!({ "body_md": "**好** ![图](upload:x)" })).await.ok();
    assert_eq!(preview["html"], "<p><strong>好</strong> 〔图：图〕</p>\n");
    w
});

story!(a_closed_ticket_becomes_an_article_without_its_people, async |w: World| {
    let (amy, vera) = (w.as_("amy").await, w.as_("vera").await);
    let mut body = report("艾米莉的打印机不出纸");
    body["description"] = json!("联系 13912345678 或 amy@corp.example，艾米莉在 3 楼；<b>急</b>");
    let ticket = id(&amy.post("/tickets", body).await.created());
    let path = format!("/tickets/{ticket}/article");
    vera.does(&ticket, json!({ "action": "accept", "text": "收到" })).await;
    vera.post(&path, json!({})).await.refused(409, "ACTION_NOT_ALLOWED");
    vera.does(
        &ticket,
        json!({ "action": "publish_solution", "solution_type": "fix", "text": "请艾米莉重启，找韦工" }),
    )
    .await;
    vera.does(&ticket, json!({ "action": "mark_repaired" })).await;
    amy.does(&ticket, json!({ "action": "confirm", "rating": 5 })).await;
    amy.post(&path, json!({})).await.refused(403, "FORBIDDEN");
    w.as_("ben").await.post(&path, json!({})).await.refused(404, "NOT_FOUND");
    let course = vera.post(&path, json!({})).await.created();
    assert_eq!((course["slug"].as_str(), course["state"].as_str()), (Some("faq"), Some("draft")));
    let written = course["sections"][0]["items"][0].clone();
    assert_eq!(course["item_id"], written["id"]);
    let text = written.to_string();
    for gone in ["艾米莉", "13912345678", "amy@corp.example", "韦工", "<b>急"] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
    for stays in ["打印机不出纸", "〔电话〕", "〔邮箱〕", "〔姓名〕", "重启"] {
        assert!(text.contains(stays), "{stays} in {text}");
    }
    // The course of questions may be published in the meantime: then it becomes a draft again.
    publish(&w, &course).await;
    let again = vera.post(&path, json!({})).await.created();
    assert_eq!((again["state"].as_str(), again["in_force"].as_i64()), (Some("draft"), Some(1)));
    assert_eq!(again["sections"][0]["items"].as_array().unwrap().len(), 2);
    assert_eq!(again["item_id"], again["sections"][0]["items"][1]["id"]);
    // A question is answered with words, not with a solution.
    let asked =
        json!({ "kind": "consultation", "title": "报表怎么导出", "description": "找不到", "mode": "online" });
    let question = id(&amy.post("/tickets", asked).await.created());
    vera.does(&question, json!({ "action": "answer", "text": "右上角点导出，不行就找韦工。" })).await;
    amy.does(&question, json!({ "action": "close" })).await;
    let third = vera.post(&format!("/tickets/{question}/article"), json!({})).await.created();
    let body = third["sections"][0]["items"][2]["body_md"].as_str().unwrap();
    assert!(body.contains("右上角点导出，不行就找〔姓名〕") && !body.contains("请补充"), "{body}");
    w
});
