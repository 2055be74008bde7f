//! One of everything that the permission matrix asks about, and the calls that its lines stand for.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::faults::id;
use crate::support::{Answer, Client, World};

/// Ids of two of a kind where there are two.
pub struct Agreed {
    parameters: String,
    import: String,
    milestones: [String; 2],
    delivery: String,
    renewal: String,
}

impl Agreed {
    pub async fn set(w: &World) -> Self {
        w.agreed().await;
        let (cara, lena) = (w.as_("cara").await, w.as_("lena").await);
        let change = json!({ "changes": { "P9": 3 }, "reason": "矩阵" });
        // A term that can be renewed while the delivery still waits for acceptance.
        let sql = "UPDATE contracts SET delivered_on = '2026-11-16', expires_on = '2027-11-16'";
        crate::support::sql::execute(w.db(), sql).await.unwrap();
        let renewal = json!({ "expires_on": "2028-11-16" });
        let import = json!({ "year_file": super::calendars::year_2027(), "source": "矩阵" });
        Self {
            parameters: id(&cara.post("/contract/parameters", change).await.created()),
            import: id(&cara.post("/calendar/imports", import).await.created()),
            milestones: [id(&w.milestone("requirement_doc").await), id(&w.milestone("first_report").await)],
            delivery: id(&lena.post("/contract/deliveries", super::term::package()).await.created()),
            renewal: id(&cara.post("/contract/renewals", renewal).await.created()),
        }
    }

    /// Where one acts on what was set up: parameters, calendar import, milestone of the client, delivery,
    /// renewal.
    pub fn paths(&self) -> [String; 5] {
        [
            format!("/contract/parameters/{}/actions", self.parameters),
            format!("/calendar/imports/{}/actions", self.import),
            format!("/contract/milestones/{}/actions", self.milestones[0]),
            format!("/contract/deliveries/{}/actions", self.delivery),
            format!("/contract/renewals/{}/actions", self.renewal),
        ]
    }

    /// `None` when the line is not about the agreement.
    pub async fn ask(
        &self,
        operation: &str,
        relation: &str,
        client: &Client,
        missing: &str,
    ) -> Option<Answer> {
        let is_missing = relation == "missing";
        let one = |known: &str| if is_missing { missing.to_owned() } else { known.to_owned() };
        let milestone = one(&self.milestones[usize::from(relation == "foreign")]);
        let old = async |path: String, body: Value| {
            let request =
                client.request(Method::POST, &format!("{path}/actions")).header("if-match", "\"0\"");
            client.send(request.json(&body)).await
        };
        let parameters = format!("/contract/parameters/{}", one(&self.parameters));
        let import = format!("/calendar/imports/{}", one(&self.import));
        let milestone = format!("/contract/milestones/{milestone}");
        let delivery = format!("/contract/deliveries/{}", one(&self.delivery));
        let renewal = format!("/contract/renewals/{}", one(&self.renewal));
        let year = if is_missing { 1900 } else { 2026 + i32::from(relation == "foreign") };
        let future = json!({
            "kind": "backup", "performed_at": "2099-01-01T00:00:00Z", "result": "ok", "note": "矩阵",
        });
        let due = json!({ "start": "2026-11-20T01:00:00Z", "unit": "working_days", "amount": 3 });
        Some(match operation {
            "show_contract" => client.get("/contract").await,
            "preview_fee" => client.get("/contract/fee-preview?month=2026-11").await,
            "list_parameters" => client.get("/contract/parameters").await,
            "propose_parameters" => {
                client.post("/contract/parameters", json!({ "changes": {}, "reason": "矩阵" })).await
            }
            "show_parameters" => client.get(&parameters).await,
            "act_on_parameters" => old(parameters, json!({ "action": "sign" })).await,
            "list_calendar_imports" => client.get("/calendar/imports").await,
            "import_calendar" => client.post("/calendar/imports", json!({ "source": "矩阵" })).await,
            "show_calendar_import" => client.get(&import).await,
            "act_on_calendar_import" => old(import, json!({ "action": "sign" })).await,
            "list_renewals" => client.get("/contract/renewals").await,
            "propose_renewal" => {
                client.post("/contract/renewals", json!({ "expires_on": "2027-11-16" })).await
            }
            "show_renewal" => client.get(&renewal).await,
            "act_on_renewal" => old(renewal, json!({ "action": "sign" })).await,
            "ask_due" => client.post("/calendar/due", due).await,
            "show_calendar" => client.get(&format!("/calendar/{year}")).await,
            "list_milestones" => client.get("/contract/milestones").await,
            "begin_stage" => client.post("/contract/stages", json!({ "stage": 0 })).await,
            "show_milestone" => client.get(&milestone).await,
            "act_on_milestone" => old(milestone, json!({ "action": "accept" })).await,
            "list_deliveries" => client.get("/contract/deliveries").await,
            "create_delivery" => client.post("/contract/deliveries", json!({ "items": [] })).await,
            "show_delivery" => client.get(&delivery).await,
            "act_on_delivery" => old(delivery, json!({ "action": "sign" })).await,
            "list_maintenance" => client.get("/contract/maintenance").await,
            "log_maintenance" => client.post("/contract/maintenance", future).await,
            "show_exit" => client.get("/contract/exit").await,
            "act_on_exit" => {
                old("/contract/exit".to_owned(), json!({ "action": "confirm", "number": 1 })).await
            }
            _ => return None,
        })
    }
}
