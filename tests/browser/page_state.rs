//! What a page shows and holds at the moment.

use serde_json::json;

use crate::page::Page;

impl Page {
    /// What is in a control.
    pub fn value(&self, path: &str) -> String {
        self.wait(format!("the control {path}"), || {
            let value = self.browser().run(
                "const all = Array.from(document.getElementsByName(arguments[0]));
                 const e = all.find(e => e.checked) || all[0];
                 return !e ? null : e.type == 'checkbox' ? '' + e.checked : e.type == 'radio' && !e.checked ? '' : e.value;",
                json!([path]),
            )?;
            Ok(value.as_str().map(str::to_string))
        })
    }

    /// Whether a control is marked as wrong, on itself or on the group that it belongs to.
    pub fn invalid(&self, path: &str) -> bool {
        let script = "return Array.from(document.getElementsByName(arguments[0])).some(e =>
            e.closest('[aria-invalid=true]') != null)";
        self.done(self.browser().run(script, json!([path]))) == json!(true)
    }

    /// The text that `aria-describedby` leads to from a control.
    pub fn description(&self, path: &str) -> String {
        let script = "const e = document.getElementsByName(arguments[0])[0];
            const from = e && e.closest('[aria-describedby]');
            return ((from && from.getAttribute('aria-describedby')) || '').split(' ')
                .map(id => document.getElementById(id)?.innerText || '').join('\\n')";
        let text = self.done(self.browser().run(script, json!([path])));
        text.as_str().unwrap_or_default().to_string()
    }

    /// The `name` attribute of what has the focus, else its text.
    pub fn focus(&self) -> String {
        let script = "const e = document.activeElement; return e.name || e.innerText || ''";
        let text = self.done(self.browser().run(script, json!([])));
        text.as_str().unwrap_or_default().to_string()
    }

    /// All that the page shows.
    pub fn text(&self) -> String {
        let text = self
            .browser()
            .run("return document.body.innerText", json!([]));
        text.ok()
            .and_then(|text| text.as_str().map(str::to_string))
            .unwrap_or_default()
    }

    /// The rows of the history at the moment, as text; the table's head is none of them.
    pub fn rows(&self) -> Vec<String> {
        let rows = self.browser().run(
            "return Array.from(document.querySelectorAll('tbody tr, [role=row]'))
                .filter(e => e.querySelector('td, [role=cell], [role=gridcell]') && e.checkVisibility())
                .map(e => e.innerText.replace(/\\s+/g, ' ').trim()).filter(t => t)",
            json!([]),
        );
        let rows = rows.unwrap_or_default();
        let texts = rows.as_array().cloned().unwrap_or_default();
        texts
            .iter()
            .map(|t| t.as_str().unwrap_or_default().to_string())
            .collect()
    }

    /// The text of a file of this name that the page gives the user, once it is whole.
    pub fn saved(&self, name: &str) -> String {
        let path = self.downloads().join(name);
        self.wait(format!("the file {name}"), || {
            // The browser reserves the name with an empty file, and puts the whole one in its place.
            let text = std::fs::read_to_string(&path).ok();
            Ok(text.filter(|text| !text.is_empty()))
        })
    }

    /// Everything that the page has stored, as one text.
    pub fn storage(&self) -> String {
        let dump = self.browser().run_async(
            "const all = { local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie };
             for (const { name } of await indexedDB.databases()) {
               const db = await new Promise((ok, no) => {
                 const r = indexedDB.open(name); r.onsuccess = () => ok(r.result); r.onerror = () => no(r.error); });
               for (const store of db.objectStoreNames) {
                 all[name + '/' + store] = await new Promise((ok, no) => {
                   const r = db.transaction(store).objectStore(store).getAll();
                   r.onsuccess = () => ok(r.result); r.onerror = () => no(r.error); });
               }
               db.close();
             }
             return JSON.stringify(all);",
            json!([]),
        );
        self.done(dump).as_str().unwrap_or_default().to_string()
    }
}
