//! Where features put their handlers. A serving thread takes the handlers alone: describing them as well takes some
//! 14 MB, so the document is made when somebody asks for it.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa::openapi::HttpMethod;
use utoipa_actix_web::{OpenApiFactory, service_config};

/// A server, the description of one, or the list of its paths, from the same calls.
pub enum Mounting<'a, 'b> {
    Serve(&'a mut web::ServiceConfig),
    Describe(&'a mut service_config::ServiceConfig<'b>),
    /// Below this prefix.
    List(&'static str, &'a mut Vec<Listed>),
}

/// One operation that is served.
pub struct Listed {
    pub pattern: String,
    pub method: HttpMethod,
}

impl Mounting<'_, '_> {
    pub fn service<H>(&mut self, handler: H) -> &mut Self
    where
        H: HttpServiceFactory + OpenApiFactory + utoipa::Path + 'static,
    {
        match self {
            Self::Serve(server) => drop(server.service(handler)),
            Self::Describe(description) => drop(description.service(handler)),
            Self::List(prefix, listed) => {
                let pattern = format!("{prefix}{}", H::path());
                let one = |method| Listed { pattern: pattern.clone(), method };
                listed.extend(H::methods().into_iter().map(one));
            }
        }
        self
    }

    pub fn configure(&mut self, more: impl FnOnce(&mut Mounting<'_, '_>)) -> &mut Self {
        more(self);
        self
    }
}
