//! What the vendor's people see of courses while they write them. What learners see is `learning`'s.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::acts::Step;
use super::model::{Category, Kind, State};
use crate::identity::people::PersonRef;
use crate::kit::clock::Timestamp;

/// A course in the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthoringRow {
    pub id: Uuid,
    pub slug: String,
    pub category: Category,
    pub title: String,
    pub state: State,
    /// How many editions were published.
    pub edition: i32,
    /// The edition that learners get.
    pub in_force: Option<i32>,
    pub version: i64,
    pub items: i64,
    pub updated_at: Timestamp,
    /// Whether there is something that learners do not have yet.
    pub draft: bool,
}

/// A course with everything that is written in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthoringCourse {
    pub id: Uuid,
    pub slug: String,
    pub category: Category,
    pub title: String,
    pub summary: String,
    pub tags: Vec<String>,
    pub mandatory_for: Vec<String>,
    pub due_days: Option<i32>,
    pub state: State,
    pub edition: i32,
    pub in_force: Option<i32>,
    pub version: i64,
    /// Who edited last.
    pub author: Option<PersonRef>,
    pub reviewed_by: Option<PersonRef>,
    pub published_by: Option<PersonRef>,
    pub published_at: Option<Timestamp>,
    /// Why it was returned or withdrawn.
    pub reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub sections: Vec<AuthoringSection>,
    pub allowed_actions: Vec<Step>,
}

/// An article that was made of a ticket: the course that it stands in now, and which of its items it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DraftedArticle {
    #[serde(flatten)]
    pub course: AuthoringCourse,
    pub item_id: Uuid,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthoringSection {
    pub title: String,
    pub items: Vec<AuthoringItem>,
}

/// An item as it stands in the working copy.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthoringItem {
    pub id: Uuid,
    pub key: String,
    pub kind: Kind,
    pub title: String,
    pub required: bool,
    pub position: i32,
    /// The number of the version that is not published.
    pub draft_version: Option<i32>,
    /// The number of the version that was published last.
    pub published_version: Option<i32>,
    pub body_md: String,
    pub body_html: String,
    pub questions_text: Option<String>,
    pub media: Option<MediaView>,
    /// Of slides.
    pub slides: Vec<SlideView>,
    pub captions: Option<String>,
    pub link: Option<String>,
    pub min_coverage: i32,
    pub min_dwell_seconds: i32,
    pub tags: Vec<String>,
}

/// A video, a sound or a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MediaView {
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    pub duration_ms: Option<i64>,
    pub pages: Option<i32>,
    pub content_url: String,
}

/// One page of slides.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Slide)]
pub struct SlideView {
    /// Good for two to three hours, without a token.
    pub image_url: String,
    /// What it shows, in a few words.
    pub alt: String,
    /// What is said about it; sanitised, may be empty.
    pub html: String,
}

/// How a text will look.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Preview {
    pub html: String,
}
