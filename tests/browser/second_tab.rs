//! A second tab of the same browser, and what it can do to the database that both share.

use serde_json::{json, Value};

use crate::page::Page;

/// A tab.
pub struct Tab(Value);

impl Page {
    /// The tab in sight.
    pub fn tab(&self) -> Tab {
        Tab(self.done(self.browser().get("window")))
    }

    /// Opens another tab and shows it.
    pub fn new_tab(&self) -> Tab {
        let made = self.done(self.browser().post("window/new", &json!({ "type": "tab" })));
        let tab = Tab(made["handle"].clone());
        self.show_tab(&tab);
        tab
    }

    /// Shows a tab.
    pub fn show_tab(&self, tab: &Tab) {
        let shown = self.browser().post("window", &json!({ "handle": tab.0 }));
        self.done(shown);
    }

    /// Goes to a place of this origin where the console does not run, and its storage is at hand.
    pub fn open_beside(&self) {
        let url = format!("{}/healthz", self.origin);
        // What is no page names no icon, and the browser asks for one where it is ordinarily.
        self.allow("/favicon.ico");
        self.done(self.browser().post("url", &json!({ "url": url })));
    }

    /// Has the tab in sight hold the history's database, so that nobody else can use it, until it lets go.
    /// The database must be there. What is done within the transaction is `window.act`, which gets it.
    pub fn hold_database(&self) {
        let held = self.browser().run_async(
            "const open = indexedDB.open('tieline-history');
             await new Promise((done) => { open.onsuccess = done; });
             const work = open.result.transaction(['records', 'intents'], 'readwrite');
             const records = work.objectStore('records');
             window.released = false;
             window.gone = new Promise((done) => { work.oncomplete = done; });
             window.gone.then(() => open.result.close());
             await new Promise((held) => {
               const again = () => {
                 held();
                 window.act?.(work);
                 window.act = undefined;
                 if (!window.released) records.get(0).onsuccess = again;
               };
               again();
             });",
            json!([]),
        );
        self.done(held);
    }

    /// Has the tab in sight hold the history's database in an upgrade, so that nobody else can open it,
    /// until it lets go. The database must not be there yet.
    pub fn hold_upgrade(&self) {
        let held = self.browser().run_async(
            "const open = indexedDB.open('tieline-history', 1);
             window.released = false;
             window.gone = new Promise((done) => { open.onsuccess = done; });
             window.gone.then(() => open.result.close());
             await new Promise((held, failed) => {
               open.onerror = failed;
               open.onupgradeneeded = () => {
                 open.result.createObjectStore('intents');
                 const records = open.result.createObjectStore('records');
                 const again = () => { held(); if (!window.released) records.get(0).onsuccess = again; };
                 again();
               };
             });
             return 'held';",
            json!([]),
        );
        assert_eq!(self.done(held), json!("held"));
    }

    /// Lets go of what the tab in sight holds.
    pub fn release_database(&self) {
        let script = "window.released = true; await window.gone;";
        self.done(self.browser().run_async(script, json!([])));
    }

    /// Has the history's database used by a later version of the console, which this one cannot open.
    pub fn upgrade_database(&self) {
        let script = "const open = indexedDB.open('tieline-history', 1000);
             await new Promise((done) => { open.onsuccess = done; });
             open.result.close();";
        self.done(self.browser().run_async(script, json!([])));
    }

    /// Deletes the history's database, as a browser does that is told to forget a site.
    pub fn delete_database(&self) {
        let script = "const deleting = indexedDB.deleteDatabase('tieline-history');
             await new Promise((done) => { deleting.onsuccess = done; });";
        self.done(self.browser().run_async(script, json!([])));
    }
}
