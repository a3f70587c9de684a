//! The values that a field suggests, those that nothing is said against first.
//!
//! It is loaded lazily, see `chunks.rs`.

use tieline_catalog::model::Check;
use tieline_catalog::Param;
use yew::prelude::*;

use super::control::control_id;
use super::field_props::Props;
use crate::ui::combobox::{Combobox, Offer};

/// The list beside a field's input.
pub fn suggestions(props: Props) -> Html {
    let choose = {
        let props = props.clone();
        Callback::from(move |value: String| props.choose(value))
    };
    html! {
        <Combobox id={control_id(&props.path)} label={props.param.label} offers={offers(&props.param)}
            value={props.value} {choose} locked={props.locked} lang={props.lang} />
    }
}

/// What a parameter suggests. A document can list fewer values than others know.
fn offers(param: &Param) -> Vec<Offer> {
    let (choices, _) = param.choices().unwrap_or((&[], true));
    let allowed = |value: &str| {
        param.rules.iter().all(|rule| match rule.check {
            Check::OneOf(choices) => choices.iter().any(|choice| choice.value == value),
            _ => true,
        })
    };
    let offer = |choice: &tieline_catalog::Choice| Offer {
        value: choice.value,
        label: choice.label,
        doubtful: !allowed(choice.value),
    };
    let mut offers: Vec<Offer> = choices.iter().map(offer).collect();
    // The order is else the table's.
    offers.sort_by_key(|offer| offer.doubtful);
    offers
}

#[cfg(test)]
mod tests {
    use tieline_catalog::{check, creations, Control, Raw, Severity};

    use super::*;

    #[test]
    fn what_is_warned_about_comes_last_and_says_so() {
        let mut doubtful = 0;
        for op in creations() {
            for param in op.params.iter().filter(|p| p.control == Control::Region) {
                let offers = offers(param);
                assert!(
                    offers.is_sorted_by_key(|offer| offer.doubtful),
                    "{}",
                    op.name
                );
                for offer in offers {
                    let mut raw = Raw::new();
                    raw.set(param.name, offer.value);
                    let said = check(op, &raw).violations;
                    let mut said = said.iter().filter(|v| v.parameter == param.name);
                    let warned = said.any(|v| v.severity == Severity::Warning);
                    assert_eq!(warned, offer.doubtful, "{} {}", op.name, offer.value);
                    doubtful += usize::from(warned);
                }
            }
        }
        assert!(doubtful > 0);
    }
}
