//! What the wire shows of learning. Answers of a quiz stand only in [`ResultView`] and [`WrongAnswer`], which are made
//! from submitted sheets.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::LearningState;
use super::model::coverage::Counts;
use crate::courses::SlideView;
use crate::courses::model::quiz::QuestionKind;
use crate::courses::model::{Category, Kind};
use crate::identity::people::PersonRef;
use crate::kit::clock::Timestamp;

/// How far the caller is with a course.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MyCourse {
    pub state: LearningState,
    /// Of the required items, 0..100.
    pub percent: i32,
    pub completed_at: Option<Timestamp>,
    /// Something was added or changed since; what was completed stays completed.
    pub has_new: bool,
}

/// Proof of a completed course.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Certificate {
    /// 16 characters, for `GET /certificates/{check_code}`.
    #[schema(examples("7K3MXP9QH2VWD6RT"))]
    pub check_code: String,
    pub course_id: Uuid,
    pub course_title: String,
    pub category: Category,
    /// The edition that was completed.
    pub edition: i32,
    pub issued_on: NaiveDate,
    /// The course has a later edition; the certificate stays valid.
    pub has_new: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CourseSummary {
    pub id: Uuid,
    pub category: Category,
    pub title: String,
    pub summary: String,
    pub tags: Vec<String>,
    pub edition: i32,
    /// About how long it takes.
    pub minutes: i64,
    /// How many items it has.
    pub items: usize,
    /// Whether the caller's department must take it.
    pub mandatory: bool,
    pub due_on: Option<NaiveDate>,
    pub my: MyCourse,
    pub certificate: Option<Certificate>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MyItem {
    pub state: LearningState,
    /// Percent of the version in force; of a quiz the best score.
    pub coverage: i32,
    /// Seconds, of what plays.
    pub position: Option<f64>,
    pub completed_at: Option<Timestamp>,
    pub has_new: bool,
}

/// Where the caller stands with a quiz.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuizState {
    /// 1..100.
    pub pass_percent: i32,
    /// Questions on one paper.
    pub questions: i32,
    /// Attempts that may still begin today (Asia/Shanghai).
    pub attempts_left: i32,
    /// When the next may begin, where none is left.
    pub next_attempt_at: Option<Timestamp>,
    pub best_score: Option<i32>,
    pub passed: bool,
    /// An attempt that was begun and not submitted.
    pub open_attempt: Option<Uuid>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CourseItem {
    pub id: Uuid,
    pub kind: Kind,
    pub title: String,
    pub required: bool,
    pub version_id: Uuid,
    pub version_no: i32,
    pub duration_ms: Option<i64>,
    pub pages: Option<i32>,
    /// Percent that has to be watched.
    pub min_coverage: i32,
    pub link: Option<String>,
    pub my: MyItem,
    pub quiz: Option<QuizState>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CourseSection {
    pub title: String,
    pub items: Vec<CourseItem>,
}

/// A course with its items and the caller's progress.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Course)]
pub struct CourseView {
    #[serde(flatten)]
    pub summary: CourseSummary,
    pub sections: Vec<CourseSection>,
}

/// What the caller has seen of a material in the version in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MyMaterial {
    /// Percent, 0..100; of a quiz the best score.
    pub coverage: i32,
    /// What was really watched: from and to in milliseconds; of a document from page - 1 to page.
    #[schema(value_type = Vec<Vec<i64>>)]
    pub intervals: Vec<(i64, i64)>,
    pub position_ms: i64,
    pub page: Option<i32>,
    pub dwell_seconds: i64,
    pub completed: bool,
    /// The last beat of the player that is open on it; 0 when none is.
    pub seq: i64,
}

/// The item before or after it in the course.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Beside {
    pub id: Uuid,
    pub kind: Kind,
}

/// A material to read or play; of a quiz where the caller stands with it, and its questions come with
/// `POST /quizzes/{id}/attempts`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Material {
    pub id: Uuid,
    pub course_id: Uuid,
    pub kind: Kind,
    pub title: String,
    pub version_id: Uuid,
    pub version_no: i32,
    /// Text of an article, or the note shown under what plays; sanitised.
    pub html: Option<String>,
    /// Where its bytes are, with ranges.
    pub content_url: Option<String>,
    /// Of slides: the pages in their order.
    pub slides: Vec<SlideView>,
    pub captions_url: Option<String>,
    pub link: Option<String>,
    pub duration_ms: Option<i64>,
    pub pages: Option<i32>,
    /// Percent that has to be seen.
    pub min_coverage: i32,
    /// Seconds for which what is read has to be open.
    pub min_dwell_seconds: i32,
    /// Milliseconds for which a page of slides has to be shown, in one beat, to count.
    pub page_ms: i64,
    pub my: MyMaterial,
    /// Of a quiz.
    pub quiz: Option<QuizState>,
    pub next: Option<Beside>,
    pub previous: Option<Beside>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CourseProgress {
    /// Of the required items, 0..100.
    pub percent: i32,
    pub completed: bool,
    pub certificate: Option<Certificate>,
}

/// What was believed of the beats.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Progress {
    /// Percent, 0..100.
    pub coverage: i32,
    pub completed: bool,
    pub course: CourseProgress,
    /// The last beat that was taken.
    pub seq: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuestionOption {
    #[schema(examples("A"))]
    pub key: String,
    pub text: String,
}

/// A question as it stands on a paper: which option is right is nowhere in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Question {
    /// From 1.
    pub no: i32,
    pub kind: QuestionKind,
    pub text: String,
    pub options: Vec<QuestionOption>,
}

/// An attempt at a quiz.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Attempt {
    pub id: Uuid,
    pub quiz_id: Uuid,
    /// Of the caller at this quiz, from 1.
    pub number: i32,
    pub questions: Vec<Question>,
    pub pass_percent: i32,
    pub started_at: Timestamp,
    /// Once it was submitted.
    pub result: Option<ResultView>,
}

/// How one question was answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Judged {
    pub no: i32,
    pub right: bool,
    pub chosen: Vec<String>,
    /// `null` where the quiz shows it only after passing.
    pub correct: Option<Vec<String>>,
    pub explanation: Option<String>,
}

/// What came of an attempt.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AttemptResult)]
pub struct ResultView {
    /// Percent of the questions that are right, rounded down.
    pub score: i32,
    pub passed: bool,
    pub attempts_left: i32,
    pub next_attempt_at: Option<Timestamp>,
    pub questions: Vec<Judged>,
    /// When this completed the course.
    pub certificate: Option<Certificate>,
}

/// A question that was answered wrongly last time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WrongAnswer {
    pub quiz_id: Uuid,
    pub course_id: Uuid,
    pub question: String,
    pub options: Vec<QuestionOption>,
    pub chosen: Vec<String>,
    pub correct: Vec<String>,
    pub explanation: Option<String>,
    pub at: Timestamp,
}

/// What anybody who holds the check code may know.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CertificateCheck {
    pub check_code: String,
    /// Always true: a certificate is never taken back.
    pub valid: bool,
    /// The first character of the name and two stars.
    #[schema(examples("张**"))]
    pub initials: String,
    pub course_title: String,
    pub category: Category,
    pub edition: i32,
    pub issued_on: NaiveDate,
    /// Whose employee it is, as the agreement calls the company.
    pub company: Option<String>,
    /// The course has a later edition.
    pub has_new: bool,
}

/// Numbers of a line of the coverage report. People count once in each line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CoverageCounts {
    pub people: i64,
    /// Classes that both sides agreed on and that begin within the span.
    pub planned: i64,
    /// Of those, held.
    pub held: i64,
    /// People who were at one at least.
    pub attended: i64,
    /// People who opened something of a course of the subject.
    pub started: i64,
    /// People who completed every mandatory course of the subject; where none is, any course.
    pub completed: i64,
    /// Quizzes handed in within the span, and how many of them passed.
    pub attempts: i64,
    pub passed: i64,
    /// Percent; `null` without attempts.
    pub pass_rate: Option<i64>,
    /// People with a mandatory course that is late.
    pub overdue: i64,
}

impl From<Counts> for CoverageCounts {
    fn from(c: Counts) -> Self {
        let pass_rate = c.pass_rate();
        let Counts { people, planned, held, attended, started, completed, attempts, passed, overdue } = c;
        Self { people, planned, held, attended, started, completed, attempts, passed, pass_rate, overdue }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CoverageRow {
    pub category: Category,
    pub department: String,
    #[serde(flatten)]
    pub counts: CoverageCounts,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CoverageTotal {
    pub category: Category,
    #[serde(flatten)]
    pub counts: CoverageCounts,
}

/// The evidence for clause 6.2.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Coverage {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub rows: Vec<CoverageRow>,
    pub totals: Vec<CoverageTotal>,
}

/// One person in one subject: mandatory courses only.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Learner {
    pub person: PersonRef,
    pub department: Option<String>,
    pub category: Category,
    pub state: LearningState,
    /// Mandatory courses completed, of so many.
    pub completed: i64,
    pub courses: i64,
    pub overdue: i64,
    /// Classes attended.
    pub attended: i64,
}
