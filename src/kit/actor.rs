//! Who is calling, as far as plumbing needs to know it: an account, and the person behind it once bound.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// 甲方 or 乙方.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Client,
    Vendor,
}

impl Side {
    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Vendor => "vendor",
        }
    }

    #[must_use]
    pub fn from_wire(text: &str) -> Option<Self> {
        [Self::Client, Self::Vendor].into_iter().find(|s| s.wire() == text)
    }
}

/// What a person may be. One person may hold several roles of the same side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Employee,
    ClientManager,
    VendorAgent,
    VendorLead,
    Auditor,
    Admin,
    /// An employee whom the client's manager lets see what their department reported. Given and taken back in the
    /// program, never by the roster's file.
    DepartmentViewer,
}

impl Role {
    /// What the roster gives.
    pub const ALL: [Self; 6] = [
        Self::Employee,
        Self::ClientManager,
        Self::VendorAgent,
        Self::VendorLead,
        Self::Auditor,
        Self::Admin,
    ];

    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::ClientManager => "client_manager",
            Self::VendorAgent => "vendor_agent",
            Self::VendorLead => "vendor_lead",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
            Self::DepartmentViewer => "department_viewer",
        }
    }

    #[must_use]
    pub fn from_wire(text: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::DepartmentViewer]).find(|r| r.wire() == text)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.wire())
    }
}

/// A bound person of the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub person_id: Uuid,
    pub side: Side,
    pub roles: Vec<Role>,
    pub department_id: Option<Uuid>,
}

/// The caller of a request, as the live session says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub account_id: Uuid,
    pub session_id: Uuid,
    /// `None` until the account is bound to the roster.
    pub member: Option<Member>,
    /// The notice version that the account consented to for the purpose "service".
    pub consent: Option<String>,
}

impl Actor {
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.member.as_ref().is_some_and(|m| m.roles.contains(&role))
    }

    #[must_use]
    pub fn side(&self) -> Option<Side> {
        self.member.as_ref().map(|m| m.side)
    }

    #[must_use]
    pub fn person_id(&self) -> Option<Uuid> {
        self.member.as_ref().map(|m| m.person_id)
    }
}
