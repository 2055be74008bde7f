//! What clients send. Unknown fields are refused.

use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteBody {
    /// As the roster has it; of the caller's own side.
    #[schema(max_length = 40, examples("A100001"))]
    pub employee_no: String,
    /// The person is bound and shall have another WeChat account: whoever uses the code takes the place of the one that
    /// they have.
    #[serde(default)]
    pub replace: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegateBody {
    /// As the roster has it; an employee of the client.
    #[schema(max_length = 40, examples("A100001"))]
    pub employee_no: String,
}
