//! What was built: a module, its glue, and for a page what index.html says of them. A folder without
//! an index.html is a package for other pages, whose files keep their names.
//!
//! What a page shows first depends on what it asks for first, so the order in index.html is part of it:
//! the module and its glue before anything else, and one style sheet instead of one for each source.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{ensure, Context, Result};

/// How wasm-bindgen and Trunk end the module's name; the glue has the same name but for it.
const MODULE: &str = "_bg.wasm";
/// How the name of the part that is loaded later ends.
const LATER: &str = "_later.wasm";

/// A built page, or a package.
#[derive(Debug)]
pub struct Page {
    folder: PathBuf,
    /// The module's name without its ending, as index.html has it.
    name: String,
}

impl Page {
    /// The page in a folder.
    pub fn read(folder: &Path) -> Result<Page> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let name = entry?.file_name();
            let name = name.to_str().and_then(|name| name.strip_suffix(MODULE));
            found.extend(name.map(String::from));
        }
        ensure!(
            found.len() == 1,
            "the page has {} modules, not one",
            found.len()
        );
        let name = found.pop().context("the page has no module")?;
        Ok(Page {
            folder: folder.to_path_buf(),
            name,
        })
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}{ending}", self.name))
    }

    /// The module's bytes.
    pub fn module(&self) -> Result<Vec<u8>> {
        let path = self.path(MODULE);
        std::fs::read(&path).with_context(|| path.display().to_string())
    }

    /// The glue's text.
    pub fn glue(&self) -> Result<String> {
        let path = self.path(".js");
        std::fs::read_to_string(&path).with_context(|| path.display().to_string())
    }

    /// Writes the two parts in place of the module, and the new glue. Of a page they get names that
    /// tell their content, and index.html names them.
    pub fn replace(&self, first: &[u8], later: &[u8], glue: &[u8]) -> Result<()> {
        let index = self.folder.join("index.html");
        if !index.exists() {
            std::fs::write(self.path(MODULE), first)?;
            std::fs::write(self.path(LATER), later)?;
            return Ok(std::fs::write(self.path(".js"), glue)?);
        }
        std::fs::remove_file(self.path(MODULE))?;
        std::fs::remove_file(self.path(".js"))?;
        let mut html = std::fs::read_to_string(&index).context("index.html")?;
        let stem = self.name.split('-').next().unwrap_or_default();
        let write = |bytes: &[u8], ending: &str| -> Result<String> {
            let name = format!("{stem}-{:016x}{ending}", digest(bytes));
            std::fs::write(self.folder.join(&name), bytes)?;
            Ok(name)
        };
        let later = write(later, LATER)?;
        let names = [
            (format!("{}{MODULE}", self.name), write(first, MODULE)?),
            (format!("{}.js", self.name), write(glue, ".js")?),
        ];
        for (old, new) in &names {
            html = named(&html, old, new)?;
        }
        if let Some(old) = script(&html) {
            let path = self.folder.join(&old);
            let text = std::fs::read_to_string(&path).with_context(|| old.clone())?;
            std::fs::remove_file(&path)?;
            let new = write(crate::glue::strip(&text).as_bytes(), ".start.js")?;
            html = tags(&html, "<script", |tag| {
                Some(without(tag, "integrity").replace(&old, &new))
            });
        }
        let (sheets, rest) = sheets(&postponed(&html));
        let mut css = String::new();
        for href in &sheets {
            let path = self.folder.join(file(href));
            css += &std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            std::fs::remove_file(&path)?;
        }
        let css = match sheets.first() {
            Some(href) => Some(beside(href, &write(css.as_bytes(), ".css")?)),
            None => None,
        };
        let [module, glue] = names.map(|(_, new)| new);
        std::fs::write(
            &index,
            arranged(&rest, [&module, &glue], &later, css.as_deref())?,
        )?;
        Ok(())
    }
}

/// The text with each of its link tags as `change` has it; `None` takes one away.
fn links(html: &str, change: impl FnMut(&str) -> Option<String>) -> String {
    tags(html, "<link", change)
}

/// The same for the tags that begin so.
fn tags(html: &str, begin: &str, mut change: impl FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(begin) {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        out += &rest[..at];
        out += &change(&rest[at..end]).unwrap_or_default();
        rest = &rest[end..];
    }
    out + rest
}

/// The value of an attribute of a tag. The minified page has no quotes around it.
fn value<'a>(tag: &'a str, attribute: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!(" {attribute}="))?;
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split([' ', '>']).next(),
    }
}

/// A tag without one of its attributes.
fn without(tag: &str, attribute: &str) -> String {
    let Some((before, value)) = tag.split_once(&format!(" {attribute}=")) else {
        return tag.to_string();
    };
    let end = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].find(quote).map(|end| end + 2),
        _ => value.find([' ', '>']),
    };
    format!("{before}{}", &value[end.unwrap_or(value.len())..])
}

/// The name of the file at an address.
fn file(href: &str) -> &str {
    href.rsplit('/').next().unwrap_or(href)
}

/// The address of the file of this name beside the one at `href`.
fn beside(href: &str, name: &str) -> String {
    format!("{}{name}", &href[..href.len() - file(href).len()])
}

/// Names the file `new` where index.html has a link to `old`. The hash of the old file goes from the
/// link: the new name tells the content.
fn named(html: &str, old: &str, new: &str) -> Result<String> {
    let mut found = false;
    let html = links(html, |tag| {
        let names = value(tag, "href").is_some_and(|href| file(href) == old);
        found |= names;
        Some(match names {
            true => without(tag, "integrity").replace(old, new),
            false => tag.to_string(),
        })
    });
    ensure!(found, "index.html has no link to {old}");
    Ok(html)
}

/// The name of the file of the page's script.
fn script(html: &str) -> Option<String> {
    let mut found = None;
    tags(html, "<script", |tag| {
        found = value(tag, "src").map(|src| file(src).to_string());
        Some(tag.to_string())
    });
    found
}

/// Leaves to static/start.js the style sheets that index.html marks with `data-later`.
fn postponed(html: &str) -> String {
    links(html, |tag| {
        Some(match tag.contains("data-later") {
            true => without(tag, "rel").replacen("<link", "<link rel=later", 1),
            false => tag.to_string(),
        })
    })
}

/// The addresses of the style sheets, in order, and the text without their links.
fn sheets(html: &str) -> (Vec<String>, String) {
    let mut sheets = Vec::new();
    let rest = links(html, |tag| {
        let sheet = value(tag, "rel") == Some("stylesheet");
        sheets.extend(value(tag, "href").filter(|_| sheet).map(String::from));
        (!sheet).then(|| tag.to_string())
    });
    (sheets, rest)
}

/// The text with the links to the files `preloaded`, in this order, and then to the style sheet at
/// `css` before all others, and with one to the part of the module that is loaded later.
fn arranged(html: &str, preloaded: [&str; 2], later: &str, css: Option<&str>) -> Result<String> {
    let mut first = ["", ""].map(String::from);
    let mut postponed = String::new();
    let rest = links(html, |tag| {
        let href = value(tag, "href").unwrap_or_default();
        let Some(at) = preloaded.iter().position(|name| file(href) == *name) else {
            return Some(tag.to_string());
        };
        if at == 0 {
            postponed = format!("<link rel=\"later\" href=\"{}\">", beside(href, later));
        }
        first[at] = tag.to_string();
        None
    });
    let css = css.map(|href| format!("<link rel=\"stylesheet\" href=\"{href}\">"));
    // The encoding must come among the first bytes.
    let charset = rest
        .find("<meta charset")
        .context("index.html has no charset")?;
    let end = rest[charset..].find('>').context("a tag has no end")?;
    let (before, after) = rest.split_at(charset + end + 1);
    let [module, glue] = first;
    let css = css.unwrap_or_default();
    Ok(format!("{before}{module}{glue}{css}{postponed}{after}"))
}

fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_links_name_the_new_files() {
        for (tag, expected) in [
            (
                r#"<link rel="preload" href="/sub/app-1_bg.wasm" crossorigin="anonymous" integrity="sha384-x/=" as="fetch">"#,
                r#"<link rel="preload" href="/sub/app-2_bg.wasm" crossorigin="anonymous" as="fetch">"#,
            ),
            (
                "<link as=fetch href=/sub/app-1_bg.wasm integrity=sha384-x= rel=preload>",
                "<link as=fetch href=/sub/app-2_bg.wasm rel=preload>",
            ),
            (
                "<link href=app-1_bg.wasm integrity=sha384-x=>",
                "<link href=app-2_bg.wasm>",
            ),
        ] {
            let other = "<link rel=\"x\" integrity=\"y\">";
            assert_eq!(
                named(
                    &format!("<head>{other}{tag}{other}</head>"),
                    "app-1_bg.wasm",
                    "app-2_bg.wasm",
                )
                .unwrap(),
                format!("<head>{other}{expected}{other}</head>")
            );
        }
        assert!(named("<head></head>", "a", "b").is_err());
    }

    #[test]
    fn marked_style_sheets_wait() {
        let html = "<link rel=\"stylesheet\" href=\"/a.css\"/>\
            <link rel=\"stylesheet\" href=\"/b.css\" data-later/>\
            <link data-later href=/c.css integrity=sha384-x rel=stylesheet><body>";
        assert_eq!(
            postponed(html),
            "<link rel=\"stylesheet\" href=\"/a.css\"/>\
            <link rel=later href=\"/b.css\" data-later/>\
            <link rel=later data-later href=/c.css integrity=sha384-x><body>"
        );
    }

    #[test]
    fn the_module_is_asked_for_first_and_the_styles_at_once() {
        let html = "<html><meta charset=utf-8><title>x</title><link href=/icon.svg rel=icon>\
            <link href=/s/a.css rel=stylesheet><link data-later href=/s/c.css rel=later>\
            <link href=/s/b.css rel=stylesheet><script src=/s/start.js type=module></script>\
            <link crossorigin href=/s/app.js rel=modulepreload>\
            <link as=fetch crossorigin href=/s/app_bg.wasm rel=preload></head>";
        assert_eq!(script(html).as_deref(), Some("start.js"));
        let (found, rest) = sheets(html);
        assert_eq!(found, ["/s/a.css", "/s/b.css"]);
        let css = beside(&found[0], "app-1.css");
        assert_eq!(
            arranged(
                &rest,
                ["app_bg.wasm", "app.js"],
                "app_later.wasm",
                Some(&css)
            )
            .unwrap(),
            "<html><meta charset=utf-8><link as=fetch crossorigin href=/s/app_bg.wasm rel=preload>\
            <link crossorigin href=/s/app.js rel=modulepreload>\
            <link rel=\"stylesheet\" href=\"/s/app-1.css\">\
            <link rel=\"later\" href=\"/s/app_later.wasm\">\
            <title>x</title><link href=/icon.svg rel=icon><link data-later href=/s/c.css rel=later>\
            <script src=/s/start.js type=module></script></head>"
        );
    }
}
