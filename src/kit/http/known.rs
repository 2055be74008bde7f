//! The paths that are served, as the edge knows them: for `405` with `Allow`, and for labels of requests
//! whose handler was lost (a label is a pattern, never what the client wrote).

use actix_web::dev::ResourceDef;
use actix_web::http::header::HeaderValue;
use utoipa::openapi::{OpenApi, PathItem};

#[derive(Debug, Default)]
pub struct KnownPaths(Vec<Known>);

#[derive(Debug)]
pub struct Known {
    matcher: ResourceDef,
    pub pattern: String,
    pub allow: HeaderValue,
}

impl KnownPaths {
    /// Reads them from the document, which is made from the very calls that mount the handlers.
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let known = document.paths.paths.iter().filter_map(|(pattern, item)| {
            Some(Known {
                matcher: ResourceDef::new(pattern.as_str()),
                pattern: pattern.clone(),
                allow: HeaderValue::from_str(&methods(item).join(", ")).ok()?,
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

/// The methods of a path, `HEAD` with every `GET`.
#[must_use]
pub fn methods(item: &PathItem) -> Vec<&'static str> {
    [
        ("GET", item.get.is_some()),
        ("HEAD", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
    ]
    .into_iter()
    .filter_map(|(method, served)| served.then_some(method))
    .collect()
}
