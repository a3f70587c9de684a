//! The status of what was created, beside its id: the one that the history has, so that both say the same, and
//! the answer's own only where there is no record of it.

use tieline_catalog::Lang;
use yew::prelude::*;

use super::messages as texts;
use crate::ui::messages;

/// How the history has the status of what was created.
#[derive(Clone, PartialEq)]
pub struct Followed {
    /// The status; nothing as long as none is known.
    pub status: AttrValue,
    /// Whether it will still change.
    pub unsettled: bool,
    /// While it is asked for, whether the last question was answered, if there was one.
    pub answered: Option<bool>,
}

/// The properties of [`ResourceStatus`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// How the history has it, where there is a record.
    pub followed: Option<Followed>,
    /// The status before the history has any.
    pub at_first: Option<AttrValue>,
    /// The language.
    pub lang: Lang,
}

/// The status as a fact of a list, and what is said to the ear when it becomes final.
#[component]
pub fn ResourceStatus(props: &Props) -> Html {
    let lang = props.lang;
    let waited = use_mut_ref(|| false);
    let followed = props.followed.as_ref();
    let unsettled = followed.is_some_and(|followed| followed.unsettled);
    let answered = followed.and_then(|followed| followed.answered);
    *waited.borrow_mut() |= unsettled;
    let known = followed.map(|followed| &followed.status);
    let known = known.filter(|status| !status.is_empty());
    let status = match known.or(props.at_first.as_ref()) {
        Some(status) => status.clone(),
        None if answered.is_some() => texts::NOT_READ.get(lang).into(),
        None => return Html::default(),
    };
    let note = match answered {
        Some(true) => texts::FOLLOWED.get(lang),
        Some(false) => texts::UNANSWERED.get(lang),
        None => "",
    };
    // A record that is gone, with all that was known of it, has come to no end.
    let settled = followed.is_some_and(|followed| !followed.unsettled);
    let told = match settled && *waited.borrow() {
        true => texts::final_status(&status).get(lang).to_string(),
        false => String::new(),
    };
    html! {
        <>
            <dt>{ messages::STATUS.get(lang) }</dt>
            <dd>
                // What changes on the way is no news; that it is final is, in a region that was there before.
                <span aria-live="off">{ status }{ note }</span>
                <span class="unseen" role="status">{ told }</span>
            </dd>
        </>
    }
}
