//! Styles: none leak in or out, and the ways in that are meant work.

use crate::stage::{page, stage};

/// A page whose own styles are as rude as can be.
const RUDE: &str = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Rude</title>\
    <style>\
    * { letter-spacing: 9px !important; text-transform: uppercase !important; box-sizing: content-box }\
    body { font: italic 31px/3 fantasy; color: rgb(255, 0, 255); text-align: right; direction: rtl }\
    input, button, h1, h2, label, .field, .primary { border: 7px solid red !important; display: none !important }\
    :root { --x: 1 }\
    </style>\
    <script type=module src=/embed/tieline.js></script></head>\
    <body><h1 class=field>Ours</h1><p class='label bar shell'>Text</p><input name=Name class=wire></body></html>";

const BARE: &str = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Calm</title>\
    <script type=module src=/embed/tieline.js></script></head><body></body></html>";

/// What the form's parts look like, as far as the host page could change it.
const LOOK: &str = "const look = (element) => ['control', 'label', 'submit', 'field'].map((part) => {
      const found = element.shadowRoot.querySelector(`[part~=${part}]`);
      const style = getComputedStyle(found);
      return [part, ...['display', 'borderTopWidth', 'borderTopColor', 'fontFamily', 'fontSize', 'fontStyle', 'color',
        'textTransform', 'letterSpacing', 'textAlign', 'direction', 'lineHeight', 'boxSizing'].map((name) => style[name])];
    });";

#[test]
fn no_style_leaks_in() {
    stage("leak-in", |stage| {
        let origin = stage.serve(|path| match path {
            "/rude" => page(RUDE),
            "/calm" => page(BARE),
            _ => None,
        });
        let look = |name: &str| {
            stage.open(&format!("{origin}/{name}"));
            stage.js(&format!(
                "{LOOK} const element = form(); await shown(element); return settled(() => look(element));"
            ))
        };
        let (calm, rude) = (look("calm"), look("rude"));
        stage.picture("rude");
        assert_eq!(rude, calm);
    });
}

#[test]
fn no_style_leaks_out() {
    stage("leak-out", |stage| {
        let origin = stage.serve(|path| (path == "/").then(|| page(RUDE))?);
        stage.open(&origin);
        stage.js(
            "const look = () => [document.documentElement, document.body, ...document.body.querySelectorAll('h1, p, input')]
               .map((e) => { const s = getComputedStyle(e); return [...s].map((name) => [name, s.getPropertyValue(name)])
                 .filter(([name]) => !/size|width|height|origin|inset|^(top|left|right|bottom)|perspective/.test(name)); });
             const own = () => ({ classes: document.body.className, attributes: document.documentElement.getAttributeNames(),
               title: document.title, hash: location.hash, sheets: document.styleSheets.length, globals: Object.keys(window).length });
             const before = look(), state = own();
             const element = form();
             await shown(element);
             await sleep(100);
             same(look(), before);
             same(own(), state);",
        );
    });
}

#[test]
fn properties_parts_and_the_theme_are_ways_in() {
    stage("theming", |stage| {
        let origin = stage.serve(|path| {
            (path == "/").then(|| {
                page(
                    "<!doctype html><html lang=en><head><meta charset=utf-8><title>Theme</title><style>\
                     tieline-form.ours { --tieline-accent: rgb(1, 2, 3); --tieline-radius: 11px }\
                     tieline-form.ours::part(control) { background-color: rgb(4, 5, 6) }\
                     tieline-form.ours::part(submit) { font-weight: 200 }\
                     </style><script type=module src=/embed/tieline.js></script></head><body></body></html>",
                )
            })?
        });
        stage.open(&origin);
        stage.js(
            "const part = (element, name) => getComputedStyle(element.shadowRoot.querySelector(`[part~=${name}]`));
             const plain = form(), ours = form({ class: 'ours' });
             const dark = form({ theme: 'dark' }), light = form({ theme: 'light' });
             for (const element of [plain, ours, dark, light]) await shown(element);
             await until(() => part(ours, 'submit').backgroundColor == 'rgb(1, 2, 3)', 'the colour');
             await settled(() => [ours, plain].map((element) => part(element, 'submit').backgroundColor));
             same(part(ours, 'submit').borderTopLeftRadius, '11px');
             same(part(ours, 'control').backgroundColor, 'rgb(4, 5, 6)');
             same(part(ours, 'submit').fontWeight, '200');
             holds(part(plain, 'submit').backgroundColor != 'rgb(1, 2, 3)', 'only where it was set');
             const paper = (element) => getComputedStyle(element.shadowRoot.querySelector('.tieline')).backgroundColor;
             const bright = (color) => color.match(/\\d+/g).slice(0, 3).every((n) => n > 200);
             holds(bright(paper(light)) && !bright(paper(dark)), paper(light) + ' ' + paper(dark));
             dark.theme = 'light';
             await until(() => paper(dark) == paper(light), 'the same paper');",
        );
        stage.picture("theming");
    });
}

#[test]
fn a_width_that_is_made_of_what_is_inside_is_not_zero() {
    stage("widths", |stage| {
        let origin = stage.serve(|path| (path == "/").then(|| page(BARE))?);
        stage.open(&origin);
        stage.js(
            "const place = (style, name = 'div') => {
               const around = add(name);
               around.style.cssText = style;
               return around;
             };
             const places = {
               dialog: place('', 'dialog'),
               row: place('display: flex'),
               column: place('display: flex; flex-direction: column; align-items: center'),
               float: place('float: left'),
               inline: place('display: inline-block'),
               absolute: place('position: absolute'),
               nowrap: place('display: flex; white-space: nowrap; letter-spacing: 9px'),
             };
             places.dialog.showModal();
             for (const [name, around] of Object.entries(places)) {
               const element = form();
               around.append(element);
               await shown(element);
               const width = await settled(() => element.getBoundingClientRect().width);
               holds(width > 400 && width <= innerWidth, name + ': ' + width);
               around.close?.();
               around.remove();
             }
             // Where there is little room it takes no more, and in a block it takes all.
             for (const [style, expected] of [['width: 300px', 300], ['width: 300px; display: flex', 300], ['width: 300px; float: left', 300],
               ['width: 900px', 900], ['width: 300px; display: grid; grid-template-columns: 1fr', 300]]) {
               const around = place(style);
               const element = form();
               around.append(element);
               await shown(element);
               same(await settled(() => Math.round(element.getBoundingClientRect().width)), expected, style);
               around.remove();
             }",
        );
    });
}

#[test]
fn a_small_root_makes_no_text_unreadable() {
    stage("small-root", |stage| {
        let origin = stage.serve(|path| (path == "/").then(|| page(BARE))?);
        stage.open(&origin);
        stage.js(
            "document.documentElement.style.fontSize = '10px';
             const element = add('tieline-console', { operation: 'CreateCen', sandbox: '', lang: 'en', history: 'none' });
             await shown(element);
             await until(() => element.shadowRoot.querySelector('[part=wire] pre, [part=wire] code'));
             const sizes = () => [...element.shadowRoot.querySelectorAll('*')].filter((e) => [...e.childNodes].some((n) => n.nodeType == 3 && n.data.trim()))
               .map((e) => parseFloat(getComputedStyle(e).fontSize));
             const least = await settled(() => Math.min(...sizes()));
             holds(least >= 12, 'the smallest type is ' + least + 'px');
             // It still grows with what a reader has set.
             const before = least;
             document.documentElement.style.fontSize = '32px';
             await until(() => Math.min(...sizes()) > before * 1.5, 'larger type');",
        );
    });
}
