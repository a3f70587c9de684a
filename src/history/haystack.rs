//! What the free text of a filter looks at, and how a word is found in it: at each key in tens of thousands of
//! rows, so most of them must be passed over without being read. Pure.

use std::ops::Range;
use std::rc::Rc;

use memchr::memmem::Finder;

use crate::platform::dom;

/// Which characters a text has, and which pairs of them: whoever lacks a mark of a word lacks the word.
/// The first 64 stand for a byte of ASCII each, the others for pairs of bytes that stand beside each other,
/// of which several share one.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Marks([u64; 5]);

impl Marks {
    fn of(text: &str) -> Marks {
        let mut marks = Marks::default();
        let mut before = None;
        for byte in text.bytes() {
            // No word has a space in it.
            if byte <= b' ' {
                before = None;
                continue;
            }
            if byte.is_ascii() {
                marks.0[0] |= 1 << single(byte);
            }
            if let Some(before) = before.replace(byte) {
                let pair = pair(before, byte);
                marks.0[1 + pair / 64] |= 1 << (pair % 64);
            }
        }
        marks
    }

    fn has(&self, others: &Marks) -> bool {
        let mut all = self.0.iter().zip(&others.0);
        all.all(|(own, other)| own & other == *other)
    }
}

/// The mark of a byte of ASCII. Small letters and digits have it alone where there are no capitals.
fn single(byte: u8) -> u8 {
    byte & 0x1f | (byte & 0x40) >> 1
}

/// The mark of a pair, from 0 to 255.
fn pair(first: u8, second: u8) -> usize {
    let pair = u32::from(first) << 8 | u32::from(second);
    (pair.wrapping_mul(0x9e37_79b1) >> 24) as usize
}

/// A row's text, in lower case. Those of rows that came together lie behind each other in one place, in which
/// they are read faster than in places all over the memory.
#[derive(Clone)]
pub struct Haystack {
    marks: Marks,
    all: Rc<str>,
    own: (usize, usize),
}

impl Haystack {
    /// The text: parts, each in a line.
    #[cfg(test)]
    pub fn text(&self) -> &str {
        &self.all[self.own.0..self.own.1]
    }

    fn bytes(&self) -> &[u8] {
        &self.all.as_bytes()[self.own.0..self.own.1]
    }
}

/// Gathers the texts of rows that come together.
#[derive(Default)]
pub struct Gathering {
    all: String,
    own: Vec<Range<usize>>,
}

impl Gathering {
    /// Adds a part to the text that is begun.
    pub fn add(&mut self, part: &str) {
        self.all.push_str(part);
        self.all.push('\n');
    }

    /// Ends a text and begins the next.
    pub fn end(&mut self) {
        let begun = self.own.last().map_or(0, |last| last.end);
        lower(&mut self.all, begun);
        self.own.push(begun..self.all.len());
    }

    /// All texts that were ended, in their order.
    pub fn haystacks(self) -> impl Iterator<Item = Haystack> {
        let all: Rc<str> = self.all.into();
        self.own.into_iter().map(move |own| Haystack {
            marks: Marks::of(&all[own.clone()]),
            all: all.clone(),
            own: (own.start, own.end),
        })
    }
}

/// Writes what comes from this place on in lower case.
fn lower(text: &mut String, from: usize) {
    // To ask the browser costs more than all else that is done for a row, and Chinese has no case.
    let known = |c: char| c.is_ascii() || ('\u{3000}'..='\u{9fff}').contains(&c);
    match text[from..].chars().all(known) {
        true => text[from..].make_ascii_lowercase(),
        false => {
            let lower = dom::lower_case(&text[from..]);
            text.truncate(from);
            text.push_str(&lower);
        }
    }
}

/// A word that is looked for, in lower case.
pub struct Needle<'a> {
    finder: Finder<'a>,
    marks: Marks,
    /// Whether who has its marks has it.
    sure: bool,
}

impl Needle<'_> {
    /// The needle of a word.
    pub fn of(word: &str) -> Needle<'_> {
        let sure = matches!(word.as_bytes(), [b'a'..=b'z' | b'0'..=b'9']);
        Needle {
            finder: Finder::new(word),
            marks: Marks::of(word),
            sure,
        }
    }

    /// Whether it is in a text.
    pub fn is_in(&self, haystack: &Haystack) -> bool {
        if !haystack.marks.has(&self.marks) {
            return false;
        }
        // A name stands first and is typed from its beginning as a rule.
        let text = haystack.bytes();
        self.sure || text.starts_with(self.finder.needle()) || self.finder.find(text).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn gathered(texts: &[Vec<String>]) -> Vec<Haystack> {
        let mut gathering = Gathering::default();
        for parts in texts {
            parts.iter().for_each(|part| gathering.add(part));
            gathering.end();
        }
        gathering.haystacks().collect()
    }

    #[test]
    fn every_text_is_its_own_and_in_lower_case() {
        let texts = [
            vec!["Berlin".to_string(), "ÄRGER Straße".to_string()],
            vec![],
            vec!["VPC 北京".to_string()],
            vec!["İstanbul ＶＰＣ".to_string()],
        ];
        let read: Vec<String> = gathered(&texts).iter().map(|h| h.text().into()).collect();
        assert_eq!(
            read,
            [
                "berlin\närger straße\n",
                "",
                "vpc 北京\n",
                "i̇stanbul ｖｐｃ\n"
            ]
        );
    }

    /// What is typed and what is stored, with few letters so that much is found.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[aBc1 \u{1}_-]{0,6}",
            "[北京专线aÄİ]{0,4}",
            "[ -~]{0,12}",
            "\\PC{0,6}"
        ]
    }

    proptest! {
        #[test]
        fn a_word_is_found_where_it_is_and_nowhere_else(
            texts in vec(vec(text(), 0..4), 1..6), typed in text(), at: prop::sample::Index, length in 0usize..5,
        ) {
            let haystacks = gathered(&texts);
            // What is there, as well as what may not be.
            let there = haystacks[at.index(haystacks.len())].text().to_string();
            let middle = there.chars().skip(at.index(there.len() + 1)).take(length);
            let typed = typed + " " + &middle.collect::<String>();
            for word in typed.to_lowercase().split_whitespace() {
                let needle = Needle::of(word);
                for haystack in &haystacks {
                    prop_assert_eq!(needle.is_in(haystack), haystack.text().contains(word), "{:?} in {:?}", word, haystack.text());
                }
            }
        }

        #[test]
        fn what_needs_no_browser_is_in_lower_case_as_by_the_tables(text in "[ -~\u{3000}-\u{9fff}]{0,20}") {
            let mut ours = text.clone();
            lower(&mut ours, 0);
            prop_assert_eq!(ours, text.to_lowercase());
        }
    }

    #[test]
    fn few_texts_share_the_marks_of_a_word_that_they_lack() {
        // Ids as the clouds make them, and names of many resources.
        let texts: Vec<Vec<String>> = (0..2_000u64)
            .map(|i| {
                let id = i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                vec![
                    format!("record-{i} of many"),
                    format!("vpc-{id:016x}"),
                    "cn-hangzhou".into(),
                ]
            })
            .collect();
        let haystacks = gathered(&texts);
        for (word, most) in [("record-19", 300), ("berlin", 20), ("北京", 0)] {
            let marks = Marks::of(word);
            let may = haystacks
                .iter()
                .filter(|haystack| haystack.marks.has(&marks))
                .count();
            assert!(may <= most, "{may} for {word}");
        }
    }
}
