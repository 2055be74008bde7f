//! `make bench`: our figures as ratios to the limit program in the same run. `run` beside this crate is the
//! procedure; docs/PERFORMANCE.md says what is measured and what came out.

mod cold;
mod fire;
mod limit;
mod micro;
mod ours;
mod rounds;
mod search;
mod sweep;
mod verify;

fn main() -> std::process::ExitCode {
    let a: Vec<String> = std::env::args().collect();
    let number = |i: usize, default: i64| a.get(i).and_then(|v| v.parse().ok()).unwrap_or(default);
    let file = |i: usize| a.get(i).cloned().unwrap_or_default();
    let rest = a.get(2..).unwrap_or_default();
    // The program itself inside this one, which keeps its symbols: for `perf record`.
    if a.get(1).is_some_and(|what| ["serve", "migrate", "keys"].contains(&what.as_str())) {
        return lvyue::cli::main();
    }
    actix_web::rt::System::new().block_on(async {
        match a.get(1).map(String::as_str) {
            Some("limit-serve") => limit::serve().await.unwrap(),
            Some("mock") => limit::mock().await.unwrap(),
            Some("limit-load-pg") => limit::load::pg(number(2, 10_000), number(3, 20)).await.unwrap(),
            Some("limit-load-lite") => limit::load::lite(number(2, 10_000), number(3, 20), &file(4)).unwrap(),
            Some("limit-sessions") => limit::load::sessions(number(2, 200)).await.unwrap(),
            Some("limit-tokens") => limit::load::tokens(number(2, 200), number(3, 200), &file(4)).unwrap(),
            Some("load") => ours::load(number(2, 10_000), number(3, 20), &file(4), file(5) == "kinds").await,
            Some("learners") => ours::learners(number(2, 2_000), &file(3)).await,
            Some("fire") => fire::fire(rest),
            Some("rounds") => rounds::rounds(rest),
            Some("cold") => cold::cold(rest),
            Some("micro") => micro::micro().await,
            Some("sweep") => {
                let due: Vec<i64> = rest.iter().skip(1).filter_map(|n| n.parse().ok()).collect();
                sweep::sweep(number(2, 10_000), &due).await;
            }
            Some("search-load") => search::load(number(2, 50_000).try_into().unwrap(), &file(3)).await,
            Some("search") => search::ask(&file(2), &file(3), &file(4), &file(5)),
            Some("verify") => verify::verify(&file(2), &file(3)),
            _ => eprintln!("limit-serve | mock | limit-load-pg N R | limit-load-lite N R FILE | limit-sessions U | limit-tokens U K FILE | load N R TOKENS [kinds] | learners N TOKENS | fire .. | rounds FILE .. | cold .. -- PROGRAM | micro | sweep OPEN DUE .. | search-load N COURSES | search ADDRESS TOKENS COURSES GOLDEN | verify LIST SHOW"),
        }
    });
    std::process::ExitCode::SUCCESS
}
