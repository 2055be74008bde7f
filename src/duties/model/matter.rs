//! Pure: how the matter of a breach goes on. Asserted by the instants themselves; the obligor may dispute it
//! (申辩), the counterpart answers, waives or confirms. What is waived or confirmed stays so; only a verdict
//! that the instants no longer bear out supersedes it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::identity::policy::Action;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreachStatus {
    Asserted,
    Disputed,
    Waived,
    Confirmed,
    /// It turned out not to have been late; the reason stands in the history.
    Superseded,
}

impl BreachStatus {
    pub const ALL: [Self; 5] =
        [Self::Asserted, Self::Disputed, Self::Waived, Self::Confirmed, Self::Superseded];

    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Asserted => "asserted",
            Self::Disputed => "disputed",
            Self::Waived => "waived",
            Self::Confirmed => "confirmed",
            Self::Superseded => "superseded",
        }
    }

    #[must_use]
    pub fn from_wire(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.wire() == text)
    }
}

/// What people do about a breach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreachAction {
    /// The obligor: it was otherwise, or not our doing.
    Dispute,
    /// The counterpart's word on it; the matter stays open.
    AnswerDispute,
    /// The counterpart lets it go.
    Waive,
    /// The counterpart insists.
    Confirm,
}

impl BreachAction {
    pub const ALL: [Self; 4] = [Self::Dispute, Self::AnswerDispute, Self::Waive, Self::Confirm];

    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Dispute => "dispute",
            Self::AnswerDispute => "answer_dispute",
            Self::Waive => "waive",
            Self::Confirm => "confirm",
        }
    }

    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Dispute => "提出申辩",
            Self::AnswerDispute => "答复申辩",
            Self::Waive => "豁免",
            Self::Confirm => "确认超时",
        }
    }

    /// Who may is asked under this name.
    #[must_use]
    pub const fn policy(self) -> Action {
        match self {
            Self::Dispute => Action::DisputeBreach,
            Self::AnswerDispute => Action::AnswerDispute,
            Self::Waive => Action::WaiveBreach,
            Self::Confirm => Action::ConfirmBreach,
        }
    }
}

/// What the action makes of the matter; `None` when it cannot be done now.
#[must_use]
pub const fn next(status: BreachStatus, action: BreachAction) -> Option<BreachStatus> {
    use BreachAction as A;
    use BreachStatus as S;
    match (status, action) {
        (S::Asserted, A::Dispute) | (S::Disputed, A::AnswerDispute) => Some(S::Disputed),
        (S::Asserted | S::Disputed, A::Waive) => Some(S::Waived),
        (S::Asserted | S::Disputed, A::Confirm) => Some(S::Confirmed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_done_in_each_status() {
        let table: [(BreachStatus, &[(BreachAction, BreachStatus)]); 5] = [
            (
                BreachStatus::Asserted,
                &[
                    (BreachAction::Dispute, BreachStatus::Disputed),
                    (BreachAction::Waive, BreachStatus::Waived),
                    (BreachAction::Confirm, BreachStatus::Confirmed),
                ],
            ),
            (
                BreachStatus::Disputed,
                &[
                    (BreachAction::AnswerDispute, BreachStatus::Disputed),
                    (BreachAction::Waive, BreachStatus::Waived),
                    (BreachAction::Confirm, BreachStatus::Confirmed),
                ],
            ),
            (BreachStatus::Waived, &[]),
            (BreachStatus::Confirmed, &[]),
            (BreachStatus::Superseded, &[]),
        ];
        for (status, can) in table {
            assert_eq!(BreachStatus::from_wire(status.wire()), Some(status));
            for action in BreachAction::ALL {
                let expected = can.iter().find(|(a, _)| *a == action).map(|(_, to)| *to);
                assert_eq!(next(status, action), expected, "{action:?} when {status:?}");
            }
        }
    }
}
