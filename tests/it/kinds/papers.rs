//! Reports, inspections and invoices: the manager's business with the vendor's lead.

use serde_json::json;

use super::{all, does, due, made, new, record, refused, state, verdict};
use crate::support::World;
use crate::support::faults::id;

story!(a_report_is_due_when_the_client_says, async |w: World| {
    let at = json!({ "due_at": "2026-11-20T09:00:00.000Z" });
    w.as_("amy").await.post("/tickets", new("report", at.clone())).await.refused(403, "FORBIDDEN");
    w.as_("lena").await.post("/tickets", new("report", at.clone())).await.refused(403, "FORBIDDEN");
    let past = json!({ "due_at": "2026-11-16T01:00:00.000Z" });
    w.as_("cara").await.post("/tickets", new("report", past)).await.field("due_at");
    let (ticket, asked) = made(&w, "cara", "report", at).await;
    assert_eq!((state(&asked), due(&asked, "X").as_str()), ("requested", "2026-11-20T09:00:00.000Z"));
    w.as_("amy").await.get(&format!("/tickets/{ticket}")).await.refused(404, "NOT_FOUND");
    refused(&w, "vera", &ticket, "submit_report", 403, "FORBIDDEN").await;
    let lena = w.as_("lena").await;
    let file = id(&lena.upload("a.png", "image/png", &crate::attachments::png(3, 3)).await.created());
    let body = json!({ "action": "submit_report", "text": "按计划进行", "attachment_ids": [file] });
    let submitted = lena.does(&ticket, body).await;
    assert_eq!((state(&submitted), verdict(&submitted, "X").as_str()), ("submitted", "met"));
    assert_eq!(record(&submitted, "report")["body"]["attachment_ids"], json!([file]));
    assert_eq!(submitted["attachments"][0]["id"], json!(file));
    w.as_("cara").await.get(&format!("/attachments/{file}")).await.expect(200);
    let returned = does(&w, "cara", &ticket, "return_report").await;
    assert_eq!((state(&returned), verdict(&returned, "X").as_str()), ("requested", "running"));
    let closed = all(&w, &ticket, &[("lena", "submit_report"), ("cara", "accept_report")]).await;
    let report = record(&closed, "report");
    assert_eq!(
        (state(&closed), &report["number"], &report["state"]),
        ("closed", &json!(2), &json!("accepted"))
    );
    w
});

story!(an_inspection_has_its_price_first, async |w: World| {
    let (declined, _) = made(&w, "cara", "inspection", json!({})).await;
    refused(&w, "lena", &declined, "submit_inspection_report", 409, "ACTION_NOT_ALLOWED").await;
    let quoted = does(&w, "lena", &declined, "quote").await;
    assert_eq!(
        (state(&quoted), &record(&quoted, "quote")["body"]["amount_cents"]),
        ("quoted", &json!(500_000))
    );
    assert_eq!(state(&does(&w, "cara", &declined, "decline_quote").await), "closed");
    let (agreed, _) = made(&w, "cara", "inspection", json!({})).await;
    let free = json!({ "action": "quote", "amount_cents": 0, "text": "免费" });
    w.as_("lena").await.act_now(&agreed, free).await.field("amount_cents");
    let inspecting = all(&w, &agreed, &[("lena", "quote"), ("cara", "agree_quote")]).await;
    assert_eq!(
        (state(&inspecting), &record(&inspecting, "quote")["state"]),
        ("inspecting", &json!("signed"))
    );
    let steps = [
        ("lena", "submit_inspection_report"),
        ("cara", "return_report"),
        ("lena", "submit_inspection_report"),
        ("cara", "accept_report"),
    ];
    assert_eq!(state(&all(&w, &agreed, &steps).await), "closed");
    w
});

story!(an_invoice_within_ten_working_days, async |w: World| {
    let more = json!({ "amount_cents": 1_250_000, "invoice_type": "special" });
    let (ticket, asked) = made(&w, "cara", "invoice", more).await;
    assert_eq!((state(&asked), due(&asked, "F").as_str()), ("requested", "2026-11-30T10:00:00.000Z"));
    assert_eq!(asked["particulars"]["amount_cents"], 1_250_000);
    let ahead = json!({
        "action": "issue_invoice", "invoice_no": "1", "amount_cents": 1_250_000, "issued_on": "2026-11-17",
    });
    w.as_("lena").await.act_now(&ticket, ahead).await.field("issued_on");
    let issued = does(&w, "lena", &ticket, "issue_invoice").await;
    assert_eq!((state(&issued), verdict(&issued, "F").as_str()), ("issued", "met"));
    assert_eq!(issued["progress"][1]["title"], "已开具");
    assert_eq!(record(&issued, "invoice")["body"]["invoice_type"], "special");
    let returned = does(&w, "cara", &ticket, "return_invoice").await;
    assert_eq!((state(&returned), verdict(&returned, "F").as_str()), ("requested", "running"));
    let closed = all(&w, &ticket, &[("lena", "issue_invoice"), ("cara", "sign_receipt")]).await;
    assert_eq!((state(&closed), &record(&closed, "invoice")["state"]), ("closed", &json!("accepted")));
    w
});
