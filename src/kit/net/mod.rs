//! The one outbound HTTP client: rustls on ring, no redirects, no proxies from the environment, a time
//! limit on everything and a cap on what is read.
//!
//! The rule it keeps: nothing of a URL, a header or a body ever reaches an error. A [`Failure`] says only
//! what kind of thing happened, because URLs of the WeChat API carry secrets.

mod breaker;

use std::net::IpAddr;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Url, redirect};
use zeroize::Zeroizing;

pub use breaker::{Breaker, Outcome, Permit};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Shorter than what servers usually keep idle, so that a single-use code is rarely sent down a dead line.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// Makes ring the TLS provider of this process; later calls change nothing.
pub fn install_crypto() {
    // An error means that another thread was first, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// What can go wrong between us and an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No connection, so nothing was sent: safe to try again whatever the request was.
    Connect,
    /// Sent, perhaps acted upon, not answered in time.
    Timeout,
    /// Sent, perhaps acted upon, answer lost or cut off.
    Lost,
    /// More than the cap.
    TooLarge,
    /// The request could not be built; a bug.
    Unbuildable,
}

impl Failure {
    /// For logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connection failed",
            Self::Timeout => "timed out",
            Self::Lost => "answer lost",
            Self::TooLarge => "answer too large",
            Self::Unbuildable => "request could not be built",
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "the error holds the URL and ends here")]
    fn of(err: reqwest::Error) -> Self {
        if err.is_builder() {
            Self::Unbuildable
        } else if err.is_connect() {
            Self::Connect
        } else if err.is_timeout() {
            Self::Timeout
        } else {
            Self::Lost
        }
    }
}

/// Why a client for an address cannot be made. Says nothing that is secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    #[error("not an address like https://host")]
    Address,
    #[error("plain http is for loopback addresses only")]
    Plain,
    #[error("no TLS: the system's certificate store could not be used")]
    Tls,
}

/// What came back.
pub struct Reply {
    pub status: u16,
    /// Wiped on drop: answers may hold session keys and tokens.
    pub body: Zeroizing<Vec<u8>>,
}

/// A client for one host. Cloning shares its connections.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client,
    base: String,
    timeout: Duration,
    body_limit: usize,
}

impl Outbound {
    /// # Errors
    /// An address that is neither https nor on loopback, or no certificate store.
    #[expect(clippy::disallowed_methods, reason = "the one place that builds a client")]
    pub fn new(base_url: &str, timeout: Duration, body_limit: usize) -> Result<Self, SetupError> {
        let url = Url::parse(base_url).map_err(|_| SetupError::Address)?;
        let plain = match url.scheme() {
            "https" => false,
            "http" => true,
            _ => return Err(SetupError::Address),
        };
        if !url.has_host() || !url.username().is_empty() || url.password().is_some() || url.query().is_some()
        {
            return Err(SetupError::Address);
        }
        if plain && !is_loopback(&url) {
            return Err(SetupError::Plain);
        }
        install_crypto();
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .https_only(!plain)
            .connect_timeout(CONNECT_TIMEOUT.min(timeout))
            .timeout(timeout)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .referer(false)
            .build()
            .map_err(|_| SetupError::Tls)?;
        Ok(Self { client, base: base_url.trim_end_matches('/').to_owned(), timeout, body_limit })
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.base))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base))
    }

    /// The time one call may take, connecting and reading included.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Sends once and reads the whole answer.
    ///
    /// # Errors
    /// No answer, or one that is cut off or too large. Any HTTP status is an answer.
    #[expect(clippy::disallowed_methods, reason = "the one place that sends")]
    pub async fn send(&self, request: RequestBuilder) -> Result<Reply, Failure> {
        let mut response = request.send().await.map_err(Failure::of)?;
        let status = response.status().as_u16();
        // Room for all of it at once: a growing buffer would leave copies behind.
        let mut body = Zeroizing::new(Vec::with_capacity(self.body_limit));
        while let Some(chunk) = response.chunk().await.map_err(Failure::of)? {
            if body.len().saturating_add(chunk.len()) > self.body_limit {
                return Err(Failure::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, body })
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_only() {
        let make = |url: &str| Outbound::new(url, Duration::from_secs(1), 1024).map(|_| ());
        make("http://127.0.0.1:1/").unwrap();
        make("http://[::1]:1").unwrap();
        make("http://localhost:1").unwrap();
        make("https://api.weixin.qq.com").unwrap();
        assert_eq!(make("http://api.weixin.qq.com"), Err(SetupError::Plain));
        assert_eq!(make("http://127.0.0.1.example.com"), Err(SetupError::Plain));
        assert_eq!(make("https://user:pass@example.com"), Err(SetupError::Address));
        assert_eq!(make("https://example.com/?a=b"), Err(SetupError::Address));
        assert_eq!(make("ftp://example.com"), Err(SetupError::Address));
        assert_eq!(make("example.com"), Err(SetupError::Address));
    }
}
