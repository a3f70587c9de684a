use proptest::prelude::*;
use tieline_catalog::operations::operations;

use super::*;

/// The names of operations and their parameters in both languages, one for each.
fn named() -> Vec<[&'static str; 3]> {
    let ops = operations().map(|op| [op.name, op.title.en, op.title.zh]);
    let params = operations().flat_map(|op| op.params);
    ops.chain(params.map(|p| [p.name, p.label.en, p.label.zh]))
        .collect()
}

fn found(query: &str, keys: &[Keys]) -> Vec<usize> {
    let keys: Vec<&Keys> = keys.iter().collect();
    find(&Query::new(query), &keys)
}

fn all() -> (Vec<[&'static str; 3]>, Vec<Keys>) {
    let names = named();
    let keys = names.iter().map(|names| Keys::new(*names)).collect();
    (names, keys)
}

#[test]
fn everything_is_found_by_each_of_its_names_and_by_their_initials_before_what_fits_less() {
    let (names, keys) = all();
    for (place, own) in names.iter().enumerate() {
        for name in own {
            let found = found(name, &keys);
            let first = found.first().expect("something");
            assert!(found.contains(&place), "{name}");
            // Others can have the same name; none that has it not comes before.
            assert!(
                names[*first].iter().any(|n| n.eq_ignore_ascii_case(name)),
                "{name}"
            );
        }
        let initials: String = own[2]
            .chars()
            .filter_map(initials_of)
            .filter_map(|initials| initials.chars().next())
            .collect();
        if initials.len() > 1 {
            assert!(
                found(&initials, &keys).contains(&place),
                "{} by {initials}",
                own[2]
            );
        }
    }
}

#[test]
fn pinyin_initials_know_the_words_of_the_console() {
    for (zh, initials) in [
        ("云企业网实例", "yqy"),
        ("用户网关", "yhwg"),
        ("高速上云服务", "gssy"),
        ("错误中心", "cwzx"),
        ("历史记录", "lsjl"),
        ("设置", "sz"),
        ("重新发送", "cxfs"),
        ("重庆", "cq"),
        ("银行", "yh"),
        ("长度", "cd"),
        ("调用", "dy"),
    ] {
        let keys = [Keys::new([zh])];
        assert_eq!(found(initials, &keys), [0], "{zh}");
        assert_eq!(found("zzq", &keys), Vec::<usize>::new(), "{zh}");
    }
    let keys = [Keys::new(["Cloud Connect Network"])];
    assert_eq!(found("ccn", &keys), [0]);
    assert_eq!(found("ncc", &keys), Vec::<usize>::new());
}

#[test]
fn nothing_asked_finds_everything_in_order() {
    let (names, keys) = all();
    let everything: Vec<usize> = (0..names.len()).collect();
    assert_eq!(found("  ", &keys), everything);
    assert_eq!(found("zqxjkvbw", &keys), Vec::<usize>::new());
}

/// A word with one typing error.
fn misspelled(word: &[char], kind: usize, at: usize, letter: char) -> String {
    let mut word = word.to_vec();
    let (at, last) = (at % word.len(), word.len() - 1);
    match kind {
        0 => drop(word.remove(at)),
        1 => word.insert(at, letter),
        2 => word[at] = letter,
        _ => word.swap(at, (at + 1).min(last)),
    }
    word.into_iter().collect()
}

proptest! {
    #[test]
    fn one_typing_error_is_forgiven(nth in any::<prop::sample::Index>(), kind in 0..4_usize, at in 0..40_usize, letter in prop::char::range('a', 'z')) {
        let (_, keys) = all();
        let long = |word: &&Vec<char>| word.len() > MISSPELLED_FROM && word.iter().all(char::is_ascii_alphabetic);
        let place = nth.index(keys.len());
        for word in keys[place].words.iter().filter(long) {
            let typed = misspelled(word, kind, at, letter);
            prop_assert!(found(&typed, &keys).contains(&place), "{} for {:?}", typed, word);
        }
    }

    #[test]
    fn what_a_word_begins_with_finds_it(nth in any::<prop::sample::Index>(), length in 1..20_usize) {
        let (_, keys) = all();
        let place = nth.index(keys.len());
        for word in &keys[place].words {
            let start: String = word.iter().take(length).collect();
            prop_assert!(found(&start, &keys).contains(&place), "{}", start);
        }
    }

    #[test]
    fn another_word_finds_no_more(first in ".{0,8}", second in ".{0,8}") {
        let (_, keys) = all();
        let (fewer, more) = (found(&format!("{first} {second}"), &keys), found(&first, &keys));
        prop_assert!(fewer.iter().all(|place| more.contains(place)));
    }

    #[test]
    fn any_names_and_any_query_are_matched_without_a_panic(names in prop::collection::vec(any::<String>(), 0..4), query in any::<String>()) {
        let keys = Keys::new(names.iter().map(String::as_str));
        let _ = Query::new(&query).score(&keys);
        for name in names.iter().filter(|name| name.chars().any(char::is_alphanumeric)) {
            let all_of_it = Query::new(name);
            prop_assert!(all_of_it.score(&keys).is_some(), "{:?}", name);
        }
    }
}
