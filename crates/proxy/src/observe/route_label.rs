//! The label of a route: where a request goes, as far as it may be logged and counted.

use std::fmt::{self, Display};

/// A route and an operation, both from fixed lists. What is not known word for word stays out: it
/// could be anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RouteLabel {
    /// `/api` where the request has it before the route.
    pub prefix: &'static str,
    /// The route: `/v1`, `/v1/check`, `/healthz`; `(unmatched)` for what is no route of the
    /// API's, like a console's file.
    pub route: &'static str,
    /// The operation's name, where there is one: `(unknown)` when the catalog does not know it.
    pub operation: &'static str,
}

impl RouteLabel {
    /// An operation that the catalog does not know.
    pub const UNKNOWN: &str = "(unknown)";

    /// A request that no route is for.
    pub const UNMATCHED: RouteLabel = RouteLabel {
        prefix: "",
        route: "(unmatched)",
        operation: "",
    };

    /// A request whose head never came to its end, or had too many headers to read.
    pub const UNFINISHED: RouteLabel = RouteLabel {
        prefix: "",
        route: "(unfinished)",
        operation: "",
    };
}

impl Display for RouteLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix)?;
        match self.route.strip_prefix("/v1") {
            Some(action) => write!(f, "/v1/{}{action}", self.operation),
            None => f.write_str(self.route),
        }
    }
}
