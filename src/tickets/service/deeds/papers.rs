//! What the vendor's lead hands in and the client's manager takes or returns: reports (3.2.2), inspections
//! with their quotes (7.2.2), invoices (4.3.2).

use serde_json::json;

use crate::kit::error::Result;
use crate::tickets::model::action::body;
use crate::tickets::model::records::{Body, RecordState, RecordType, body as record};
use crate::tickets::model::{InvoiceType, Kind};
use crate::tickets::service::doing::{Doing, Trace};

pub async fn submit_report(doing: &mut Doing<'_>, c: &body::SubmitReport) -> Result<Trace> {
    doing.row.has_solution = true;
    let attachment_ids = c.attachment_ids.to_vec();
    let report = Body::Report(record::Report { text: c.text.to_string(), attachment_ids });
    hand_in(doing, &report, &c.attachment_ids).await
}

pub async fn submit_inspection_report(
    doing: &mut Doing<'_>,
    c: &body::SubmitInspectionReport,
) -> Result<Trace> {
    let attachment_ids = c.attachment_ids.to_vec();
    let report =
        Body::InspectionReport(record::InspectionReport { text: c.text.to_string(), attachment_ids });
    hand_in(doing, &report, &c.attachment_ids).await
}

async fn hand_in(doing: &Doing<'_>, paper: &Body, files: &[uuid::Uuid]) -> Result<Trace> {
    let attached = doing.attach(files).await?;
    Ok(doing.record(paper, RecordState::Proposed, true, false).await?.and(attached))
}

fn report_type(kind: Kind) -> RecordType {
    if kind == Kind::Inspection { RecordType::InspectionReport } else { RecordType::Report }
}

pub async fn accept_report(doing: &Doing<'_>) -> Result<Trace> {
    doing.settle(report_type(doing.kind), RecordState::Accepted, true, |_| ()).await
}

pub async fn return_report(doing: &Doing<'_>, c: &body::ReturnReport) -> Result<Trace> {
    let returned = doing.settle(report_type(doing.kind), RecordState::Refused, false, |_| ()).await?;
    Ok(returned.and(doing.tell(&c.reason).await?))
}

pub async fn quote(doing: &mut Doing<'_>, c: &body::Quote) -> Result<Trace> {
    doing.row.has_solution = true;
    let quote = record::Quote { amount_cents: c.amount_cents.0, text: c.text.to_string() };
    let trace = doing.record(&Body::Quote(quote), RecordState::Proposed, true, true).await?;
    Ok(trace.with(&json!({ "amount_cents": c.amount_cents })))
}

pub async fn agree_quote(doing: &Doing<'_>) -> Result<Trace> {
    doing.settle(RecordType::Quote, RecordState::Signed, true, |_| ()).await
}

pub async fn decline_quote(doing: &Doing<'_>, c: &body::DeclineQuote) -> Result<Trace> {
    let declined = doing.settle(RecordType::Quote, RecordState::Refused, false, |_| ()).await?;
    Ok(declined.and(doing.tell(&c.reason).await?))
}

pub async fn issue_invoice(doing: &mut Doing<'_>, c: &body::IssueInvoice) -> Result<Trace> {
    doing.row.has_solution = true;
    let invoice = record::Invoice {
        invoice_no: c.invoice_no.to_string(),
        invoice_type: doing.standing.invoice_type.unwrap_or(InvoiceType::Normal),
        amount_cents: c.amount_cents.0,
        issued_on: c.issued_on,
        attachment_ids: c.attachment_ids.to_vec(),
    };
    let trace = hand_in(doing, &Body::Invoice(invoice), &c.attachment_ids).await?;
    Ok(trace.with(&json!({ "amount_cents": c.amount_cents, "issued_on": c.issued_on })))
}

pub async fn sign_receipt(doing: &Doing<'_>) -> Result<Trace> {
    doing.settle(RecordType::Invoice, RecordState::Accepted, true, |_| ()).await
}

pub async fn return_invoice(doing: &Doing<'_>, c: &body::ReturnInvoice) -> Result<Trace> {
    let returned = doing.settle(RecordType::Invoice, RecordState::Refused, false, |_| ()).await?;
    Ok(returned.and(doing.tell(&c.reason).await?))
}
