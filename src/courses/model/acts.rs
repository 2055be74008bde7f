//! From draft to learner and back: who may take which step when. Pure; the table is all there is.

use super::State;
use crate::clocks::words::words;
use crate::identity::policy::Action;

words! {
    /// A step of a course.
    #[schema(as = CourseStep)]
    Step {
        SubmitForReview = "submit_for_review", "提交审核";
        ReturnDraft = "return_draft", "退回修改";
        Approve = "approve", "审核通过";
        Publish = "publish", "发布";
        Withdraw = "withdraw", "下架";
        Revise = "revise", "修订";
    }
}

impl Step {
    /// What the policy is asked.
    #[must_use]
    pub const fn needs(self) -> Action {
        match self {
            Self::SubmitForReview | Self::Revise => Action::WriteCourses,
            Self::ReturnDraft | Self::Approve | Self::Publish | Self::Withdraw => Action::PublishCourses,
        }
    }

    /// As the ledger calls it.
    #[must_use]
    pub const fn event(self) -> &'static str {
        match self {
            Self::SubmitForReview => "course.submitted",
            Self::ReturnDraft => "course.returned",
            Self::Approve => "course.approved",
            Self::Publish => "course.published",
            Self::Withdraw => "course.withdrawn",
            Self::Revise => "course.revised",
        }
    }

    /// Where it leads from here, when it can be taken. A course that learners have stays theirs until it is
    /// withdrawn or another edition is published.
    #[must_use]
    pub const fn from(self, state: State, is_in_force: bool) -> Option<State> {
        match (self, state) {
            (Self::SubmitForReview, State::Draft) => Some(State::InReview),
            (Self::ReturnDraft, State::InReview | State::Approved) => Some(State::Draft),
            (Self::Approve, State::InReview) => Some(State::Approved),
            (Self::Publish, State::Approved) => Some(State::Published),
            (Self::Withdraw, _) if is_in_force => Some(State::Withdrawn),
            (Self::Revise, State::Published | State::Withdrawn) => Some(State::Draft),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_published_that_nobody_approved() {
        for state in State::ALL {
            for in_force in [false, true] {
                let leads = |step: Step| step.from(*state, in_force);
                assert_eq!(leads(Step::Publish).is_some(), *state == State::Approved);
                assert_eq!(leads(Step::Withdraw).is_some(), in_force);
                let to_approved: Vec<_> =
                    Step::ALL.iter().filter(|s| leads(**s) == Some(State::Approved)).collect();
                assert_eq!(to_approved.is_empty(), *state != State::InReview, "{state:?}");
            }
        }
    }
}
