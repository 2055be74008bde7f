//! The step that turned stored clocks into duties, there and back, with tickets that people made.

use lvyue::clocks::Book;
use lvyue::duties::jobs;
use lvyue::kit::clock::Clock;
use lvyue::kit::db::Db;
use migrations::Migrator;
use sea_orm_migration::MigratorTrait;
use serde_json::json;

use crate::support::clocks::no_differences;
use crate::support::world::{folder, runtime};
use crate::support::{Engine, World, sql};

const STEP: &str = "m20261125_000011_duties";

fn there_and_back(engine: Engine) {
    let folder = folder();
    let settings = engine.copy(folder.path());
    let database = settings.database.clone();
    runtime().block_on(async {
        let w = World::start(engine, settings.clone(), folder.path().to_owned()).await;
        // One late and done, one met and running, one withdrawn, one with a promise, one overdue.
        let late = w.submitted().await;
        w.hours(9);
        w.as_("vera").await.does(&late, json!({ "action": "accept", "text": "才看到" })).await;
        w.accepted().await;
        let gone = w.submitted().await;
        w.as_("amy").await.does(&gone, json!({ "action": "withdraw", "reason": "不用了" })).await;
        let promised = w.accepted().await;
        let eta = w.clock.now().plus_seconds(86_400);
        let plan =
            json!({ "action": "publish_solution", "solution_type": "plan", "text": "明天发布", "eta": eta });
        w.as_("vera").await.does(&promised, plan).await;
        w.submitted().await;
        w.hours(10);
        let now = w.clock.now();
        w.stop().await;

        let db = Db::open(&database).await.unwrap();
        let before = sql::number(&db, "SELECT COUNT(*) FROM duties").await;
        let names: Vec<String> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
        let steps = names.len() - names.iter().position(|n| n == STEP).unwrap();
        let steps = u32::try_from(steps).unwrap();
        Migrator::down(db.writer(), Some(steps)).await.unwrap();
        assert_eq!(sql::number(&db, "SELECT COUNT(*) FROM ticket_clocks").await, before);
        db.close().await.unwrap();
        Db::migrate(&database).await.unwrap();

        let kit = lvyue::app::tool(settings, Clock::steered(now)).await.unwrap();
        assert_eq!(no_differences(&kit.db, now, "after the step").await.records, 5);
        let odd = "SELECT COUNT(*) FROM duties WHERE warned NOT IN (0, 90) OR skipped <> ''";
        assert_eq!(sql::number(&kit.db, odd).await, 0);
        assert_eq!(sql::number(&kit.db, "SELECT COUNT(*) FROM breaches").await, 0);
        // What was late before the step is written down by the first look.
        while jobs::warn(&kit, &Book::builtin()).await.unwrap().next.is_some_and(|at| at <= now) {}
        let late = "SELECT COUNT(*) FROM duties WHERE state = 'breached' OR (state = 'running' AND due_at < ";
        let late = sql::number(&kit.db, &format!("{late}{})", now.0)).await;
        assert_eq!(sql::number(&kit.db, "SELECT COUNT(*) FROM breaches").await, late);
        assert!(late >= 2);
        kit.db.close().await.unwrap();
    });
}

#[test]
fn stored_clocks_become_duties_embedded() {
    there_and_back(Engine::Embedded);
}

#[test]
fn stored_clocks_become_duties_production() {
    there_and_back(Engine::Production);
}
