//! Whose address a request comes from. `X-Forwarded-For` counts only as far as trusted proxies wrote it:
//! read from the right, the first address that is not a trusted proxy is the client.

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::sync::Arc;

use actix_web::dev::{Payload, RequestHead};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use ipnet::IpNet;

use crate::kit::config::ConfigError;
use crate::kit::error::{Code, Error, Result};

/// The peers whose word about their client is taken.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// # Errors
    /// An entry that is neither an address nor a CIDR block.
    pub fn parse(entries: &[String]) -> Result<Self, ConfigError> {
        let parse = |text: &String| {
            text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| {
                ConfigError::Wrong(format!("http.trusted_proxies 里的 {text} 不是地址或 CIDR 网段"))
            })
        };
        Ok(Self(entries.iter().map(parse).collect::<Result<Vec<_>, _>>()?.into()))
    }

    fn contains(&self, ip: &IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(ip))
    }

    /// The client of a request; `None` only without a socket (unit tests, Unix sockets).
    #[must_use]
    pub fn client(&self, head: &RequestHead) -> Option<IpAddr> {
        let peer = head.peer_addr?.ip().to_canonical();
        if !self.contains(&peer) {
            return Some(peer);
        }
        let lines: Vec<&str> =
            head.headers.get_all("x-forwarded-for").filter_map(|v| v.to_str().ok()).collect();
        let mut nearest = peer;
        for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            // What cannot be read was not written by our proxy: the last known hop is as far as we see.
            let Ok(ip) = hop.trim().parse::<IpAddr>() else { break };
            nearest = ip.to_canonical();
            if !self.contains(&nearest) {
                break;
            }
        }
        Some(nearest)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

impl FromRequest for ClientIp {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let ip = match req.app_data::<Data<TrustedProxies>>() {
            Some(proxies) => proxies.client(req.head()),
            None => req.peer_addr().map(|a| a.ip()),
        };
        ready(ip.map(Self).ok_or_else(|| Error::new(Code::Internal).because("request without peer address")))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn seen(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<String> = trusted.iter().map(|t| (*t).to_owned()).collect();
        let mut req = TestRequest::default().peer_addr(format!("{peer}:1234").parse().unwrap());
        for line in forwarded {
            req = req.append_header(("x-forwarded-for", *line));
        }
        let proxies = TrustedProxies::parse(&trusted).unwrap();
        proxies.client(req.to_http_request().head()).unwrap().to_string()
    }

    #[test]
    fn a_header_counts_only_as_far_as_trusted_proxies_wrote_it() {
        assert_eq!(seen(&[], "1.2.3.4", &["9.9.9.9"]), "1.2.3.4");
        assert_eq!(seen(&["10.0.0.0/8"], "10.0.0.1", &["9.9.9.9, 8.8.8.8"]), "8.8.8.8");
        assert_eq!(seen(&["10.0.0.0/8"], "10.0.0.1", &["9.9.9.9, 8.8.8.8, 10.0.0.2"]), "8.8.8.8");
        assert_eq!(seen(&["10.0.0.0/8"], "10.0.0.1", &["9.9.9.9", "8.8.8.8"]), "8.8.8.8");
        assert_eq!(seen(&["10.0.0.1"], "10.0.0.1", &["rubbish"]), "10.0.0.1");
        assert_eq!(seen(&["10.0.0.1"], "10.0.0.1", &[]), "10.0.0.1");
        assert!(TrustedProxies::parse(&["ten".into()]).is_err());
    }
}
