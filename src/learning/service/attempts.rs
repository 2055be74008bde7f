//! Attempts at quizzes: a paper is drawn and frozen, handed in once, marked by the server. Which option is right leaves
//! the server with the result and never before.

use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use super::completion::{self, How, shown};
use super::enter;
use super::quizzes::{self, day};
use crate::courses;
use crate::courses::model::{QuizRules, ShowAnswers};
use crate::identity::people;
use crate::identity::policy::Action;
use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::kit::page::Page;
use crate::learning::entity::{SHEET, attempt, certificate, progress};
use crate::learning::model::paper::{self, Asked, Sheet};
use crate::learning::requests::SubmitBody;
use crate::learning::store::{attempts as store, progress as seen};
use crate::learning::views::{Attempt, Judged, Question, QuestionOption, ResultView, WrongAnswer};
use crate::ledger;

/// Lines of the wrong-answer book.
const MOST_WRONG: usize = 200;

/// Begins an attempt, or answers with the one that is open.
///
/// # Errors
/// 404 for what is no quiz of a course in force; 409 `ATTEMPTS_USED_UP` with `next_attempt_at`.
pub async fn begin(ctx: &Ctx, idempotency: &IdempotencyKey, quiz_id: Uuid) -> Result<Answer> {
    let me = enter(ctx, Action::ReadCourses)?;
    let quiz = courses::quiz(&ctx.kit, quiz_id).await?;
    let key = people::key_of(ctx, ctx.kit.db.reader(), me).await?;
    let rules = quiz.paper.rules();
    once(ctx, "attempts.begin", idempotency, quiz_id.as_bytes(), async |tx| {
        let all = store::of_quizzes(&**tx, me, &[quiz_id]).await?;
        if let Some(open) = all.iter().find(|a| a.submitted_at.is_none()) {
            return again(open, &key);
        }
        let tries = quizzes::tries(quiz_id, &all);
        if let Some(at) = tries.next_at(&rules, ctx.now) {
            return Err(Error::new(Code::AttemptsUsedUp).with("next_attempt_at", at.to_string()));
        }
        let sheet = paper::draw(&quiz.paper, u64::from_le_bytes(ctx.kit.ids.random()?));
        let id = ctx.kit.ids.fresh()?;
        let row = attempt::Model {
            id,
            person_id: me,
            item_id: quiz_id,
            course_id: quiz.course_id,
            version_id: quiz.version_id,
            number: tries.last_number() + 1,
            day: day(ctx.now),
            sheet_sealed: seal(&key, id, &sheet)?,
            score: None,
            passed: None,
            started_at: ctx.now,
            submitted_at: None,
        };
        if !store::insert(tx, row.clone()).await? {
            // Begun on two devices at once: both get the one that was first.
            let all = store::of_quizzes(&**tx, me, &[quiz_id]).await?;
            let open = all.iter().find(|a| a.submitted_at.is_none());
            return again(open.ok_or_else(|| Error::new(Code::IdempotencyInProgress))?, &key);
        }
        note(ctx, tx, "attempt.begun", &row).await?;
        Stored::created(format!("/api/v1/attempts/{id}"), None, &paper_of(&row, &sheet))
    })
    .await
}

fn again(open: &attempt::Model, key: &DataKey) -> Result<Stored> {
    let body = serde_json::to_value(paper_of(open, &sheet(key, open)?));
    let body = body.map_err(|e| Error::new(Code::Internal).because(e))?;
    Ok(Stored { status: 200, location: None, etag: None, body })
}

async fn note(
    ctx: &Ctx,
    tx: &crate::kit::db::WriteTx,
    action: &'static str,
    row: &attempt::Model,
) -> Result<()> {
    let entry = ledger::Entry {
        action,
        object_kind: "attempt",
        object_id: row.id,
        detail: json!({
            "quiz": row.item_id, "version": row.version_id, "number": row.number,
            "score": row.score, "passed": row.passed,
        }),
        content: &[&row.sheet_sealed.0],
    };
    ledger::append(ctx, &**tx, entry).await?;
    Ok(())
}

fn seal(key: &DataKey, id: Uuid, sheet: &Sheet) -> Result<crate::kit::crypto::Sealed> {
    let plain = serde_json::to_vec(sheet).map_err(|e| Error::new(Code::Internal).because(e))?;
    key.seal(SHEET, id, &plain)
}

fn sheet(key: &DataKey, row: &attempt::Model) -> Result<Sheet> {
    let plain = key.open(SHEET, row.id, &row.sheet_sealed)?;
    serde_json::from_slice(&plain).map_err(|_| Error::new(Code::Internal).because("a stored sheet"))
}

fn options(asked: &Asked) -> Vec<QuestionOption> {
    asked.options.iter().map(|o| QuestionOption { key: o.key.clone(), text: o.text.clone() }).collect()
}

/// The paper without its answers.
fn paper_of(row: &attempt::Model, sheet: &Sheet) -> Attempt {
    let question = |(asked, no): (&Asked, i32)| Question {
        no,
        kind: asked.kind,
        text: asked.text.clone(),
        options: options(asked),
    };
    Attempt {
        id: row.id,
        quiz_id: row.item_id,
        number: row.number,
        questions: sheet.questions.iter().zip(1..).map(question).collect(),
        pass_percent: sheet.pass_percent,
        started_at: row.started_at,
        result: None,
    }
}

/// One attempt of the caller; with its result once it was submitted.
///
/// # Errors
/// 404 for an attempt of somebody else.
pub async fn show(ctx: &Ctx, id: Uuid) -> Result<Attempt> {
    let me = enter(ctx, Action::ReadCourses)?;
    let row = own(store::find(ctx.kit.db.reader(), id).await?, me)?;
    let key = people::key_of(ctx, ctx.kit.db.reader(), me).await?;
    let sheet = sheet(&key, &row)?;
    let mut shown = paper_of(&row, &sheet);
    shown.result = match row.submitted_at {
        Some(_) => Some(result(ctx, &row, &sheet).await?),
        None => None,
    };
    Ok(shown)
}

fn own(row: Option<attempt::Model>, me: Uuid) -> Result<attempt::Model> {
    row.filter(|row| row.person_id == me).ok_or_else(|| Error::new(Code::NotFound))
}

/// Hands the paper in; once more: the same result.
///
/// # Errors
/// 404 for an attempt of somebody else; 422 naming the answer.
pub async fn submit(ctx: &Ctx, id: Uuid, body: SubmitBody) -> Result<ResultView> {
    let me = enter(ctx, Action::ReadCourses)?;
    let answers = body.given()?;
    own(store::find(ctx.kit.db.reader(), id).await?, me)?;
    let key = people::key_of(ctx, ctx.kit.db.reader(), me).await?;
    let catalog = courses::published(&ctx.kit).await?;
    let tx = ctx.kit.db.write_tx().await?;
    let mut row = own(store::lock(&tx, id).await?, me)?;
    let mut sheet = sheet(&key, &row)?;
    if row.submitted_at.is_none() {
        sheet.fill(&answers)?;
        let (score, passed) = sheet.mark();
        row.sheet_sealed = seal(&key, id, &sheet)?;
        (row.score, row.passed, row.submitted_at) = (Some(score), Some(passed), Some(ctx.now));
        store::hand_in(&tx, id, row.sheet_sealed.clone(), (score, passed), ctx.now).await?;
        note(ctx, &tx, "attempt.submitted", &row).await?;
        let all = counted(&tx, &row, ctx, score, passed).await?;
        if passed && let Some((course, item)) = catalog.item(row.item_id) {
            completion::of_item(ctx, &tx, course, item, How::Passed, &all).await?;
        }
        tx.commit().await?;
    } else {
        drop(tx);
    }
    result(ctx, &row, &sheet).await
}

/// The row of the quiz among the other items of its course: its best score, and when it was passed first.
async fn counted(
    tx: &crate::kit::db::WriteTx,
    row: &attempt::Model,
    ctx: &Ctx,
    score: i32,
    passed: bool,
) -> Result<Vec<progress::Model>> {
    let mut all = seen::of_course(&**tx, row.person_id, row.course_id).await?;
    let at = all.iter().position(|p| p.version_id == row.version_id);
    let mut quiz = match at {
        Some(at) => all.swap_remove(at),
        None => progress::Model {
            person_id: row.person_id,
            version_id: row.version_id,
            item_id: row.item_id,
            course_id: row.course_id,
            intervals: "[]".to_owned(),
            coverage: 0,
            position_ms: 0,
            page: None,
            dwell_ms: 0,
            started_at: row.started_at,
            completed_at: None,
        },
    };
    quiz.coverage = quiz.coverage.max(score);
    if passed {
        quiz.completed_at.get_or_insert(ctx.now);
    }
    seen::put(tx, quiz.clone()).await?;
    all.push(quiz);
    Ok(all)
}

async fn result(ctx: &Ctx, row: &attempt::Model, sheet: &Sheet) -> Result<ResultView> {
    let db = ctx.kit.db.reader();
    let catalog = courses::published(&ctx.kit).await?;
    let all = store::of_quizzes(db, row.person_id, &[row.item_id]).await?;
    let tries = quizzes::tries(row.item_id, &all);
    // Of a quiz that is no longer in force nothing can be tried.
    let none = QuizRules {
        pass_percent: sheet.pass_percent,
        questions: 0,
        attempts_per_day: 0,
        show_answers: sheet.show_answers,
    };
    let in_force = catalog.item(row.item_id).and_then(|(_, item)| item.quiz);
    let rules = in_force.unwrap_or(none);
    let shows = sheet.show_answers == ShowAnswers::AfterAttempt || tries.passed();
    let judged = |(asked, no): (&Asked, i32)| Judged {
        no,
        right: asked.is_right(),
        chosen: asked.chosen.clone(),
        correct: shows.then(|| asked.correct()),
        explanation: asked.explanation.clone().filter(|_| shows),
    };
    // The one that this paper earned, if it did.
    let earned = |c: &certificate::Model| Some(c.issued_at) == row.submitted_at;
    let certificate = match row.passed {
        Some(true) => crate::learning::store::certificates::latest(db, row.person_id, row.course_id).await?,
        _ => None,
    };
    Ok(ResultView {
        score: row.score.unwrap_or(0),
        passed: row.passed == Some(true),
        attempts_left: tries.left(&rules, ctx.now),
        next_attempt_at: in_force.and_then(|rules| tries.next_at(&rules, ctx.now)),
        questions: sheet.questions.iter().zip(1..).map(judged).collect(),
        certificate: certificate.filter(earned).map(|c| shown(&c, &catalog)).transpose()?,
    })
}

/// The questions that the caller answered wrongly the last time they met them, the latest first. Those of a quiz that
/// shows its answers only after passing stand here once it was passed.
///
/// # Errors
/// 403, 428.
pub async fn wrong(ctx: &Ctx) -> Result<Page<WrongAnswer>> {
    let me = enter(ctx, Action::ReadCourses)?;
    let db = ctx.kit.db.reader();
    let key = people::key_of(ctx, db, me).await?;
    let papers = store::submitted(db, me).await?;
    let mut passed: HashMap<Uuid, bool> = HashMap::new();
    for paper in &papers {
        *passed.entry(paper.item_id).or_default() |= paper.passed == Some(true);
    }
    // The newest first: what was met there is settled, whatever older papers say.
    let mut met = std::collections::HashSet::new();
    let mut book = Vec::new();
    for row in &papers {
        let sheet = sheet(&key, row)?;
        let has_passed = passed.get(&row.item_id).copied().unwrap_or(false);
        let shows = sheet.show_answers == ShowAnswers::AfterAttempt || has_passed;
        for asked in &sheet.questions {
            if !met.insert((row.item_id, asked.id.clone())) || asked.is_right() || !shows {
                continue;
            }
            book.push(WrongAnswer {
                quiz_id: row.item_id,
                course_id: row.course_id,
                question: asked.text.clone(),
                options: options(asked),
                chosen: asked.chosen.clone(),
                correct: asked.correct(),
                explanation: asked.explanation.clone(),
                at: row.submitted_at.unwrap_or(row.started_at),
            });
        }
    }
    book.truncate(MOST_WRONG);
    Ok(Page::whole(book))
}
