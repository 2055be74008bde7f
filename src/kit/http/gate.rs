//! Who may come in: so many requests at once for the process, so many a minute for one address.
//! Nothing waits here; what is too much is told to come back later.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::kit::error::{Code, Error, Result};

#[derive(Debug)]
pub struct Gate {
    inside: Arc<AtomicUsize>,
    most: usize,
    /// `None` = no limit for one address.
    rate: Option<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
}

/// A place inside; dropping it frees the place.
#[derive(Debug)]
pub struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Gate {
    #[must_use]
    pub fn new(most: usize, per_minute: u32) -> Self {
        let rate = NonZeroU32::new(per_minute).map(|n| RateLimiter::keyed(Quota::per_minute(n)));
        Self { inside: Arc::default(), most, rate, clock: DefaultClock::default() }
    }

    /// # Errors
    /// 429 for an address that comes too often, 503 when the house is full; both say when to come back.
    pub fn enter(&self, ip: Option<IpAddr>) -> Result<Place> {
        if let (Some(rate), Some(ip)) = (&self.rate, ip)
            && let Err(until) = rate.check_key(&household(ip))
        {
            let wait = until.wait_time_from(self.clock.now()).as_secs().saturating_add(1);
            let wait = u32::try_from(wait).unwrap_or(u32::MAX);
            return Err(Error::new(Code::TooManyRequests).retry_after(wait));
        }
        let before = self.inside.fetch_add(1, Ordering::AcqRel);
        let place = Place(Arc::clone(&self.inside));
        if before >= self.most { Err(Error::new(Code::Overloaded)) } else { Ok(place) }
    }

    #[must_use]
    pub fn inside(&self) -> usize {
        self.inside.load(Ordering::Acquire)
    }

    /// Forgets addresses that have been quiet; without it the table only grows.
    pub fn forget_quiet(&self) {
        if let Some(rate) = &self.rate {
            rate.retain_recent();
            rate.shrink_to_fit();
        }
    }
}

/// An IPv6 customer owns a whole /64: counting single addresses would count nothing.
fn household(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_house_and_a_hasty_address_are_told_when_to_return() {
        let gate = Gate::new(1, 2);
        let (a, b): (IpAddr, IpAddr) = ("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap());
        let place = gate.enter(Some(a)).unwrap();
        let full = gate.enter(Some("1.2.3.4".parse().unwrap())).unwrap_err();
        assert_eq!((full.code(), full.retry_after_seconds().is_some()), (Code::Overloaded, true));
        drop(place);
        drop(gate.enter(Some(b)).unwrap());
        let hasty = gate.enter(Some(a)).unwrap_err();
        assert_eq!(hasty.code(), Code::TooManyRequests);
        assert!((1..=60).contains(&hasty.retry_after_seconds().unwrap()));
        assert_eq!(gate.inside(), 0);
    }
}
