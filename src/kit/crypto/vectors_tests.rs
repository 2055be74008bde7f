//! Project Wycheproof's vectors against the primitives, reached the way the formats reach them. Counts
//! are asserted: a set that silently shrinks proves nothing.

use ring::aead::{AES_256_GCM, Aad, Algorithm, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use wycheproof::{TestResult, aead, hkdf, mac};

use super::field::expand;

/// Runs a set in both directions; gives how many ran, and how many nonces of another length were refused.
fn run_aead(set: aead::TestName, algorithm: &'static Algorithm) -> (usize, usize) {
    let (mut run, mut refused) = (0, 0);
    for group in aead::TestSet::load(set).unwrap().test_groups {
        if group.key_size != 256 || group.tag_size != 128 {
            continue;
        }
        for test in group.tests {
            let Ok(nonce) = <[u8; 12]>::try_from(test.nonce.as_slice()) else {
                assert!(Nonce::try_assume_unique_for_key(&test.nonce).is_err());
                refused += 1;
                continue;
            };
            run += 1;
            let key = LessSafeKey::new(UnboundKey::new(algorithm, &test.key).unwrap());
            let nonce = || Nonce::assume_unique_for_key(nonce);
            let aad = || Aad::from(test.aad.as_slice());
            let mut blob = [test.ct.as_slice(), test.tag.as_slice()].concat();
            let opened = key.open_in_place(nonce(), aad(), &mut blob);
            let valid = test.result == TestResult::Valid;
            assert_eq!(opened.map(|p| p.to_vec()).ok(), valid.then(|| test.pt.to_vec()), "{}", test.tc_id);
            if valid {
                let mut plain = test.pt.to_vec();
                let tag = key.seal_in_place_separate_tag(nonce(), aad(), &mut plain).unwrap();
                assert_eq!((plain, tag.as_ref()), (test.ct.to_vec(), test.tag.as_slice()), "{}", test.tc_id);
            }
        }
    }
    (run, refused)
}

#[test]
fn aes_256_gcm() {
    assert_eq!(run_aead(aead::TestName::AesGcm, &AES_256_GCM), (66, 39));
}

#[test]
fn chacha20_poly1305() {
    assert_eq!(run_aead(aead::TestName::ChaCha20Poly1305, &CHACHA20_POLY1305), (316, 9));
}

#[test]
fn hkdf_sha256() {
    let mut run = 0;
    for test in
        hkdf::TestSet::load(hkdf::TestName::HkdfSha256).unwrap().test_groups.into_iter().flat_map(|g| g.tests)
    {
        let prk = ring::hkdf::Salt::new(ring::hkdf::HKDF_SHA256, &test.salt).extract(&test.ikm);
        // Lengths are fixed in the program, so each length of the vectors is asked for by name.
        macro_rules! asked {
            ($($n:literal)*) => {
                match test.size {
                    $($n => expand::<$n>(&prk, &test.info).map(|okm| okm.to_vec()),)*
                    other => {
                        let mut okm = vec![0; other];
                        let filled = prk.expand(&[&test.info], Any(other)).and_then(|o| o.fill(&mut okm));
                        filled.map(|()| okm)
                    }
                }
            };
        }
        let okm = asked!(16 20 32 42 44 64);
        let valid = test.result == TestResult::Valid;
        assert_eq!(okm.ok(), valid.then(|| test.okm.to_vec()), "{}", test.tc_id);
        run += 1;
    }
    assert_eq!(run, 86);
}

struct Any(usize);

impl ring::hkdf::KeyType for Any {
    fn len(&self) -> usize {
        self.0
    }
}

#[test]
fn hmac_sha256() {
    let mut run = 0;
    for group in mac::TestSet::load(mac::TestName::HmacSha256).unwrap().test_groups {
        for test in group.tests {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &test.key);
            let tag = hmac::sign(&key, &test.msg);
            let cut = &tag.as_ref()[..group.tag_size / 8];
            assert_eq!(cut == test.tag.as_slice(), test.result == TestResult::Valid, "{}", test.tc_id);
            if group.tag_size == 256 {
                let verified = hmac::verify(&key, &test.msg, &test.tag).is_ok();
                assert_eq!(verified, test.result == TestResult::Valid, "{}", test.tc_id);
            }
            run += 1;
        }
    }
    assert_eq!(run, 174);
}
