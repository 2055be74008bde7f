//! The load generator: closed loop (rate=0) or open loop (rate=N a second, latency counted from the moment
//! a request was due), with the CPU time of every process that takes part, by process tree.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

pub fn args(a: &[String]) -> HashMap<String, String> {
    a.iter().take_while(|x| *x != "--").filter_map(|x| x.split_once('=').map(|(k, v)| (k.into(), v.into()))).collect()
}
/// Clock ticks used so far by a process and everything below it, its ended children included.
fn ticks(root: u32) -> u64 {
    let mut all = Vec::new();
    for e in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = e.file_name().to_str().and_then(|s| s.parse::<u32>().ok()) else { continue };
        let Ok(s) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        let Some(i) = s.rfind(')') else { continue };
        let f: Vec<i64> = s[i + 2..].split(' ').skip(1).map(|v| v.trim().parse().unwrap_or(0)).collect();
        all.push((pid, f[0] as u32, f[10..14].iter().sum::<i64>() as u64));
    }
    let (mut tree, mut i) = (vec![root], 0);
    while i < tree.len() {
        let p = tree[i];
        tree.extend(all.iter().filter(|x| x.1 == p).map(|x| x.0));
        i += 1;
    }
    all.iter().filter(|x| tree.contains(&x.0)).map(|x| x.2).sum()
}
pub fn status(pid: u32, key: &str) -> u64 {
    let s = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    s.lines().find(|l| l.starts_with(key)).and_then(|l| l.split_whitespace().nth(1)).and_then(|v| v.parse().ok()).unwrap_or(0)
}
/// All jiffies the machine was busy.
pub fn busy() -> u64 {
    let s = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let f: Vec<u64> = s.lines().next().unwrap_or("").split_whitespace().skip(1).map(|v| v.parse().unwrap_or(0)).collect();
    f.iter().take(8).sum::<u64>() - f[3] - f[4]
}
pub struct Conn {
    s: TcpStream,
    buf: Vec<u8>,
}
impl Conn {
    pub fn new(url: &str) -> std::io::Result<Conn> {
        let s = TcpStream::connect(url)?;
        s.set_nodelay(true)?;
        s.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Conn { s, buf: Vec::with_capacity(65536) })
    }
    /// Sends one request, reads one answer (Content-Length or chunked); the status code.
    pub fn ask(&mut self, req: &[u8]) -> std::io::Result<u16> {
        self.s.write_all(req)?;
        self.buf.clear();
        let (mut tmp, mut need) = ([0u8; 16384], usize::MAX);
        let mut chunked = false;
        loop {
            let n = self.s.read(&mut tmp)?;
            if n == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            self.buf.extend_from_slice(&tmp[..n]);
            if need == usize::MAX && !chunked {
                if let Some(h) = self.buf.windows(4).position(|w| w == b"\r\n\r\n") {
                    let head = String::from_utf8_lossy(&self.buf[..h]).to_ascii_lowercase();
                    match head.lines().find_map(|l| l.strip_prefix("content-length:")) {
                        Some(v) => need = h + 4 + v.trim().parse::<usize>().unwrap_or(0),
                        None => chunked = head.contains("chunked"),
                    }
                    if need == usize::MAX && !chunked {
                        need = h + 4;
                    }
                }
            }
            if self.buf.len() >= need || (chunked && self.buf.ends_with(b"\r\n0\r\n\r\n")) {
                return Ok(std::str::from_utf8(&self.buf[9..12]).ok().and_then(|v| v.parse().ok()).unwrap_or(0));
            }
        }
    }
}
pub fn requests(m: &HashMap<String, String>) -> Vec<Vec<u8>> {
    let g = |k: &str, d: &str| m.get(k).cloned().unwrap_or(d.into());
    let (users, per): (i64, i64) = (g("users", "1").parse().unwrap(), g("per", "1").parse().unwrap());
    // User, token, and the id of a ticket where ids are not counted.
    let lines: Vec<(i64, String, Option<String>)> = match m.get("tok") {
        Some(f) => std::fs::read_to_string(f)
            .unwrap()
            .lines()
            .filter_map(|l| {
                let mut parts = l.split(' ');
                Some((parts.next()?.parse().unwrap(), parts.next()?.into(), parts.next().map(String::from)))
            })
            .collect(),
        None => (1..=users).map(|u| (u, String::new(), None)).collect(),
    };
    let (path, method, body, hdr) = (g("path", "/"), g("method", "GET"), g("body", ""), g("hdr", "Authorization: Bearer {tok}"));
    let mut out = Vec::new();
    for (u, t, own) in lines {
        for k in 0..per {
            // a ticket of that user: id mod users = uid - 1
            let id = own.clone().unwrap_or_else(|| (u - 1 + users * (k + 1)).to_string());
            let f = |s: &str| s.replace("{uid}", &u.to_string()).replace("{id}", &id).replace("{tok}", &t);
            let b = f(&body);
            // In a plan, a line, so that several headers are joined by a written-out line break.
            let headers = f(&hdr).replace("\\r\\n", "\r\n");
            let mut r = format!("{method} {} HTTP/1.1\r\nHost: bench\r\n{headers}\r\n", f(&path));
            if !b.is_empty() {
                r += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", b.len());
            }
            out.push((r + "\r\n" + &b).into_bytes());
        }
    }
    let mut x = 7u64;
    for i in (1..out.len()).rev() {
        x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        out.swap(i, (x >> 33) as usize % (i + 1));
    }
    out
}
/// Sixteen `@` in a request become a number that no other request has: codes and idempotency keys are used once.
fn fresh(request: &[u8], number: u64) -> Cow<'_, [u8]> {
    match request.windows(16).position(|w| w == b"@@@@@@@@@@@@@@@@") {
        Some(at) => {
            let mut own = request.to_vec();
            own[at..at + 16].copy_from_slice(format!("{number:016}").as_bytes());
            Cow::Owned(own)
        }
        None => Cow::Borrowed(request),
    }
}

pub struct Turn {
    pub n: usize,
    pub bad: u64,
    pub rps: f64,
    pub q: [f64; 5],
    pub us: Vec<(String, f64)>,
    pub anon: f64,
    pub rss: f64,
    pub driver: f64,
    pub others: f64,
}
pub fn turn(m: &HashMap<String, String>) -> Turn {
    let num = |k: &str, d: f64| m.get(k).and_then(|v| v.parse().ok()).unwrap_or(d);
    let (conns, secs, rate) = (num("conns", 32.0) as usize, num("secs", 5.0), num("rate", 0.0));
    let url = m.get("url").cloned().unwrap_or("127.0.0.1:58080".into());
    let reqs = Arc::new(requests(m));
    let pid = |p: &str| -> u32 {
        p.strip_prefix('@')
            .map(|f| std::fs::read_to_string(f).unwrap())
            .unwrap_or(p.into())
            .lines()
            .next()
            .unwrap_or("")
            .trim()
            .parse()
            .unwrap()
    };
    let groups: Vec<(String, u32)> =
        m.get("cpu").map(|s| s.split(',').filter_map(|g| g.split_once(':')).map(|(n, p)| (n.into(), pid(p))).collect()).unwrap_or_default();
    let (c0, b0, me0) = (groups.iter().map(|g| ticks(g.1)).collect::<Vec<_>>(), busy(), ticks(std::process::id()));
    let next = Arc::new(AtomicU64::new(0));
    let base = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros() as u64;
    let start = Instant::now() + Duration::from_millis(20);
    let end = start + Duration::from_secs_f64(secs);
    let hs: Vec<_> = (0..conns)
        .map(|_| {
            let (reqs, next, url) = (reqs.clone(), next.clone(), url.clone());
            std::thread::Builder::new()
                .stack_size(256 * 1024)
                .spawn(move || {
                    let (mut lat, mut bad) = (Vec::<u32>::with_capacity(1 << 16), 0u64);
                    let mut c = Conn::new(&url).unwrap();
                    std::thread::sleep(start.saturating_duration_since(Instant::now()));
                    loop {
                        let i = next.fetch_add(1, Relaxed);
                        let mut due = Instant::now();
                        if rate > 0.0 {
                            let t = start + Duration::from_secs_f64(i as f64 / rate);
                            if t > due {
                                std::thread::sleep(t - due);
                                due = Instant::now();
                            } else {
                                due = t;
                            }
                        }
                        if due >= end {
                            return (lat, bad);
                        }
                        let request = fresh(&reqs[i as usize % reqs.len()], base + i);
                        match c.ask(&request) {
                            Ok(s) => bad += !(200..400).contains(&s) as u64,
                            Err(_) => {
                                bad += 1;
                                match Conn::new(&url) {
                                    Ok(n) => c = n,
                                    Err(_) => return (lat, bad + 1),
                                }
                            }
                        }
                        lat.push(due.elapsed().as_micros() as u32);
                    }
                })
                .unwrap()
        })
        .collect();
    let (mut lat, mut bad) = (Vec::new(), 0);
    for h in hs {
        let (l, b) = h.join().unwrap();
        lat.extend(l);
        bad += b;
    }
    let el = start.elapsed().as_secs_f64();
    let (b1, me1) = (busy(), ticks(std::process::id()));
    lat.sort_unstable();
    let n = lat.len().max(1);
    let p = |q: f64| lat.get(((n as f64 * q) as usize).min(n - 1)).copied().unwrap_or(0) as f64 / 1000.0;
    let d: Vec<u64> = groups.iter().zip(&c0).map(|(g, c)| ticks(g.1) - c).collect();
    let per = |t: u64| t as f64 * 10_000.0 / n as f64;
    let first = groups.first().map(|g| g.1).unwrap_or(0);
    Turn {
        n: lat.len(),
        bad,
        rps: n as f64 / el,
        q: [p(0.5), p(0.9), p(0.99), p(0.999), p(1.0)],
        us: groups.iter().zip(&d).map(|(g, t)| (g.0.clone(), per(*t))).collect(),
        anon: status(first, "RssAnon") as f64 / 1024.0,
        rss: status(first, "VmRSS") as f64 / 1024.0,
        driver: per(me1 - me0),
        others: (b1 - b0).saturating_sub(me1 - me0 + d.iter().sum::<u64>()) as f64 / 100.0 / el,
    }
}
pub fn fire(a: &[String]) {
    let m = args(a);
    let t = turn(&m);
    let us: String = t.us.iter().map(|(g, v)| format!(",\"us_{g}\":{v:.1}")).collect();
    println!(
        "{{\"name\":\"{}\",\"rps\":{:.1},\"n\":{},\"bad\":{},\"p50\":{:.3},\"p90\":{:.3},\"p99\":{:.3},\"p999\":{:.3},\"max\":{:.3}{us},\"us_gen\":{:.1},\"rss_anon_mb\":{:.1},\"rss_mb\":{:.1},\"others_cores\":{:.2}}}",
        m.get("name").map(String::as_str).unwrap_or(""),
        t.rps,
        t.n,
        t.bad,
        t.q[0],
        t.q[1],
        t.q[2],
        t.q[3],
        t.q[4],
        t.driver,
        t.anon,
        t.rss,
        t.others
    );
}
