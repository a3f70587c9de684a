//! What can be done once the resource is there: another one like it, the next step, its place in the code, its
//! receipt, its deletion.

use tieline_catalog::afterwards::{deletion_command, first_own};
use tieline_catalog::answer::Created;
use tieline_catalog::{Lang, Operation, Raw};
use tieline_code::{imports, Import};
use yew::prelude::*;

use super::intent::Settled;
use super::messages as texts;
use super::props::SubmissionPanelProps;
use crate::form::control::control_id;
use crate::form::prefill::prefill_another;
use crate::form::state::Act;
use crate::history::Receipt;
use crate::platform::mount::Mount;
use crate::ui::copy_button::CopyButton;
use crate::ui::elements::{button, element, text};
use crate::ui::messages;
use crate::ui::rich_text::rich_text;

/// What fills the form for another resource like the one that was made from this input, and goes to what must be
/// its own.
#[hook]
pub fn use_another(props: &SubmissionPanelProps) -> Callback<Raw> {
    let form = props.form.0.dispatcher();
    let deps = (props.settings.clone(), props.operation, props.mount.clone());
    use_callback(deps, move |made: Raw, (settings, op, mount)| {
        form.dispatch(Act::Clear(prefill_another(settings, op.0, mount, &made)));
        if let Some(first) = first_own(op.0) {
            // It counts as typed in, so that it is a draft, and the next press of the button is no repetition.
            form.dispatch(Act::Edit(first.clone(), String::new()));
            mount.focus_soon(control_id(&first));
        }
    })
}

/// What stands below the id of a created resource.
pub fn afterwards(
    op: &'static Operation,
    created: &Created,
    settled: &Settled,
    another: &Callback<Raw>,
    mount: &Mount,
    lang: Lang,
) -> Html {
    let on_another = {
        let made = settled.intent.raw.clone();
        another.reform(move |_: MouseEvent| made.clone())
    };
    let next = op.afterwards().and_then(|after| after.next.step());
    html! {
        <>
            if let Some(next) = next {
                <p>
                    <b>{ texts::NEXT.get(lang) }</b>{ rich_text(next.text.get(lang)) }
                    { " " }<cite>{ op.cite(&next.source).get(lang).to_string() }</cite>
                </p>
            }
            <div class="actions">
                { button("quiet", texts::ANOTHER.get(lang), on_another) }
            </div>
            { for_the_code(op, created, settled, lang) }
            <Receipt mount={mount.clone()} {lang} />
            { deletion(op, created, settled, lang) }
        </>
    }
}

/// What takes the resource over into the code, where the vendor's provider knows such a one.
fn for_the_code(op: &'static Operation, created: &Created, settled: &Settled, lang: Lang) -> Html {
    let import = Import {
        op,
        params: settled.intent.valid.parsed().public().to_raw(),
        id: created.id.clone(),
    };
    match imports(&[import], lang) {
        (block, 0) => html! {
            <div class="made">
                <span>{ texts::IMPORT.get(lang) }</span>
                <CopyButton text={block} label={texts::COPY_IMPORT} {lang} />
            </div>
        },
        _ => Html::default(),
    }
}

/// How it is deleted, which is left to the vendor's own tools.
fn deletion(op: &'static Operation, created: &Created, settled: &Settled, lang: Lang) -> Html {
    let Some(read) = op.read_back() else {
        return Html::default();
    };
    let command = deletion_command(op, &created.id, &settled.intent.raw);
    let lead = match (&command, settled.sent.simulated) {
        (_, true) => texts::DELETE_SIMULATED,
        (Some(_), false) => texts::DELETE_BY_COMMAND,
        (None, false) => texts::DELETE_IN_CONSOLE,
    };
    html! {
        <details class="raw">
            { text("summary", "", texts::DELETE.get(lang)) }
            { text("p", "", lead.get(lang)) }
            if let Some(command) = command {
                <div class="made">
                    { element("code", "command", html! { <span translate="no">{ command.clone() }</span> }) }
                    <CopyButton text={command} label={texts::COPY_COMMAND} {lang} />
                </div>
            }
            <p>
                <a href={read.reconcile.console.url} target="_blank" rel="noopener noreferrer">
                    { messages::VENDOR_CONSOLE.get(lang) }
                </a>
            </p>
        </details>
    }
}
