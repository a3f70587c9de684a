//! What was built: a module, its glue, and for a page what index.html says of them. A folder without
//! an index.html is a package for other pages, whose files keep their names.

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
        html = link(
            &html,
            &format!("{}{MODULE}", self.name),
            &write(first, MODULE)?,
            Some(&later),
        )?;
        html = link(
            &html,
            &format!("{}.js", self.name),
            &write(glue, ".js")?,
            None,
        )?;
        std::fs::write(&index, postpone(&html))?;
        Ok(())
    }
}

/// Names the file `new` where index.html has a link to `old`, and after it the file that is loaded
/// later. The hash of the old file goes from the link: the new name tells the content.
fn link(html: &str, old: &str, new: &str, later: Option<&str>) -> Result<String> {
    let at = html
        .find(old)
        .with_context(|| format!("index.html does not name {old}"))?;
    let open = html[..at]
        .rfind("<link")
        .context("it is not named by a link")?;
    let close = at + html[at..].find('>').context("the link has no end")?;
    let tag = without(&html[open..close], "integrity").replace(old, new);
    // The minified page has no quotes around its attributes.
    let place = html[..at]
        .rfind(['"', '\'', '=', ' '])
        .map_or(0, |quote| quote + 1);
    let place = &html[place..at];
    let later = later.map(|name| format!("><link rel=\"later\" href=\"{place}{name}\""));
    Ok(format!(
        "{}{tag}{}{}",
        &html[..open],
        later.unwrap_or_default(),
        &html[close..]
    ))
}

/// A tag without one of its attributes.
fn without(tag: &str, attribute: &str) -> String {
    let Some((before, value)) = tag.split_once(&format!(" {attribute}=")) else {
        return tag.to_string();
    };
    let end = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].find(quote).map(|end| end + 2),
        _ => value.find(' '),
    };
    format!("{before}{}", &value[end.unwrap_or(value.len())..])
}

/// Leaves to static/start.js the style sheets that index.html marks with `data-later`.
fn postpone(html: &str) -> String {
    let mut parts = html.split("<link");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (tag, rest) = part.split_once('>').unwrap_or((part, ""));
        out.push_str("<link");
        match tag.contains("data-later") {
            true => out.push_str(&format!(
                "{} rel=later",
                without(tag.trim_end_matches('/'), "rel")
            )),
            false => out.push_str(tag),
        }
        out.push('>');
        out.push_str(rest);
    }
    out
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
                r#"<link rel="preload" href="/sub/app-2_bg.wasm" crossorigin="anonymous" as="fetch"><link rel="later" href="/sub/app-3_later.wasm">"#,
            ),
            (
                "<link as=fetch href=/sub/app-1_bg.wasm integrity=sha384-x= rel=preload>",
                "<link as=fetch href=/sub/app-2_bg.wasm rel=preload><link rel=\"later\" href=\"/sub/app-3_later.wasm\">",
            ),
        ] {
            let other = "<link rel=\"x\" integrity=\"y\">";
            assert_eq!(
                link(
                    &format!("<head>{other}{tag}{other}</head>"),
                    "app-1_bg.wasm",
                    "app-2_bg.wasm",
                    Some("app-3_later.wasm")
                )
                .unwrap(),
                format!("<head>{other}{expected}{other}</head>")
            );
        }
        let bare = "<link href=\"a.js\">";
        assert_eq!(
            link(bare, "a.js", "b.js", None).unwrap(),
            "<link href=\"b.js\">"
        );
        assert!(link("<head></head>", "a", "b", None).is_err());
    }

    #[test]
    fn marked_style_sheets_wait() {
        let html = "<link rel=\"stylesheet\" href=\"/a.css\"/>\
            <link rel=\"stylesheet\" href=\"/b.css\" data-later/>\
            <link data-later href=/c.css integrity=sha384-x rel=stylesheet><body>";
        assert_eq!(
            postpone(html),
            "<link rel=\"stylesheet\" href=\"/a.css\"/>\
            <link href=\"/b.css\" data-later rel=later>\
            <link data-later href=/c.css integrity=sha384-x rel=later><body>"
        );
    }
}
