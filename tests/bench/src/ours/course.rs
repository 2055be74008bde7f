//! Learners and one course in force: what beats need and no more.

use std::time::Instant;

use lvyue::app::App;
use lvyue::courses::model::{Category, Course, Item, Kind, Section};
use lvyue::kit::Kit;
use lvyue::kit::clock::{Clock, Timestamp};
use lvyue::kit::config::Settings;
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use super::{Cast, Sink, sign_in};

const COURSE: Uuid = Uuid::from_u128(1);
/// The item that everybody plays: `bench` beats `/api/v1/materials/…0002/progress`.
const ITEM: Uuid = Uuid::from_u128(2);
const VERSION: Uuid = Uuid::from_u128(3);
const HOUR: i64 = 3_600_000;

/// Fills an empty, migrated database with so many learners and a recording of one hour.
pub async fn learners(users: i64, tokens: &str) {
    let began = Instant::now();
    let settings = Settings::load().unwrap();
    let mut sink = Sink::open(&settings).await;
    let app = App::build(settings, Clock::System).await.unwrap();
    let kit = app.kit();
    let cast = Cast::new(kit, users);
    sink.begin().await;
    sink.store(cast.rows(kit)).await;
    sink.finish().await;
    publish(kit).await;
    sign_in(kit, &cast, users, tokens).await;
    println!("loaded {users} learners in {:.1} s", began.elapsed().as_secs_f64());
}

fn course(now: Timestamp) -> Course {
    let item = Item {
        id: ITEM,
        key: "talk".into(),
        kind: Kind::Audio,
        title: "录音".into(),
        required: true,
        version_id: VERSION,
        version_no: 1,
        duration_ms: Some(HOUR),
        pages: None,
        media_type: None,
        size: None,
        has_captions: false,
        tags: Vec::new(),
        link: None,
        min_coverage: 90,
        min_dwell_seconds: 0,
        quiz: None,
    };
    Course {
        id: COURSE,
        slug: "bench".into(),
        category: Category::Operation,
        title: "课程".into(),
        summary: String::new(),
        tags: Vec::new(),
        mandatory_for: vec!["*".into()],
        due_days: Some(30),
        edition: 1,
        published_at: now,
        first_published_at: now,
        sections: vec![Section { title: "一".into(), items: vec![item] }],
    }
}

async fn publish(kit: &Kit) {
    let now = kit.clock.now();
    let run = async |text: &str, values: Vec<Value>| {
        let db = kit.db.writer();
        db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), text, values)).await.unwrap();
    };
    run(
        "INSERT INTO courses (id, version, slug, category, title, summary, tags, mandatory_for, state, edition, in_force, created_at, updated_at) \
         VALUES ($1, 1, 'bench', 'operation', '课程', '', '[]', '[\"*\"]', 'published', 1, 1, $2, $2)",
        vec![COURSE.into(), now.0.into()],
    )
    .await;
    run(
        "INSERT INTO course_items (id, course_id, key, section_no, section_title, position, kind, required, removed) \
         VALUES ($1, $2, 'talk', 1, '一', 1, 'audio', TRUE, FALSE)",
        vec![ITEM.into(), COURSE.into()],
    )
    .await;
    run(
        "INSERT INTO item_versions (id, item_id, number, edition, title, tags, body_md, body_html, min_coverage, min_dwell_seconds, created_at) \
         VALUES ($1, $2, 1, 1, '录音', '[]', '', '', 90, 0, $3)",
        vec![VERSION.into(), ITEM.into(), now.0.into()],
    )
    .await;
    run(
        "INSERT INTO course_editions (id, course_id, number, document, published_at) VALUES ($1, $2, 1, $3, $4)",
        vec![Uuid::from_u128(4).into(), COURSE.into(), serde_json::to_string(&course(now)).unwrap().into(), now.0.into()],
    )
    .await;
    run("UPDATE course_generations SET number = number + 1", vec![]).await;
}
