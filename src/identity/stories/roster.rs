//! Loading the roster and leaving it.

use super::*;
use crate::identity::{Loaded, Refused, leave, load};
use crate::kit::actor::Role;

#[actix_web::test]
async fn loading_twice_changes_nothing_more() {
    let stage = Stage::new().await;
    assert_eq!(stage.load(ROSTER).await, Loaded { added: 3, updated: 0, unchanged: 0 });
    assert_eq!(stage.load(ROSTER).await, Loaded { added: 0, updated: 0, unchanged: 3 });
    let moved = ROSTER.replace("陈雨,13800000001,,市场部", "陈雨,13800000003,c@example.com,财务部");
    assert_eq!(stage.load(&moved).await, Loaded { added: 0, updated: 1, unchanged: 2 });
}

#[actix_web::test]
async fn a_bad_line_keeps_everybody_out() {
    let stage = Stage::new().await;
    let bad = format!("{ROSTER}client,E1003,张三,,,,boss\n");
    let Err(Refused::Lines(lines)) = load(&stage.kit, bad.as_bytes()).await else { panic!("loaded") };
    assert_eq!(lines[0].line, 5);
    assert_eq!(stage.load(ROSTER).await.added, 3);
    let taken = "party,employee_no,name,phone,email,department,roles\n\
        client,E1004,李四,,,新部门,employee\nclient,E1005,王五,13800000002,,,employee\n";
    let Err(Refused::Lines(lines)) = load(&stage.kit, taken.as_bytes()).await else { panic!("loaded") };
    assert_eq!(lines[0].line, 3);
    assert_eq!(stage.load(&taken.replace("13800000002", "")).await.added, 2);
}

#[actix_web::test]
async fn phone_numbers_may_change_hands_within_a_file() {
    let stage = Stage::with_roster().await;
    let swapped =
        ROSTER.replace("13800000001", "X").replace("13800000002", "13800000001").replace('X', "13800000002");
    assert_eq!(stage.load(&swapped).await.updated, 2);
}

#[actix_web::test]
async fn new_roles_reach_sessions_that_are_open() {
    let stage = Stage::with_roster().await;
    let answer = stage.bound("chenyu", Side::Client, "E1001").await;
    assert_eq!(stage.ctx(&answer).await.unwrap().actor.member.unwrap().roles, [Role::Employee]);
    stage.load(&ROSTER.replace("市场部,employee\n", "市场部,employee;client_manager\n")).await;
    assert!(stage.ctx(&answer).await.unwrap().actor.has(Role::ClientManager));
}

#[actix_web::test]
async fn a_leaver_is_out_at_once_and_stays_out() {
    let stage = Stage::with_roster().await;
    let answer = stage.bound("chenyu", Side::Client, "E1001").await;
    stage.ctx(&answer).await.unwrap();
    assert!(leave(&stage.kit, Side::Client, "E1001").await.unwrap());
    assert!(!leave(&stage.kit, Side::Client, "E1001").await.unwrap());
    assert_eq!(code(stage.ctx(&answer).await), Code::SessionEnded);
    assert_eq!(code(stage.refresh(&answer.refresh_token).await), Code::SessionEnded);
    assert_eq!(code(stage.login_with(&stage.fresh("web", "chenyu")).await), Code::Forbidden);
    assert_eq!(code(leave(&stage.kit, Side::Vendor, "E1001").await), Code::NotFound);
    // Back on the roster, back in.
    stage.load(ROSTER).await;
    assert!(stage.login("chenyu").await.me.bound);
}
