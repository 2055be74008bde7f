//! Tells whether a request's body has been read to its end: a time limit that strikes before that is the
//! client's slowness (408), after it ours (503).

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::Stream;

#[derive(Clone, Debug)]
pub(super) struct BodyWatch(Rc<Cell<bool>>);

impl BodyWatch {
    /// Puts itself between the connection and the extractors.
    pub(super) fn on(req: &mut ServiceRequest) -> Self {
        let payload = req.parts_mut().1.take();
        let done = Rc::new(Cell::new(matches!(payload, Payload::None)));
        if !done.get() {
            let watched = Watched { payload, done: Rc::clone(&done) };
            req.set_payload(Payload::Stream { payload: Box::pin(watched) });
        }
        Self(done)
    }

    pub(super) fn is_done(&self) -> bool {
        self.0.get()
    }
}

struct Watched {
    payload: Payload,
    done: Rc<Cell<bool>>,
}

impl Stream for Watched {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = Pin::new(&mut self.payload).poll_next(cx);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.done.set(true);
        }
        polled
    }
}
