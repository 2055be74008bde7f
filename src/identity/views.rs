//! What identity takes and gives on the wire. Personal values stand here already masked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::people::PersonRef;
use crate::kit::actor::{Role, Side};
use crate::kit::clock::Timestamp;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginBody {
    /// From `wx.login`; works once.
    #[schema(max_length = 128, pattern = "^[A-Za-z0-9_-]{8,128}$")]
    pub code: String,
    /// How the person tells their devices apart.
    #[schema(max_length = 64, examples("iPhone 15"))]
    pub device: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshBody {
    #[schema(max_length = 200)]
    pub refresh_token: String,
}

/// Either `invitation`, or `phone_code` and `employee_no`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BindingBody {
    /// One-time code that the administrator handed out.
    #[schema(max_length = 100)]
    pub invitation: Option<String>,
    /// From `getPhoneNumber`; works once.
    #[schema(max_length = 256)]
    pub phone_code: Option<String>,
    #[schema(max_length = 64)]
    pub employee_no: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentBody {
    #[schema(max_length = 40, examples("service"))]
    pub purpose: String,
    /// `version` of the notice that was read.
    #[schema(max_length = 40)]
    pub notice_version: String,
}

/// Tokens and who they are for.
#[derive(Clone, Serialize, ToSchema)]
pub struct SessionAnswer {
    pub access_token: String,
    #[schema(examples("Bearer"))]
    pub token_type: &'static str,
    /// Seconds.
    #[schema(examples(600))]
    pub expires_in: i64,
    /// Works once; the answer to a refresh carries the next.
    pub refresh_token: String,
    pub me: Me,
}

/// The caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// Of the person once bound, of the account before.
    pub id: Uuid,
    pub display_name: String,
    #[schema(examples("138****1234"))]
    pub phone_masked: Option<String>,
    pub employee_no_masked: Option<String>,
    pub party: Option<Side>,
    pub roles: Vec<Role>,
    pub department: Option<String>,
    pub bound: bool,
    pub consents: Vec<Consent>,
}

/// A consent that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Consent {
    pub purpose: String,
    pub notice_version: String,
    pub given_at: Timestamp,
}

/// A device that is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Device {
    pub id: Uuid,
    pub device: String,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// The one that asks.
    pub current: bool,
}

/// One look at the caller's unmasked data.
#[derive(Debug, Serialize, ToSchema)]
pub struct Look {
    pub at: Timestamp,
    pub viewer: PersonRef,
    pub purpose: String,
    pub fields: Vec<String>,
    pub ticket_number: Option<String>,
    #[serde(skip)]
    pub place: Uuid,
}
