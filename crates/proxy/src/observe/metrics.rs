//! The metrics: counts for operators, as Prometheus reads them (OpenMetrics text).
//!
//! Every label comes from a fixed list: operations of the catalog, routes, names of problems. So the
//! number of series is bounded, and nothing that a client wrote can be in them.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::{text, EncodeLabelSet};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use tieline_protocol::problem::ProblemType;

use super::route_label::RouteLabel;

/// The media type of the text.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds in seconds: a check takes milliseconds, a cloud up to half a minute.
const BUCKETS: [f64; 11] = [
    0.001, 0.005, 0.02, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0,
];

#[derive(Clone, Hash, PartialEq, Eq, Debug, EncodeLabelSet)]
struct RequestLabels {
    route: &'static str,
    operation: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Hash, PartialEq, Eq, Debug, EncodeLabelSet)]
struct DurationLabels {
    route: &'static str,
    operation: &'static str,
}

/// A label with an operation's name.
#[derive(Clone, Hash, PartialEq, Eq, Debug, EncodeLabelSet)]
pub struct OperationLabel {
    /// The name.
    pub operation: &'static str,
}

/// A label with what the journal answered.
#[derive(Clone, Hash, PartialEq, Eq, Debug, EncodeLabelSet)]
struct JournalLabel {
    answer: &'static str,
}

/// Counters by operation.
pub type ByOperation = Family<OperationLabel, Counter>;

/// All counts of one proxy. Clones share them.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter>,
    durations: Family<DurationLabels, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    journal: Family<JournalLabel, Counter>,
    audit_failures: Counter,
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new(&ByOperation::default())
    }
}

impl Metrics {
    /// Nothing counted yet but `retries`, which the upstream counts.
    pub fn new(retries: &ByOperation) -> Metrics {
        let requests = Family::default();
        let durations: Family<DurationLabels, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let (in_flight, journal) = (Gauge::default(), Family::default());
        let audit_failures = Counter::default();
        let mut registry = Registry::with_prefix("tieline");
        registry.register(
            "requests",
            "Requests, by what became of them",
            requests.clone(),
        );
        registry.register_with_unit(
            "request_duration",
            "Time from a request's head to its answer",
            Unit::Seconds,
            durations.clone(),
        );
        registry.register(
            "requests_in_flight",
            "Requests in work, also those whose client has gone",
            in_flight.clone(),
        );
        registry.register(
            "journal_answers",
            "What the journal said of creations",
            journal.clone(),
        );
        registry.register(
            "upstream_retries",
            "Requests that were sent to a cloud again",
            retries.clone(),
        );
        registry.register(
            "audit_failures",
            "Audit lines that could not be written",
            audit_failures.clone(),
        );
        Metrics {
            registry: Arc::new(registry),
            requests,
            durations,
            in_flight,
            journal,
            audit_failures,
        }
    }

    /// Counts a request, by the name of what became of it.
    pub fn request(&self, label: &RouteLabel, outcome: &'static str, took: Duration) {
        let RouteLabel {
            route, operation, ..
        } = *label;
        let labels = RequestLabels {
            route,
            operation,
            outcome,
        };
        self.requests.get_or_create(&labels).inc();
        let durations = self
            .durations
            .get_or_create(&DurationLabels { route, operation });
        durations.observe(took.as_secs_f64());
    }

    /// Counts a request that ended before it could be routed.
    pub fn unfinished(&self, problem: &ProblemType) {
        let labels = RequestLabels {
            route: RouteLabel::UNFINISHED.route,
            operation: RouteLabel::UNFINISHED.operation,
            outcome: problem.name(),
        };
        self.requests.get_or_create(&labels).inc();
    }

    /// Counts an answer of the journal.
    pub fn journal(&self, answer: &'static str) {
        self.journal.get_or_create(&JournalLabel { answer }).inc();
    }

    /// Counts an audit line that was not written.
    pub fn audit_failure(&self) {
        self.audit_failures.inc();
    }

    /// All counts as text, with `in_flight` requests in work.
    pub fn text(&self, in_flight: usize) -> Response {
        self.in_flight
            .set(i64::try_from(in_flight).unwrap_or(i64::MAX));
        let mut body = String::new();
        // Writing into a text does not fail.
        let _ = text::encode(&mut body, &self.registry);
        ([(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response()
    }
}
