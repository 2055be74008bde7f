//! Ids and other random values. Every id is a UUIDv7 made by the program before the INSERT, so that it
//! can be bound into ciphertexts; its time part comes from the steered clock.

use std::sync::atomic::{AtomicU64, Ordering};

use ring::rand::{SecureRandom, SystemRandom};
use uuid::{Builder, Uuid};

use super::clock::Clock;
use super::error::{Code, Error};

#[derive(Debug)]
pub struct Ids {
    random: SystemRandom,
    clock: Clock,
    /// Last 48-bit milliseconds and 12-bit count handed out: ids of one process never run backwards.
    last: AtomicU64,
}

impl Ids {
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { random: SystemRandom::new(), clock, last: AtomicU64::new(0) }
    }

    /// A fresh id, larger than every id this process made before.
    ///
    /// # Errors
    /// The system's random source failed.
    pub fn fresh(&self) -> Result<Uuid, Error> {
        let now = u64::try_from(self.clock.now().0).unwrap_or(0) << 12;
        let mut before = self.last.load(Ordering::Relaxed);
        let tick = loop {
            let tick = now.max(before.saturating_add(1));
            match self.last.compare_exchange_weak(before, tick, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => break tick,
                Err(seen) => before = seen,
            }
        };
        let random: [u8; 8] = self.random()?;
        let [a, b] = u16::try_from(tick & 0xfff).unwrap_or(0).to_be_bytes();
        let [c, d, e, f, g, h, i, j] = random;
        Ok(Builder::from_unix_timestamp_millis(tick >> 12, &[a, b, c, d, e, f, g, h, i, j]).into_uuid())
    }

    /// `N` bytes from the system's generator.
    ///
    /// # Errors
    /// The system's random source failed.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes).map_err(|_| Error::new(Code::Internal).because("no random bytes"))?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::clock::{Clock, Timestamp};
    use super::*;

    #[test]
    fn ids_are_version_7_rise_and_carry_the_time() {
        let clock = Clock::steered(Timestamp(1_795_309_323_004));
        let ids = Ids::new(clock);
        let made: Vec<Uuid> = (0..10_000).map(|_| ids.fresh().unwrap()).collect();
        assert!(made.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(made[0].get_version_num(), 7);
        let (seconds, _) = made[0].get_timestamp().unwrap().to_unix();
        assert_eq!(seconds, 1_795_309_323);
    }
}
