//! What operators are told: the audit, the log, the metrics. A parameter's value is in none of them.

pub mod audit;
pub mod log;
pub mod metrics;
