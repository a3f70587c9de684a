//! Compressed copies beside the files, which a server sends to browsers that take them.

use std::io::Write;
use std::path::Path;

use anyhow::Result;

/// Smaller files are sent as they are: a header more costs what compression saves.
const LEAST: usize = 256;

/// What no browser asks for: types, and what describes a package.
const UNASKED: [&str; 4] = [".d.ts", ".json", ".md", ".txt"];

/// What its deployer may edit: a copy would be what is served.
const EDITED: [&str; 1] = ["embed.html"];

/// Writes `.br` and `.gz` beside each file of the folder that browsers load and that becomes smaller
/// by it.
pub fn folder(folder: &Path) -> Result<()> {
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.to_string_lossy();
            let none = UNASKED.iter().chain(&EDITED);
            if none.into_iter().any(|ending| name.ends_with(ending)) {
                continue;
            }
            let bytes = std::fs::read(&path)?;
            for (ending, small) in [("br", brotli(&bytes)?), ("gz", gzip(&bytes)?)] {
                if bytes.len() >= LEAST && small.len() < bytes.len() {
                    let mut name = path.clone().into_os_string();
                    name.push(format!(".{ending}"));
                    std::fs::write(name, small)?;
                }
            }
        }
    }
    Ok(())
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, 11, 22);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}
