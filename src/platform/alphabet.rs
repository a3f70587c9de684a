//! The order of texts in a language. The browser has the tables for it, so that the page need not.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The places of these texts, of which no two are equal, in the order of a language: Chinese by its pinyin,
/// numbers in a text by their value.
pub fn order(texts: &[&str], lang: &str) -> Vec<usize> {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_cached_key(|at| (natural(texts[*at]), texts[*at]));
    // Of plain letters and digits every language thinks alike, and this is many times faster.
    if cfg!(not(target_family = "wasm")) || texts.iter().all(|text| text.is_ascii()) {
        return order;
    }
    by_browser(texts, &order, lang).unwrap_or(order)
}

/// What compares as a text does: letters in either case alike, and a number by its length first.
fn natural(text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(text.len() + 4);
    let mut rest = text.as_bytes();
    while let Some(first) = rest.first() {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            key.push(first.to_ascii_lowercase());
            rest = &rest[1..];
            continue;
        }
        let (number, after) = rest.split_at(digits);
        let zeros = number.iter().take_while(|digit| **digit == b'0').count();
        let number = &number[zeros..];
        // A number stands where its first digit would.
        key.extend([b'0', u8::try_from(number.len()).unwrap_or(u8::MAX)]);
        key.extend(number);
        rest = after;
    }
    key
}

fn by_browser(texts: &[&str], order: &[usize], lang: &str) -> Option<Vec<usize>> {
    let intl = Reflect::get(&web_sys::window()?.into(), &"Intl".into()).ok()?;
    let make = function(&intl, "Collator")?;
    // The extension `kn` of a language's name asks for numbers by their value.
    let collator = make.call1(&intl, &format!("{lang}-u-kn").into()).ok()?;
    let compare = function(&collator, "compare")?;
    let all = Array::new();
    for at in order {
        all.push(&JsValue::from_str(texts[*at]));
    }
    function(&all, "sort")?.call1(&all, &compare).ok()?;
    let places: std::collections::HashMap<&str, usize> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| (*text, at))
        .collect();
    let names = all.iter().filter_map(|text| text.as_string());
    let sorted: Vec<usize> = names
        .filter_map(|text| places.get(text.as_str()).copied())
        .collect();
    (sorted.len() == texts.len()).then_some(sorted)
}

fn function(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_by_their_value_and_case_does_not() {
        let texts = ["vpc-10", "VPC-9", "vpc-2", "", "a", "vpc-010b", "vpc-"];
        assert_eq!(
            order(&texts, "en")
                .into_iter()
                .map(|at| texts[at])
                .collect::<Vec<_>>(),
            ["", "a", "vpc-", "vpc-2", "VPC-9", "vpc-10", "vpc-010b"]
        );
    }
}
