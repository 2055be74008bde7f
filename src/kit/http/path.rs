//! Parts of the path. An id that is none names nothing: 404, as for one that does not exist.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use crate::kit::error::{Code, Error, Result};

#[derive(Clone, Debug)]
pub struct Path<T>(pub T);

impl<T> Path<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Path<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    #[expect(clippy::disallowed_types, reason = "the one place that maps its error")]
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(match actix_web::web::Path::<T>::from_request(req, payload).into_inner() {
            Ok(path) => Ok(Self(path.into_inner())),
            Err(_) => Err(Error::new(Code::NotFound)),
        })
    }
}
