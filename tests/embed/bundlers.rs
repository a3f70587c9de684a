//! The examples, and pages that Vite and webpack built with nothing but what React and Vue need;
//! the functions in Node.

use std::io::{BufRead, BufReader};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{json, Value};

use crate::stage::{file, stage, Stage};
use tieline_test_support::servers::Reply;
use tieline_test_support::webdriver::Element;

/// Serves a built page and opens it. A test of pages that are not built fails.
fn open(stage: &Stage, folder: &str) -> String {
    let folder = stage.pages.join(folder);
    assert!(
        folder.join("index.html").exists(),
        "{} is not built; `cargo xtask test embed` builds it",
        folder.display()
    );
    // Nothing comes from beside the page.
    let origin = stage.serve(move |path| {
        file(&folder, path)
            .or_else(|| (path != "/favicon.ico").then(|| Reply::new(404, "text/plain", "")))
    });
    stage.open(&origin);
    origin
}

/// Clicks the form's own button.
fn submit(stage: &Stage) {
    let button = stage.js(
        "const element = await until(() => document.querySelector('tieline-form'));
         await shown(element);
         const button = element.shadowRoot.querySelector('[part~=submit]');
         button.scrollIntoView({ block: 'center', behavior: 'instant' });
         return button;",
    );
    stage.done(
        stage
            .browser()
            .click(&Element::of(&button).expect("a button")),
    );
}

#[test]
fn the_plain_example_runs() {
    stage("example-plain", |stage| {
        let (examples, embed) = (root().join("examples"), stage.embed.clone());
        let origin = stage.serve(move |path| match path.strip_prefix("/examples/") {
            Some(name) => file(&examples, name),
            None => file(&embed, path.strip_prefix("/dist/embed/")?),
        });
        stage.open(&format!("{origin}/examples/plain/index.html"));
        submit(stage);
        stage.js(
            "await until(() => /Created cen-/.test(document.getElementById('outcome').textContent));
             const submit = document.querySelector('tieline-form').shadowRoot.querySelector('[part~=submit]');
             same(getComputedStyle(submit).textTransform, 'uppercase');
             // The second is the button's colour under the pointer.
             holds(/rgb\\((18, 58, 99|12, 42, 73)\\)/.test(getComputedStyle(submit).backgroundColor), 'the colour');
             scrollTo(0, 0);",
        );
        stage.picture("example-plain");
    });
}

#[test]
fn the_react_example_runs() {
    stage("example-react", |stage| {
        open(stage, "examples/react/dist");
        stage.js(
            "const element = await until(() => document.querySelector('tieline-form'));
             same((await shown(element)).value, 'backbone');
             same(element.getAttribute('theme'), 'dark');",
        );
        stage.picture("example-react");
        submit(stage);
        stage.js(
            "const status = () => document.querySelector('main > [role=status]').textContent;
             await until(() => status().startsWith('cen-'));
             const first = status();
             // The page's own button, after a pause that no double click has.
             await sleep(1200);
             const element = document.querySelector('tieline-form');
             const input = await shown(element);
             type(element, 'Name', 'another');
             [...document.querySelectorAll('button')].find((b) => b.textContent.includes('from here')).click();
             await until(() => status().startsWith('cen-') && status() != first);
             // React changes the attribute, and the form follows.
             const select = document.querySelector('select');
             const set = Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set;
             set.call(select, 'CreateCloudConnection');
             select.dispatchEvent(new Event('change', { bubbles: true }));
             await shown(element, 'cloud_connection.name');",
        );
    });
}

#[test]
fn the_vue_example_runs() {
    stage("example-vue", |stage| {
        open(stage, "examples/vue/dist");
        stage.js(
            "const element = await until(() => document.querySelector('tieline-form'));
             same((await shown(element)).value, '骨干网');
             holds(/[\\u4e00-\\u9fff]{4}/.test(element.shadowRoot.textContent), 'the language is the page\\'s');
             type(element, 'Name', 'http://not-allowed');
             await until(() => /错误：[1-9]/.test(document.body.innerText));
             type(element, 'Name', '另一个名字');
             await until(() => /错误：0/.test(document.body.innerText));",
        );
        submit(stage);
        stage.js(
            "await until(() => document.querySelector('[role=status]').textContent.startsWith('cen-'));
             const [toggle] = document.querySelectorAll('button');
             toggle.click();
             await until(() => !document.querySelector('tieline-form'));
             toggle.click();
             same((await shown(await until(() => document.querySelector('tieline-form')))).value, '骨干网');",
        );
        stage.picture("example-vue");
    });
}

#[test]
fn a_page_built_with_vite_runs() {
    built_page("vite", "tests/embed/vite/dist");
}

#[test]
fn a_page_built_with_webpack_runs() {
    built_page("webpack", "tests/embed/webpack");
}

fn built_page(name: &str, folder: &str) {
    stage(name, |stage| {
        let origin = open(stage, folder);
        submit(stage);
        stage.js(
            "const element = document.querySelector('tieline-form');
             await until(() => element.shadowRoot.textContent.includes('cen-'));
             holds(/^[1-9] found$/.test(document.title), document.title);
             holds(getComputedStyle(element).getPropertyValue('--tieline-paper') != '', 'the styles are there');",
        );
        let asked = stage.js(
            "return performance.getEntriesByType('resource').map((entry) => entry.name)
               .filter((name) => name.endsWith('.wasm'))",
        );
        let asked: Vec<&str> = asked
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(asked.len(), 2, "{asked:?}");
        assert!(
            asked.iter().all(|url| url.starts_with(&origin)),
            "{asked:?}"
        );
    });
}

/// Vite's development server bundles what is installed, and leaves the files beside it where they are.
#[test]
fn vites_development_server_finds_the_files_of_an_installed_package() {
    stage("vite-dev", |stage| {
        let built = stage.pages.join("tests/embed/vite");
        let folder = stage.pages.join("tests/embed/vite-dev");
        let _ = std::fs::remove_dir_all(&folder);
        let package = folder.join("node_modules/tieline-console");
        std::fs::create_dir_all(&package).expect("a folder");
        for (from, to) in [(&stage.embed, &package), (&built, &folder)] {
            for entry in std::fs::read_dir(from).expect("a folder").flatten() {
                if entry.path().is_file() {
                    std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
                }
            }
        }
        let mut vite = Command::new("node")
            .arg(built.join("node_modules/vite/bin/vite.js"))
            .args(["--host", "127.0.0.1", "--port", "0"])
            .env("NO_COLOR", "1")
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node runs");
        let lines = BufReader::new(vite.stdout.take().expect("it is piped")).lines();
        let result = catch_unwind(AssertUnwindSafe(|| {
            let mut urls = lines.map_while(Result::ok).filter_map(|line| {
                Some(
                    line.split_once("Local:")?
                        .1
                        .trim()
                        .trim_end_matches('/')
                        .to_string(),
                )
            });
            let origin = urls.next().expect("Vite says where it is");
            stage.know(&origin);
            stage.open(&origin);
            submit(stage);
            stage.js("const element = document.querySelector('tieline-form');
                 await until(() => element.shadowRoot.textContent.includes('cen-'));
                 const names = performance.getEntriesByType('resource').map((entry) => entry.name);
                 holds(names.some((name) => name.includes('/.vite/deps/')), 'it was bundled');");
        }));
        let _ = vite.kill();
        let _ = vite.wait();
        if let Err(panic) = result {
            resume_unwind(panic);
        }
    });
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

#[test]
fn the_functions_work_in_node() {
    let (Ok(embed), Ok(pages)) = (
        std::env::var("TIELINE_EMBED"),
        std::env::var("TIELINE_EMBED_PAGES"),
    ) else {
        println!("skipped: TIELINE_EMBED and TIELINE_EMBED_PAGES are not set; `cargo xtask test embed` sets them");
        return;
    };
    let script = "import { check, operations, preview, ready } from 'tieline-console';
        await ready();
        let unknown = '';
        try { check('Nothing', {}); } catch (error) { unknown = error.message; }
        console.log(JSON.stringify({
          names: operations().map((operation) => operation.name),
          good: check('CreateCen', { Name: 'backbone' }),
          bad: check('CreateCen', { Name: 'http://x' }),
          preview: preview('CreateCen', { Name: 'backbone' }),
          unknown, document: typeof document, window: typeof window,
        }));";
    let output = Command::new("node")
        .args(["--input-type=module", "--eval", script])
        .current_dir(Path::new(&pages).join("tests/embed/vite"))
        .output()
        .expect("node runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{embed}: {errors}");
    assert_eq!(errors, "");
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let names: Vec<&str> = tieline_catalog::creations().map(|op| op.name).collect();
    assert_eq!(found["names"], json!(names));
    assert_eq!(found["good"], json!([]));
    // The same as in Rust, texts and all.
    let op = tieline_catalog::find("CreateCen").expect("an operation");
    let raw = tieline_catalog::Raw::from_json(op, r#"{"Name":"http://x"}"#).expect("its values");
    let expected = tieline_catalog::check(op, &raw).violations;
    assert!(!expected.is_empty());
    assert_eq!(found["bad"], serde_json::to_value(&expected).expect("JSON"));
    assert!(found["preview"]["method"].is_string(), "{found}");
    assert!(found["unknown"]
        .as_str()
        .is_some_and(|text| text.contains("Nothing")));
    assert_eq!(
        [&found["document"], &found["window"]],
        [&json!("undefined"), &json!("undefined")]
    );
}
