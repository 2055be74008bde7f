//! Use cases of identity, by verb.

pub mod binding;
pub mod consents;
pub mod delegates;
pub mod devices;
pub mod invite;
pub mod login;
pub mod looks;
pub mod profile;
pub mod refresh;
pub mod roster;
pub mod roster_file;
pub mod standing;

use std::net::IpAddr;

use uuid::Uuid;

use crate::kit::clock::Timestamp;

/// A request of somebody who is not signed in yet.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    pub ip: IpAddr,
    pub request_id: Uuid,
    pub now: Timestamp,
}

/// What counts as one place: an IPv4 address, or the /64 that one IPv6 customer has.
pub fn place_of(ip: IpAddr) -> Vec<u8> {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().iter().take(8).copied().collect(),
    }
}
