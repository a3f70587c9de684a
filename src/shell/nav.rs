//! Navigation to every operation, by provider and product, with a search.

use tieline_catalog::rules::contains;
use tieline_catalog::{creations, Kind, Lang, Operation, Param, Provider};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::ui::messages;
use crate::ui::rich_text::breakable;

/// A product and its creations.
struct Product {
    provider: Provider,
    first: &'static Operation,
    operations: Vec<(&'static Operation, Option<String>)>,
}

/// The creations that match `query`, by product in the catalog's order. With each, the parameter
/// that matched when nothing else did.
fn products(query: &str, mount: &Mount) -> Vec<Product> {
    let mut products: Vec<Product> = Vec::new();
    for op in creations().filter(|op| mount.offers(op)) {
        let Some(by) = matches(op, query) else {
            continue;
        };
        let known = products
            .iter_mut()
            .find(|p| std::ptr::eq(p.first.service, op.service));
        match known {
            Some(product) => product.operations.push((op, by)),
            None => products.push(Product {
                provider: op.service.provider,
                first: op,
                operations: vec![(op, by)],
            }),
        }
    }
    products
}

/// Whether every word of `query` is found in what belongs to the operation, in either language;
/// the parameter that was needed for it. Of these languages only ASCII letters have cases.
fn matches(op: &Operation, query: &str) -> Option<Option<String>> {
    let service = op.service;
    let names = [service.provider.name(), service.product, op.title];
    let mut own = format!("{} {} {}", op.name, service.id, service.code);
    for name in names {
        own.push_str(&format!(" {} {}", name.en, name.zh));
    }
    let own = own.to_ascii_lowercase();
    let mut by = None;
    for word in query.to_ascii_lowercase().split_whitespace() {
        if !contains(&own, word) {
            by = Some(param_matching(op.params, word)?);
        }
    }
    Some(by)
}

fn param_matching(params: &[Param], word: &str) -> Option<String> {
    params.iter().find_map(|p| {
        let inner = match p.kind {
            Kind::Object(members) => param_matching(members, word),
            Kind::List { item, .. } => match item.kind {
                Kind::Object(members) => param_matching(members, word),
                _ => None,
            },
            _ => None,
        };
        let text = format!("{} {} {}", p.name, p.label.en, p.label.zh).to_ascii_lowercase();
        match (inner, contains(&text, word)) {
            (Some(inner), _) => Some(format!("{}.{inner}", p.name)),
            (None, true) => Some(p.name.to_string()),
            (None, false) => None,
        }
    })
}

/// The properties of [`Nav`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Where the user is.
    pub route: Route,
    /// The language.
    pub lang: Lang,
    /// Where the console is shown.
    pub mount: Mount,
    /// Counts the options that the host page has set: they may offer other operations on the same mount.
    pub options_version: u32,
}

/// The navigation. On narrow screens it folds under a button.
pub struct Nav {
    query: String,
    open: bool,
}

/// An action on the navigation.
pub enum Act {
    /// The button was pressed.
    Toggle,
    /// Escape was pressed.
    Escape,
    /// This is searched for.
    Search(String),
}

impl Component for Nav {
    type Message = Act;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Nav {
            query: String::new(),
            open: false,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        // Having arrived, the way there is out of the way.
        self.open &= ctx.props().route == old.route;
        true
    }

    fn update(&mut self, ctx: &Context<Self>, act: Act) -> bool {
        match act {
            Act::Toggle => self.open = !self.open,
            Act::Escape => {
                if self.open {
                    ctx.props().mount.focus("nav-toggle");
                }
                self.open = false;
            }
            Act::Search(query) => self.query = query,
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let lang = props.lang;
        let toggle = ctx.link().callback(|_: MouseEvent| Act::Toggle);
        let onkeydown = ctx.link().batch_callback(|event: KeyboardEvent| {
            (event.key() == "Escape").then_some(Act::Escape)
        });
        let oninput = ctx.link().batch_callback(|event: InputEvent| {
            let input = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
            Some(Act::Search(input.value()))
        });
        let open = if self.open { "true" } else { "false" };
        let found = products(&self.query, &props.mount);
        let count = found.iter().map(|product| product.operations.len()).sum();
        let offered = creations().filter(|op| props.mount.offers(op)).count();
        let here = props.route.hash();
        let current = |to: &str| (to == here).then_some("page");
        let page = |(to, word): (&'static str, tieline_catalog::Text)| {
            html! { <li><a href={to} aria-current={current(to)}>{ word.get(lang) }</a></li> }
        };
        let pages = [
            ("#/history", messages::HISTORY),
            ("#/errors", messages::ERROR_CENTRE),
            ("#/permissions", messages::PERMISSIONS),
            ("#/settings", messages::SETTINGS),
        ];
        // A host page sets what the settings would.
        let pages = match props.mount.host_page() {
            Some(_) => &pages[..3],
            None => &pages,
        };
        let mut provider = None;
        html! {
            <nav class="nav" part="nav" aria-label={messages::NAVIGATION.get(lang)} {onkeydown}>
                <button type="button" class="quiet nav-toggle" id="nav-toggle" onclick={toggle} aria-expanded={open}
                    aria-controls="nav-body">
                    { messages::MENU.get(lang) }
                </button>
                <div class="nav-body" id="nav-body" data-open={open}>
                    <label class="unseen" for="search">{ messages::SEARCH.get(lang) }</label>
                    <input type="search" id="search" value={self.query.clone()} {oninput} autocomplete="off"
                        placeholder={messages::SEARCH_HINT.get(lang)} />
                    <div aria-live="polite">
                        if found.is_empty() {
                            <p class="nav-none">{ messages::SEARCH_NONE.get(lang) }</p>
                        } else if !self.query.is_empty() {
                            <p class="unseen">{ messages::items(count, offered).get(lang).to_string() }</p>
                        }
                    </div>
                    // In an element of its own: the search must stay the same element while the list changes,
                    // or it loses the focus.
                    <div>
                        { for found.iter().map(|product| {
                            let head = (provider.replace(product.provider) != Some(product.provider))
                                .then(|| product.provider.name().get(lang));
                            html! {
                                <>
                                    if let Some(head) = head { <h2>{ head }</h2> }
                                    <h3>{ product.first.service.product.get(lang) }</h3>
                                    <ul>
                                        { for product.operations.iter().map(|(op, by)| {
                                            let to = Route::Create(op.name).hash();
                                            html! {
                                                <li>
                                                    <a aria-current={current(&to)} href={to}>
                                                        <span>{ op.title.get(lang) }</span>
                                                        <code>{ breakable(op.name) }</code>
                                                        if let Some(by) = by { <code class="by">{ format!("↳ {by}") }</code> }
                                                    </a>
                                                </li>
                                            }
                                        }) }
                                    </ul>
                                </>
                            }
                        }) }
                    </div>
                    <ul class="nav-pages">
                        { for pages.iter().copied().map(page) }
                    </ul>
                </div>
            </nav>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> Vec<&'static str> {
        let ops = products(query, &Mount::page())
            .into_iter()
            .flat_map(|p| p.operations);
        ops.map(|(op, _)| op.name).collect()
    }

    #[test]
    fn nothing_asked_finds_everything() {
        assert_eq!(found("").len(), creations().count());
        assert_eq!(found("no such thing anywhere"), Vec::<&str>::new());
    }

    #[test]
    fn every_operation_is_found_by_its_name_titles_and_parameters() {
        for op in creations() {
            for query in [
                op.name.to_string(),
                op.name.to_uppercase(),
                op.title.en.to_string(),
                op.title.zh.to_string(),
                op.service.product.zh.to_string(),
                op.service.code.to_string(),
                op.params[0].name.to_string(),
            ] {
                assert!(found(&query).contains(&op.name), "{} by {query}", op.name);
            }
        }
    }

    #[test]
    fn a_parameter_says_that_it_was_the_reason() {
        let op = tieline_catalog::find("CreateCen").expect("in the catalog");
        assert_eq!(
            matches(op, "protectionlevel"),
            Some(Some("ProtectionLevel".into()))
        );
        assert_eq!(matches(op, "createcen"), Some(None));
        assert_eq!(matches(op, "createcen nothing"), None);
    }
}
