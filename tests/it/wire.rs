//! Below the API: requests that are no HTTP, bodies without an end, and clients that come too often.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reqwest::Method;

use crate::support::{World, sql};

/// What a hand-written request is answered with.
fn raw(w: &World, request: &[u8]) -> String {
    let address = w.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(n) = stream.read(&mut piece) {
        answer.extend_from_slice(&piece[..n]);
        if n == 0 || answer.windows(4).any(|w| w == b"\r\n\r\n") {
            break;
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

story!(requests_that_are_not_http_are_refused, async |w: World| {
    let long = format!("GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "a".repeat(200_000));
    for request in [
        "GET /livez\r\n\r\n",
        "POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GARBAGE\r\n\r\n",
        &long,
    ] {
        let answer = raw(&w, request.as_bytes());
        let status = answer.split(' ').nth(1).unwrap_or("");
        assert!(
            ["400", "431", "413", ""].contains(&status),
            "{}: {answer}",
            &request[..30.min(request.len())]
        );
        assert!(!answer.contains("panic"));
    }
    w.nobody().get("/livez").await.ok();
    w
});

story!(a_body_without_a_length_is_counted_too, async |w: World| {
    let amy = w.as_("amy").await;
    let mut request = format!(
        "POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIdempotency-Key: long\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        amy.token()
    );
    for _ in 0..9 {
        request.push_str(&format!("2000\r\n{}\r\n", " ".repeat(0x2000)));
    }
    request.push_str("0\r\n\r\n");
    let answer = raw(&w, request.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    w
});

story!(a_body_that_drips_is_cut, |s| s.http.request_timeout_seconds = 2, async |w: World| {
    let amy = w.as_("amy").await;
    let (base, token) = (w.base().trim_start_matches("http://").to_owned(), amy.token().to_owned());
    let cut = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(base).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        let head = format!(
            "POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: drip\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let began = Instant::now();
        let mut answer = Vec::new();
        while began.elapsed() < Duration::from_secs(20) {
            let mut piece = [0; 4096];
            if stream.write_all(b" ").is_err() {
                break;
            }
            match stream.read(&mut piece) {
                Ok(0) => break,
                Ok(n) => answer.extend_from_slice(&piece[..n]),
                Err(_) => {}
            }
        }
        (String::from_utf8_lossy(&answer).into_owned(), began.elapsed())
    });
    let (answer, took) = cut.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("REQUEST_TIMEOUT") && answer.contains("application/problem+json"), "{answer}");
    assert!(took < Duration::from_secs(15), "{took:?}");
    assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM tickets").await, 0);
    w
});

story!(too_many_are_told_to_wait, |s| s.http.requests_per_minute = 30, async |w: World| {
    let nobody = w.nobody();
    let mut statuses = Vec::new();
    for _ in 0..60 {
        statuses.push(nobody.get("/privacy/notice").await.status);
    }
    assert!(statuses.contains(&429), "{statuses:?}");
    assert!(statuses.iter().all(|s| [200, 429].contains(s)), "{statuses:?}");
    let spoofed = nobody.request(Method::GET, "/privacy/notice").header("x-forwarded-for", "9.9.9.9");
    assert_eq!(nobody.send(spoofed).await.status, 429, "the header of nobody's proxy changes nothing");
    nobody.get("/livez").await.ok();
    w
});
