//! The request as code, live, folded until it is asked for.

use std::rc::Rc;

use tieline_catalog::text::t;
use tieline_catalog::{Lang, Parsed, Text};
use tieline_code::{generate, Context as Surroundings, Target};
use wasm_bindgen::JsValue;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::platform::download::download;
use crate::ui::copy_button::CopyButton;
use crate::ui::elements::button;
use crate::ui::fold::fold;

const CODE: Text = t("Code for this request", "此请求的代码");
const LANGUAGE: Text = t("Code for", "语言或工具");
const COPY: Text = t("Copy the code", "复制代码");
const DOWNLOAD: Text = t("Download", "下载");
const NOT_DOWNLOADED: Text = t(
    "The browser does not let the page write a file. Copy the code instead.",
    "浏览器不允许本页面写入文件。请改为复制代码。",
);

/// The properties of [`CodePane`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The request. Its private values are never shown, whether they are masked here or not.
    pub parsed: Rc<Parsed>,
    /// The address of the proxy, empty where there is none.
    pub proxy: String,
    /// The proxy's account that sends; empty for its default.
    pub profile: String,
    /// The id of what the request has created.
    pub id: Option<Rc<str>>,
    /// The language of the comments.
    pub lang: Lang,
}

/// The request as code.
pub struct CodePane {
    open: bool,
    target: Target,
    failed: bool,
}

/// An action on a [`CodePane`].
pub enum Act {
    /// It was unfolded, or folded.
    Unfold(bool),
    /// A target was chosen.
    Choose(Target),
    /// This code was asked for as a file.
    Download(String),
}

impl Component for CodePane {
    type Message = Act;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        CodePane {
            open: false,
            target: Target::Curl,
            failed: false,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, act: Act) -> bool {
        match act {
            Act::Unfold(open) => self.open = open,
            Act::Choose(target) => {
                self.target = target;
                self.failed = false;
            }
            Act::Download(code) => {
                let parts = js_sys::Array::of1(&JsValue::from_str(&code));
                let name = self.target.file_name(ctx.props().parsed.operation());
                let kind = "text/plain;charset=utf-8";
                self.failed = download(&parts, kind, &name).is_err();
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let lang = ctx.props().lang;
        let toggled = ctx.link().callback(Act::Unfold);
        let inside = || self.unfolded(ctx);
        fold("", CODE.get(lang), self.open, toggled, inside)
    }
}

impl CodePane {
    fn unfolded(&self, ctx: &Context<Self>) -> Html {
        let Props {
            parsed,
            proxy,
            profile,
            id,
            lang,
        } = ctx.props();
        let lang = *lang;
        let surroundings = Surroundings {
            lang,
            proxy,
            profile,
            endpoint: None,
            id: id.as_deref(),
        };
        let code = generate(parsed, self.target, &surroundings);
        let choose = ctx.link().callback(|event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let chosen = usize::try_from(select.selected_index()).ok();
            let chosen = chosen.and_then(|index| Target::ALL.get(index));
            Act::Choose(chosen.copied().unwrap_or(Target::Curl))
        });
        let options = Target::ALL.iter().map(|target| {
            let label = target.label().get(lang);
            html! { <option value={label} selected={*target == self.target}>{ label }</option> }
        });
        let tools = code.as_ref().ok().map(|code| {
            let file = code.clone();
            let onclick = ctx.link().callback(move |_| Act::Download(file.clone()));
            html! {
                <>
                    { button("quiet", DOWNLOAD.get(lang), onclick) }
                    <CopyButton text={code.clone()} label={COPY} {lang} />
                </>
            }
        });
        html! {
            <>
                <div class="actions">
                    <label for="code-target">{ LANGUAGE.get(lang) }</label>
                    <select id="code-target" onchange={choose}>{ for options }</select>
                    // One part, there or not: the list that was just chosen from stays the same element.
                    { tools.unwrap_or_default() }
                </div>
                if self.failed {
                    <p class="note" role="alert">{ NOT_DOWNLOADED.get(lang) }</p>
                }
                { match &code {
                    Ok(code) => html! {
                        <pre translate="no" tabindex="0" role="group" aria-label={CODE.get(lang)}>{ code }</pre>
                    },
                    Err(reason) => html! { <p role="status">{ reason.0.get(lang) }</p> },
                } }
            </>
        }
    }
}
