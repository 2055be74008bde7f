//! Where the story is played: the people signed in, and each deed as the request it would have been.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::body::to_bytes;
use serde_json::{Value, json};
use uuid::Uuid;

use super::cast::{CAST, Part};
use super::pictures;
use super::plot::{Beat, Deed, Plot, place_of};
use crate::files::{intake::Intake, model::Purpose, upload};
use crate::identity::{self, Arrival, BindingBody, ConsentBody, LoginBody, consent, notice};
use crate::kit::Kit;
use crate::kit::actor::{Actor, Side};
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::{ByAction, IdempotencyKey};
use crate::roster;
use crate::tickets::requests::{NewMessage, NewTicket, RevealBody};
use crate::tickets::service;
use crate::wechat;

pub struct Stage {
    pub(super) kit: Arc<Kit>,
    people: HashMap<usize, Actor>,
    /// The tickets by plot: id, and the version that was seen last.
    tickets: HashMap<usize, (Uuid, i64)>,
    pictures: u64,
    /// The tickets of the tales.
    pub(super) named: HashMap<&'static str, Uuid>,
}

impl Stage {
    /// Everybody who is bound signs in for the first time, becomes who they are and agrees to the notice.
    pub async fn open(kit: Arc<Kit>, wechat: &wechat::Client) -> Result<Self> {
        let mut stage =
            Self { kit, people: HashMap::new(), tickets: HashMap::new(), pictures: 0, named: HashMap::new() };
        for (place, part) in CAST.iter().enumerate().filter(|(_, p)| p.bound) {
            let actor = stage.arrive(wechat, place, part).await?;
            stage.people.insert(place, actor);
        }
        Ok(stage)
    }

    async fn arrive(&self, wechat: &wechat::Client, place: usize, part: &Part) -> Result<Actor> {
        let kit = &self.kit;
        let ip = IpAddr::V4(Ipv4Addr::new(10, 0, 1, u8::try_from(place).unwrap_or(0)));
        let invitation = identity::invite(kit, part.side, part.employee_no, None, false).await?.code;
        let now = kit.clock.now();
        let arrival = Arrival { ip, request_id: kit.ids.fresh()?, now };
        let login =
            LoginBody { code: format!("web-{}-first", part.login), device: Some("演示手机".to_owned()) };
        let answer = identity::login(kit, wechat, arrival, &login).await?;
        let session = kit.tokens.check_access(&answer.access_token, now)?.session()?;
        let live = || kit.sessions.find(&session, now);
        let gone = || Error::new(Code::SessionEnded);
        let ctx = self.ctx(&live().await?.ok_or_else(gone)?.actor)?;
        let binding = BindingBody { invitation: Some(invitation), phone_code: None, employee_no: None };
        roster::bind(&ctx, wechat, ip, &binding).await?;
        let version = notice::current().version.clone();
        let agreed = ConsentBody { purpose: consent::SERVICE.to_owned(), notice_version: version };
        identity::agree(&self.ctx(&live().await?.ok_or_else(gone)?.actor)?, &agreed).await?;
        let actor = live().await?.ok_or_else(gone)?.actor;
        // The phone of this first visit was put away; the list of devices begins empty.
        kit.sessions.end_all(actor.account_id).await?;
        Ok(actor)
    }

    /// As this person, at the time that the clock shows.
    pub(super) fn acting(&self, login: &str) -> Result<Ctx> {
        let actor = self.people.get(&place_of(login));
        self.ctx(actor.ok_or_else(|| Error::new(Code::Internal).because("nobody"))?)
    }

    fn ctx(&self, actor: &Actor) -> Result<Ctx> {
        let kit = Arc::clone(&self.kit);
        let (request_id, now) = (kit.ids.fresh()?, kit.clock.now());
        Ok(Ctx { kit, actor: actor.clone(), request_id, now })
    }

    pub(super) fn key(&self) -> Result<IdempotencyKey> {
        Ok(IdempotencyKey(self.kit.ids.fresh()?.to_string()))
    }

    /// Does one deed at its time.
    pub async fn play(&mut self, number: usize, plot: &Plot, beat: &Beat) -> Result<()> {
        self.kit.clock.set(beat.at);
        let actor = self.people.get(&beat.who).ok_or_else(|| Error::new(Code::Internal).because("nobody"))?;
        let ctx = self.ctx(actor)?;
        match beat.deed {
            Deed::Report { photo } => self.report(&ctx, number, plot, photo).await,
            Deed::Say { text } => self.say(&ctx, number, text, "public").await,
            Deed::Note { text } => self.say(&ctx, number, text, "internal").await,
            Deed::Reveal => {
                let body = RevealBody { purpose: "电话确认故障现象".to_owned() };
                service::reveal(&ctx, self.ticket(number)?.0, &body).await.map(drop)
            }
            deed => self.act(&ctx, number, plot, deed).await,
        }
    }

    fn ticket(&self, number: usize) -> Result<(Uuid, i64)> {
        let known = self.tickets.get(&number).copied();
        known.ok_or_else(|| Error::new(Code::Internal).because(format!("plot {number} has no ticket yet")))
    }

    async fn report(&mut self, ctx: &Ctx, number: usize, plot: &Plot, photo: bool) -> Result<()> {
        let scene = plot.scene;
        let department = CAST.get(plot.reporter).map_or("", |p| p.department);
        let mine = |scope: &&str| !scope.contains('部') || scope.contains(department);
        let attachments = if photo { vec![self.photo(ctx).await?] } else { Vec::new() };
        let body = json!({
            "kind": "fault",
            "title": format!("{}{}", scene.title, plot.twist),
            "description": scene.description,
            "severity": scene.severity,
            "scope": scene.scope.filter(mine).or(Some(department)),
            "steps_tried": scene.steps_tried,
            "occurred_at": number.is_multiple_of(3).then(|| ctx.now.plus_seconds(-1500)),
            "contact": number.is_multiple_of(4).then(|| format!("分机 80{:02}", plot.reporter)),
            "attachment_ids": attachments,
        });
        let answer = service::create(ctx, &self.key()?, read::<NewTicket>(body)?).await?;
        let id = id_in(answer).await?;
        self.tickets.insert(number, (id, 1));
        Ok(())
    }

    async fn say(&self, ctx: &Ctx, number: usize, text: &str, visibility: &str) -> Result<()> {
        let body = read::<NewMessage>(json!({ "body": text, "visibility": visibility }))?;
        service::post(ctx, self.ticket(number)?.0, &self.key()?, body).await.map(drop)
    }

    async fn act(&mut self, ctx: &Ctx, number: usize, plot: &Plot, deed: Deed) -> Result<()> {
        let (id, seen) = self.ticket(number)?;
        let scene = plot.scene;
        let body = match deed {
            Deed::Accept => json!({ "action": "accept", "text": scene.accept }),
            Deed::Assign { to } => json!({
                "action": "assign",
                "assignee_id": self.people.get(&to).and_then(Actor::person_id),
                "note": "这类问题你熟，请接一下",
            }),
            Deed::Ask => json!({ "action": "ask_client", "question": scene.question }),
            Deed::Supply { photo } => {
                let photos = if photo { vec![self.photo(ctx).await?] } else { Vec::new() };
                json!({ "action": "supply", "text": scene.answer, "attachment_ids": photos })
            }
            Deed::Solve { eta } => {
                let needed = scene.solution_type != "fix";
                let eta = eta.or_else(|| needed.then(|| ctx.now.plus_seconds(24 * 3600)));
                let kind = scene.solution_type;
                json!({ "action": "publish_solution", "solution_type": kind, "text": scene.solution, "eta": eta })
            }
            Deed::Reject => {
                json!({ "action": "reject_solution", "reason": "这个时间太晚，明天一早就要用，请再想想办法。" })
            }
            Deed::Repair => json!({ "action": "mark_repaired", "text": scene.repaired }),
            Deed::Confirm { rating } => {
                json!({ "action": "confirm", "rating": rating, "comment": (rating > 3).then_some(scene.comment) })
            }
            Deed::Fail => json!({ "action": "fail_verification", "reason": "刚试了还是老样子，请再看看。" }),
            Deed::Reopen => json!({ "action": "reopen", "reason": "好了两天，今天又出现了。" }),
            Deed::Withdraw => json!({ "action": "withdraw", "reason": "重启之后自己好了，先撤回。" }),
            Deed::Merge { into } => json!({ "action": "merge", "into": self.ticket(into)?.0 }),
            Deed::Remind => json!({ "action": "remind", "text": "请尽快看一下，这边等着用。" }),
            Deed::Report { .. } | Deed::Say { .. } | Deed::Note { .. } | Deed::Reveal => return Ok(()),
        };
        let after = service::act(ctx, id, seen, act_of(&body)?).await?;
        self.tickets.insert(number, (id, after.summary.version));
        if let Deed::Merge { into } = deed {
            let (other, _) = self.ticket(into)?;
            let grown = service::show(ctx, other).await?;
            self.tickets.insert(into, (other, grown.summary.version));
        }
        Ok(())
    }

    async fn photo(&mut self, ctx: &Ctx) -> Result<Uuid> {
        self.pictures += 1;
        let bytes = pictures::screenshot(self.pictures)?;
        upload::admit(ctx).await?;
        let mut intake =
            Intake::begin(&ctx.kit, Purpose::Attachment, "screenshot.png", Some("image/png")).await?;
        intake.push(&bytes).await?;
        let checked = intake.finish(&ctx.kit).await?;
        id_in(upload::keep(ctx, &self.key()?, checked).await?).await
    }
}

/// The roster of the cast, as the client's people department would hand it in.
pub fn roster() -> String {
    let mut csv = "party,employee_no,name,phone,email,department,roles\n".to_owned();
    for (place, part) in CAST.iter().enumerate() {
        let roles: Vec<&str> = part.roles.iter().map(|r| r.wire()).collect();
        let home = if part.side == Side::Client { "hailan.example" } else { "yunzhan.example" };
        let line = format!(
            "{},{},{},{},{}@{home},{},{}\n",
            part.side.wire(),
            part.employee_no,
            part.name,
            super::cast::phone(place),
            part.login,
            part.department,
            roles.join(";")
        );
        csv.push_str(&line);
    }
    csv
}

pub(super) fn read<T: serde::de::DeserializeOwned>(body: Value) -> Result<T> {
    serde_json::from_value(body).map_err(|e| Error::new(Code::Internal).because(e))
}

/// An action, as it would have come in.
pub(super) fn act_of<T: ByAction>(body: &Value) -> Result<T> {
    T::decode(body.to_string().as_bytes())
}

pub(super) async fn id_in(answer: HttpResponse) -> Result<Uuid> {
    let lost = || Error::new(Code::Internal).because("an answer without an id");
    let bytes = to_bytes(answer.into_body()).await.map_err(|_| lost())?;
    let body: Value = serde_json::from_slice(&bytes).map_err(|_| lost())?;
    body.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok()).ok_or_else(lost)
}
