//! The paths that are served, as the edge knows them: for `405` with `Allow`, and for labels of requests
//! whose handler was lost (a label is a pattern, never what the client wrote).

use std::collections::BTreeMap;

use actix_web::dev::ResourceDef;
use actix_web::http::header::HeaderValue;
use utoipa::openapi::HttpMethod;

use super::mounting::Listed;

#[derive(Debug, Default)]
pub struct KnownPaths(Vec<Known>);

#[derive(Debug)]
pub struct Known {
    matcher: ResourceDef,
    pub pattern: String,
    pub allow: HeaderValue,
}

impl KnownPaths {
    /// From the list that the very calls make which mount the handlers.
    #[must_use]
    pub fn of(listed: Vec<Listed>) -> Self {
        let mut paths: BTreeMap<String, Vec<HttpMethod>> = BTreeMap::new();
        for one in listed {
            paths.entry(one.pattern).or_default().push(one.method);
        }
        let known = paths.into_iter().filter_map(|(pattern, methods)| {
            Some(Known {
                matcher: ResourceDef::new(pattern.as_str()),
                pattern,
                allow: HeaderValue::from_str(&allowed(&methods).join(", ")).ok()?,
            })
        });
        let mut known: Vec<Known> = known.collect();
        // `/sessions/current` before `/sessions/{id}`: what is written out wins, as when mounted.
        known.sort_by_key(|k| k.pattern.matches('{').count());
        Self(known)
    }

    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Known> {
        self.0.iter().find(|known| known.matcher.is_match(path))
    }
}

/// The methods of a path in their usual order, `HEAD` with every `GET`.
fn allowed(methods: &[HttpMethod]) -> Vec<&'static str> {
    [
        ("GET", HttpMethod::Get),
        ("HEAD", HttpMethod::Get),
        ("POST", HttpMethod::Post),
        ("PUT", HttpMethod::Put),
        ("PATCH", HttpMethod::Patch),
        ("DELETE", HttpMethod::Delete),
    ]
    .into_iter()
    .filter_map(|(name, method)| methods.contains(&method).then_some(name))
    .collect()
}
