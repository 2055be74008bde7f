//! Pure rules of classes: their words, and who can do what in which state. The wire text of each word is also how
//! it is stored.

pub mod code;

use serde::{Deserialize, Serialize};

use crate::clocks::words::words;
use crate::identity::policy;
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;

/// A class can be begun so long before its time.
const EARLY_MS: i64 = 30 * 60 * 1000;
/// Everybody of the client.
pub const ALL: &str = "*";

words! {
    ClassMode {
        Online = "online", "线上";
        OnSite = "on_site", "线下";
    }
}

words! {
    ClassState {
        Proposed = "proposed", "待对方同意";
        Agreed = "agreed", "已约定";
        Declined = "declined", "未同意";
        Running = "running", "进行中";
        Held = "held", "待签署";
        Signed = "signed", "双方已签";
        Cancelled = "cancelled", "已取消";
    }
}

words! {
    ClassAction {
        Agree = "agree", "同意";
        Decline = "decline", "不同意";
        Change = "change", "改期或改内容";
        Cancel = "cancel", "取消";
        Enrol = "enrol", "报名";
        Leave = "leave", "取消报名";
        Start = "start", "开始";
        MarkPresent = "mark_present", "补签到";
        Finish = "finish", "结束";
        SignRoster = "sign_roster", "签署签到表";
    }
}

words! {
    /// How somebody came onto the roster.
    Method {
        Code = "code", "签到码";
        Marked = "marked", "讲师补签";
    }
}

/// What people wrote about a class; sealed as one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    pub title: String,
    #[serde(default)]
    pub place: String,
    #[serde(default)]
    pub agenda: String,
    /// Why it was declined or cancelled.
    pub reason: Option<String>,
    pub minutes: Option<String>,
}

/// What decides which actions are open.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    pub state: ClassState,
    pub proposed_side: Side,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub client_signed: bool,
    pub vendor_signed: bool,
    /// Of the caller.
    pub side: Side,
    pub invited: bool,
    pub enrolled: bool,
    pub full: bool,
}

impl ClassAction {
    /// What the policy is asked.
    #[must_use]
    pub const fn policy(self) -> policy::Action {
        match self {
            Self::Agree | Self::Decline | Self::Change | Self::Cancel | Self::SignRoster => {
                policy::Action::ArrangeClass
            }
            Self::Enrol | Self::Leave => policy::Action::AttendClass,
            Self::Start | Self::MarkPresent | Self::Finish => policy::Action::RunClass,
        }
    }

    /// Whether the state is open to it.
    #[must_use]
    pub fn is_open(self, class: &Standing, now: Timestamp) -> bool {
        use ClassState as S;
        let planned = matches!(class.state, S::Proposed | S::Agreed);
        let untouched = !class.client_signed && !class.vendor_signed;
        match self {
            Self::Agree | Self::Decline => class.state == S::Proposed && class.side != class.proposed_side,
            Self::Change => planned,
            Self::Cancel => planned,
            Self::Enrol => {
                let open = matches!(class.state, S::Agreed | S::Running);
                open && class.invited && !class.enrolled && !class.full
            }
            Self::Leave => class.state == S::Agreed && class.enrolled,
            Self::Start => {
                class.state == S::Agreed
                    && now >= class.starts_at.plus_millis(-EARLY_MS)
                    && now <= class.ends_at
            }
            Self::MarkPresent => class.state == S::Running || (class.state == S::Held && untouched),
            Self::Finish => class.state == S::Running,
            Self::SignRoster => {
                class.state == S::Held
                    && match class.side {
                        Side::Client => !class.client_signed,
                        Side::Vendor => !class.vendor_signed,
                    }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(1_000_000_000);

    fn open(standing: Standing, now: Timestamp) -> Vec<&'static str> {
        ClassAction::ALL.iter().filter(|a| a.is_open(&standing, now)).map(|a| a.wire()).collect()
    }

    #[test]
    fn each_state_has_its_actions() {
        let class = Standing {
            state: ClassState::Proposed,
            proposed_side: Side::Vendor,
            starts_at: NOON,
            ends_at: NOON.plus_seconds(3600),
            client_signed: false,
            vendor_signed: false,
            side: Side::Client,
            invited: true,
            enrolled: false,
            full: false,
        };
        let before = NOON.plus_millis(-EARLY_MS - 1);
        assert_eq!(open(class, before), ["agree", "decline", "change", "cancel"]);
        assert_eq!(open(Standing { side: Side::Vendor, ..class }, before), ["change", "cancel"]);
        let agreed = Standing { state: ClassState::Agreed, ..class };
        assert_eq!(open(agreed, before), ["change", "cancel", "enrol"]);
        assert_eq!(open(Standing { full: true, ..agreed }, before), ["change", "cancel"]);
        assert_eq!(open(Standing { invited: false, ..agreed }, before), ["change", "cancel"]);
        let enrolled = Standing { enrolled: true, ..agreed };
        assert_eq!(open(enrolled, before.plus_millis(1)), ["change", "cancel", "leave", "start"]);
        assert_eq!(open(enrolled, class.ends_at.plus_millis(1)), ["change", "cancel", "leave"]);
        let running = Standing { state: ClassState::Running, ..class };
        assert_eq!(open(running, NOON), ["enrol", "mark_present", "finish"]);
        let held = Standing { state: ClassState::Held, ..class };
        assert_eq!(open(held, NOON), ["mark_present", "sign_roster"]);
        assert_eq!(open(Standing { client_signed: true, ..held }, NOON), [""; 0]);
        assert_eq!(open(Standing { vendor_signed: true, ..held }, NOON), ["sign_roster"]);
        for state in [ClassState::Declined, ClassState::Cancelled, ClassState::Signed] {
            assert_eq!(open(Standing { state, ..class }, NOON), [""; 0]);
        }
    }
}
