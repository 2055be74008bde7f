//! The two ways the program runs: alone on SQLite, or on PostgreSQL with Redis. A migrated database with
//! all [`super::people`] signed up is made once per process; each story begins with a copy of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use lvyue::kit::clock::{Clock, Timestamp};
use lvyue::kit::config::Settings;

use super::people;
use super::servers::{process_folder, servers};
use super::world::World;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Embedded,
    Production,
}

/// Monday 2026-11-16, 09:00 in Shanghai: where every story begins.
pub const BEGINNING: Timestamp = Timestamp(1_794_790_800_000);

pub const APPID: &str = "wxdemo0000000001";
pub const SECRET: &str = "story-secret";

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A number that no other story of this process has.
pub fn next_number() -> u32 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Where a database is and which folder belongs to it.
#[derive(Clone, Debug)]
pub struct Place {
    pub database: String,
    pub redis: String,
}

struct Template {
    /// SQLite: the file; PostgreSQL: the database's name.
    source: String,
    keys: PathBuf,
    blobs: PathBuf,
}

impl Engine {
    /// Settings for a copy of the template inside `folder`: nothing else must be prepared.
    pub fn copy(self, folder: &Path) -> Settings {
        let template = self.template();
        let place = self.empty(folder);
        match self {
            Self::Embedded => {
                fs::copy(&template.source, folder.join("lvyue.db")).unwrap();
            }
            Self::Production => {
                let name = place.database.rsplit('/').next().unwrap();
                let made = servers().psql("postgres", &format!("DROP DATABASE {name}"))
                    && servers()
                        .psql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {}", template.source));
                assert!(made, "PostgreSQL does not copy {}", template.source);
            }
        }
        fs::copy(&template.keys, folder.join("keys.toml")).unwrap();
        copy_folder(&template.blobs, &folder.join("blobs"));
        settings(folder, &place)
    }

    /// An empty database of its own, not migrated.
    pub fn empty(self, folder: &Path) -> Place {
        match self {
            Self::Embedded => {
                Place { database: format!("sqlite://{}/lvyue.db", folder.display()), redis: String::new() }
            }
            Self::Production => {
                let number = next_number();
                let name = format!("story_{number}");
                assert!(servers().psql("postgres", &format!("CREATE DATABASE {name}")), "no database");
                Place { database: servers().postgres_url(&name), redis: servers().redis_url(number) }
            }
        }
    }

    fn template(self) -> &'static Template {
        static EMBEDDED: OnceLock<Template> = OnceLock::new();
        static PRODUCTION: OnceLock<Template> = OnceLock::new();
        match self {
            Self::Embedded => EMBEDDED.get_or_init(|| self.make_template()),
            Self::Production => PRODUCTION.get_or_init(|| self.make_template()),
        }
    }

    fn make_template(self) -> Template {
        let folder = process_folder().join(format!("{self:?}"));
        fs::create_dir_all(&folder).unwrap();
        let place = self.empty(&folder);
        let settings = settings(&folder, &place);
        let keys = settings.keys.file.clone();
        let source = match self {
            Self::Embedded => folder.join("lvyue.db").display().to_string(),
            Self::Production => place.database.rsplit('/').next().unwrap().to_owned(),
        };
        let made = std::thread::spawn(move || {
            super::world::runtime().block_on(async {
                lvyue::kit::crypto::KeyFile::init(&settings.keys.file).unwrap();
                // The day before, so that ids of the stories come after those of the template.
                let before = BEGINNING.plus_seconds(-86_400);
                lvyue::app::prepare(&settings, &Clock::steered(before)).await.unwrap();
                let world = World::start_at(before, self, settings, folder.clone()).await;
                people::sign_up(&world).await;
                world.stop().await;
                folder.join("blobs")
            })
        });
        Template { source, keys, blobs: made.join().expect("the template is made") }
    }
}

/// Settings of a server for stories.
pub fn settings(folder: &Path, place: &Place) -> Settings {
    let mut settings = Settings::defaults().unwrap();
    settings.database.url = place.database.clone().into();
    settings.redis.url = place.redis.clone().into();
    settings.blob.url = format!("file://{}/blobs", folder.display());
    settings.keys.file = folder.join("keys.toml");
    settings.wechat.appid = APPID.into();
    settings.wechat.secret = SECRET.to_owned().into();
    settings.login.per_ip_per_minute = 1_000_000;
    settings.login.per_device_per_minute = 1_000_000;
    settings.http.workers = 2;
    settings.http.requests_per_minute = 0;
    settings.http.shutdown_seconds = 10;
    settings
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).into_iter().flatten().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
