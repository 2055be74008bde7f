//! What clients ask of classes. Unknown fields are refused.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::model::ClassMode;
use super::model::code::CodePurpose;
use crate::courses::model::Category;
use crate::kit::clock::Timestamp;
use crate::kit::http::by_action;

/// Which classes to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClassScope {
    /// Planned or running, the next one first.
    #[default]
    Upcoming,
    /// Over or called off, the latest first.
    Past,
    /// Those that the caller enrolled in, attended or trains, the latest first.
    Mine,
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClassQuery {
    /// `upcoming` (default), `past` or `mine`.
    #[param(inline)]
    pub scope: Option<ClassScope>,
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    #[param(max_length = 200)]
    pub cursor: Option<String>,
}

/// A class as one side proposes it; the other side agrees (6.2).
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClass {
    pub category: Category,
    /// A published course of that subject, when the class is about one.
    pub course_id: Option<Uuid>,
    /// 1..80 characters.
    pub title: String,
    pub mode: ClassMode,
    /// Room or meeting link, up to 200 characters.
    #[serde(default)]
    pub place: String,
    /// Up to 2000 characters.
    #[serde(default)]
    pub agenda: String,
    /// In the future, within a year.
    pub starts_at: Timestamp,
    /// After the beginning, at most 12 hours.
    pub ends_at: Timestamp,
    /// Somebody of the vendor. Missing: the vendor's lead who proposes or agrees.
    pub trainer_id: Option<Uuid>,
    /// Names of departments of the client; `["*"]` or none: all of them.
    #[serde(default)]
    pub departments: Vec<String>,
    /// 1..10000 people; missing: no limit.
    pub capacity: Option<i32>,
}

by_action! {
    /// What can be done with a class.
    ClassAct {
        /// The side that did not propose it.
        Agree {}
        Decline {
            /// 1..500 characters.
            reason: String,
        }
        /// What is missing stays; the other side has to agree again.
        Change {
            title: Option<String>,
            mode: Option<ClassMode>,
            place: Option<String>,
            agenda: Option<String>,
            starts_at: Option<Timestamp>,
            ends_at: Option<Timestamp>,
            trainer_id: Option<Uuid>,
            departments: Option<Vec<String>>,
            capacity: Option<i32>,
        }
        Cancel {
            /// 1..500 characters.
            reason: String,
        }
        Enrol {}
        Leave {}
        /// From 30 minutes before the beginning: the sign-in codes begin to run.
        Start {}
        /// For somebody who was there and could not sign in.
        MarkPresent {
            person_id: Uuid,
            /// 1..500 characters.
            reason: String,
        }
        Finish {
            /// 1..5000 characters.
            minutes: String,
            /// Photos, uploaded before, up to 9.
            #[serde(default)]
            attachment_ids: Vec<Uuid>,
        }
        /// Each side once; afterwards the roster stands.
        SignRoster {}
    }
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CodeQuery {
    /// `sign_in` or `sign_out`. Missing: signing out in the last ten minutes and after, before that signing in.
    pub purpose: Option<CodePurpose>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeBody {
    /// Six digits.
    #[schema(examples("042917"), pattern = "^[0-9]{6}$")]
    pub code: String,
}
