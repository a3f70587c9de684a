//! The whole pinyin of the characters that the regions' names are written with.
//!
//! The table is generated: `TIELINE_BLESS=1 cargo test syllables` writes it anew from the catalog and from the
//! data of the crate `pinyin`, which is too large for a page.

/// One line for each character: the character, and how it is read.
const TABLE: &str = include_str!("syllables.txt");

/// How a character is read; `None` for what is in no region's name.
fn syllable(c: char) -> Option<&'static str> {
    let mut lines = TABLE.lines();
    lines.find_map(|line| line.strip_prefix(c))
}

/// A region's name as it is typed without an input method: `huadong 1 hangzhou` for 华东 1（杭州）.
pub fn spelled(name: &str) -> String {
    let mut spelled = String::new();
    for c in name.chars() {
        match syllable(c) {
            Some(syllable) => spelled.push_str(syllable),
            None if c.is_ascii_alphanumeric() => spelled.push(c),
            None => spelled.push(' '),
        }
    }
    spelled.trim_end().to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use pinyin::{ToPinyin, ToPinyinMulti};
    use tieline_catalog::{creations, Control};

    use super::*;

    /// Characters that the names read otherwise than the crate gives first.
    const READ_OTHERWISE: &[(char, &str)] = &[('都', "du"), ('大', "da"), ('阿', "a")];

    fn written() -> BTreeSet<char> {
        let params = creations().flat_map(|op| op.params);
        let regions = params.filter(|param| param.control == Control::Region);
        let choices = regions.filter_map(|param| param.choices());
        let names = choices.flat_map(|(choices, _)| choices.iter().map(|choice| choice.label.zh));
        let characters = names.flat_map(str::chars);
        characters.filter(|c| c.to_pinyin().is_some()).collect()
    }

    fn read(c: char) -> String {
        let otherwise = READ_OTHERWISE.iter().find(|(own, _)| *own == c);
        let read = match otherwise {
            Some((_, own)) => {
                let mut all = c.to_pinyin_multi().expect("a character").into_iter();
                assert!(
                    all.any(|pinyin| pinyin.plain() == *own),
                    "{c} is not read {own}"
                );
                (*own).to_string()
            }
            None => c.to_pinyin().expect("a character").plain().to_string(),
        };
        // Keyboards have no other key for it.
        read.replace('ü', "v")
    }

    #[test]
    fn the_table_has_every_character_of_the_regions_names_as_it_is_read() {
        let lines = written().into_iter().map(|c| format!("{c}{}\n", read(c)));
        let table: String = lines.collect();
        if std::env::var_os("TIELINE_BLESS").is_some() {
            std::fs::write("src/search/syllables.txt", &table).expect("written");
        }
        assert!(TABLE == table, "src/search/syllables.txt is another one");
    }

    #[test]
    fn a_name_is_spelled_as_it_is_typed() {
        assert_eq!(spelled("华东 1（杭州）"), "huadong 1 hangzhou");
        assert_eq!(spelled("西南 1（成都）"), "xinan 1 chengdu");
        assert_eq!(spelled("阿联酋（迪拜）"), "alianqiu dibai");
        assert_eq!(spelled("澳大利亚（悉尼）"), "aodaliya xini");
        assert_eq!(spelled("菲律宾（马尼拉）"), "feilvbin manila");
        assert_eq!(spelled("中国香港"), "zhongguoxianggang");
        assert_eq!(spelled(""), "");
    }
}
