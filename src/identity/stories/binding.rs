//! Binding, consent, and what people see of each other.

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Statement};

use super::*;
use crate::identity::service::{consents, looks, profile};
use crate::identity::views::ConsentBody;
use crate::identity::{consent, notice, people, reveals};
use crate::kit::actor::Role;

#[actix_web::test]
async fn an_invitation_binds_in_the_same_session() {
    let stage = Stage::with_roster().await;
    let answer = stage.login("chenyu").await;
    let ctx = stage.ctx(&answer).await.unwrap();
    assert_eq!(code(people::page(&ctx, Side::Vendor, 20, None).await), Code::NotBound);
    let invitation = stage.invite(Side::Client, "e1002").await;
    let me = stage.bind(&ctx, Some(&invitation.to_lowercase().replace('-', " ")), None).await.unwrap();
    assert!(me.bound && me.party == Some(Side::Client));
    assert_eq!(me.roles, [Role::Employee, Role::ClientManager]);
    assert_eq!(me.display_name, "欧阳临民");
    assert_eq!(me.phone_masked.as_deref(), Some("138****0002"));
    assert_eq!(me.employee_no_masked.as_deref(), Some("***02"));
    assert_eq!(me.department.as_deref(), Some("市场部"));
    let ctx = stage.ctx(&answer).await.unwrap();
    assert_eq!(ctx.actor.person_id(), Some(me.id));
    assert_eq!(code(stage.bind(&ctx, Some(&invitation), None).await), Code::AlreadyBound);
    assert_eq!(profile::me(&ctx).await.unwrap().id, me.id);
}

#[actix_web::test]
async fn phone_and_number_must_belong_together() {
    let stage = Stage::with_roster().await;
    let answer = stage.login("chenyu").await;
    let ctx = stage.ctx(&answer).await.unwrap();
    let refused = async |phone: &str, number: &str| code(stage.bind(&ctx, None, Some((phone, number))).await);
    let phone = stage.fresh("phone", "chenyu");
    assert_eq!(refused(&phone, "E1002").await, Code::BindingRefused);
    assert_eq!(refused(&phone, "E1001").await, Code::BindingRefused, "a phone code works once");
    assert_eq!(refused(&stage.fresh("phone", "chenyu"), "??").await, Code::BindingRefused);
    let phone = stage.fresh("phone", "chenyu");
    let me = stage.bind(&ctx, None, Some((&phone, " ｅ1001 "))).await.unwrap();
    assert_eq!(me.display_name, "陈雨");
    assert_eq!(me.phone_masked.as_deref(), Some("138****0001"));
}

#[actix_web::test]
async fn wrong_used_expired_and_taken_look_the_same() {
    let stage = Stage::with_roster().await;
    let used = stage.invite(Side::Client, "E1001").await;
    let owner = stage.login("chenyu").await;
    let owner = stage.ctx(&owner).await.unwrap();
    stage.bind(&owner, Some(&used), None).await.unwrap();
    let expired = stage.invite(Side::Client, "E1002").await;
    stage.wait(72 * 3600);
    let late = stage.login("mallory").await;
    let late = stage.ctx(&late).await.unwrap();
    let taken = stage.fresh("phone", "chenyu");
    for attempt in [
        stage.bind(&late, Some("WRONG-CODE"), None).await,
        stage.bind(&late, Some(&used), None).await,
        stage.bind(&late, Some(&expired), None).await,
        stage.bind(&late, None, Some((&taken, "E1001"))).await,
    ] {
        let err = attempt.err().unwrap();
        assert!(err.is(Code::BindingRefused));
        assert!(err.detail_text().is_none() && err.fields().is_empty() && err.extra().is_empty());
    }
}

#[actix_web::test]
async fn guessing_is_limited_by_the_guesser() {
    let stage = Stage::with_roster().await;
    let guesser = stage.login("mallory").await;
    let ctx = stage.ctx(&guesser).await.unwrap();
    for n in 0..5 {
        assert_eq!(code(stage.bind(&ctx, Some(&format!("GUESS-{n}")), None).await), Code::BindingRefused);
    }
    let right = stage.invite(Side::Client, "E1001").await;
    let stopped = stage.bind(&ctx, Some(&right), None).await.err().unwrap();
    assert!(stopped.is(Code::BindingTriesExceeded) && stopped.retry_after_seconds() <= Some(900));
    // Whoever it belongs to is not locked out.
    let owner = stage.login("chenyu").await;
    let owner = stage.ctx(&owner).await.unwrap();
    stage.bind(&owner, Some(&right), None).await.unwrap();
}

#[actix_web::test]
async fn one_invitation_used_by_many_at_once_binds_one() {
    let stage = Stage::with_roster().await;
    let invitation = stage.invite(Side::Client, "E1001").await;
    let mut all = Vec::new();
    for name in ["adam", "bela", "cora", "dina", "emil", "fred"] {
        let answer = stage.login(name).await;
        all.push(stage.ctx(&answer).await.unwrap());
    }
    let tries = join_all(all.iter().map(|ctx| stage.bind(ctx, Some(&invitation), None))).await;
    assert_eq!(tries.iter().filter(|t| t.is_ok()).count(), 1);
}

#[actix_web::test]
async fn a_newer_invitation_replaces_the_older() {
    let stage = Stage::with_roster().await;
    let (older, newer) =
        (stage.invite(Side::Client, "E1001").await, stage.invite(Side::Client, "E1001").await);
    let answer = stage.login("chenyu").await;
    let ctx = stage.ctx(&answer).await.unwrap();
    assert_eq!(code(stage.bind(&ctx, Some(&older), None).await), Code::BindingRefused);
    stage.bind(&ctx, Some(&newer), None).await.unwrap();
    assert_eq!(
        code(super::super::invite(&stage.kit, Side::Client, "E1001", None, false).await),
        Code::AlreadyBound
    );
}

#[actix_web::test]
async fn consent_counts_from_the_next_request_and_can_be_taken_back() {
    let stage = Stage::with_roster().await;
    let answer = stage.bound("chenyu", Side::Client, "E1001").await;
    let ctx = stage.ctx(&answer).await.unwrap();
    assert_eq!(code(consent::require(&ctx)), Code::ConsentRequired);
    let body =
        |version: &str| ConsentBody { purpose: "service".to_owned(), notice_version: version.to_owned() };
    assert_eq!(code(consents::give(&ctx, &body("2020-01-01-00000000")).await), Code::NoticeVersionStale);
    let current = &notice::current().version;
    let other = ConsentBody { purpose: "advertising".to_owned(), notice_version: current.clone() };
    assert_eq!(code(consents::give(&ctx, &other).await), Code::Invalid);
    let given = consents::give(&ctx, &body(current)).await.unwrap();
    assert_eq!(consents::give(&ctx, &body(current)).await.unwrap(), given);
    let ctx = stage.ctx(&answer).await.unwrap();
    consent::require(&ctx).unwrap();
    assert_eq!(profile::me(&ctx).await.unwrap().consents, [given]);
    consents::withdraw(&ctx, "service").await.unwrap();
    consents::withdraw(&ctx, "service").await.unwrap();
    let ctx = stage.ctx(&answer).await.unwrap();
    assert_eq!(code(consent::require(&ctx)), Code::ConsentRequired);
}

#[actix_web::test]
async fn others_are_masked_and_a_reveal_is_shown_to_its_subject() {
    let stage = Stage::with_roster().await;
    let client = stage.bound("chenyu", Side::Client, "E1001").await;
    let agent = stage.bound("zhouke", Side::Vendor, "V2001").await;
    assert_eq!(stage.refresh(&agent.refresh_token).await.unwrap().expires_in, 300);
    let (client, agent) = (stage.ctx(&client).await.unwrap(), stage.ctx(&agent).await.unwrap());
    assert_eq!(code(people::page(&client, Side::Vendor, 20, None).await), Code::Forbidden);
    let page = people::page(&agent, Side::Client, 1, None).await.unwrap();
    let next = page.next_cursor.as_deref().map(|c| crate::kit::page::Cursor::decode(c).unwrap());
    let rest = people::page(&agent, Side::Client, 20, next).await.unwrap();
    let names: Vec<&str> = page.items.iter().chain(&rest.items).map(|p| &*p.person.display_name).collect();
    assert_eq!(names, ["陈*", "欧阳**"]);
    let zhouke = agent.actor.person_id().unwrap();
    let shown = people::named(&client, stage.kit.db.reader(), [zhouke]).await.unwrap();
    assert_eq!(&*shown[&zhouke].display_name, "周*");

    let subject = client.actor.person_id().unwrap();
    let contact = people::contact_of(&agent, stage.kit.db.reader(), subject).await.unwrap();
    assert_eq!((contact.name.as_str(), contact.phone.as_deref()), ("陈雨", Some("8613800000001")));
    let tx = stage.kit.db.write_tx().await.unwrap();
    let ticket = reveals::OnTicket { id: subject, number: "GZ-2026-000001" };
    reveals::record(&agent, &*tx, subject, "电话核实现场情况", &["name", "phone"], Some(ticket))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let log = looks::list(&client, 20, None).await.unwrap().items;
    assert_eq!(log[0].purpose, "电话核实现场情况");
    assert_eq!(log[0].fields, ["name", "phone"]);
    assert_eq!(&*log[0].viewer.display_name, "周*");
    assert_eq!(log[0].ticket_number.as_deref(), Some("GZ-2026-000001"));
    assert!(looks::list(&agent, 20, None).await.unwrap().items.is_empty());
}

#[actix_web::test]
async fn nothing_personal_lies_open_in_the_file() {
    let stage = Stage::with_roster().await;
    stage.bound("chenyu", Side::Client, "E1001").await;
    let checkpoint = Statement::from_string(sea_orm::DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
    stage.kit.db.writer().execute_raw(checkpoint).await.unwrap();
    let bytes = std::fs::read(stage._folder.path().join("lvyue.db")).unwrap();
    let openid = crate::wechat::fake::openid_of("chenyu");
    for secret in ["陈雨", "13800000001", "E1001", "iPhone 15", openid.as_str()] {
        let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
        assert!(!found, "{secret} stands in the database file");
    }
    assert!(
        bytes.windows("市场部".len()).any(|w| w == "市场部".as_bytes()),
        "the test looks in the right file"
    );
}
