//! What a combobox offers, finds, marks and takes, apart from the browser: the ARIA pattern's editable combobox
//! with a listbox.

use tieline_catalog::Text;

use crate::search::matching::{Keys, Query};
use crate::search::syllables::spelled;

/// From this on a value fits what was typed in earnest, and not in spite of a typing error.
const MEANT: u32 = 40;

/// A value that can be chosen.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Offer {
    /// The value.
    pub value: &'static str,
    /// What it is called.
    pub label: Text,
    /// It can be chosen, and is warned about.
    pub doubtful: bool,
}

/// What became of a key press.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Pressed {
    /// It was for the list: the browser does nothing more with it.
    pub taken: bool,
    /// This value was chosen by it.
    pub chosen: Option<&'static str>,
}

/// A combobox.
#[derive(Default)]
pub struct Model {
    offers: Vec<Offer>,
    keys: Vec<Keys>,
    value: String,
    /// The places of the offers that the list shows, in its order.
    found: Vec<usize>,
    /// Whether the list is shown.
    pub open: bool,
    /// The place in the list that is marked.
    pub at: Option<usize>,
}

impl Model {
    /// A combobox with this value and these offers.
    pub fn new(offers: Vec<Offer>, value: &str) -> Model {
        let keys = offers.iter().map(|offer| {
            let Text { en, zh } = offer.label;
            Keys::new([offer.value, en, zh, &spelled(zh)])
        });
        Model {
            keys: keys.collect(),
            offers,
            value: value.to_string(),
            ..Model::default()
        }
    }

    /// The offers that the list shows.
    pub fn shown(&self) -> impl Iterator<Item = &Offer> {
        self.found.iter().map(|place| &self.offers[*place])
    }

    /// The value is this now, not by typing.
    pub fn set(&mut self, value: &str) {
        if self.value != value {
            self.value = value.to_string();
        }
    }

    /// This was typed: the list shows what fits. The best is marked where it is what was meant; what looks like
    /// an id is taken as it was typed.
    pub fn typed(&mut self, text: &str) {
        self.set(text);
        let text = text.trim();
        if text.is_empty() || self.offers.iter().any(|offer| offer.value == text) {
            return self.close();
        }
        // An id is found by its parts, too.
        let queries = [Query::new(text), Query::new(&text.replace('-', " "))];
        let score = |keys: &Keys| queries.iter().filter_map(|query| query.score(keys)).max();
        let scored = self.keys.iter().enumerate();
        let mut found: Vec<(u32, usize)> = scored
            .filter_map(|(place, keys)| Some((score(keys)?, place)))
            .collect();
        found.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
        let meant = found.first().is_some_and(|(score, _)| *score >= MEANT);
        self.found = found.into_iter().map(|(_, place)| place).collect();
        self.open = !self.found.is_empty();
        self.at = (meant && !text.contains('-')).then_some(0);
    }

    /// Shows all offers, and marks the present value.
    pub fn show_all(&mut self) {
        self.found = (0..self.offers.len()).collect();
        self.open = !self.found.is_empty();
        self.at = self.offers.iter().position(|o| o.value == self.value);
    }

    /// Shows the list no more.
    pub fn close(&mut self) {
        (self.open, self.at) = (false, None);
    }

    /// Takes the offer at this place of the list.
    pub fn choose(&mut self, at: usize) -> Option<&'static str> {
        let value = self.offers[*self.found.get(at)?].value;
        self.set(value);
        self.close();
        Some(value)
    }

    /// Takes a key press, if it is for the list; `alt` is whether Alt is held.
    pub fn press(&mut self, key: &str, alt: bool) -> Pressed {
        let taken = Pressed {
            taken: true,
            chosen: None,
        };
        let last = self.found.len().saturating_sub(1);
        match (key, self.open, self.at) {
            ("ArrowDown", false, _) => {
                self.show_all();
                // Alt opens the list and leaves the rest to the next key.
                self.at = self.at.or((self.open && !alt).then_some(0));
            }
            ("ArrowUp", false, _) if !alt => {
                self.show_all();
                self.at = self.at.or(self.found.len().checked_sub(1));
            }
            ("ArrowUp", true, _) if alt => self.close(),
            ("ArrowDown", true, at) => {
                self.at = Some(at.filter(|at| *at < last).map_or(0, |at| at + 1));
            }
            ("ArrowUp", true, at) => {
                self.at = Some(at.filter(|at| *at > 0).unwrap_or(last + 1) - 1)
            }
            ("Home", true, Some(_)) => self.at = Some(0),
            ("End", true, Some(_)) => self.at = Some(last),
            ("Escape", true, _) => self.close(),
            ("Enter" | "Tab", true, Some(at)) => {
                return Pressed {
                    // Tab goes on to the next field.
                    taken: key == "Enter",
                    chosen: self.choose(at),
                };
            }
            // What may be a mistake is not sent by the same key: the next one submits.
            ("Enter", true, None) => self.close(),
            ("Tab", true, None) => {
                self.close();
                return Pressed::default();
            }
            // The caret moves in what was typed.
            ("ArrowLeft" | "ArrowRight", true, _) => {
                self.at = None;
                return Pressed::default();
            }
            _ => return Pressed::default(),
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use tieline_catalog::{creations, Control};

    use super::*;

    fn regions() -> Vec<Offer> {
        let params = creations().flat_map(|op| op.params);
        let mut regions = params.filter(|param| param.control == Control::Region);
        let (choices, _) = regions
            .find_map(|param| param.choices().filter(|(choices, _)| choices.len() > 20))
            .expect("a list of regions");
        let offer = |choice: &tieline_catalog::Choice| Offer {
            value: choice.value,
            label: choice.label,
            doubtful: false,
        };
        choices.iter().map(offer).collect()
    }

    fn first(query: &str) -> Option<&'static str> {
        let mut model = Model::new(regions(), "");
        model.typed(query);
        let first = model.shown().next().map(|offer| offer.value);
        assert_eq!(model.open, first.is_some(), "{query}");
        first
    }

    #[test]
    fn every_region_is_found_by_id_both_names_pinyin_and_initials() {
        for (place, region) in regions().iter().enumerate() {
            let Text { en, zh } = region.label;
            let place_name = spelled(zh)
                .split(' ')
                .next_back()
                .unwrap_or_default()
                .to_string();
            for query in [en, zh, &spelled(zh), &place_name] {
                let mut model = Model::new(regions(), "");
                model.typed(query);
                let found: Vec<&str> = model.shown().map(|offer| offer.value).collect();
                assert!(found.contains(&region.value), "{query}: {found:?}");
            }
            // Without its last letter the id is not complete, and found.
            let cut = &region.value[..region.value.len() - 1];
            let mut model = Model::new(regions(), "");
            model.typed(cut);
            assert!(model.found.contains(&place), "{cut}");
        }
        for (query, region) in [
            ("hangzhou", "cn-hangzhou"),
            ("杭州", "cn-hangzhou"),
            ("hz", "cn-hangzhou"),
            ("hangz", "cn-hangzhou"),
            ("huadong 2", "cn-shanghai"),
            ("xinjiapo", "ap-southeast-1"),
            ("xjp", "ap-southeast-1"),
            ("singapore", "ap-southeast-1"),
            ("Hong Kong", "cn-hongkong"),
            ("xianggang", "cn-hongkong"),
            ("fulankefu", "eu-central-1"),
            ("london", "eu-west-1"),
            ("guigu", "us-west-1"),
        ] {
            assert_eq!(first(query), Some(region), "{query}");
        }
    }

    #[test]
    fn errors_are_forgiven_and_what_is_an_id_is_taken_as_typed() {
        for (query, region) in [
            ("hnagzhou", "cn-hangzhou"),
            ("singapor", "ap-southeast-1"),
            ("frankfrut", "eu-central-1"),
            ("cn-shnaghai", "cn-shanghai"),
        ] {
            assert_eq!(first(query), Some(region), "{query}");
        }
        let mut model = Model::new(regions(), "");
        for (query, marked) in [
            ("hangzhou", true),
            ("hnagzhou", false),
            ("cn-shnaghai", false),
        ] {
            model.typed(query);
            assert!(model.open, "{query}");
            assert_eq!(model.at.is_some(), marked, "{query}");
        }
        assert_eq!(
            model.press("Enter", false),
            Pressed {
                taken: true,
                chosen: None
            }
        );
        assert!(!model.open, "the next Enter submits");
        for none in ["", "zz-nowhere-1", "cn-hangzhou", "中文", "no region!"] {
            model.typed(none);
            assert!(!model.open && model.at.is_none(), "{none}");
            assert_eq!(model.press("Enter", false), Pressed::default(), "{none}");
        }
    }

    #[test]
    fn the_keys_are_those_of_the_pattern() {
        let count = regions().len();
        let mut model = Model::new(regions(), "cn-shanghai");
        let moves = |model: &mut Model, keys: &[&str]| {
            for key in keys {
                assert!(model.press(key, false).taken, "{key}");
            }
            model.at
        };
        // Opened, it is at the present value.
        assert_eq!(moves(&mut model, &["ArrowDown"]), Some(1));
        assert_eq!(moves(&mut model, &["End"]), Some(count - 1));
        assert_eq!(moves(&mut model, &["ArrowDown"]), Some(0));
        assert_eq!(moves(&mut model, &["ArrowUp"]), Some(count - 1));
        assert_eq!(moves(&mut model, &["Home", "ArrowDown"]), Some(1));
        assert_eq!(moves(&mut model, &["Escape"]), None);
        assert!(!model.open);
        // A closed list wants no key but those that open it.
        for key in ["Escape", "Enter", "Home", "End", "Tab", "a"] {
            assert_eq!(model.press(key, false), Pressed::default(), "{key}");
        }
        model.set("");
        assert!(model.press("ArrowDown", true).taken && model.open);
        assert_eq!(model.at, None);
        // Nothing is marked: these belong to the text.
        for key in ["Home", "End", "ArrowLeft"] {
            assert_eq!(model.press(key, false), Pressed::default(), "{key}");
        }
        assert!(model.press("ArrowUp", true).taken && !model.open);
        assert_eq!(moves(&mut model, &["ArrowUp"]), Some(count - 1));
        let chosen = model.press("Enter", false);
        assert_eq!(
            (chosen.taken, chosen.chosen),
            (true, Some(regions()[count - 1].value))
        );
        assert!(!model.open);
        model.typed("hangzhou");
        let chosen = model.press("Tab", false);
        assert_eq!((chosen.taken, chosen.chosen), (false, Some("cn-hangzhou")));
        // Nothing can be chosen that is not there.
        assert_eq!(model.choose(count), None);
        let mut none = Model::new(Vec::new(), "");
        none.press("ArrowDown", false);
        none.press("ArrowUp", false);
        assert!(!none.open && none.at.is_none());
    }
}
