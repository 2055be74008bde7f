//! What the vendor's people send about courses. Decoded strictly; texts are checked by the services.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::model::acts::Step;
use super::model::{Category, Kind, State};
use crate::kit::http::by_action;

/// Which courses to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuthoringQuery {
    pub state: Option<State>,
    pub category: Option<Category>,
    /// How many items, 1..100, default 20.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200)]
    pub cursor: Option<String>,
}

/// A course (6.2).
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCourse {
    pub category: Category,
    /// 1..60 characters.
    #[schema(max_length = 60)]
    pub title: String,
    /// One paragraph of 1..300 characters.
    #[schema(max_length = 300)]
    pub summary: String,
    /// Departments of the client whose people must take it; `["*"]` = all of the client, `[]` = nobody must.
    pub mandatory_for: Vec<String>,
    /// Days after the publication, or after somebody joined when that was later; 1..3650.
    #[schema(minimum = 0, maximum = 3650)]
    pub due_days: Option<i32>,
    /// Up to 10, each of 1..20 characters.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// What changes about a draft; what is not named stays.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CourseChange {
    pub category: Option<Category>,
    #[schema(max_length = 60)]
    pub title: Option<String>,
    #[schema(max_length = 300)]
    pub summary: Option<String>,
    pub mandatory_for: Option<Vec<String>>,
    /// 0 takes the due date away.
    #[schema(minimum = 0, maximum = 3650)]
    pub due_days: Option<i32>,
    pub tags: Option<Vec<String>>,
}

/// An item of a course. An article and slides need `body_md`, a quiz `questions_text`, a link `link`, the others
/// `upload_id`.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    pub kind: Kind,
    /// 1..60 characters; a title that is new begins a section.
    #[schema(max_length = 60)]
    pub section_title: String,
    #[schema(max_length = 60)]
    pub title: String,
    pub required: bool,
    /// Markdown, up to 50,000 characters; of media the note shown under it. A picture is `![说明](upload:ID)` with the
    /// id of a finished upload. Of slides each picture is a page, alone on its line, with its words below it.
    pub body_md: Option<String>,
    /// Questions under `##`, options as `- [x]` and `- [ ]`, explanations as `>`, pools as `# 名称 抽 3`; above them,
    /// between two `+++`, `pass`, `draw`, `attempts` and `show`.
    #[schema(max_length = 60000)]
    pub questions_text: Option<String>,
    /// A finished upload.
    pub upload_id: Option<Uuid>,
    /// WebVTT, of what plays.
    pub captions: Option<String>,
    /// A page of the mini-program, as `/packages/…`.
    #[schema(max_length = 200)]
    pub link: Option<String>,
    /// Percent of what plays that must be watched, 90; of the pages of slides, 100.
    #[schema(minimum = 0, maximum = 100)]
    pub min_coverage: Option<i32>,
    /// Seconds; from the length when it is not given: a second for eight characters, five for a page, 5..600.
    #[schema(minimum = 0, maximum = 600)]
    pub min_dwell_seconds: Option<i32>,
    #[serde(default)]
    pub tags: Vec<String>,
}

/// What changes about an item of a draft; what is not named stays.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemChange {
    /// Moves it to the end of that section.
    #[schema(max_length = 60)]
    pub section_title: Option<String>,
    /// Its place in the section; smaller comes first.
    #[schema(minimum = 0, maximum = 200)]
    pub position: Option<i32>,
    #[schema(max_length = 60)]
    pub title: Option<String>,
    pub required: Option<bool>,
    pub body_md: Option<String>,
    #[schema(max_length = 60000)]
    pub questions_text: Option<String>,
    pub upload_id: Option<Uuid>,
    /// An empty text takes the captions away.
    pub captions: Option<String>,
    #[schema(max_length = 200)]
    pub link: Option<String>,
    #[schema(minimum = 0, maximum = 100)]
    pub min_coverage: Option<i32>,
    #[schema(minimum = 0, maximum = 600)]
    pub min_dwell_seconds: Option<i32>,
    pub tags: Option<Vec<String>>,
}

/// A text to look at.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewText {
    /// Up to 50,000 characters.
    pub body_md: String,
}

by_action! {
    /// A step of a course. Whoever edited last does not review.
    CourseAct {
        SubmitForReview {}
        ReturnDraft {
            /// 1..500 characters, shown to the author.
            reason: String,
        }
        Approve {}
        /// Makes the next edition; what people completed stays completed.
        Publish {}
        Withdraw {
            /// 1..500 characters.
            reason: String,
        }
        /// Begins a new draft; learners keep the edition in force.
        Revise {}
    }
}

impl CourseAct {
    pub(super) fn taken(&self) -> (Step, Option<&str>) {
        match self {
            Self::SubmitForReview {} => (Step::SubmitForReview, None),
            Self::ReturnDraft { reason } => (Step::ReturnDraft, Some(reason)),
            Self::Approve {} => (Step::Approve, None),
            Self::Publish {} => (Step::Publish, None),
            Self::Withdraw { reason } => (Step::Withdraw, Some(reason)),
            Self::Revise {} => (Step::Revise, None),
        }
    }
}

/// How the content of a material is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContentQuery {
    /// From a `content_url`: stands in for the token where none can be sent; good for two to three hours.
    #[param(max_length = 100)]
    pub t: Option<String>,
    /// Another version than the one in force.
    pub v: Option<Uuid>,
}
