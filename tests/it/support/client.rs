//! Speaks to the server as one person, or as nobody. Every answer passes the checks of [`Answer`].

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::Answer;

#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    /// Of the person, once signed in and bound.
    pub id: String,
}

/// A key that was not used before in this process.
pub fn fresh_key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("story-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Client {
    /// Nobody in particular; `base` is `http://127.0.0.1:PORT`.
    pub fn new(base: &str) -> Self {
        lvyue::kit::net::install_crypto();
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().unwrap();
        Self { http, base: base.to_owned(), token: None, id: String::new() }
    }

    /// The same connection pool, signed in with a token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    pub fn named(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// A request to fill in; `path` begins with `/`, and below `/api/v1` unless it says otherwise.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let root = ["/api/", "/livez", "/readyz", "/openapi.json", "/metrics"];
        let prefix = if root.iter().any(|r| path.starts_with(r)) { "" } else { "/api/v1" };
        let request = self.http.request(method, format!("{}{prefix}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        self.try_send(request).await.unwrap_or_else(|e| panic!("no answer: {e:?}"))
    }

    /// As [`Self::send`] where the connection itself may break.
    pub async fn try_send(&self, request: RequestBuilder) -> Result<Answer, reqwest::Error> {
        let request = request.build()?;
        let call = format!("{} {}", request.method(), request.url().path());
        let response = self.http.execute(request).await?;
        Ok(Answer::of(call, response).await)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// With a fresh `Idempotency-Key`.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_as(path, &fresh_key(), &body).await
    }

    /// With this `Idempotency-Key`.
    pub async fn post_as(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).header("idempotency-key", key).json(body)).await
    }

    /// An action on a ticket as it was last seen.
    pub async fn act(&self, ticket: &Value, body: Value) -> Answer {
        self.act_at(ticket["id"].as_str().unwrap(), ticket["version"].as_i64().unwrap(), body).await
    }

    pub async fn act_at(&self, id: &str, version: i64, body: Value) -> Answer {
        let request = self.request(Method::POST, &format!("/tickets/{id}/actions"));
        self.send(request.header("if-match", format!("\"{version}\"")).json(&body)).await
    }

    /// An action on a ticket as it is now.
    pub async fn act_now(&self, id: &str, body: Value) -> Answer {
        let ticket = self.ticket(id).await;
        self.act(&ticket, body).await
    }

    pub async fn ticket(&self, id: &str) -> Value {
        self.get(&format!("/tickets/{id}")).await.ok()
    }

    /// All items of a list, page after page.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut next = None::<String>;
        loop {
            let sign = if path.contains('?') { '&' } else { '?' };
            let cursor = next.map(|c| format!("{sign}cursor={c}")).unwrap_or_default();
            let page = self.get(&format!("{path}{cursor}")).await.ok();
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            next = page["next_cursor"].as_str().map(str::to_owned);
            if next.is_none() {
                return items;
            }
        }
    }

    pub async fn upload(&self, name: &str, media_type: &str, bytes: &[u8]) -> Answer {
        self.send(self.upload_request(name, media_type, bytes).header("idempotency-key", fresh_key())).await
    }

    /// One file in a form, without an `Idempotency-Key`.
    pub fn upload_request(&self, name: &str, media_type: &str, bytes: &[u8]) -> RequestBuilder {
        const BOUNDARY: &str = "----lvyue-story-7d1c";
        let mut form = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {media_type}\r\n\r\n"
        )
        .into_bytes();
        form.extend_from_slice(bytes);
        form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        self.request(Method::POST, "/attachments")
            .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(form)
    }
}
