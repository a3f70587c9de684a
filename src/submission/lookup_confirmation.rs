//! The word of a user that they looked for a resource themselves, typed and not clicked: a click is made before
//! anybody has read what it says.

use tieline_catalog::Lang;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::messages as texts;
use crate::ui::messages;

const NOTE: &str = "answer-must-look";

/// The properties of [`LookupConfirmation`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The language.
    pub lang: Lang,
    /// Whether somebody has looked.
    pub looked: bool,
    /// Whether the page can look.
    pub can_look_up: bool,
    /// The vendor's console.
    pub console: Option<&'static str>,
    /// Called when it was typed.
    pub on_looked: Callback<()>,
}

/// Asks for the word. Once it is given, it stays in sight: the focus is on it.
#[component]
pub fn LookupConfirmation(props: &Props) -> Html {
    let Props { lang, looked, .. } = props;
    let lang = *lang;
    let typed = use_state_eq(|| false);
    if *looked && !*typed {
        return Html::default();
    }
    let oninput = {
        let (typed, on_looked) = (typed.clone(), props.on_looked.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            if is_word(&text) {
                typed.set(true);
                on_looked.emit(());
            }
        })
    };
    html! {
        <div class="must-look">
            <p id={NOTE}>
                { if props.can_look_up { texts::MUST_LOOK } else { texts::MUST_LOOK_THERE }.get(lang) }
                if let Some(console) = props.console {
                    { messages::GAP.get(lang) }
                    <a href={console} target="_blank" rel="noopener noreferrer">
                        { messages::VENDOR_CONSOLE.get(lang) }
                    </a>
                }
            </p>
            <label>
                { texts::TYPE_LOOKED.get(lang) }
                <input type="text" autocomplete="off" spellcheck="false" aria-describedby={NOTE}
                    readonly={*typed} {oninput} />
            </label>
        </div>
    }
}

/// Whether a text is the word, in either language.
fn is_word(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let words = [texts::I_LOOKED.en, texts::I_LOOKED.zh];
    words.iter().any(|word| word.to_lowercase() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_says_the_word() {
        for lang in [Lang::En, Lang::Zh] {
            let said = texts::TYPE_LOOKED.get(lang);
            assert!(said.contains(texts::I_LOOKED.get(lang)), "{said}");
        }
    }

    #[test]
    fn the_word_is_taken_in_both_languages_and_nothing_else() {
        for word in ["I looked", " i LOOKED ", "已核对"] {
            assert!(is_word(word), "{word}");
        }
        for other in ["", "I", "I look", "I looked not", "yes", "已"] {
            assert!(!is_word(other), "{other}");
        }
    }
}
