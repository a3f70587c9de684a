//! Observability: the audit, the log and the metrics. A parameter's value is in none of them.

pub mod audit;
pub mod log;
pub mod metrics;
pub mod route_label;
