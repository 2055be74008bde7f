//! What clients see of the inbox.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::Model;
use crate::kit::clock::Timestamp;

/// What a notice is about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct About {
    /// `ticket`, `breach`, `milestone`, `course` as learners have it, `authoring` as it is written, …
    #[schema(examples("ticket"))]
    pub kind: String,
    pub id: Uuid,
    pub number: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeView {
    pub id: Uuid,
    /// Stable code of what happened.
    #[schema(examples("duty.75"))]
    pub event: String,
    pub about: About,
    /// Chinese, fit to show; without personal data.
    pub text: String,
    /// Told at any hour.
    pub urgent: bool,
    /// How often it happened within ten minutes of the first time.
    pub count: i32,
    /// When it happened last.
    pub at: Timestamp,
    pub read_at: Option<Timestamp>,
}

impl NoticeView {
    #[must_use]
    pub fn of(row: Model) -> Self {
        Self {
            id: row.id,
            event: row.event,
            about: About { kind: row.object_kind, id: row.object_id, number: row.number },
            text: row.text,
            urgent: row.urgent,
            count: row.count,
            at: row.at,
            read_at: row.read_at,
        }
    }
}

/// A page of the inbox.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Inbox {
    pub items: Vec<NoticeView>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
    /// Notices not read yet, 0..100; 100 means a hundred or more.
    pub unread: i64,
}

/// What is left.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Unread {
    /// 0..100; 100 means a hundred or more.
    pub unread: i64,
}
