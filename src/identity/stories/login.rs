//! Signing in and refreshing.

use futures_util::future::join_all;

use super::*;
use crate::identity::service::devices;
use crate::wechat::fake::FakeCall;

#[actix_web::test]
async fn a_code_works_once_and_the_first_login_makes_the_account() {
    let stage = Stage::new().await;
    let spent = stage.fresh("web", "newcomer");
    let first = stage.login_with(&spent).await.unwrap();
    assert!(!first.me.bound && first.me.party.is_none() && first.me.roles.is_empty());
    assert_eq!((first.token_type, first.expires_in), ("Bearer", 600));
    let asked = stage.fake.calls(FakeCall::Code2Session);
    assert_eq!(code(stage.login_with(&spent).await), Code::LoginCodeInvalid);
    assert_eq!(code(stage.login_with("short").await), Code::LoginCodeInvalid);
    assert_eq!(code(stage.login_with("web-new comer-1").await), Code::LoginCodeInvalid);
    assert_eq!(stage.fake.calls(FakeCall::Code2Session), asked, "WeChat was asked for a replay");
    let second = stage.login("newcomer").await;
    assert_eq!(second.me.id, first.me.id);
    assert_ne!(second.refresh_token, first.refresh_token);
}

#[actix_web::test]
async fn a_double_tap_is_one_login() {
    let stage = Stage::new().await;
    let one = stage.fresh("web", "newcomer");
    let answers = join_all((0..8).map(|_| stage.login_with(&one))).await;
    let tokens: Vec<String> = answers.into_iter().map(|a| a.unwrap().refresh_token).collect();
    assert!(tokens.windows(2).all(|w| w[0] == w[1]));
    assert_eq!(stage.fake.calls(FakeCall::Code2Session), 1);
}

#[actix_web::test]
async fn first_logins_at_once_share_one_account() {
    let stage = Stage::with(|s| s.session.client_parallel = 50).await;
    let codes: Vec<String> = (0..10).map(|_| stage.fresh("web", "newcomer")).collect();
    let answers = join_all(codes.iter().map(|c| stage.login_with(c))).await;
    let ids: Vec<_> = answers.into_iter().map(|a| a.unwrap().me.id).collect();
    assert!(ids.windows(2).all(|w| w[0] == w[1]));
}

#[actix_web::test]
async fn tries_are_limited_before_wechat_is_asked() {
    let stage = Stage::with(|s| s.login.per_ip_per_minute = 3).await;
    for _ in 0..3 {
        stage.login("newcomer").await;
    }
    let refused = stage.login_with(&stage.fresh("web", "newcomer")).await.err().unwrap();
    assert!(refused.is(Code::TooManyRequests) && refused.retry_after_seconds() <= Some(60));
    assert_eq!(stage.fake.calls(FakeCall::Code2Session), 3);
    stage.wait(60);
    stage.login("newcomer").await;
}

#[actix_web::test]
async fn fifty_refreshes_at_once_advance_once() {
    let stage = Stage::new().await;
    let first = stage.login("newcomer").await;
    let answers = join_all((0..50).map(|_| stage.refresh(&first.refresh_token))).await;
    let tokens: Vec<String> = answers.into_iter().map(|a| a.unwrap().refresh_token).collect();
    assert!(tokens.windows(2).all(|w| w[0] == w[1]), "all got the same next token");
    assert_ne!(tokens[0], first.refresh_token);
    stage.refresh(&tokens[0]).await.unwrap();
}

#[actix_web::test]
async fn a_lost_reply_is_repeated_for_a_minute_and_then_kills() {
    let stage = Stage::new().await;
    let first = stage.login("newcomer").await;
    let second = stage.refresh(&first.refresh_token).await.unwrap();
    stage.wait(60);
    assert_eq!(stage.refresh(&first.refresh_token).await.unwrap().refresh_token, second.refresh_token);
    stage.wait(1);
    assert_eq!(code(stage.refresh(&first.refresh_token).await), Code::SessionEnded);
    // The thief and the owner are both out, at once, although the answer was an error.
    assert_eq!(code(stage.refresh(&second.refresh_token).await), Code::SessionEnded);
    assert_eq!(code(stage.ctx(&second).await), Code::SessionEnded);
    let ledger = stage.actions().await;
    assert!(ledger.contains(&"session.reuse".to_owned()), "{ledger:?}");
}

#[actix_web::test]
async fn a_token_two_generations_old_kills_even_within_the_minute() {
    let stage = Stage::new().await;
    let first = stage.login("newcomer").await;
    let second = stage.refresh(&first.refresh_token).await.unwrap();
    let third = stage.refresh(&second.refresh_token).await.unwrap();
    assert_eq!(code(stage.refresh(&first.refresh_token).await), Code::SessionEnded);
    assert_eq!(code(stage.refresh(&third.refresh_token).await), Code::SessionEnded);
}

#[actix_web::test]
async fn a_forged_refresh_token_ends_nothing() {
    let stage = Stage::new().await;
    let first = stage.login("newcomer").await;
    let mut forged = first.refresh_token.clone();
    let last = if forged.ends_with('A') { 'E' } else { 'A' };
    forged.pop();
    forged.push(last);
    assert_eq!(code(stage.refresh(&forged).await), Code::SessionEnded);
    assert_eq!(code(stage.refresh("").await), Code::SessionEnded);
    stage.refresh(&first.refresh_token).await.unwrap();
}

#[actix_web::test]
async fn signing_out_acts_on_the_next_request() {
    let stage = Stage::new().await;
    let (phone, tablet) = (stage.login("newcomer").await, stage.login("newcomer").await);
    let ctx = stage.ctx(&phone).await.unwrap();
    let listed = devices::list(&ctx).await.unwrap().items;
    assert_eq!(listed.len(), 2);
    assert_eq!(listed.iter().filter(|d| d.current).count(), 1);
    assert!(listed.iter().all(|d| d.device == "iPhone 15"));
    let other = listed.iter().find(|d| !d.current).unwrap().id;
    stage.ctx(&tablet).await.unwrap();
    devices::end(&ctx, other).await.unwrap();
    assert_eq!(code(stage.ctx(&tablet).await), Code::SessionEnded);
    assert_eq!(code(stage.refresh(&tablet.refresh_token).await), Code::SessionEnded);
    devices::end(&ctx, other).await.unwrap();
    let stranger = stage.login("mallory").await;
    let stranger = stage.ctx(&stranger).await.unwrap();
    assert_eq!(code(devices::end(&stranger, ctx.actor.session_id).await), Code::NotFound);
    devices::end(&ctx, ctx.actor.session_id).await.unwrap();
    assert_eq!(code(stage.ctx(&phone).await), Code::SessionEnded);
}

#[actix_web::test]
async fn the_oldest_of_too_many_sessions_ends() {
    let stage = Stage::new().await;
    let mut all = Vec::new();
    for _ in 0..6 {
        all.push(stage.login("newcomer").await);
    }
    assert_eq!(code(stage.ctx(&all[0]).await), Code::SessionEnded);
    for answer in &all[1..] {
        stage.ctx(answer).await.unwrap();
    }
}

#[actix_web::test]
async fn sessions_end_when_idle_and_at_their_absolute_end() {
    let stage = Stage::new().await;
    let first = stage.login("newcomer").await;
    stage.wait(604_800);
    assert_eq!(code(stage.refresh(&first.refresh_token).await), Code::SessionEnded);
    let mut answer = stage.login("newcomer").await;
    for _ in 0..4 {
        stage.wait(600_000);
        answer = stage.refresh(&answer.refresh_token).await.unwrap();
    }
    stage.wait(200_000);
    assert_eq!(code(stage.refresh(&answer.refresh_token).await), Code::SessionEnded);
}

impl Stage {
    async fn actions(&self) -> Vec<String> {
        use sea_orm::{ConnectionTrait, Statement};
        let backend = sea_orm::DbBackend::Sqlite;
        let statement = Statement::from_string(backend, "SELECT action FROM ledger_entries ORDER BY id");
        let rows = self.kit.db.reader().query_all_raw(statement).await.unwrap();
        rows.iter().map(|r| r.try_get("", "action").unwrap()).collect()
    }
}
