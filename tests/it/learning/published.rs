//! Courses in force, written straight into the tables: these stories are about learners, not about authors.

use lvyue::courses::model::{
    Category, Choice, Course, Item, Kind, Paper, Pool, Question, QuestionKind, Section, ShowAnswers,
};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use crate::support::{World, sql};

/// Stands in every explanation and nowhere else.
pub const EXPLANATION: &str = "解析标记";

/// Ids that a story can name: of courses, items and versions.
pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn item(n: u128, kind: Kind) -> Item {
    Item {
        id: id(n),
        key: format!("k{n}"),
        kind,
        title: format!("条目{n}"),
        required: true,
        version_id: id(n * 1000 + 1),
        version_no: 1,
        duration_ms: kind.plays().then_some(600_000),
        pages: kind.has_pages().then_some(4),
        media_type: None,
        size: None,
        has_captions: kind == Kind::Video,
        tags: Vec::new(),
        link: None,
        min_coverage: 90,
        min_dwell_seconds: match kind {
            Kind::Article => 10,
            Kind::Pdf => 20,
            _ => 0,
        },
        quiz: None,
    }
}

/// A quiz of three single questions, a multiple and a true-or-false one; three of five are drawn.
pub fn paper(show_answers: ShowAnswers) -> Paper {
    let question = |n: usize, kind, right: &[bool]| Question {
        id: format!("q{n}"),
        kind,
        text: format!("题目{n}"),
        options: right
            .iter()
            .enumerate()
            .map(|(o, correct)| Choice {
                key: ["A", "B", "C", "D"][o].to_owned(),
                text: if *correct { format!("对的{n}-{o}") } else { format!("错的{n}-{o}") },
                correct: *correct,
            })
            .collect(),
        explanation: Some(format!("{EXPLANATION}{n}")),
    };
    let mut questions: Vec<Question> =
        (1..=3).map(|n| question(n, QuestionKind::Single, &[true, false, false, false])).collect();
    questions.push(question(4, QuestionKind::Multiple, &[true, true, false]));
    questions.push(question(5, QuestionKind::TrueFalse, &[true, false]));
    Paper {
        pass_percent: 100,
        draw: Some(3),
        attempts_per_day: 3,
        show_answers,
        pools: vec![Pool { name: None, draw: None, questions }],
    }
}

pub fn quiz(n: u128, show_answers: ShowAnswers) -> (Item, Paper) {
    let paper = paper(show_answers);
    (Item { quiz: Some(paper.rules()), ..item(n, Kind::Quiz) }, paper)
}

pub fn course(n: u128, w: &World, items: Vec<Item>) -> Course {
    Course {
        id: id(n),
        slug: format!("c{n}"),
        category: Category::Operation,
        title: format!("课程{n}"),
        summary: "怎么用这个服务台".to_owned(),
        tags: vec!["入门".to_owned()],
        mandatory_for: vec!["*".to_owned()],
        due_days: Some(30),
        edition: 1,
        published_at: w.clock.now(),
        first_published_at: w.clock.now(),
        sections: vec![Section { title: "第一节".to_owned(), items }],
    }
}

async fn run(w: &World, text: &str, values: impl IntoIterator<Item = Value>) {
    let statement = Statement::from_sql_and_values(sql::backend(w.db()), text, values);
    w.db().writer().execute_raw(statement).await.unwrap_or_else(|e| panic!("{text}: {e}"));
}

/// Puts the edition in force; quizzes with their papers.
pub async fn publish(w: &World, course: &Course, papers: &[(Uuid, &Paper)]) {
    let now = w.clock.now().0;
    let text = |list: &[String]| serde_json::to_string(list).unwrap();
    run(
        w,
        "INSERT INTO courses (id, version, slug, category, title, summary, tags, mandatory_for, due_days, state,
            edition, in_force, published_at, created_at, updated_at)
         VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, 'published', $9, $9, $10, $10, $10)
         ON CONFLICT (id) DO UPDATE SET edition = $9, in_force = $9, title = $4",
        [
            course.id.into(),
            course.slug.clone().into(),
            course.category.wire().into(),
            course.title.clone().into(),
            course.summary.clone().into(),
            text(&course.tags).into(),
            text(&course.mandatory_for).into(),
            course.due_days.into(),
            course.edition.into(),
            now.into(),
        ],
    )
    .await;
    for (at, item) in course.items().enumerate() {
        run(
            w,
            "INSERT INTO course_items (id, course_id, key, section_no, section_title, position, kind, required, removed)
             VALUES ($1, $2, $3, 1, '第一节', $4, $5, $6, FALSE) ON CONFLICT (id) DO NOTHING",
            [
                item.id.into(),
                course.id.into(),
                item.key.clone().into(),
                i32::try_from(at).unwrap().into(),
                item.kind.wire().into(),
                item.required.into(),
            ],
        )
        .await;
        let questions = papers.iter().find(|(id, _)| *id == item.id).map(|(_, p)| p);
        let questions = questions.map(|p| serde_json::to_string(p).unwrap());
        let captions = item.has_captions.then(|| "WEBVTT\n\n00:00.000 --> 00:02.000\n大家好\n".to_owned());
        run(
            w,
            "INSERT INTO item_versions (id, item_id, number, edition, title, tags, body_md, body_html, questions, captions,
                min_coverage, min_dwell_seconds, created_at)
             VALUES ($1, $2, $3, $4, $5, '[]', '正文', '<p>正文</p>', $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING",
            [
                item.version_id.into(),
                item.id.into(),
                item.version_no.into(),
                course.edition.into(),
                item.title.clone().into(),
                questions.into(),
                captions.into(),
                item.min_coverage.into(),
                item.min_dwell_seconds.into(),
                now.into(),
            ],
        )
        .await;
    }
    run(
        w,
        "INSERT INTO course_editions (id, course_id, number, document, published_at) VALUES ($1, $2, $3, $4, $5)",
        [
            w.app.kit().ids.fresh().unwrap().into(),
            course.id.into(),
            course.edition.into(),
            serde_json::to_string(course).unwrap().into(),
            now.into(),
        ],
    )
    .await;
    sql::execute(w.db(), "UPDATE course_generations SET number = number + 1").await.unwrap();
}
