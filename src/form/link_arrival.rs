//! What a link to a filled form brings: `#/create/CreateCen?Name=…`. It fills an empty form at once, asks before
//! it fills one that holds something, and sends nothing. The address bar then names the form alone.

use std::rc::Rc;

use gloo_events::EventListener;
use tieline_catalog::Lang;
use tieline_paste::{read, Reading};
use yew::prelude::*;

use super::fill::{report, said, withheld, Filler};
use super::messages as texts;
use super::paste_pane::fits;
use crate::platform::dom;
use crate::platform::route::Route;
use crate::ui::elements::{button, text};

/// The properties of [`LinkArrival`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The form.
    pub filler: Filler,
    /// The language.
    pub lang: Lang,
}

/// What came.
#[derive(Clone, PartialEq)]
struct Came {
    reading: Rc<Reading>,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The user is asked.
    Asked,
    /// It is in the form.
    Filled,
    /// It was taken back.
    Undone,
    /// There is nothing to fill in.
    Useless,
}

/// The arrival of a link.
#[component]
pub fn LinkArrival(props: &Props) -> Html {
    let (filler, lang) = (&props.filler, props.lang);
    let came = use_state(|| None::<Came>);
    // What listens looks at the form as it is then.
    let latest = use_mut_ref(|| filler.clone());
    latest.replace(filler.clone());
    {
        let set = came.setter();
        // An element in somebody else's page has no address of its own.
        let own = filler.mount.host_page().is_none();
        use_effect_with((), move |()| {
            let arrive = move || {
                let filler = latest.borrow().clone();
                if let Some(new) = arrived(&filler) {
                    set.set(Some(new));
                }
            };
            let window = web_sys::window().filter(|_| own);
            let listener = window.map(|window| {
                arrive();
                EventListener::new(&window, "hashchange", move |_| arrive())
            });
            move || drop(listener)
        });
    }
    let go = |stage: Stage, act: fn(&Filler, &Reading)| {
        let (filler, came) = (filler.clone(), came.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(Came { reading, .. }) = &*came {
                act(&filler, reading);
                let reading = reading.clone();
                came.set(Some(Came { reading, stage }));
            }
        })
    };
    let leave = {
        let set = came.setter();
        Callback::from(move |_: MouseEvent| set.set(None))
    };
    html! {
        // A region that is there before what it announces.
        <section class="arrival fill" aria-label={texts::ARRIVED.get(lang)} hidden={came.is_none()}>
            if came.is_some() { { text("h2", "", texts::ARRIVED.get(lang)) } }
            <p role="status">{ came.as_ref().map(|came| sentence(filler, came, lang)).unwrap_or_default() }</p>
            if let Some(Came { reading, stage }) = &*came {
                <div class="actions">
                    if *stage == Stage::Asked {
                        { button("primary", texts::FILL.get(lang), go(Stage::Filled, |f, r| f.fill(&r.raw))) }
                    }
                    if *stage == Stage::Filled && filler.form.before.is_some() {
                        { button("quiet", texts::UNDO.get(lang), go(Stage::Undone, |f, _| f.undo())) }
                    }
                    { button("quiet", texts::LEAVE.get(lang), leave) }
                </div>
                <details>
                    { text("summary", "", texts::ARRIVED_VALUES.get(lang)) }
                    { report(filler.operation(), reading, &filler.mount, lang) }
                </details>
            }
        </section>
    }
}

/// What the address bar brings for this form. It is taken out of it, so that a reload brings it no more.
fn arrived(filler: &Filler) -> Option<Came> {
    let op = filler.operation();
    let hash = dom::hash();
    let place = Route::Create(op.name).hash();
    if !hash.strip_prefix(&place)?.starts_with('?') {
        return None;
    }
    dom::replace_hash(&place);
    let reading = Rc::new(withheld(read(op, &hash)));
    let stage = match (fits(filler, &reading), filler.form.edited) {
        (false, _) => Stage::Useless,
        (true, true) => Stage::Asked,
        (true, false) => {
            filler.fill(&reading.raw);
            Stage::Filled
        }
    };
    Some(Came { reading, stage })
}

fn sentence(filler: &Filler, came: &Came, lang: Lang) -> String {
    let said = said(filler.operation(), &came.reading);
    let more = match came.stage {
        Stage::Asked => texts::ARRIVED_OVER,
        Stage::Filled => texts::FILLED_IN,
        Stage::Undone => texts::TAKEN_BACK,
        Stage::Useless => return said.get(lang).to_string(),
    };
    let gap = crate::ui::messages::GAP.get(lang);
    format!("{}{gap}{}", said.get(lang), more.get(lang))
}
