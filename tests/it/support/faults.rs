//! A fault on its way: reported by amy of the client, worked on by vera of the vendor.

use serde_json::{Value, json};

use super::{Client, World};

pub fn report(title: &str) -> Value {
    json!({ "kind": "fault", "title": title, "description": "打开页面就是空白，换了网络也一样。" })
}

/// The id of what the server answered with.
pub fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("no id: {value}")).to_owned()
}

impl Client {
    pub async fn report(&self, title: &str) -> Value {
        self.post("/tickets", report(title)).await.created()
    }

    /// Does an action on the ticket as it is now; it must succeed.
    pub async fn does(&self, id: &str, body: Value) -> Value {
        self.act_now(id, body).await.ok()
    }
}

impl World {
    /// The id of a ticket that amy has just reported.
    pub async fn submitted(&self) -> String {
        id(&self.as_("amy").await.report("首页白屏").await)
    }

    pub async fn accepted(&self) -> String {
        let id = self.submitted().await;
        self.as_("vera").await.does(&id, json!({ "action": "accept", "text": "已收到，马上看。" })).await;
        id
    }

    pub async fn solved(&self) -> String {
        let id = self.accepted().await;
        self.publish(&id).await;
        id
    }

    pub async fn repaired(&self) -> String {
        let id = self.solved().await;
        self.as_("vera").await.does(&id, json!({ "action": "mark_repaired", "text": "已发布。" })).await;
        id
    }

    pub async fn closed(&self) -> String {
        let id = self.repaired().await;
        self.confirm(&id).await;
        id
    }

    pub async fn publish(&self, id: &str) -> Value {
        let fix = json!({ "action": "publish_solution", "solution_type": "fix", "text": "换一个接口版本。" });
        self.as_("vera").await.does(id, fix).await
    }

    pub async fn confirm(&self, id: &str) -> Value {
        self.as_("amy").await.does(id, json!({ "action": "confirm", "rating": 5, "comment": "好了" })).await
    }
}
