//! The letters that the pinyin of a Chinese character begins with.
//!
//! The table is generated: `TIELINE_BLESS=1 cargo test initials` writes it anew from the data of the crate
//! `pinyin`, which is too large for a page.

/// One letter for each character from [`FIRST`] on, in Unicode's order; a dot where there is none.
const TABLE: &str = include_str!("initials.txt");

/// The first character of the table.
const FIRST: u32 = 0x4E00;

/// Common characters that are read in more than one way: their letters, as the console's words need them.
const READ_OTHERWISE: &[(char, &str)] = &[
    ('重', "zc"),
    ('长', "cz"),
    ('行', "hx"),
    ('调', "dt"),
    ('系', "xj"),
    ('藏', "zc"),
    ('解', "jx"),
    ('会', "hk"),
    ('传', "cz"),
    ('弹', "dt"),
    ('参', "cs"),
    ('乐', "ly"),
    ('厦', "xs"),
];

/// The letters with which the pinyin of a character can begin; `None` for what is no Chinese character.
pub fn initials_of(c: char) -> Option<&'static str> {
    let otherwise = READ_OTHERWISE.iter().find(|(own, _)| *own == c);
    if let Some((_, letters)) = otherwise {
        return Some(letters);
    }
    let place = usize::try_from(u32::from(c).checked_sub(FIRST)?).ok()?;
    TABLE.get(place..=place).filter(|letter| *letter != ".")
}

#[cfg(test)]
mod tests {
    use pinyin::{ToPinyin, ToPinyinMulti};

    use super::*;

    /// The last character of the table.
    const LAST: u32 = 0x9FA5;

    fn letter(pinyin: pinyin::Pinyin) -> char {
        pinyin.plain().chars().next().unwrap_or('.')
    }

    #[test]
    fn the_table_is_that_of_the_crate() {
        let table: String = (FIRST..=LAST)
            .filter_map(char::from_u32)
            .map(|c| c.to_pinyin().map_or('.', letter))
            .collect();
        assert!(table.is_ascii());
        if std::env::var_os("TIELINE_BLESS").is_some() {
            std::fs::write("src/search/initials.txt", &table).expect("written");
        }
        assert!(TABLE == table, "src/search/initials.txt is another one");
    }

    #[test]
    fn what_is_read_otherwise_is_read_so() {
        for (c, letters) in READ_OTHERWISE {
            let all = c.to_pinyin_multi().expect("a character");
            let all: Vec<char> = all.into_iter().map(letter).collect();
            for own in letters.chars() {
                assert!(all.contains(&own), "{c} is not read {own}: {all:?}");
            }
        }
        assert_eq!(initials_of('云'), Some("y"));
        for none in ['a', '。', '１', '\u{0}', '\u{10FFFF}'] {
            assert_eq!(initials_of(none), None);
        }
    }
}
