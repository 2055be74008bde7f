//! The commands as a person meets them: texts, exit statuses, and no key on the screen.

use super::*;
use crate::cli::exit::Exit;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Vault;

struct Desk {
    folder: tempfile::TempDir,
    settings: Settings,
    clock: Clock,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults().unwrap();
        settings.keys.file = folder.path().join("keys.toml");
        settings.database.url = format!("sqlite://{}/lvyue.db", folder.path().display()).into();
        Self { folder, settings, clock: Clock::steered(Timestamp(1_795_309_323_004)) }
    }

    async fn run(&self, command: KeysCommand) -> Result<String, CliError> {
        let mut out = Vec::new();
        run(&command, &self.settings, &self.clock, &mut out).await?;
        let text = String::from_utf8(out).unwrap();
        let keys = std::fs::read_to_string(&self.settings.keys.file).unwrap();
        for key in keys.split('"').filter(|k| k.len() == 44) {
            assert!(!text.contains(key));
        }
        Ok(text)
    }

    async fn migrate(&self) {
        Db::migrate(&self.settings.database).await.unwrap();
        let db = Db::open(&self.settings.database).await.unwrap();
        Vault::adopt(&self.settings.keys.file, &db, self.clock.clone()).await.unwrap();
        db.close().await.unwrap();
    }
}

#[actix_web::test]
async fn from_init_to_a_finished_rotation() {
    let desk = Desk::new();
    assert!(desk.run(KeysCommand::Init).await.unwrap().contains("已生成"));
    assert!(desk.run(KeysCommand::Init).await.unwrap().contains("没有改动"));
    desk.migrate().await;
    assert_eq!(desk.run(KeysCommand::Status).await.unwrap(), "kek=1 wraps=1 current\nremaining=0\n");
    assert!(desk.run(KeysCommand::Rotate).await.unwrap().contains("第 2 号"));
    let status = desk.run(KeysCommand::Status).await.unwrap();
    assert_eq!(status, "kek=1 wraps=1\nkek=2 wraps=0 current\nremaining=1\n");
    assert_eq!(desk.run(KeysCommand::Rewrap).await.unwrap(), "remaining=0\n");
    assert!(desk.run(KeysCommand::Retire { number: 1 }).await.unwrap().contains("已从密钥文件移除"));
    assert!(desk.run(KeysCommand::RotateToken).await.unwrap().contains("k2"));
    desk.migrate().await;
}

#[actix_web::test]
async fn what_must_not_run_exits_with_78() {
    let desk = Desk::new();
    let err = desk.run(KeysCommand::Status).await.unwrap_err();
    assert_eq!((err.exit(), err.code()), (Exit::Config, 78));
    assert!(err.to_string().contains("lvyue keys init"));
    desk.run(KeysCommand::Init).await.unwrap();
    let err = desk.run(KeysCommand::Status).await.unwrap_err();
    assert_eq!(err.code(), 78);
    assert!(err.to_string().contains("lvyue migrate"), "{err}");
    desk.migrate().await;
    let err = desk.run(KeysCommand::Retire { number: 1 }).await.unwrap_err();
    assert_eq!(err.exit(), Exit::Usage);
    assert!(err.to_string().contains("rewrap"));
    std::fs::remove_file(desk.folder.path().join("keys.toml")).unwrap();
    desk.run(KeysCommand::Init).await.unwrap();
    for command in [KeysCommand::Status, KeysCommand::Rotate, KeysCommand::Rewrap] {
        let err = desk.run(command).await.unwrap_err();
        assert_eq!(err.code(), 78);
        assert!(err.to_string().contains("不匹配"));
    }
}
