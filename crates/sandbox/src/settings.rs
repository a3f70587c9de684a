//! The settings of a sandbox.

use serde::{Deserialize, Serialize};

use crate::faults::Fault;

/// The settings of a sandbox. Every field has a default; unknown fields are refused.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A factor on the time that resources take between statuses: 0 makes them ready at once, 1 is
    /// the catalog's own time. Values below 0 count as 0.
    pub time_scale: f64,
    /// The most resources of each kind an account may have, instead of the catalog's number.
    pub quota: Option<u32>,
    /// A fault that strikes every request, reads included.
    pub fault: Option<Fault>,
    /// The delay of the slow answer, in milliseconds.
    pub slow_ms: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            time_scale: 1.0,
            quota: None,
            fault: None,
            slow_ms: 5_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_from_json_and_unknown_ones_refused() {
        let read = |json: &str| serde_json::from_str::<Settings>(json);
        assert_eq!(read("{}").expect("defaults"), Settings::default());
        let some = read(r#"{"quota":2,"fault":"lost","time_scale":0}"#).expect("known fields");
        assert_eq!((some.quota, some.fault), (Some(2), Some(Fault::Lost)));
        assert!(read(r#"{"quotas":2}"#).is_err());
        assert!(read(r#"{"fault":"meteor"}"#).is_err());
    }
}
