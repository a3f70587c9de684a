//! The tab's title and icon while something is under way and when it has come to an end, for those who look at
//! another tab meanwhile. Nothing blinks or moves.

use tieline_catalog::{Lang, Operation, Text};
use yew::prelude::*;

use crate::platform::dom;
use crate::platform::mount::Mount;
use crate::ui::messages;
use crate::ui::status_line::Stage;

/// What a stage shows: the end of the icon's name, and a mark that is seen where a tab has room for no word.
fn sign(stage: Stage) -> Option<(&'static str, &'static str)> {
    Some(match stage {
        Stage::Idle | Stage::Down => return None,
        Stage::Sending => ("sending", "…"),
        Stage::Created => ("created", "✓"),
        Stage::Rejected => ("rejected", "✗"),
        Stage::NotExecuted => ("unknown", "–"),
        Stage::Unknown => ("unknown", "?"),
    })
}

/// The title of a form's page at a stage.
fn title(op: &Operation, stage: Stage, lang: Lang) -> String {
    let said = sign(stage).map(|(_, mark)| {
        let word: Text = stage.text();
        format!("{mark} {} · ", word.get(lang))
    });
    let page = op.title.get(lang);
    let said = said.unwrap_or_default();
    format!("{said}{page} · {}", messages::BRAND.get(lang))
}

/// Shows the stage in the tab. What lies outside of the console belongs to the host page, if there is one.
#[hook]
pub fn use_tab_sign(
    op: &'static Operation,
    stage: Stage,
    settings: &std::rc::Rc<crate::settings::Settings>,
    mount: &Mount,
) {
    let own = mount.host_page().is_none();
    // Whatever is changed in the settings sets the title of the page anew.
    use_effect_with((stage, settings.clone()), move |(stage, settings)| {
        if own {
            dom::set_title(&title(op, *stage, settings.lang));
            dom::set_icon(sign(*stage).map(|(icon, _)| icon));
        }
        // The next page has set its title by then.
        move || {
            if own {
                dom::set_icon(None);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_tells_every_stage_of_a_request_in_both_languages() {
        for op in tieline_catalog::creations() {
            for lang in [Lang::En, Lang::Zh] {
                let plain = format!("{} · Tieline", op.title.get(lang));
                assert_eq!(title(op, Stage::Idle, lang), plain);
                assert_eq!(title(op, Stage::Down, lang), plain);
                for stage in [
                    Stage::Sending,
                    Stage::Created,
                    Stage::Rejected,
                    Stage::NotExecuted,
                    Stage::Unknown,
                ] {
                    let title = title(op, stage, lang);
                    assert!(title.ends_with(&plain) && title.contains(stage.text().get(lang)));
                }
            }
        }
        let op = tieline_catalog::find("CreateCen").expect("in the catalog");
        assert_eq!(
            title(op, Stage::Created, Lang::En),
            "✓ created · CEN instance · Tieline"
        );
    }

    #[test]
    fn every_icon_is_a_file_of_the_page() {
        let index = include_str!("../../index.html");
        for stage in [
            Stage::Sending,
            Stage::Created,
            Stage::Rejected,
            Stage::NotExecuted,
            Stage::Unknown,
        ] {
            let (icon, _) = sign(stage).expect("a sign");
            assert!(
                index.contains(&format!("static/favicon-{icon}.svg")),
                "{icon}"
            );
        }
    }
}
