//! The policy table: who may do what, in one pure place. Services ask [`authorise`] and nothing else
//! decides about roles. What somebody may not see is answered like what does not exist ([`Verdict::Hide`]);
//! what they see but may not do is [`Verdict::Forbid`]. Of several roles the most permissive counts.

mod others;

use uuid::Uuid;

use self::others::{on_breach, on_class, on_person};
use crate::kit::actor::{Actor, Member, Role, Side};
use crate::kit::error::{Code, Error, Result};

/// Every operation of the product that somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    // One's own account: bound or not.
    ReadMe,
    ListSessions,
    EndSession,
    Bind,
    GiveConsent,
    WithdrawConsent,
    // One's own person: bound.
    ReadAccessLog,
    ReadInbox,
    // Published materials.
    Search,
    /// Suggestions for a ticket that is being written.
    Suggest,
    ReadSuggestions,
    // People, to assign or to report for.
    ListPeople,
    /// Giving somebody of one's own side a code for their WeChat account, their first or another one.
    Invite,
    /// Letting an employee see what their department reported, and taking that back.
    Delegate,
    // The duties of both sides, and what was not fulfilled in time.
    ListObligations,
    ListBreaches,
    // One breach: reading and writing.
    ViewBreach,
    DisputeBreach,
    AnswerDispute,
    WaiveBreach,
    ConfirmBreach,
    // Tickets: making and finding them.
    /// A fault, a consultation, a draft of a change, a proposed quality defect.
    Submit,
    SubmitOnBehalf,
    /// What the client's manager alone asks for: reports, inspections, invoices.
    SubmitForClient,
    DeclareIncident,
    Upload,
    ListMine,
    ListDepartment,
    ListQueue,
    ListAll,
    // One ticket: reading. `View` covers ticket, messages, timeline, clocks, receipt and public attachments.
    View,
    ViewInternal,
    Reveal,
    // One ticket: writing.
    Reply,
    NoteInternal,
    Accept,
    Assign,
    AskClient,
    Supply,
    PublishSolution,
    RejectSolution,
    MarkRepaired,
    Confirm,
    FailVerification,
    Reopen,
    Withdraw,
    Merge,
    Remind,
    EscalateToIncident,
    /// A step of the vendor's work.
    Work,
    /// What only the vendor's lead signs: replies, reports, quotes, invoices, findings, dates.
    Sign,
    /// What only the client's manager decides: notices, quotes, acceptances, agreements.
    Decide,
    /// The client's part in the work: the reporter's or the manager's.
    TakePart,
    /// Agreeing to a remote session: the reporter's alone.
    Consent,
    Link,
    /// Following a fault that one meets too.
    Follow,
    // The agreement itself: terms and annexes, milestones, delivery, maintenance, exit.
    ReadCalendar,
    ReadContract,
    ReadFees,
    ImportCalendar,
    LogMaintenance,
    /// Propose, sign, accept or decline in the name of 甲方.
    ActForClient,
    /// The same in the name of 乙方.
    ActForVendor,
    // Classes.
    ListClasses,
    ProposeClass,
    ViewClass,
    SeeRoster,
    /// Agree, decline, change, cancel, sign the roster.
    ArrangeClass,
    /// The trainer's part.
    RunClass,
    /// Enrol, sign in and out.
    AttendClass,
    // Learning.
    SeeCoverage,
    /// How far each single person is.
    SeeLearners,
    // Courses as they are written; who learns asks nobody.
    WriteCourses,
    /// Reviewing, publishing and withdrawing.
    PublishCourses,
    /// What is published, with one's own progress, quizzes and certificates.
    ReadCourses,
}

/// What a ticket is about, as far as it decides who may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    Fault,
    Incident,
    Other,
}

/// What the decision needs to know about a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketFacts {
    pub reporter: Uuid,
    pub reporter_side: Side,
    /// Who typed it; another than the reporter when it was entered on behalf.
    pub entered_by: Uuid,
    pub department: Option<Uuid>,
    pub assignee: Option<Uuid>,
    /// Who marked it repaired last: that person never verifies.
    pub repaired_by: Option<Uuid>,
    pub is_open: bool,
    /// The vendor has given its formal answer in this cycle: the reporter can no longer withdraw.
    pub has_answer: bool,
    pub matter: Matter,
    /// A draft, or a defect that the manager has not confirmed: the vendor does not see it yet.
    pub is_among_the_client: bool,
    /// Whether the caller follows it.
    pub follows: bool,
}

/// What the decision needs to know about a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassFacts {
    /// Both sides agreed on it once: before, it is a plan between those who speak for them.
    pub announced: bool,
    pub trainer: Option<Uuid>,
}

/// What an action is about.
#[derive(Clone, Copy, Debug)]
pub enum Facts<'a> {
    /// Somebody of the roster.
    Person(&'a Member),
    /// Nothing but the caller.
    Nothing,
    /// Something that belongs to an account: a session, a consent.
    OwnedBy(Uuid),
    Ticket(&'a TicketFacts),
    /// A breach of a duty of this side.
    Breach(Side),
    Class(&'a ClassFacts),
}

/// Ordered: of several roles the largest verdict counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// As if it did not exist: 404.
    Hide,
    /// Visible, but not for this role: 403.
    Forbid,
    Allow,
}

impl Verdict {
    /// # Errors
    /// 404 for what is hidden, 403 for what is forbidden.
    pub fn require(self) -> Result<()> {
        match self {
            Self::Allow => Ok(()),
            Self::Forbid => Err(Error::new(Code::Forbidden)),
            Self::Hide => Err(Error::new(Code::NotFound)),
        }
    }
}

/// Decides and turns a refusal into its answer.
///
/// # Errors
/// 403 `NOT_BOUND` for an account without a person, else 403 or 404 as decided.
pub fn authorise(actor: &Actor, action: Action, facts: &Facts<'_>) -> Result<()> {
    if actor.member.is_none() && !for_any_account(action) {
        return Err(Error::new(Code::NotBound));
    }
    decide(actor, action, facts).require()
}

/// The decision about a ticket: what `allowed_actions` and the ticket services ask.
#[must_use]
pub fn allow(actor: &Actor, action: Action, facts: &TicketFacts) -> Verdict {
    decide(actor, action, &Facts::Ticket(facts))
}

/// The whole table.
#[must_use]
pub fn decide(actor: &Actor, action: Action, facts: &Facts<'_>) -> Verdict {
    if for_any_account(action) {
        return match facts {
            Facts::Nothing => Verdict::Allow,
            Facts::OwnedBy(account) if *account == actor.account_id => Verdict::Allow,
            Facts::OwnedBy(_) | Facts::Person(_) | Facts::Ticket(_) | Facts::Breach(_) | Facts::Class(_) => {
                Verdict::Hide
            }
        };
    }
    let Some(member) = &actor.member else { return Verdict::Forbid };
    let verdicts = member.roles.iter().map(|role| match facts {
        Facts::Ticket(ticket) => on_ticket(member, *role, action, ticket),
        Facts::Breach(obligor) => on_breach(*role, action, *obligor),
        Facts::Class(class) => on_class(member, *role, action, class),
        Facts::Person(person) => on_person(member, *role, action, person),
        Facts::Nothing | Facts::OwnedBy(_) => in_general(*role, action),
    });
    verdicts.max().unwrap_or(Verdict::Forbid)
}

/// What an account may do before it is bound.
const fn for_any_account(action: Action) -> bool {
    use Action as A;
    matches!(
        action,
        A::ReadMe | A::ListSessions | A::EndSession | A::Bind | A::GiveConsent | A::WithdrawConsent
    )
}

/// Actions that are not about one ticket.
fn in_general(role: Role, action: Action) -> Verdict {
    use Action as A;
    use Role as R;
    let allowed = match action {
        A::ReadMe | A::ListSessions | A::EndSession | A::Bind | A::GiveConsent | A::WithdrawConsent => true,
        // It widens what an employee sees and gives nothing of its own.
        _ if role == R::DepartmentViewer => action == A::ListDepartment,
        A::ReadAccessLog | A::ReadInbox | A::ListMine | A::Search => true,
        A::Suggest => matches!(role, R::Employee | R::ClientManager | R::VendorAgent | R::VendorLead),
        A::ReadSuggestions => matches!(role, R::ClientManager | R::VendorAgent | R::VendorLead),
        A::ListPeople | A::SubmitOnBehalf | A::ListQueue => matches!(role, R::VendorAgent | R::VendorLead),
        A::Submit => matches!(role, R::Employee | R::ClientManager),
        A::SubmitForClient => matches!(role, R::ClientManager),
        A::DeclareIncident => !matches!(role, R::Auditor),
        A::Upload => matches!(role, R::Employee | R::ClientManager | R::VendorAgent | R::VendorLead),
        A::ListDepartment => matches!(role, R::ClientManager | R::DepartmentViewer),
        A::Invite => matches!(role, R::ClientManager | R::VendorLead | R::Admin),
        A::Delegate => matches!(role, R::ClientManager),
        A::ListObligations | A::ListBreaches => !matches!(role, R::Employee | R::Admin),
        A::ListAll => matches!(role, R::ClientManager | R::VendorAgent | R::VendorLead | R::Auditor),
        A::ReadCalendar => true,
        // The administrator loads calendars and must see what is in force; business stays with the parties.
        A::ReadContract => !matches!(role, R::Employee),
        A::ReadFees => matches!(role, R::ClientManager | R::VendorLead | R::Auditor),
        A::ImportCalendar => matches!(role, R::ClientManager | R::VendorLead | R::Admin),
        A::LogMaintenance => matches!(role, R::VendorAgent | R::VendorLead),
        A::ActForClient => matches!(role, R::ClientManager),
        A::ActForVendor => matches!(role, R::VendorLead),
        A::ListClasses => true,
        A::ProposeClass => matches!(role, R::ClientManager | R::VendorLead),
        A::SeeCoverage => !matches!(role, R::Employee | R::Admin),
        A::SeeLearners => matches!(role, R::ClientManager | R::Auditor),
        A::WriteCourses => matches!(role, R::VendorAgent | R::VendorLead),
        A::PublishCourses => matches!(role, R::VendorLead),
        A::ReadCourses => true,
        // These need a ticket or a breach; without one nobody may.
        A::ViewBreach
        | A::DisputeBreach
        | A::AnswerDispute
        | A::WaiveBreach
        | A::ConfirmBreach
        | A::View
        | A::ViewInternal
        | A::Reveal
        | A::Reply
        | A::NoteInternal
        | A::Accept
        | A::Assign
        | A::AskClient
        | A::Supply
        | A::PublishSolution
        | A::RejectSolution
        | A::MarkRepaired
        | A::Confirm
        | A::FailVerification
        | A::Reopen
        | A::Withdraw
        | A::Merge
        | A::Remind
        | A::EscalateToIncident
        | A::Work
        | A::Sign
        | A::Decide
        | A::TakePart
        | A::Consent
        | A::Link
        | A::Follow
        | A::ViewClass
        | A::SeeRoster
        | A::ArrangeClass
        | A::RunClass
        | A::AttendClass => false,
    };
    if allowed { Verdict::Allow } else { Verdict::Forbid }
}

/// Whether the role sees the ticket at all. Stores filter lists with the same rule:
/// an employee what they reported or follow, and what colleagues of their department reported where the manager lets
/// them, but no incident; an agent what is open, theirs or entered by them; manager, lead
/// and auditor all. What is still among the client, nobody of the vendor sees but who entered it.
/// The administrator keeps the platform and knows of tickets only that they exist: forbidden, not hidden.
fn sees(member: &Member, role: Role, ticket: &TicketFacts) -> Verdict {
    let me = member.person_id;
    let visible = match role {
        Role::ClientManager => ticket.reporter_side == Side::Client || ticket.matter == Matter::Incident,
        Role::VendorLead | Role::Auditor => true,
        Role::Employee => ticket.reporter == me || ticket.follows,
        Role::DepartmentViewer => {
            let same = ticket.department.is_some() && ticket.department == member.department_id;
            same && ticket.reporter_side == Side::Client && ticket.matter != Matter::Incident
        }
        Role::VendorAgent => ticket.is_open || ticket.assignee == Some(me) || ticket.entered_by == me,
        Role::Admin => return Verdict::Forbid,
    };
    let kept_back = ticket.is_among_the_client && member.side == Side::Vendor && ticket.entered_by != me;
    let visible = visible && !kept_back;
    if visible { Verdict::Allow } else { Verdict::Hide }
}

/// Actions about one ticket, for somebody with this one role.
fn on_ticket(member: &Member, role: Role, action: Action, ticket: &TicketFacts) -> Verdict {
    use Action as A;
    use Role as R;
    if role == R::Admin && action == A::EscalateToIncident {
        return Verdict::Allow;
    }
    let client = matches!(role, R::Employee | R::ClientManager);
    // Whoever was shown a fault of their own company may follow it; of others they learn nothing by trying.
    if action == A::Follow && client && ticket.matter == Matter::Fault && ticket.is_open {
        return Verdict::Allow;
    }
    let seen = sees(member, role, ticket);
    if seen != Verdict::Allow {
        return seen;
    }
    let me = member.person_id;
    let own = ticket.reporter == me;
    if role == R::DepartmentViewer || (role == R::Employee && !own) {
        // A follower looks on, and so does who may see the department.
        let may = matches!(action, A::View | A::EscalateToIncident);
        return if may { Verdict::Allow } else { Verdict::Forbid };
    }
    let vendor = matches!(role, R::VendorAgent | R::VendorLead);
    let lead = role == R::VendorLead;
    let mine_or_free = ticket.assignee.is_none_or(|a| a == me);
    let allowed = match action {
        A::View => true,
        A::ViewInternal | A::NoteInternal => vendor,
        A::Reveal => match role {
            R::Employee => own,
            R::ClientManager => true,
            R::VendorAgent | R::VendorLead => {
                ticket.assignee == Some(me) || (ticket.is_open && (lead || mine_or_free))
            }
            R::Auditor | R::Admin | R::DepartmentViewer => false,
        },
        A::Reply => client || lead || (vendor && mine_or_free),
        A::Accept | A::AskClient | A::PublishSolution | A::MarkRepaired => vendor,
        A::Assign => lead || (vendor && mine_or_free),
        A::Work => vendor,
        A::Sign => lead,
        A::Decide => role == R::ClientManager,
        A::Consent => client && own,
        A::Supply | A::RejectSolution | A::Reopen | A::Remind | A::TakePart => client,
        // Whoever repaired does not verify, whatever roles they hold.
        A::Confirm | A::FailVerification => client && ticket.repaired_by != Some(me),
        A::Withdraw => role == R::ClientManager || (client && own && !ticket.has_answer),
        A::Merge | A::Link => vendor || role == R::ClientManager,
        A::EscalateToIncident => client || vendor,
        A::Follow => false,
        // Not about a ticket: asking with one is a mistake, and a mistake grants nothing.
        A::ReadMe
        | A::ListSessions
        | A::EndSession
        | A::Bind
        | A::GiveConsent
        | A::WithdrawConsent
        | A::ReadAccessLog
        | A::ReadInbox
        | A::Search
        | A::Suggest
        | A::ReadSuggestions
        | A::ListPeople
        | A::Invite
        | A::Delegate
        | A::Submit
        | A::SubmitOnBehalf
        | A::SubmitForClient
        | A::DeclareIncident
        | A::Upload
        | A::ListMine
        | A::ListDepartment
        | A::ListQueue
        | A::ListAll
        | A::ReadCalendar
        | A::ReadContract
        | A::ReadFees
        | A::ImportCalendar
        | A::LogMaintenance
        | A::ActForClient
        | A::ActForVendor
        | A::WriteCourses
        | A::PublishCourses
        | A::ReadCourses
        | A::ListObligations
        | A::ListBreaches
        | A::ViewBreach
        | A::DisputeBreach
        | A::AnswerDispute
        | A::WaiveBreach
        | A::ConfirmBreach
        | A::ListClasses
        | A::ProposeClass
        | A::ViewClass
        | A::SeeRoster
        | A::ArrangeClass
        | A::RunClass
        | A::AttendClass
        | A::SeeCoverage
        | A::SeeLearners => false,
    };
    if allowed { Verdict::Allow } else { Verdict::Forbid }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
