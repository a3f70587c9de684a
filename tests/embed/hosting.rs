//! Where the package and its pages may be, and under which policy.

use std::path::Path;

use serde_json::json;

use crate::stage::{elsewhere, file, page, stage};
use tieline_test_support::servers::Reply;

/// The strictest policy that the package promises to work under.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    connect-src 'self'; require-trusted-types-for 'script'";

const CREATE: &str = "await customElements.whenDefined('tieline-form');
    const element = form({}, { values: { Name: 'backbone' } });
    await shown(element);
    same((await element.submit()).outcome, 'created');
    holds(getComputedStyle(element).getPropertyValue('--tieline-paper') != '', 'the styles are there');";

fn copied(embed: &Path, prefix: &'static str) -> impl Fn(&str) -> Option<Reply> + Send + Sync {
    let embed = embed.to_path_buf();
    move |path| file(&embed, path.strip_prefix(prefix)?)
}

#[test]
fn a_package_below_a_path_works() {
    stage("sub-path", |stage| {
        let package = copied(&stage.embed, "/assets/v3/tieline/");
        let origin = stage.serve(move |path| match path {
            "/deep/in/it/" => page(
                "<!doctype html><meta charset=utf-8><title>Deep</title>\
                 <script type=module src=../../../assets/v3/tieline/tieline.js></script><body>",
            ),
            path => package(path),
        });
        stage.open(&format!("{origin}/deep/in/it/"));
        stage.js(CREATE);
    });
}

#[test]
fn a_package_on_another_site_works() {
    stage("other-site", |stage| {
        let package = copied(&stage.embed, "/tieline@1/");
        let cdn = elsewhere(&stage.serve(move |path| Some(package(path)?.shared())));
        let html = format!(
            "<!doctype html><meta charset=utf-8><title>CDN</title>\
             <script type=module src={cdn}/tieline@1/tieline.js></script><body>"
        );
        let origin = stage.serve(move |path| (path == "/").then(|| page(&html))?);
        stage.open(&origin);
        stage.js(CREATE);
        let asked = stage.js(
            "return performance.getEntriesByType('resource').map((entry) => new URL(entry.name))
               .filter((url) => url.pathname != '/favicon.ico').map((url) => url.origin)",
        );
        let asked = asked.as_array().expect("a list");
        assert!(asked.len() >= 5, "{asked:?}");
        assert!(
            asked.iter().all(|origin| *origin == json!(cdn)),
            "{asked:?}"
        );
    });
}

#[test]
fn no_policy_is_broken() {
    stage("policy", |stage| {
        let origin = stage.serve(|path| {
            let mut reply = match path {
                "/" => page(
                    "<!doctype html><html lang=en><head><meta charset=utf-8><title>Strict</title>\
                     <script src=/watch.js></script>\
                     <script type=module src=/embed/tieline.js></script></head><body></body></html>",
                )?,
                "/watch.js" => Reply::new(
                    200,
                    "text/javascript",
                    "var broken = [];
                     document.addEventListener('securitypolicyviolation', (e) =>
                       broken.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));",
                ),
                _ => return None,
            };
            reply.headers.push(("Content-Security-Policy", POLICY.into()));
            Some(reply)
        });
        stage.open(&origin);
        stage.js(CREATE);
        // All pages of the console: every form, the history with the record's details, the settings.
        stage.js(
            "document.querySelector('tieline-form').remove();
             const { operations } = await import('/embed/tieline.js');
             const element = add('tieline-console', { sandbox: '', lang: 'en' },
               { values: { Name: 'strict' }, operation: 'CreateCen' });
             await shown(element);
             same((await element.submit()).outcome, 'created');
             const link = (text) => [...element.shadowRoot.querySelectorAll('a')].find((a) => a.textContent.includes(text));
             for (const { name } of operations()) {
               link(name).click();
               await until(() => element.shadowRoot.querySelector('#main').textContent.includes(name));
               await sleep(100);
             }
             link('History').click();
             const row = await until(() => [...element.shadowRoot.querySelectorAll('tbody tr, [role=row]')]
               .find((row) => row.textContent.includes('strict')));
             (row.querySelector('a, button') ?? row).click();
             await sleep(300);
             link('Settings')?.click();
             await sleep(300);
             element.lang = 'zh';
             element.theme = 'dark';
             await element.exportHistory();
             await sleep(300);
             same(broken, []);",
        );
        // The watch would have seen something.
        stage.forgive("violates the following");
        stage.forgive("requires 'Trusted");
        stage.js("document.body.setAttribute('style', 'color: red');
             try { add('div').innerHTML = '<b>x</b>'; } catch {}
             await until(() => broken.length == 2);");
    });
}

#[test]
fn what_is_loaded_first_is_what_is_weighed() {
    stage("first-load", |stage| {
        stage.show(crate::stage::BARE);
        // The rest is asked for without being touched, but not before the element takes input.
        let first = stage.js(
            "const loaded = () => performance.getEntriesByType('resource')
               .map((entry) => [new URL(entry.name).pathname.replace('/embed/', ''), entry])
               .filter(([name]) => name != '/favicon.ico');
             const element = form();
             await shown(element);
             await until(() => loaded().filter(([name]) => name.includes('_later.')).length == 2);
             const module = loaded().find(([name]) => name == 'tieline_glue_bg.wasm')[1];
             return loaded().filter(([, entry]) => entry.startTime < module.responseEnd).map(([name]) => name).sort();",
        );
        // `cargo xtask embed` weighs these.
        assert_eq!(
            first,
            json!([
                "boundary.js",
                "tieline.css",
                "tieline.js",
                "tieline_glue.js",
                "tieline_glue_bg.wasm"
            ])
        );
    });
}
