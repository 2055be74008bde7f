//! Access tokens (JWT, HS256 by ring) and refresh tokens.

/// Signs and checks tokens with the ring of keys of the key file.
#[derive(Clone, Debug)]
pub struct Tokens {}
