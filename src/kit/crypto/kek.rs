//! Key-encryption keys: wrapping data keys, and the check values that tell a foreign key file.
//!
//! A wrapped key is `01 | number of the key-encryption key u32be | salt 24 | key 32 | tag 16`, bound to
//! its id, scope and owner: a row of the key table that is copied to another owner does not unwrap.

use std::collections::BTreeMap;

use ring::aead::Aad;
use ring::error::Unspecified;
use zeroize::Zeroizing;

use super::field::{SALT, aead_for, derive, lp};
use super::keyfile::{KeyFile, Secret};

const LABEL: &[u8] = b"bff/wrap/v1";
const VERSION: u8 = 0x01;
pub(super) const WRAPPED: usize = 1 + 4 + SALT + 32 + 16;

/// The key-encryption keys of one state of the key file.
pub(super) struct Keks {
    pub(super) current: u32,
    pub(super) keys: BTreeMap<u32, Secret>,
}

/// Whose key it is; authenticated with it.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) key_id: &'a [u8; 16],
    pub(super) scope: &'a str,
    pub(super) owner: &'a [u8; 16],
}

impl Owner<'_> {
    fn aad(&self) -> Vec<u8> {
        lp(&[LABEL, self.key_id, self.scope.as_bytes(), self.owner])
    }
}

/// The number of the key-encryption key that a wrapped key names.
pub(super) fn kek_of(wrapped: &[u8]) -> Option<u32> {
    let (&[version], rest) = wrapped.split_first_chunk::<1>()?;
    (version == VERSION && wrapped.len() == WRAPPED)
        .then(|| rest.first_chunk::<4>())?
        .map(|n| u32::from_be_bytes(*n))
}

impl Keks {
    pub(super) fn of(file: &KeyFile) -> Self {
        Self { current: file.current, keys: file.keks.clone() }
    }

    /// Wraps under the current key; returns its number too.
    pub(super) fn wrap(
        &self,
        owner: Owner<'_>,
        salt: &[u8; SALT],
        key: &[u8; 32],
    ) -> Result<(u32, Vec<u8>), Unspecified> {
        let kek = self.keys.get(&self.current).ok_or(Unspecified)?;
        let (aead, nonce) = aead_for(kek, salt, &lp(&[LABEL]))?;
        let mut body = Zeroizing::new(*key);
        let tag = aead.seal_in_place_separate_tag(nonce, Aad::from(owner.aad()), body.as_mut())?;
        let mut wrapped = Vec::with_capacity(WRAPPED);
        wrapped.push(VERSION);
        wrapped.extend_from_slice(&self.current.to_be_bytes());
        wrapped.extend_from_slice(salt);
        wrapped.extend_from_slice(body.as_ref());
        wrapped.extend_from_slice(tag.as_ref());
        Ok((self.current, wrapped))
    }

    pub(super) fn unwrap(&self, owner: Owner<'_>, wrapped: &[u8]) -> Result<Secret, Unspecified> {
        let kek = kek_of(wrapped).and_then(|number| self.keys.get(&number)).ok_or(Unspecified)?;
        let (salt, body) = wrapped.get(5..).and_then(<[u8]>::split_first_chunk::<SALT>).ok_or(Unspecified)?;
        let (aead, nonce) = aead_for(kek, salt, &lp(&[LABEL]))?;
        let mut body = Zeroizing::new(body.to_vec());
        let plain = aead.open_in_place(nonce, Aad::from(owner.aad()), &mut body)?;
        plain.first_chunk::<32>().map(|k| Zeroizing::new(*k)).ok_or(Unspecified)
    }

    /// What the database keeps to recognise the key by; says nothing about the key.
    pub(super) fn check_value(&self, number: u32, deployment: &[u8; 16]) -> Result<Vec<u8>, Unspecified> {
        let kek = self.keys.get(&number).ok_or(Unspecified)?;
        let value =
            derive::<32>(kek.as_ref(), deployment, &lp(&[b"bff/kek-check/v1", &number.to_be_bytes()]))?;
        Ok(value.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keks() -> Keks {
        let key = |n| (n, Zeroizing::new([u8::try_from(n).unwrap(); 32]));
        Keks { current: 2, keys: BTreeMap::from([key(1), key(2)]) }
    }

    const OWNER: Owner<'static> = Owner { key_id: &[1; 16], scope: "person", owner: &[2; 16] };

    #[test]
    fn a_wrapped_key_opens_only_for_its_owner() {
        let (number, wrapped) = keks().wrap(OWNER, &[3; SALT], &[4; 32]).unwrap();
        assert_eq!((number, wrapped.len(), kek_of(&wrapped)), (2, 77, Some(2)));
        assert_eq!(*keks().unwrap(OWNER, &wrapped).unwrap(), [4; 32]);
        for owner in [
            Owner { key_id: &[9; 16], ..OWNER },
            Owner { scope: "ticket", ..OWNER },
            Owner { owner: &[9; 16], ..OWNER },
        ] {
            assert!(keks().unwrap(owner, &wrapped).is_err());
        }
        assert!(!wrapped.windows(8).any(|w| w == [4; 8]));
    }

    /// Computed by another implementation from the written format alone.
    #[test]
    fn known_answers() {
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
        let (_, wrapped) = keks().wrap(OWNER, &[3; SALT], &[4; 32]).unwrap();
        assert_eq!(
            hex(&wrapped),
            "0100000002030303030303030303030303030303030303030303030303e1d28b6aa7ede4adeb4be2b7781f0652\
             b137db05fed1dcb7ffdf2b5bb1337f64c37804417f74f13add56995f52582cc1"
        );
        assert_eq!(
            hex(&keks().check_value(1, &[0; 16]).unwrap()),
            "9891c68ae87824807592733af44a19f5e9b6422d97e472db3365a1d089f73bec"
        );
    }

    #[test]
    fn every_flipped_bit_and_truncation_fails() {
        let (_, wrapped) = keks().wrap(OWNER, &[3; SALT], &[4; 32]).unwrap();
        for bit in 0..wrapped.len() * 8 {
            let mut bad = wrapped.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(keks().unwrap(OWNER, &bad).is_err(), "bit {bit}");
        }
        for len in 0..wrapped.len() {
            assert!(keks().unwrap(OWNER, &wrapped[..len]).is_err());
        }
    }

    #[test]
    fn check_values_tell_keys_and_deployments_apart() {
        let value = |n, d: u8| keks().check_value(n, &[d; 16]).unwrap();
        assert_eq!(value(1, 0), value(1, 0));
        assert_ne!(value(1, 0), value(2, 0));
        assert_ne!(value(1, 0), value(1, 1));
        assert!(keks().check_value(3, &[0; 16]).is_err());
    }
}
