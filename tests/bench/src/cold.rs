//! From exec to the first good answer, and the memory of an idle process.

use std::time::{Duration, Instant};

use crate::fire::{Conn, args, requests, status};

/// From exec to the first answer below 400: median, worst; then the idle memory.
pub fn cold(a: &[String]) {
    let m = args(a);
    let g = |k: &str, d: &str| m.get(k).cloned().unwrap_or(d.into());
    let cmd: Vec<&String> = a.iter().skip_while(|x| *x != "--").skip(1).collect();
    let (url, reqs, runs) = (g("url", "127.0.0.1:58080"), requests(&m), g("runs", "20").parse::<usize>().unwrap());
    let (mut ms, mut anon, mut rss) = (Vec::new(), 0, 0);
    for _ in 0..runs {
        let t = Instant::now();
        let mut ch = std::process::Command::new(cmd[0])
            .args(&cmd[1..])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        while !matches!(Conn::new(&url).and_then(|mut c| c.ask(&reqs[0])), Ok(s) if s < 400) {
            if t.elapsed() > Duration::from_secs(60) {
                break;
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        ms.push(t.elapsed().as_secs_f64() * 1000.0);
        std::thread::sleep(Duration::from_millis(300));
        (anon, rss) = (status(ch.id(), "RssAnon"), status(ch.id(), "VmRSS"));
        let _ = ch.kill();
        let _ = ch.wait();
    }
    ms.sort_by(f64::total_cmp);
    println!(
        "{{\"cold_ms_p50\":{:.1},\"cold_ms_max\":{:.1},\"idle_rss_anon_kb\":{anon},\"idle_rss_kb\":{rss}}}",
        ms[ms.len() / 2],
        ms[ms.len() - 1]
    );
}
