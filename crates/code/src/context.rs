//! What code depends on beside the request, and that there is none.

use tieline_catalog::text::{Lang, Message};

/// What code depends on beside the request.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Context<'a> {
    /// The language of the comments.
    pub lang: Lang,
    /// The address of the proxy, with its scheme and without a slash at its end; when it is empty, where
    /// `tieline-proxy` listens unless told otherwise.
    pub proxy: &'a str,
    /// The proxy's account that sends; empty for its default.
    pub profile: &'a str,
    /// Another address than the vendor's, with its scheme: that of a sandbox server.
    pub endpoint: Option<&'a str>,
    /// The id of what the request has created.
    pub id: Option<&'a str>,
}

/// There is no such code, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unavailable(pub Message);
