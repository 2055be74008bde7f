//! The process is well, says so, and describes itself.

use serde_json::Value;

use crate::support::World;

story!(it_is_alive_and_ready, async |w: World| {
    let nobody = w.nobody();
    let alive = nobody.get("/livez").await.ok();
    let ready = nobody.get("/readyz").await.ok();
    for (name, state) in ready["checks"].as_object().unwrap() {
        // Stories begin on 16 November, and next year's notice is not out.
        let expected = if name == "calendar" { "warning" } else { "ok" };
        // How much room the machine has that runs this is its own affair.
        assert!(state == expected || (name == "disk" && state == "warning"), "{name}: {state}");
    }
    for body in [alive, ready] {
        let text = body.to_string();
        assert!(!text.contains(env!("CARGO_PKG_VERSION")) && !text.contains("127.0.0.1"), "{text}");
    }
    nobody.get("/metrics").await.refused(404, "NOT_FOUND");
    w
});

story!(what_does_not_exist_is_a_problem_too, async |w: World| {
    let nobody = w.nobody();
    for path in ["/nothing", "/api/v2/tickets", "/tickets/../../etc/passwd", "/%00", "/tickets/%ff"] {
        let answer = nobody.get(path).await;
        assert!([400, 401, 404].contains(&answer.status), "{answer}");
    }
    let document: Value = nobody.get("/openapi.json").await.ok();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{document}");
    w
});
