//! What a new form is filled with: by the settings, by the host page, and like another resource.

use tieline_catalog::afterwards::another;
use tieline_catalog::{Operation, Raw};

use super::field_paths::is_in;
use super::state::Prefill;
use crate::platform::dom;
use crate::platform::mount::Mount;
use crate::settings::Settings;

/// The prefill of a new form of an operation.
pub fn prefill(settings: &Settings, op: &'static Operation, mount: &Mount) -> Prefill {
    let (values, locked) = mount
        .host_page()
        .map_or_else(Default::default, |host_page| host_page.values(op));
    Prefill {
        values,
        locked,
        token: dom::uuid(),
        region: settings.region.clone(),
        account: settings.account.clone(),
    }
}

/// The prefill of a form for another resource like the one that was made from this input. What the host page
/// has locked is as the host page has it.
pub fn prefill_another(
    settings: &Settings,
    op: &'static Operation,
    mount: &Mount,
    made: &Raw,
) -> Prefill {
    let prefill = prefill(settings, op, mount);
    let values = like(op, made, &prefill);
    Prefill { values, ..prefill }
}

/// The input for another one, with what is locked in `prefill`.
fn like(op: &'static Operation, made: &Raw, prefill: &Prefill) -> Raw {
    let mut values = another(op, made);
    for path in prefill.locked.iter() {
        values.remove(path);
    }
    for (path, text) in prefill.values.leaves() {
        let mut locked = prefill.locked.iter();
        if locked.any(|whole| *whole == path || is_in(&path, whole)) {
            values.set(&path, text);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_one_keeps_what_was_sent_and_what_the_host_page_has_locked() {
        let op = tieline_catalog::find("CreateCustomerGateway").expect("in the catalog");
        let (mut made, mut values) = (Raw::new(), Raw::new());
        for (path, text) in [
            ("RegionId", "cn-hangzhou"),
            ("IpAddress", "203.0.113.1"),
            ("Name", "first"),
            ("Description", "the same"),
        ] {
            made.set(path, text);
        }
        values.set("RegionId", "cn-beijing");
        values.set("Name", "theirs");
        values.set("Description", "theirs");
        let mut prefill = Prefill {
            values,
            ..Prefill::default()
        };
        let of = |prefill: &Prefill, path| like(op, &made, prefill).get(path).map(str::to_string);
        assert_eq!(of(&prefill, "RegionId").as_deref(), Some("cn-hangzhou"));
        assert_eq!(of(&prefill, "Description").as_deref(), Some("the same"));
        for own in ["IpAddress", "Name"] {
            assert_eq!(of(&prefill, own), None, "{own}");
        }
        prefill.locked = ["RegionId".to_string(), "Name".to_string()].into();
        assert_eq!(of(&prefill, "RegionId").as_deref(), Some("cn-beijing"));
        assert_eq!(of(&prefill, "Name").as_deref(), Some("theirs"));
        assert_eq!(of(&prefill, "Description").as_deref(), Some("the same"));
    }
}
