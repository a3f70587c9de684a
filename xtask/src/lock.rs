//! Reading Cargo.lock and the versions that tools print.

/// The version that a Cargo.lock holds a package at.
pub fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name)?;
    lines
        .next()?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

/// The first word of a tool's version line that starts like a version: `trunk 0.21.14` → `0.21.14`.
pub fn printed_version(output: &str) -> Option<&str> {
    output
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// The number before the first dot.
pub fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n\
        source = \"registry\"\n\n[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.129\"\n";

    #[test]
    fn the_exact_package_is_found() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "wasm-bindgen-macro"), Some("0.2.129"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
        assert_eq!(locked_version("name = \"wasm\"", "wasm"), None);
    }

    #[test]
    fn versions_are_found_in_what_tools_print() {
        assert_eq!(printed_version("trunk 0.21.14"), Some("0.21.14"));
        assert_eq!(
            printed_version("wasm-opt version 132 (version_132)"),
            Some("132")
        );
        assert_eq!(
            printed_version("ChromeDriver 156.0.8078.73 (abc)"),
            Some("156.0.8078.73")
        );
        assert_eq!(printed_version("nothing"), None);
        assert_eq!(major("156.0.8078.73"), Some(156));
        assert_eq!(major("x"), None);
    }
}
