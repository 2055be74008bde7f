//! Where features put their handlers. A serving thread takes the handlers alone: describing them as well takes some
//! 14 MB a thread, and the document is made once for all.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa_actix_web::{OpenApiFactory, service_config};

/// A server, or the description of one, from the same calls.
pub enum Mounting<'a, 'b> {
    Serve(&'a mut web::ServiceConfig),
    Describe(&'a mut service_config::ServiceConfig<'b>),
}

impl Mounting<'_, '_> {
    pub fn service(&mut self, handler: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        match self {
            Self::Serve(server) => drop(server.service(handler)),
            Self::Describe(description) => drop(description.service(handler)),
        }
        self
    }

    pub fn configure(&mut self, more: impl FnOnce(&mut Mounting<'_, '_>)) -> &mut Self {
        more(self);
        self
    }
}
