//! What clients see of the search.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::Entry;
use super::model::fold::fold;
use super::model::marks::{Segment, excerpt, marks, segments};
use super::model::question::Question;
use super::store::suggestions::OfMaterial;
use crate::tickets::views::Summary;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FoundType {
    Material,
    Ticket,
}

/// Something that was found. Title and excerpt are whole when their segments are put together.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchItem {
    #[serde(rename = "type")]
    pub found: FoundType,
    pub id: Uuid,
    /// Of a material.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub course_id: Option<Uuid>,
    /// Of a material `article`, `video`, …; of a ticket its kind.
    #[schema(examples("article"))]
    pub kind: String,
    pub title: Vec<Segment>,
    /// One line; empty for tickets.
    pub excerpt: Vec<Segment>,
    /// Of a ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Of a ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Of a material: its course's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

impl SearchItem {
    #[must_use]
    pub fn material(entry: &Entry, question: &Question) -> Self {
        let marked = |text: &str| marks(&fold(text), &question.wanted);
        Self {
            found: FoundType::Material,
            id: entry.id,
            course_id: Some(entry.course_id),
            kind: entry.kind.clone(),
            title: segments(&entry.title, &marked(&entry.title)),
            excerpt: excerpt(&entry.body, &marked(&entry.body)),
            number: None,
            state: None,
            category: Some(entry.category.clone()),
        }
    }

    #[must_use]
    pub fn ticket(ticket: Summary) -> Self {
        Self {
            found: FoundType::Ticket,
            id: ticket.id,
            course_id: None,
            kind: ticket.kind.wire().to_owned(),
            title: segments(&ticket.title, &[]),
            excerpt: Vec::new(),
            number: Some(ticket.number),
            state: Some(ticket.state.wire().to_owned()),
            category: None,
        }
    }
}

#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Found {
    pub items: Vec<SearchItem>,
    /// Materials that were found, shown or not, and the tickets that were.
    pub total: usize,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Suggestions {
    /// To say which of them solved it.
    pub id: Uuid,
    /// At most three; none when none is relevant enough.
    #[schema(max_items = 3)]
    pub items: Vec<SearchItem>,
}

/// One material among the suggestions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MaterialCount {
    pub material_id: Uuid,
    /// `null` once it is not published any more.
    pub title: Option<String>,
    pub suggested: i64,
    pub solved: i64,
}

impl MaterialCount {
    pub(super) fn of(row: OfMaterial) -> Self {
        Self { material_id: row.id, title: row.title, suggested: row.suggested, solved: row.solved }
    }
}

/// What suggestions were good for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SuggestionSummary {
    /// Drafts for which there was a suggestion.
    pub asked: i64,
    /// Of these, drafts that a material made unnecessary.
    pub solved: i64,
    /// Those that solved most first; at most a hundred.
    pub by_material: Vec<MaterialCount>,
}
