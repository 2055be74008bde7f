//! Contestants in turns: each round gives every block one turn (every second round backwards); a turn in
//! which strangers used more than `quiet` cores is thrown away and taken again. Ratios are to the first block.

use std::collections::HashMap;
use std::time::Duration;

use crate::fire::{Turn, args, busy, turn};

fn median(mut v: Vec<f64>) -> f64 {
    v.sort_by(f64::total_cmp);
    v.get(v.len() / 2).copied().unwrap_or(0.0)
}
fn wait_quiet(limit: f64) {
    for _ in 0..300 {
        let b = busy();
        std::thread::sleep(Duration::from_secs(1));
        if (busy() - b) as f64 / 100.0 < limit {
            return;
        }
    }
}
pub fn rounds(a: &[String]) {
    let m = args(a);
    let (n, quiet) =
        (m.get("rounds").and_then(|v| v.parse().ok()).unwrap_or(5usize), m.get("quiet").and_then(|v| v.parse().ok()).unwrap_or(0.15f64));
    let text = std::fs::read_to_string(&a[0]).unwrap();
    let blocks: Vec<HashMap<String, String>> = text
        .split("\n\n")
        .map(|b| args(&b.lines().filter(|l| !l.starts_with('#')).map(String::from).collect::<Vec<_>>()))
        .filter(|b| !b.is_empty())
        .collect();
    for b in &blocks {
        let mut w = b.clone();
        w.insert("secs".into(), "1".into());
        turn(&w);
    }
    let (mut all, mut thrown): (Vec<Vec<Turn>>, usize) = ((0..blocks.len()).map(|_| Vec::new()).collect(), 0);
    for r in 0..n {
        for j in 0..blocks.len() {
            let i = if r % 2 == 0 { j } else { blocks.len() - 1 - j };
            for k in 0..20 {
                wait_quiet(quiet);
                let t = turn(&blocks[i]);
                if t.others <= quiet || k == 19 {
                    all[i].push(t);
                    break;
                }
                thrown += 1;
            }
        }
    }
    let med = |v: &[Turn], f: &dyn Fn(&Turn) -> f64| median(v.iter().map(f).collect());
    println!(
        "{:<24} {:>9} {:>7} {:>13} {:>8} {:>8} {:>8} {:>8} {:>7} {:>5}  us by process",
        "name", "req/s", "ratio", "low-high", "p50 ms", "p99 ms", "us all", "us ratio", "anonMB", "bad"
    );
    let sum = |t: &Turn| t.us.iter().map(|u| u.1).sum::<f64>();
    for (i, b) in blocks.iter().enumerate() {
        let mut rs: Vec<f64> = all[i].iter().zip(&all[0]).map(|(x, y)| x.rps / y.rps).collect();
        rs.sort_by(f64::total_cmp);
        let us: Vec<String> =
            (0..all[i][0].us.len()).map(|k| format!("{} {:.0}", all[i][0].us[k].0, med(&all[i], &|t| t.us[k].1))).collect();
        println!(
            "{:<24} {:>9.0} {:>7.3} {:>6.3}-{:<6.3} {:>8.3} {:>8.3} {:>8.0} {:>8.3} {:>7.1} {:>5}  {}",
            b.get("name").map(String::as_str).unwrap_or("?"),
            med(&all[i], &|t| t.rps),
            median(rs.clone()),
            rs[0],
            rs[rs.len() - 1],
            med(&all[i], &|t| t.q[0]),
            med(&all[i], &|t| t.q[2]),
            med(&all[i], &sum),
            med(&all[i], &sum) / med(&all[0], &sum).max(0.001),
            med(&all[i], &|t| t.anon),
            all[i].iter().map(|t| t.bad).sum::<u64>(),
            us.join(", ")
        );
    }
    let strangers = median(all.iter().flatten().map(|t| t.others).collect());
    println!("{n} rounds, {thrown} turns thrown away as noisy, strangers used {strangers:.2} cores in the others");
    if m.contains_key("void") {
        judge(&blocks, &all, strangers, quiet);
    }
}

/// Says when a run decides nothing: the limit differs from itself, an answer was bad, or the machine was busy.
fn judge(blocks: &[HashMap<String, String>], all: &[Vec<Turn>], strangers: f64, quiet: f64) {
    let name = |i: usize| blocks[i].get("name").cloned().unwrap_or_default();
    for (i, turns) in all.iter().enumerate().skip(1).filter(|(i, _)| name(*i) == format!("{} again", name(0))) {
        let again = median(turns.iter().zip(&all[0]).map(|(x, y)| x.rps / y.rps).collect());
        if !(0.93..=1.07).contains(&again) {
            println!("VOID: {} came to {again:.3} of itself", name(i));
        }
    }
    for (i, turns) in all.iter().enumerate().filter(|(_, turns)| turns.iter().any(|t| t.bad > 0)) {
        println!("VOID: {} had {} bad answers", name(i), turns.iter().map(|t| t.bad).sum::<u64>());
    }
    if strangers > quiet {
        println!("VOID: strangers used {strangers:.2} cores");
    }
}
