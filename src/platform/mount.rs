//! The mount of a console: a page of its own, or an element of a host page.

#[cfg(feature = "embed")]
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use tieline_catalog::Operation;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, Node, ShadowRoot};
use yew::NodeRef;

use super::dom;
use super::host_page::{HistoryStorage, HostPage};

/// How many turns of the browser's a drawing may take. Nested timeouts are 4 ms apart, so this is a
/// quarter of a second and more.
const DRAWING_TURNS: u32 = 64;

thread_local! {
    /// What the focus goes to on the page that has been gone to; nothing for its content.
    static WANTED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The mount of a console. Clones are handles to the same one.
#[derive(Clone)]
pub struct Mount(Rc<Inner>);

struct Inner {
    root: NodeRef,
    /// What one console has once, one of each type; see [`Mount::service`].
    #[cfg(feature = "embed")]
    services: RefCell<Vec<Rc<dyn Any>>>,
    #[cfg(feature = "embed")]
    host_page: Rc<dyn HostPage>,
}

impl PartialEq for Mount {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Mount {
    /// A page of its own.
    #[cfg(not(feature = "embed"))]
    pub fn page() -> Mount {
        Mount(Rc::new(Inner {
            root: NodeRef::default(),
        }))
    }

    /// An element of a host page.
    #[cfg(feature = "embed")]
    pub fn element(host_page: Rc<dyn HostPage>) -> Mount {
        Mount(Rc::new(Inner {
            root: NodeRef::default(),
            services: RefCell::default(),
            host_page,
        }))
    }

    /// The host page, when there is one. A build has only one of the two answers, so that it is
    /// without what belongs to the other.
    pub fn host_page(&self) -> Option<&dyn HostPage> {
        #[cfg(feature = "embed")]
        return Some(&*self.0.host_page);
        #[cfg(not(feature = "embed"))]
        None
    }

    /// To be put on an element that the console always has: ids are looked up around it.
    pub fn root(&self) -> NodeRef {
        self.0.root.clone()
    }

    /// Whether what is typed may be kept in the browser.
    pub fn keeps_drafts(&self) -> bool {
        self.history_storage() == HistoryStorage::Browser
    }

    /// Where the history is stored.
    pub fn history_storage(&self) -> HistoryStorage {
        self.host_page()
            .map_or(HistoryStorage::Browser, |host_page| {
                host_page.history_storage()
            })
    }

    /// Whether there are other pages than the one form.
    pub fn has_pages(&self) -> bool {
        self.host_page()
            .is_none_or(|host_page| !host_page.is_form())
    }

    /// Whether this operation is offered here.
    pub fn offers(&self, op: &Operation) -> bool {
        self.host_page()
            .is_none_or(|host_page| host_page.offers(op.name))
    }

    /// Moves the keyboard focus to the element of this id and brings it into view. Returns whether there
    /// is one.
    pub fn focus(&self, id: &str) -> bool {
        let node = self.0.root.cast::<Node>();
        // A console that was taken away hangs on nothing that knows ids.
        let node = node.filter(|node| node.is_connected());
        let root = node.map(|node| node.get_root_node());
        // A document and the root of an element are asked in the same words.
        let element =
            root.and_then(|root| root.unchecked_into::<ShadowRoot>().get_element_by_id(id));
        let Some(element) = element.and_then(|e| e.dyn_into::<HtmlElement>().ok()) else {
            return false;
        };
        // What its user types elsewhere in another page is not to end up here.
        if self.host_page().is_some_and(|page| !page.spares_focus()) {
            return true;
        }
        // What is in a closed section can have no focus.
        if let Ok(Some(section)) = element.closest("details:not([open])") {
            let _ = section.set_attribute("open", "");
        }
        let _ = element.focus();
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
        true
    }

    /// The same after the page has been drawn again, for what does not exist yet. On a slow machine Yew
    /// lets the browser work between two parts of a drawing, so one turn may not be enough.
    pub fn focus_soon(&self, id: String) {
        let mount = self.clone();
        spawn_local(async move {
            for _ in 0..DRAWING_TURNS {
                TimeoutFuture::new(0).await;
                if mount.focus(&id) {
                    break;
                }
            }
        });
    }

    /// Goes to a place of a page of its own, and to what has this id there. Whoever arrives has the focus on
    /// the content as a whole, so that it is moved on from there.
    pub fn go_to(&self, place: &str, id: String) {
        if dom::hash() == place {
            return self.focus_soon(id);
        }
        WANTED.set(id);
        dom::go(place);
    }

    /// Moves the focus to where somebody who has arrived begins: to what they went for, else to the content.
    pub fn arrive(&self) {
        self.focus("main");
        let id = WANTED.take();
        if !id.is_empty() {
            self.focus_soon(id);
        }
    }

    /// The width of the console in CSS pixels: the window's, or the element's.
    pub fn width(&self) -> f64 {
        let root = self
            .host_page()
            .and_then(|_| self.0.root.cast::<HtmlElement>());
        let around = root.and_then(|root| root.closest(".tieline").ok().flatten());
        match around {
            Some(around) => f64::from(around.client_width()),
            None => dom::width(),
        }
    }

    /// What one console has once of this type, made when it is first asked for.
    #[cfg(feature = "embed")]
    pub fn service<T: Clone + 'static>(&self, make: impl FnOnce() -> T) -> T {
        let found = |services: &[Rc<dyn Any>]| {
            let mut found = services.iter().filter_map(|one| one.downcast_ref::<T>());
            found.next().cloned()
        };
        let there = found(&self.0.services.borrow());
        there.unwrap_or_else(|| {
            let made = make();
            self.0.services.borrow_mut().push(Rc::new(made.clone()));
            made
        })
    }
}
