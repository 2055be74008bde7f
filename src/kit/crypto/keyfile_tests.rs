//! The key file refuses what is not safe or not whole, and says what to do.

use std::os::unix::fs::PermissionsExt as _;

use super::*;

fn made() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("var").join("keys.toml");
    assert_eq!(KeyFile::init(&path).unwrap(), Made::Now);
    (folder, path)
}

#[test]
fn init_makes_a_private_file_once() {
    let (_folder, path) = made();
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&path).unwrap();
    assert_eq!(KeyFile::init(&path).unwrap(), Made::Already);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn what_is_written_is_read() {
    let (_folder, path) = made();
    let mut keys = KeyFile::load(&path).unwrap();
    keys.keks.insert(2, random().unwrap());
    keys.current = 2;
    keys.replace(&path).unwrap();
    let again = KeyFile::load(&path).unwrap();
    assert_eq!(again.keks, keys.keks);
    assert_eq!((again.current, again.index, again.jwt), (2, keys.index, keys.jwt));
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn two_that_init_together_agree() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    let made: Vec<Made> = std::thread::scope(|s| {
        let all: Vec<_> = (0..8).map(|_| s.spawn(|| KeyFile::init(&path).unwrap())).collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(made.iter().filter(|m| **m == Made::Now).count(), 1);
}

#[test]
fn missing_or_exposed_files_are_refused() {
    let (_folder, path) = made();
    for mode in [0o640, 0o604, 0o660, 0o644, 0o601] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let err = KeyFile::load(&path).unwrap_err();
        assert!(matches!(err, KeyError::Exposed { .. }));
        assert!(err.to_string().contains("chmod 600"), "{err}");
        assert!(KeyFile::init(&path).is_err());
    }
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
    KeyFile::load(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let err = KeyFile::load(&path).unwrap_err();
    assert!(matches!(err, KeyError::Missing(_)));
    assert!(err.to_string().contains("lvyue keys init"));
}

#[test]
fn broken_contents_are_refused_without_quoting_them() {
    let (_folder, path) = made();
    let good = std::fs::read_to_string(&path).unwrap();
    let key = good.lines().find_map(|l| l.strip_prefix("1 = ")).unwrap().to_owned();
    let cases = [
        String::new(),
        good.replace("current = 1", "current = 7"),
        good.replace("\"k1\"", "\"k2\""),
        good.replace("k1 =", "\"../k1\" ="),
        good.replace("1 = ", "one = "),
        good.replace("1 = ", "0 = "),
        good.replace("[index]", "[index]\nextra = 1"),
        good.replace(&key, "\"AAAA\""),
        good.replace(&key, "\"not base64 at all!\""),
        good.replace(&key, &key[..key.len() - 1]),
        good[..good.find("[jwt]").unwrap()].to_owned(),
    ];
    for (i, text) in cases.iter().enumerate() {
        std::fs::write(&path, text).unwrap();
        let err = KeyFile::load(&path).unwrap_err();
        assert!(matches!(err, KeyError::Unparsable { .. } | KeyError::Length { .. }), "{i}: {err}");
        assert!(!format!("{err} {err:?}").contains(key.trim_matches('"')), "{i} shows a key");
    }
}

#[test]
fn debug_shows_no_key() {
    let keys = KeyFile::fresh().unwrap();
    assert_eq!(format!("{keys:?}"), "KeyFile { current: 1, .. }");
}

#[test]
fn a_file_of_another_user_is_refused() {
    let (_folder, path) = made();
    // Giving a file away takes root; elsewhere the refusal cannot be brought about.
    if std::os::unix::fs::chown(&path, Some(54_321), None).is_ok() {
        let err = KeyFile::load(&path).unwrap_err();
        assert!(matches!(err, KeyError::Owner { owner: 54_321, .. }));
        assert!(err.to_string().contains("chown"));
    }
}
