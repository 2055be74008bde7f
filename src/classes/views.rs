//! What the wire shows of classes.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::code::CodePurpose;
use super::model::{ClassAction, ClassMode, ClassState, Method};
use crate::courses::model::Category;
use crate::files::Attachment;
use crate::identity::people::PersonRef;
use crate::kit::clock::Timestamp;

/// The caller's part in a class.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct MyAttendance {
    pub enrolled: bool,
    pub signed_in_at: Option<Timestamp>,
    pub signed_out_at: Option<Timestamp>,
}

/// A line of the roster.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Attendance {
    pub person: PersonRef,
    pub enrolled: bool,
    pub signed_in_at: Option<Timestamp>,
    /// `code`, or `marked` by the trainer.
    pub method: Option<Method>,
    pub signed_out_at: Option<Timestamp>,
    /// Why the trainer marked them.
    pub reason: Option<String>,
}

/// Who signed the roster.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RosterSignature {
    pub by: Option<PersonRef>,
    pub at: Timestamp,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RosterSignatures {
    pub client: Option<RosterSignature>,
    pub vendor: Option<RosterSignature>,
}

/// A class.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TrainingSession)]
pub struct ClassView {
    pub id: Uuid,
    #[schema(examples("PX-2026-000001"))]
    pub number: String,
    pub version: i64,
    pub category: Category,
    pub course_id: Option<Uuid>,
    pub title: String,
    pub mode: ClassMode,
    pub place: String,
    pub agenda: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub trainer: Option<PersonRef>,
    /// Names of departments; `*`: all of the client.
    pub departments: Vec<String>,
    pub capacity: Option<i32>,
    pub state: ClassState,
    pub agreed_by: Option<PersonRef>,
    pub agreed_at: Option<Timestamp>,
    /// Why it was declined or cancelled.
    pub reason: Option<String>,
    /// How many are enrolled.
    pub enrolled: i64,
    pub my: MyAttendance,
    pub minutes: Option<String>,
    /// For those who see the roster; empty in lists.
    pub photos: Vec<Attachment>,
    /// For the trainer, the vendor's leads, the client's managers and auditors; `null` for others and in lists.
    pub roster: Option<Vec<Attendance>>,
    pub signed: RosterSignatures,
    /// What the caller can do now; empty in lists.
    pub allowed_actions: Vec<ClassAction>,
}

/// For the trainer's screen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignInCode {
    #[schema(examples("042917"))]
    pub code: String,
    pub purpose: CodePurpose,
    /// When it is taken no more: five seconds after the next one is shown.
    pub expires_at: Timestamp,
    /// Milliseconds until the next one, 1..10000.
    pub refresh_in_ms: i64,
}
