//! What a query finds: by words in either language, by the initials of pinyin, in spite of a typing error.
//! Pure: nothing here touches the page.

use strsim::osa_distance;

use super::initials::initials_of;

/// A shorter word is not taken for a misspelled one.
const MISSPELLED_FROM: usize = 4;
/// From this length on two errors are forgiven.
const TWICE_FROM: usize = 9;

/// What something is found by.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// The names, in lower case.
    names: Vec<String>,
    /// Their words, likewise.
    words: Vec<Vec<char>>,
    /// For each name with Chinese characters what each of its characters can begin with.
    spelled: Vec<Vec<&'static str>>,
}

impl Keys {
    /// The keys of these names.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Keys {
        let mut keys = Keys::default();
        for name in names.into_iter().filter(|name| !name.trim().is_empty()) {
            for word in words(name) {
                if !keys.words.contains(&word) {
                    keys.words.push(word);
                }
            }
            let spelled: Vec<&str> = name.chars().filter_map(initials_of).collect();
            if !spelled.is_empty() {
                keys.spelled.push(spelled);
            }
            keys.names.push(name.to_lowercase());
        }
        keys
    }
}

/// The words of a name, in lower case: `CreateCen` has two, `cloud_connection.name` three.
fn words(name: &str) -> Vec<Vec<char>> {
    let mut words: Vec<Vec<char>> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        let starts = !before.is_alphanumeric() || before.is_lowercase() && c.is_uppercase();
        if c.is_alphanumeric() {
            match words.last_mut().filter(|_| !starts) {
                Some(word) => word.extend(c.to_lowercase()),
                None => words.push(c.to_lowercase().collect()),
            }
        }
        before = c;
    }
    words
}

/// A query, taken apart once for all that is looked through.
pub struct Query {
    /// All of it, in lower case.
    whole: String,
    words: Vec<(String, Vec<char>)>,
}

impl Query {
    /// Takes a query apart.
    pub fn new(text: &str) -> Query {
        let whole = text.trim().to_lowercase();
        let words = whole.split_whitespace();
        let words = words.map(|word| (word.to_string(), word.chars().collect()));
        Query {
            words: words.collect(),
            whole,
        }
    }

    /// How well the keys fit; `None` when a word of the query is in none of them. More is better.
    pub fn score(&self, keys: &Keys) -> Option<u32> {
        let mut sum = 0;
        for word in &self.words {
            sum += fit(word, keys)?;
        }
        let count = u32::try_from(self.words.len()).unwrap_or(u32::MAX).max(1);
        let whole = match &keys.names {
            names if names.contains(&self.whole) => 100,
            names if names.iter().any(|name| name.starts_with(&self.whole)) => 50,
            _ => 0,
        };
        Some(sum / count + whole)
    }
}

/// How well a word of a query fits.
fn fit((word, chars): &(String, Vec<char>), keys: &Keys) -> Option<u32> {
    let starts = |own: &Vec<char>| own.starts_with(chars);
    if keys.words.iter().any(|own| own == chars) {
        return Some(90);
    }
    if keys.words.iter().any(starts) {
        return Some(80);
    }
    let spelled = |at_start: bool| {
        let mut names = keys.spelled.iter();
        names.any(|name| spells(chars, name, at_start))
    };
    if spelled(true) {
        return Some(70);
    }
    if keys.names.iter().any(|name| name.contains(word)) {
        return Some(60);
    }
    if spelled(false) {
        return Some(50);
    }
    if abbreviates(chars, &keys.words) {
        return Some(40);
    }
    keys.words
        .iter()
        .any(|own| misspells(chars, own))
        .then_some(20)
}

/// Whether letters are the initials of the characters of a name, from its start or from anywhere.
fn spells(letters: &[char], name: &[&str], at_start: bool) -> bool {
    let mut windows = name.windows(letters.len().max(1));
    let fits = |window: &[&str]| {
        let mut pairs = letters.iter().zip(window);
        pairs.all(|(letter, initials)| initials.contains(*letter))
    };
    match at_start {
        true => windows.next().is_some_and(fits),
        // One letter begins too many syllables.
        false => letters.len() > 1 && windows.any(fits),
    }
}

/// Whether letters are the first ones of words that follow each other.
fn abbreviates(letters: &[char], words: &[Vec<char>]) -> bool {
    let fits = |window: &[Vec<char>]| {
        let mut pairs = letters.iter().zip(window);
        pairs.all(|(letter, word)| word.first() == Some(letter))
    };
    letters.len() > 1 && words.windows(letters.len()).any(fits)
}

/// Whether a word was meant that begins so, but for a typing error: a letter too many, too few, another,
/// or two in the wrong order.
fn misspells(chars: &[char], word: &[char]) -> bool {
    let length = chars.len();
    if length < MISSPELLED_FROM {
        return false;
    }
    let errors = if length < TWICE_FROM { 1 } else { 2 };
    let typed: String = chars.iter().collect();
    let longest = word.len().min(length + errors);
    (length.saturating_sub(errors)..=longest).any(|end| {
        let meant: String = word[..end].iter().collect();
        osa_distance(&typed, &meant) <= errors
    })
}

/// The places of what a query finds, the best first, and in their order where they are equally good.
pub fn find(query: &Query, keys: &[&Keys]) -> Vec<usize> {
    let scored = keys.iter().enumerate();
    let mut found: Vec<(u32, usize)> = scored
        .filter_map(|(place, keys)| Some((query.score(keys)?, place)))
        .collect();
    found.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
    found.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests;
