//! What a request may cost, counted by the servers themselves: statements and shared buffers by PostgreSQL's
//! own statistics, commands by Redis' own monitor. Counts do not depend on how busy the machine is.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::engine::next_number;
use crate::support::faults::report;
use crate::support::servers::servers;
use crate::support::{Client, Engine, World, world};

/// Requests of each kind that are counted; what is not once a request shows as another number.
const TIMES: i64 = 5;

struct Counted {
    database: String,
    redis: String,
    monitor: Child,
    commands: Arc<Mutex<Vec<String>>>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        let _ = self.monitor.kill();
        let _ = self.monitor.wait();
    }
}

impl Counted {
    fn begin(database: &str, redis: &str) -> Self {
        let last = |url: &str| url.rsplit('/').next().unwrap().to_owned();
        let (database, redis) = (last(database), last(redis));
        assert!(servers().psql("postgres", "CREATE EXTENSION IF NOT EXISTS pg_stat_statements"));
        let port = servers().redis_port.to_string();
        let mut monitor = Command::new("redis-cli")
            .args(["-p", &port, "monitor"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-cli runs");
        let lines = BufReader::new(monitor.stdout.take().unwrap()).lines();
        let commands: Arc<Mutex<Vec<String>>> = Arc::default();
        let (kept, ours) = (Arc::clone(&commands), format!(" [{redis} "));
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // What a script calls is part of the one command that ran it.
                if line.contains(&ours) && !line.contains(" lua] ") {
                    kept.lock().unwrap().push(line);
                }
            }
        });
        Self { database, redis, monitor, commands }
    }

    fn reset(&self) {
        let of = format!("(SELECT oid FROM pg_database WHERE datname = '{}')", self.database);
        assert!(servers().psql("postgres", &format!("SELECT pg_stat_statements_reset(0, {of}, 0)")));
        self.settle();
        self.commands.lock().unwrap().clear();
    }

    /// Until the monitor has shown a command that was sent after all others.
    fn settle(&self) {
        let mark = format!("mark-{}", next_number());
        let port = servers().redis_port.to_string();
        let sent = Command::new("redis-cli").args(["-p", &port, "-n", &self.redis, "echo", &mark]).output();
        assert!(sent.expect("redis-cli runs").status.success());
        let seen = |commands: &[String]| commands.iter().any(|line| line.contains(&mark));
        for _ in 0..500 {
            if seen(&self.commands.lock().unwrap()) {
                let of_the_mark = |line: &str| line.contains("\"echo\"") || line.contains("\"SELECT\"");
                self.commands.lock().unwrap().retain(|line| !of_the_mark(line));
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the monitor of Redis shows nothing");
    }

    /// Statements since the reset: text, calls, shared buffers touched.
    fn statements(&self) -> Vec<(String, i64, i64)> {
        let sql = format!(
            "SELECT replace(query, chr(10), ' '), calls, shared_blks_hit + shared_blks_read \
             FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = '{}'",
            self.database
        );
        let row = |line: &str| {
            let parts: Vec<&str> = line.split('\u{1}').collect();
            (parts[0].to_owned(), parts[1].parse().unwrap(), parts[2].parse().unwrap())
        };
        servers().ask("postgres", &sql).lines().map(row).collect()
    }

    fn redis_commands(&self) -> i64 {
        self.settle();
        i64::try_from(self.commands.lock().unwrap().len()).unwrap()
    }
}

/// Calls by first word, e.g. `select: 1`, for one of the requests.
fn by_verb(statements: &[(String, i64, i64)]) -> BTreeMap<String, i64> {
    let mut verbs: BTreeMap<String, i64> = BTreeMap::new();
    for (text, calls, _) in statements {
        let verb = text.split_whitespace().next().unwrap_or_default().to_lowercase();
        *verbs.entry(verb).or_default() += calls;
    }
    verbs
        .into_iter()
        .map(|(verb, calls)| (verb, calls.div_euclid(TIMES) + (calls % TIMES).signum()))
        .collect()
}

fn counts(pairs: &[(&str, i64)]) -> BTreeMap<String, i64> {
    pairs.iter().map(|(verb, n)| ((*verb).to_owned(), *n)).collect()
}

/// Tickets of somebody else, as many as a real table has between two of one person's.
fn strangers(database: &str, many: i64) {
    let mark = next_number();
    let sql = format!(
        "SET session_replication_role = replica; \
         CREATE TEMP TABLE many AS SELECT t.*, n FROM \
         (SELECT * FROM tickets WHERE assignee_id IS NOT NULL LIMIT 1) t, generate_series(1, {many}) n; \
         UPDATE many SET id = gen_random_uuid(), number = 'F{mark}-' || n, reporter_id = assignee_id, \
         entered_by = assignee_id; ALTER TABLE many DROP COLUMN n; INSERT INTO tickets SELECT * FROM many"
    );
    servers().ask(database, &sql);
}

/// The first requests read what is remembered for a minute, and prepare statements on each connection.
async fn warm(who: &Client, paths: &[&str]) {
    for path in paths {
        for _ in 0..20 {
            who.get(path).await.ok();
        }
    }
}

#[test]
fn a_request_costs_what_is_written_down() {
    let folder = world::folder();
    let settings = Engine::Production.copy(folder.path());
    let (database, redis) =
        (settings.database.url.expose_secret().to_owned(), settings.redis.url.expose_secret().to_owned());
    world::runtime().block_on(async {
        let w = World::start_without_worker(settings, folder.path().to_owned()).await;
        let counted = Counted::begin(&database, &redis);
        let (amy, vera) = (w.as_("amy").await, w.as_("vera").await);
        let id = w.accepted().await;
        for n in 0..21 {
            let post = json!({ "body": format!("第 {n} 条"), "visibility": "public" });
            vera.post(&format!("/tickets/{id}/messages"), post).await.created();
        }
        for _ in 0..20 {
            strangers(&counted.database, 500);
            amy.post("/tickets", report("又慢了")).await.created();
        }
        assert!(servers().psql(&counted.database, "VACUUM ANALYZE tickets"));

        let mine = "/tickets?scope=mine&limit=20";
        let one = format!("/tickets/{id}");

        let mut buffers = Vec::new();
        for more in [0, 50_000] {
            if more > 0 {
                strangers(&counted.database, more);
                assert!(servers().psql(&counted.database, "VACUUM ANALYZE tickets"));
            }
            warm(&amy, &[mine, &one]).await;
            counted.reset();
            for _ in 0..TIMES {
                assert_eq!(amy.get(mine).await.ok()["items"].as_array().unwrap().len(), 20);
            }
            let list = counted.statements();
            assert_eq!(by_verb(&list), counts(&[("select", 1)]), "{list:?}");
            assert_eq!(counted.redis_commands(), TIMES, "{:?}", counted.commands.lock().unwrap());
            buffers.push(list[0].2 / TIMES);
        }
        // Twenty rows from as many places would be twenty buffers and some of an index; the index alone has them in few.
        assert!(buffers.iter().all(|b| *b <= 10), "shared buffers of the list: {buffers:?}");
        assert!((buffers[1] - buffers[0]).abs() <= 4, "grows with the table: {buffers:?}");

        counted.reset();
        for _ in 0..TIMES {
            amy.get(&one).await.ok();
        }
        let show = counted.statements();
        assert_eq!(by_verb(&show), counts(&[("select", 2)]), "{show:?}");
        assert_eq!(counted.redis_commands(), TIMES, "{:?}", counted.commands.lock().unwrap());

        counted.reset();
        for _ in 0..TIMES {
            amy.post("/tickets", report("还是慢")).await.created();
        }
        let mut create = counted.statements();
        // A thread takes numbers sixteen at a time; when that is due depends on which thread answered before.
        create.retain(|(text, _, _)| !text.starts_with("INSERT INTO counters"));
        let verbs = by_verb(&create);
        assert_eq!((verbs["begin"], verbs["commit"]), (1, 1), "{create:?}");
        // The idempotency key is taken; the key, the ticket and its entry; whom to tell; the event, the duties, the
        // notices and the answer.
        assert_eq!(verbs.values().sum::<i64>(), 4 + 2, "{create:?}");
        assert_eq!(counted.redis_commands(), TIMES, "{:?}", counted.commands.lock().unwrap());

        // As many devices as one may have, so that each more ends the oldest.
        for _ in 0..10 {
            w.sign_in("amy").await;
        }
        counted.reset();
        for _ in 0..TIMES {
            w.sign_in("amy").await;
        }
        let login = counted.statements();
        let verbs = by_verb(&login);
        assert_eq!((verbs["begin"], verbs["commit"]), (1, 1), "{login:?}");
        // Who it is, and again for the token; the account, the session and the entry; the session that ends.
        assert_eq!(verbs.values().sum::<i64>(), 4 + 2, "{login:?}");
        // Two limits, the mark of the code, the session with whom it displaces.
        assert_eq!(counted.redis_commands(), 4 * TIMES, "{:?}", counted.commands.lock().unwrap());
        w.stop().await;
    });
}
