//! The keys that work everywhere.

/// What a key asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pressed {
    /// The palette.
    Palette,
    /// The search of the operations.
    Search,
    /// The list of the keys.
    Keys,
}

/// What a key means; `chord` is whether Ctrl or Command is held, `alt` whether Alt is.
pub fn read(key: &str, chord: bool, alt: bool) -> Option<Pressed> {
    match key {
        "k" | "K" if chord && !alt => Some(Pressed::Palette),
        // On some keyboards they are typed with Alt.
        "/" if !chord => Some(Pressed::Search),
        "?" if !chord => Some(Pressed::Keys),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_these_keys_mean_anything() {
        assert_eq!(read("k", true, false), Some(Pressed::Palette));
        assert_eq!(read("K", true, false), Some(Pressed::Palette));
        assert_eq!(read("/", false, true), Some(Pressed::Search));
        assert_eq!(read("?", false, false), Some(Pressed::Keys));
        for (key, chord, alt) in [
            ("k", false, false),
            ("k", true, true),
            ("/", true, false),
            ("?", true, false),
            ("Escape", false, false),
        ] {
            assert_eq!(read(key, chord, alt), None, "{key}");
        }
    }
}
