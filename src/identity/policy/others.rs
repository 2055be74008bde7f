//! The parts of the policy table that are not about tickets: classes, people, breaches.

use super::{Action, ClassFacts, Verdict};
use crate::kit::actor::{Member, Role, Side};

/// Actions about one class. Employees and administrators learn of it when both sides have agreed; everybody of the
/// client may come, and the trainer or a lead of the vendor runs it.
pub fn on_class(member: &Member, role: Role, action: Action, class: &ClassFacts) -> Verdict {
    use Action as A;
    if role == Role::DepartmentViewer || (matches!(role, Role::Employee | Role::Admin) && !class.announced) {
        return Verdict::Hide;
    }
    let speaks = matches!(role, Role::ClientManager | Role::VendorLead);
    let runs = role == Role::VendorLead || class.trainer == Some(member.person_id);
    let allowed = match action {
        A::ViewClass => true,
        A::SeeRoster => speaks || runs || role == Role::Auditor,
        A::ArrangeClass => speaks,
        A::RunClass => runs,
        A::AttendClass => member.side == Side::Client,
        _ => false,
    };
    if allowed { Verdict::Allow } else { Verdict::Forbid }
}

/// Actions about somebody of one's own side. A manager or lead invites those who have no more than what they have
/// themselves; the administrator only those who sign nothing, because a code makes whoever uses it that person. Nobody
/// invites themselves: who can ask is signed in.
pub fn on_person(member: &Member, role: Role, action: Action, person: &Member) -> Verdict {
    use Role as R;
    if person.side != member.side {
        return Verdict::Hide;
    }
    let only = |these: &[R]| person.roles.iter().all(|r| these.contains(r));
    let (plain, speaker) = match member.side {
        Side::Client => (R::Employee, R::ClientManager),
        Side::Vendor => (R::VendorAgent, R::VendorLead),
    };
    let allowed = match action {
        Action::Invite if person.person_id == member.person_id => false,
        Action::Invite if role == speaker => only(&[plain, speaker, R::DepartmentViewer]),
        Action::Invite if role == R::Admin => only(&[plain, R::DepartmentViewer]),
        Action::Delegate if role == R::ClientManager => only(&[R::Employee, R::DepartmentViewer]),
        _ => false,
    };
    if allowed { Verdict::Allow } else { Verdict::Forbid }
}

/// Actions about one breach. Whoever speaks for the side that owed the duty disputes; whoever speaks for the
/// other side answers, waives or confirms. Employees do not know of it; the administrator has no part in it.
pub fn on_breach(role: Role, action: Action, obligor: Side) -> Verdict {
    use Action as A;
    let speaks_for = match role {
        Role::Employee | Role::DepartmentViewer => return Verdict::Hide,
        Role::ClientManager => Some(Side::Client),
        Role::VendorLead => Some(Side::Vendor),
        Role::VendorAgent | Role::Auditor => None,
        Role::Admin => return Verdict::Forbid,
    };
    let allowed = match action {
        A::ViewBreach => true,
        A::DisputeBreach => speaks_for == Some(obligor),
        A::AnswerDispute | A::WaiveBreach | A::ConfirmBreach => speaks_for.is_some_and(|s| s != obligor),
        _ => false,
    };
    if allowed { Verdict::Allow } else { Verdict::Forbid }
}
