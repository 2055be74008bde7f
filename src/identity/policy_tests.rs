//! The policy table, cell by cell: written from product.md 5.3 and not from the code it checks.

use super::*;

const ME: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);
const THIRD: Uuid = Uuid::from_u128(3);

fn actor(roles: &[Role]) -> Actor {
    let vendor = roles.iter().any(|r| matches!(r, Role::VendorAgent | Role::VendorLead));
    Actor {
        account_id: Uuid::from_u128(100),
        session_id: Uuid::from_u128(200),
        member: Some(Member {
            person_id: ME,
            side: if vendor { Side::Vendor } else { Side::Client },
            roles: roles.to_vec(),
            department_id: None,
        }),
        consent: None,
    }
}

fn unbound() -> Actor {
    Actor { member: None, ..actor(&[]) }
}

fn ticket() -> TicketFacts {
    TicketFacts {
        reporter: OTHER,
        reporter_side: Side::Client,
        entered_by: OTHER,
        department: None,
        assignee: Some(THIRD),
        repaired_by: None,
        is_open: true,
        has_answer: false,
        matter: Matter::Fault,
        is_among_the_client: false,
        follows: false,
    }
}

/// One letter per role, in the order E CM VA VL AU AD: `y` allow, `n` forbid, `.` hide.
fn row(action: Action, facts: &Facts<'_>) -> String {
    let letter = |role: &Role| match decide(&actor(&[*role]), action, facts) {
        Verdict::Allow => 'y',
        Verdict::Forbid => 'n',
        Verdict::Hide => '.',
    };
    Role::ALL.iter().map(letter).collect()
}

fn check(name: &str, ticket: &TicketFacts, table: &[(Action, &str)]) {
    for (action, expected) in table {
        assert_eq!(row(*action, &Facts::Ticket(ticket)), *expected, "{action:?} on {name}");
    }
}

use Action as A;

#[test]
fn without_a_ticket() {
    for (action, expected) in [
        (A::ReadMe, "yyyyyy"),
        (A::ListSessions, "yyyyyy"),
        (A::EndSession, "yyyyyy"),
        (A::Bind, "yyyyyy"),
        (A::GiveConsent, "yyyyyy"),
        (A::WithdrawConsent, "yyyyyy"),
        (A::ReadAccessLog, "yyyyyy"),
        (A::ListMine, "yyyyyy"),
        (A::ListPeople, "nnyynn"),
        (A::Submit, "yynnnn"),
        (A::SubmitOnBehalf, "nnyynn"),
        (A::SubmitForClient, "nynnnn"),
        (A::DeclareIncident, "yyyyny"),
        (A::Upload, "yyyynn"),
        (A::ListDepartment, "nynnnn"),
        (A::ListQueue, "nnyynn"),
        (A::ListAll, "nyyyyn"),
        (A::View, "nnnnnn"),
        (A::Accept, "nnnnnn"),
        (A::ReadCalendar, "yyyyyy"),
        (A::ReadContract, "nyyyyy"),
        (A::ReadFees, "nynyyn"),
        (A::ImportCalendar, "nynyny"),
        (A::LogMaintenance, "nnyynn"),
        (A::ActForClient, "nynnnn"),
        (A::ActForVendor, "nnnynn"),
    ] {
        assert_eq!(row(action, &Facts::Nothing), expected, "{action:?}");
    }
}

#[test]
fn somebody_elses_open_ticket_with_another_assignee() {
    check(
        "a foreign open ticket",
        &ticket(),
        &[
            (A::View, ".yyyyn"),
            (A::ViewInternal, ".nyynn"),
            (A::NoteInternal, ".nyynn"),
            (A::Reveal, ".ynynn"),
            (A::Reply, ".ynynn"),
            (A::Accept, ".nyynn"),
            (A::Assign, ".nnynn"),
            (A::AskClient, ".nyynn"),
            (A::Supply, ".ynnnn"),
            (A::PublishSolution, ".nyynn"),
            (A::RejectSolution, ".ynnnn"),
            (A::MarkRepaired, ".nyynn"),
            (A::Confirm, ".ynnnn"),
            (A::FailVerification, ".ynnnn"),
            (A::Reopen, ".ynnnn"),
            (A::Withdraw, ".ynnnn"),
            (A::Merge, ".yyynn"),
            (A::Remind, ".ynnnn"),
            (A::EscalateToIncident, ".yyyny"),
            (A::Work, ".nyynn"),
            (A::Sign, ".nnynn"),
            (A::Decide, ".ynnnn"),
            (A::TakePart, ".ynnnn"),
            (A::Consent, ".nnnnn"),
            (A::Link, ".yyynn"),
            (A::Follow, "yynnnn"),
            (A::Submit, ".nnnnn"),
            (A::ListAll, ".nnnnn"),
        ],
    );
}

#[test]
fn own_unassigned_ticket() {
    let own = TicketFacts { reporter: ME, entered_by: ME, assignee: None, ..ticket() };
    check(
        "an own unassigned ticket",
        &own,
        &[
            (A::View, "yyyyyn"),
            (A::ViewInternal, "nnyynn"),
            (A::NoteInternal, "nnyynn"),
            (A::Reveal, "yyyynn"),
            (A::Reply, "yyyynn"),
            (A::Accept, "nnyynn"),
            (A::Assign, "nnyynn"),
            (A::AskClient, "nnyynn"),
            (A::Supply, "yynnnn"),
            (A::PublishSolution, "nnyynn"),
            (A::RejectSolution, "yynnnn"),
            (A::MarkRepaired, "nnyynn"),
            (A::Confirm, "yynnnn"),
            (A::FailVerification, "yynnnn"),
            (A::Reopen, "yynnnn"),
            (A::Withdraw, "yynnnn"),
            (A::Merge, "nyyynn"),
            (A::Remind, "yynnnn"),
            (A::EscalateToIncident, "yyyyny"),
            (A::Work, "nnyynn"),
            (A::Sign, "nnnynn"),
            (A::Decide, "nynnnn"),
            (A::TakePart, "yynnnn"),
            (A::Consent, "yynnnn"),
            (A::Link, "nyyynn"),
        ],
    );
}

#[test]
fn the_reporter_withdraws_only_before_a_solution() {
    let solved = TicketFacts { reporter: ME, has_answer: true, ..ticket() };
    check("a ticket with a solution", &solved, &[(A::Withdraw, "nynnnn"), (A::RejectSolution, "yynnnn")]);
}

#[test]
fn agents_keep_sight_of_closed_tickets_that_are_theirs() {
    let closed = TicketFacts { is_open: false, ..ticket() };
    check(
        "a foreign closed ticket",
        &closed,
        &[(A::View, ".y.yyn"), (A::Reply, ".y.ynn"), (A::Reveal, ".y.nnn"), (A::ViewInternal, ".n.ynn")],
    );
    let mine = TicketFacts { assignee: Some(ME), ..closed.clone() };
    check("a closed ticket assigned to me", &mine, &[(A::View, ".yyyyn"), (A::Reveal, ".yyynn")]);
    let typed = TicketFacts { entered_by: ME, ..closed };
    check("a closed ticket that I entered", &typed, &[(A::View, ".yyyyn"), (A::Reveal, ".ynnnn")]);
}

#[test]
fn whoever_repaired_never_verifies() {
    let repaired = TicketFacts { reporter: ME, repaired_by: Some(ME), ..ticket() };
    check("a ticket that I repaired", &repaired, &[(A::Confirm, "nnnnnn"), (A::FailVerification, "nnnnnn")]);
    let both = actor(&[Role::Employee, Role::ClientManager]);
    assert_eq!(allow(&both, A::Confirm, &repaired), Verdict::Forbid);
}

#[test]
fn the_most_permissive_role_counts() {
    let both = actor(&[Role::Employee, Role::ClientManager]);
    assert_eq!(allow(&both, A::View, &ticket()), Verdict::Allow);
    let both = actor(&[Role::Employee, Role::Admin]);
    assert_eq!(allow(&both, A::View, &ticket()), Verdict::Forbid);
    assert_eq!(allow(&actor(&[]), A::View, &ticket()), Verdict::Forbid);
}

#[test]
fn an_unbound_account_may_only_look_after_itself() {
    let me = unbound();
    for action in [A::ReadMe, A::ListSessions, A::EndSession, A::Bind, A::GiveConsent, A::WithdrawConsent] {
        assert!(authorise(&me, action, &Facts::Nothing).is_ok());
        assert!(authorise(&me, action, &Facts::OwnedBy(me.account_id)).is_ok());
        assert!(authorise(&me, action, &Facts::OwnedBy(OTHER)).unwrap_err().is(Code::NotFound));
    }
    for action in [A::ReadAccessLog, A::ListPeople, A::Submit, A::Upload, A::ListMine, A::ListAll] {
        assert!(authorise(&me, action, &Facts::Nothing).unwrap_err().is(Code::NotBound));
    }
    assert!(authorise(&me, A::View, &Facts::Ticket(&ticket())).unwrap_err().is(Code::NotBound));
}

#[test]
fn a_managers_sight_ends_at_the_client() {
    let vendors = TicketFacts { reporter_side: Side::Vendor, ..ticket() };
    assert_eq!(allow(&actor(&[Role::ClientManager]), A::View, &vendors), Verdict::Hide);
}

#[test]
fn an_incident_of_the_vendor_is_the_managers_business_too() {
    let vendors = TicketFacts { reporter_side: Side::Vendor, matter: Matter::Incident, ..ticket() };
    check(
        "an incident that the vendor found",
        &vendors,
        &[(A::View, ".yyyyn"), (A::Decide, ".ynnnn"), (A::Work, ".nyynn"), (A::Follow, ".nnnnn")],
    );
}

#[test]
fn what_is_among_the_client_is_hidden_from_the_vendor() {
    let draft = TicketFacts { is_among_the_client: true, matter: Matter::Other, ..ticket() };
    check("a draft", &draft, &[(A::View, ".y..yn"), (A::Reply, ".y..nn"), (A::Assign, ".n..nn")]);
    let mut auditor = actor(&[Role::Auditor]);
    auditor.member.as_mut().unwrap().side = Side::Vendor;
    assert_eq!(allow(&auditor, A::View, &draft), Verdict::Hide);
    let typed = TicketFacts { entered_by: ME, ..draft };
    check("a draft that the vendor entered", &typed, &[(A::View, ".yyyyn")]);
}

#[test]
fn a_follower_looks_on() {
    let followed = TicketFacts { follows: true, ..ticket() };
    check(
        "a fault that I follow",
        &followed,
        &[
            (A::View, "yyyyyn"),
            (A::ViewInternal, "nnyynn"),
            (A::Reveal, "nynynn"),
            (A::Reply, "nynynn"),
            (A::Supply, "nynnnn"),
            (A::Confirm, "nynnnn"),
            (A::TakePart, "nynnnn"),
            (A::Withdraw, "nynnnn"),
            (A::EscalateToIncident, "yyyyny"),
        ],
    );
    let closed = TicketFacts { is_open: false, ..ticket() };
    check("a closed fault", &closed, &[(A::Follow, ".n.nnn")]);
    let other = TicketFacts { matter: Matter::Other, ..ticket() };
    check("something else", &other, &[(A::Follow, ".nnnnn")]);
}

/// product.md 5.3, "d = own department if delegated".
#[test]
fn who_may_see_their_department_looks_on() {
    let department = Some(Uuid::from_u128(9));
    let of = |department: Option<Uuid>| {
        let mut who = actor(&[Role::Employee, Role::DepartmentViewer]);
        who.member.as_mut().unwrap().department_id = department;
        who
    };
    let viewer = of(department);
    let theirs = TicketFacts { department, ..ticket() };
    let rights = |who: &Actor, ticket: &TicketFacts| {
        let all =
            [A::View, A::Follow, A::EscalateToIncident, A::Reply, A::Reveal, A::Withdraw, A::ViewInternal];
        all.map(|action| allow(who, action, ticket))
    };
    use Verdict::{Allow, Forbid, Hide};
    assert_eq!(rights(&viewer, &theirs), [Allow, Allow, Allow, Forbid, Forbid, Forbid, Forbid]);
    let closed = TicketFacts { is_open: false, ..theirs.clone() };
    assert_eq!((allow(&viewer, A::View, &closed), allow(&viewer, A::Follow, &closed)), (Allow, Forbid));
    for hidden in [
        ticket(),
        TicketFacts { department: Some(OTHER), ..ticket() },
        TicketFacts { matter: Matter::Incident, ..theirs.clone() },
        TicketFacts { reporter_side: Side::Vendor, ..theirs.clone() },
    ] {
        assert_eq!(allow(&viewer, A::View, &hidden), Hide, "{hidden:?}");
    }
    for (who, ticket) in [(of(None), ticket()), (of(Some(OTHER)), theirs.clone())] {
        assert_eq!(allow(&who, A::View, &ticket), Hide);
    }
    let mut plain = actor(&[Role::Employee]);
    plain.member.as_mut().unwrap().department_id = department;
    assert_eq!(allow(&plain, A::View, &theirs), Hide, "only when the manager said so");
    for (action, expected) in [(A::ListDepartment, Allow), (A::ListAll, Forbid), (A::ReadContract, Forbid)] {
        assert_eq!(decide(&viewer, action, &Facts::Nothing), expected, "{action:?}");
    }
    // The role alone is nobody.
    assert_eq!(decide(&actor(&[Role::DepartmentViewer]), A::ListMine, &Facts::Nothing), Forbid);
}

/// product.md 5.3, "roster, roles, unbind": each side its own people, and nobody somebody who may more than they do.
#[test]
fn about_people() {
    let person = |side: Side, roles: &[Role]| Member {
        person_id: OTHER,
        side,
        roles: roles.to_vec(),
        department_id: None,
    };
    use Role as R;
    // E CM VA VL AU AD; the auditor and the administrator of this test are the client's.
    for (who, invite, delegate) in [
        (person(Side::Client, &[R::Employee]), "ny..ny", "ny..nn"),
        (person(Side::Client, &[R::Employee, R::DepartmentViewer]), "ny..ny", "ny..nn"),
        (person(Side::Client, &[R::Employee, R::ClientManager]), "ny..nn", "nn..nn"),
        (person(Side::Client, &[R::Auditor]), "nn..nn", "nn..nn"),
        (person(Side::Client, &[R::Admin]), "nn..nn", "nn..nn"),
        (person(Side::Vendor, &[R::VendorAgent]), "..ny..", "..nn.."),
        (person(Side::Vendor, &[R::VendorLead]), "..ny..", "..nn.."),
        (person(Side::Vendor, &[R::Auditor]), "..nn..", "..nn.."),
    ] {
        assert_eq!(row(A::Invite, &Facts::Person(&who)), invite, "invite {:?}", who.roles);
        assert_eq!(row(A::Delegate, &Facts::Person(&who)), delegate, "delegate {:?}", who.roles);
        assert_eq!(row(A::View, &Facts::Person(&who)).replace('.', "n"), "nnnnnn");
    }
    let myself = Member { person_id: ME, ..person(Side::Client, &[R::Employee]) };
    assert_eq!(row(A::Invite, &Facts::Person(&myself)), "nn..nn");
    assert_eq!(row(A::Invite, &Facts::Nothing), "nynyny");
    assert_eq!(row(A::Delegate, &Facts::Nothing), "nynnnn");
}

/// product.md 5.3, "dispute/waive/confirm breach", for the duties of either side.
#[test]
fn about_a_breach() {
    for (action, vendor_owed, client_owed) in [
        (A::ViewBreach, ".yyyyn", ".yyyyn"),
        (A::DisputeBreach, ".nnynn", ".ynnnn"),
        (A::AnswerDispute, ".ynnnn", ".nnynn"),
        (A::WaiveBreach, ".ynnnn", ".nnynn"),
        (A::ConfirmBreach, ".ynnnn", ".nnynn"),
        (A::ReadInbox, ".nnnnn", ".nnnnn"),
    ] {
        assert_eq!(row(action, &Facts::Breach(Side::Vendor)), vendor_owed, "{action:?}");
        assert_eq!(row(action, &Facts::Breach(Side::Client)), client_owed, "{action:?}");
    }
    for action in [A::ListObligations, A::ListBreaches] {
        assert_eq!(row(action, &Facts::Nothing), "nyyyyn", "{action:?}");
    }
    assert_eq!(row(A::DisputeBreach, &Facts::Nothing), "nnnnnn");
}

#[test]
fn about_a_class() {
    let plan = ClassFacts { announced: false, trainer: Some(OTHER) };
    let announced = ClassFacts { announced: true, trainer: Some(OTHER) };
    let mine = ClassFacts { announced: true, trainer: Some(ME) };
    // E CM VA VL AU AD; the auditor and the administrator of this test are the client's.
    for (action, planned, agreed, trained) in [
        (A::ViewClass, ".yyyy.", "yyyyyy", "yyyyyy"),
        (A::SeeRoster, ".ynyy.", "nynyyn", "yyyyyy"),
        (A::ArrangeClass, ".ynyn.", "nynynn", "nynynn"),
        (A::RunClass, ".nnyn.", "nnnynn", "yyyyyy"),
        (A::AttendClass, ".ynny.", "yynnyy", "yynnyy"),
        (A::ReadInbox, ".nnnn.", "nnnnnn", "nnnnnn"),
    ] {
        assert_eq!(row(action, &Facts::Class(&plan)), planned, "{action:?} of a plan");
        assert_eq!(row(action, &Facts::Class(&announced)), agreed, "{action:?} once agreed");
        assert_eq!(row(action, &Facts::Class(&mine)), trained, "{action:?} of my own class");
    }
    assert_eq!(row(A::ProposeClass, &Facts::Nothing), "nynynn");
    assert_eq!(row(A::RunClass, &Facts::Nothing), "nnnnnn");
}

/// product.md 5.3, "see individual quiz/progress": single people only for the client's manager and the auditor.
#[test]
fn about_learning() {
    assert_eq!(row(A::ReadCourses, &Facts::Nothing), "yyyyyy");
    assert_eq!(row(A::SeeCoverage, &Facts::Nothing), "nyyyyn");
    assert_eq!(row(A::SeeLearners, &Facts::Nothing), "nynnyn");
}
