//! Slides: pictures that are turned page by page, from a folder or from a phone, and read page by page.

use std::fs;

use chrono::TimeDelta;
use lvyue::courses::{Refusal, import, publisher};
use reqwest::Method;
use serde_json::{Value, json};

use super::uploads::whole;
use super::{about, add, item, publish, seen};
use crate::attachments::{pdf, png};
use crate::support::faults::id;
use crate::support::{Client, World};

const HEAD: &str = "+++\ncategory = \"operation\"\ntitle = \"一页一页看\"\n+++\n三页看完。\n";
const PAGES: &str = "+++\ntitle = \"三页看懂报修\"\nslides = \"pages\"\nmin_dwell_seconds = 9\n+++\n## 先说清楚\n\n看到**什么**。\n---\n---\n第三页的话。\n";

fn folder(w: &World) -> std::path::PathBuf {
    let course = w.path("courses/slides");
    fs::create_dir_all(course.join("pages")).unwrap();
    fs::write(course.join("course.md"), HEAD).unwrap();
    fs::write(course.join("01-three.md"), PAGES).unwrap();
    for (name, width) in [("幻灯片 10.png", 13), ("幻灯片 2.png", 12), ("幻灯片 1.png", 11), (".hidden", 1)]
    {
        fs::write(course.join("pages").join(name), png(width, 9)).unwrap();
    }
    course
}

/// The widths of the pages' pictures, as anybody with their addresses gets them.
async fn widths(w: &World, shown: &Value) -> Vec<u32> {
    let mut widths = Vec::new();
    for page in shown["slides"].as_array().unwrap() {
        let picture = w.nobody().get(page["image_url"].as_str().unwrap()).await;
        assert_eq!(picture.status, 200, "{picture}");
        widths.push(image::load_from_memory(&picture.bytes).unwrap().width());
    }
    widths
}

async fn shown_page(w: &World, path: &str, seq: i64, seconds: i64, page: i64) -> Value {
    w.pass(TimeDelta::seconds(seconds));
    let body = json!({ "player": "p", "seq": seq, "dwell_seconds": seconds, "page": page });
    w.as_("amy").await.post(&format!("{path}/progress"), body).await.ok()
}

story!(slides_of_a_folder_are_read_page_by_page, async |w: World| {
    w.agreed().await;
    let kit = w.app.kit();
    let lena = publisher(kit, "V200003").await.unwrap();
    let done = import(kit, &folder(&w), Some(&lena)).await.ok().unwrap().remove(0);
    assert!(done.published, "{done:?}");
    let path = {
        let catalog = lvyue::courses::published(kit).await.unwrap();
        format!("/materials/{}", catalog.courses[0].items().next().unwrap().id)
    };
    let shown = w.as_("amy").await.get(&path).await.ok();
    let asked = [&shown["pages"], &shown["min_coverage"], &shown["min_dwell_seconds"], &shown["page_ms"]];
    assert_eq!(json!(asked), json!([3, 100, 9, 3000]), "{shown}");
    assert!(shown["content_url"].is_null() && shown["html"].is_null(), "{shown}");
    assert_eq!(widths(&w, &shown).await, [11, 12, 13], "2 comes before 10");
    let said: Vec<_> = shown["slides"].as_array().unwrap().iter().map(|s| (&s["alt"], &s["html"])).collect();
    assert_eq!(
        said[0],
        (&json!("先说清楚"), &json!("<h2>先说清楚</h2>\n<p>看到<strong>什么</strong>。</p>\n"))
    );
    assert_eq!(said[1], (&json!("第 2 页"), &json!("")));
    assert_eq!(said[2].1, "<p>第三页的话。</p>\n");
    let hits = w.as_("amy").await.get("/search?q=第三页的话&in=materials").await.ok();
    assert_eq!(hits["total"], 1, "the words of pages are found");

    // Turning the pages is no reading, and neither is one page for all the time.
    shown_page(&w, &path, 1, 0, 1).await;
    for (seq, page) in [(2, 1), (3, 2), (4, 3)] {
        assert_eq!(shown_page(&w, &path, seq, 1, page).await["coverage"], 0);
    }
    assert_eq!(w.as_("amy").await.get(&path).await.ok()["my"]["page"], 3, "where to go on");
    let stayed = shown_page(&w, &path, 5, 60, 3).await;
    assert_eq!((&stayed["coverage"], &stayed["completed"]), (&json!(33), &json!(false)));
    assert_eq!(shown_page(&w, &path, 6, 4, 1).await["completed"], false);
    let last = shown_page(&w, &path, 7, 4, 2).await;
    assert_eq!((&last["coverage"], &last["course"]["completed"]), (&json!(100), &json!(true)), "{last}");
    let amy = w.as_("amy").await;
    let beyond = json!({ "player": "p", "seq": 8, "dwell_seconds": 1, "page": 4 });
    amy.post(&format!("{path}/progress"), beyond).await.field("page");
    w
});

story!(a_folder_with_wrong_slides_is_refused_by_line, async |w: World| {
    let kit = w.app.kit();
    let course = folder(&w);
    let refused = async |place: &str, words: &str| {
        let said = match import(kit, &course, None).await {
            Err(Refusal::Bad(bad)) => Refusal::Bad(bad).to_string(),
            other => panic!("{other:?}"),
        };
        assert!(said.contains(place) && said.contains(words), "{said}");
    };
    let text = |from: &str, to: &str| fs::write(course.join("01-three.md"), PAGES.replace(from, to)).unwrap();
    text("slides = \"pages\"", "slides = \"sheets\"");
    refused("01-three.md 第 3 行", "没有 sheets 文件夹").await;
    text("slides = \"pages\"", "slides = \"../slides/pages\"");
    refused("01-three.md 第 3 行", "课程文件夹里的文件").await;
    text("---\n---\n", "---\n---\n---\n");
    refused("01-three.md 第 12 行", "只有 3 页").await;
    text("第三页的话。", "![图](pages/x.png)");
    refused("01-three.md 第 11 行", "放进 pages").await;
    text("", "");
    for (bytes, words) in [(pdf(), "幻灯片 2.png 的内容和扩展名不符"), (b"GIF89a".to_vec(), "幻灯片 2.png")]
    {
        fs::write(course.join("pages/幻灯片 2.png"), bytes).unwrap();
        refused("01-three.md 第 3 行", words).await;
    }
    fs::rename(course.join("pages/幻灯片 2.png"), course.join("pages/2.pdf")).unwrap();
    fs::write(course.join("pages/2.pdf"), pdf()).unwrap();
    refused("01-three.md 第 3 行", "2.pdf 不是图片").await;
    for file in fs::read_dir(course.join("pages")).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    refused("01-three.md 第 3 行", "还没有图片").await;
    w
});

async fn picture(client: &Client, width: u32) -> String {
    format!("![第 {width} 张](upload:{})", whole(client, "a.png", "image/png", &png(width, 9)).await)
}

story!(slides_are_written_on_a_phone, async |w: World| {
    let vera = w.as_("vera").await;
    let course = vera.post("/courses", about("幻灯片")).await.created();
    let slides = |body: &str| json!({ "kind": "slides", "section_title": "看", "title": "翻一翻", "required": true, "body_md": body });
    for (body, words) in [("只有字", "一页一张图片"), ("![x](img/a.png)", "还没有上传")] {
        let said = seen(&vera, Method::POST, &course, "/items", &slides(body)).await.field("body_md");
        assert!(said["errors"][0]["message"].as_str().unwrap().contains(words), "{said}");
    }
    let (one, two) = (picture(&vera, 21).await, picture(&vera, 22).await);
    let course = add(&vera, &course, slides(&format!("{one}\n\n第一页\n\n{two}\n"))).await;
    let written = item(&course, "翻一翻").clone();
    assert_eq!(widths(&w, &written).await, [21, 22]);
    assert_eq!(written["slides"][0]["html"], "<p>第一页</p>\n");
    assert_eq!((&written["min_dwell_seconds"], &written["min_coverage"]), (&json!(10), &json!(100)));
    // A page is put before the first one: pictures that are there keep their names.
    let three = picture(&vera, 23).await;
    let body = format!("{three}\n\n{}", written["body_md"].as_str().unwrap());
    let (path, change) = (format!("/items/{}", id(&written)), json!({ "body_md": body }));
    let course = seen(&vera, Method::PATCH, &course, &path, &change).await.ok();
    let course = publish(&w, &course).await;
    let shown = w.as_("amy").await.get(&format!("/materials/{}", id(item(&course, "翻一翻")))).await.ok();
    assert_eq!(widths(&w, &shown).await, [23, 21, 22]);
    assert_eq!((&shown["pages"], &shown["slides"][1]["html"]), (&json!(3), &json!("<p>第一页</p>\n")));
    w
});
