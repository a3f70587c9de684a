//! Every target's literals, of any text, read back by the languages themselves.

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::quote;
use super::targets::{go, java, python, terraform, typescript};

/// Texts of the characters that something takes for its own, and of any others.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(
        "'\"\\$`{}%#!&|;<>()[]*?~= \n\r\t\u{1}\u{7f}\u{85}\u{2028}\u{202e}\u{2066}\u{feff}\u{e0041}u0x中א😀-@/"
            .chars()
            .collect::<Vec<_>>(),
    );
    let any = any::<char>().prop_filter("NUL is refused", |c| *c != '\0');
    prop::collection::vec(prop_oneof![4 => odd, 1 => any], 0..24)
        .prop_map(|chars| chars.into_iter().collect())
}

/// Some hundred of them, the same in every run.
fn texts() -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let sample = |_| text().new_tree(&mut runner).expect("a text").current();
    let fixed = [
        "",
        "\\",
        "'",
        "\"",
        "${",
        "$${",
        "$$${",
        "%{",
        "%%{",
        "\\u0041",
        "\\\\u0022",
        "'''",
        "\\'",
        "-n",
        "--x",
    ];
    fixed
        .map(String::from)
        .into_iter()
        .chain((0..600).map(sample))
        .collect()
}

/// What a program prints; `None` without the program on this machine.
fn output(program: &str, args: &[&str], input: &str) -> Option<Vec<u8>> {
    let spawned = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        eprintln!("Nothing is read by {program}: it is not on this machine.");
        return None;
    };
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_string();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("it ran");
    writer.join().expect("no panic").expect("written");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {error}");
    Some(output.stdout)
}

/// Compares what a program read, a JSON list.
fn same_as_json(read: Option<Vec<u8>>, texts: &[String]) {
    let Some(read) = read else {
        return;
    };
    let read: Vec<String> = serde_json::from_slice(&read).expect("a list");
    assert_eq!(read.len(), texts.len());
    for (read, text) in read.iter().zip(texts) {
        assert_eq!(read, text);
    }
}

fn list(texts: &[String], literal: fn(&str) -> String) -> String {
    texts.iter().map(|text| literal(text) + ",\n").collect()
}

#[test]
fn python_reads_its_literals() {
    let texts = texts();
    let program = format!(
        "import json\nprint(json.dumps([{}]))",
        list(&texts, python::literal)
    );
    same_as_json(output("python3", &["-X", "utf8", "-"], &program), &texts);
}

#[test]
fn javascript_reads_typescripts_literals() {
    let texts = texts();
    let program = format!(
        "'use strict'; console.log(JSON.stringify([{}]))",
        list(&texts, typescript::literal)
    );
    same_as_json(output("node", &["-"], &program), &texts);
}

#[test]
fn java_reads_its_literals() {
    let texts = texts();
    let bytes = "for (String s : all) { for (byte b : s.getBytes(java.nio.charset.StandardCharsets.UTF_8)) System.out.write(b); System.out.write(0); } System.out.flush();";
    let items = list(&texts, java::literal);
    let items = items.trim_end_matches(",\n");
    let program = format!("public class Literals {{ public static void main(String[] a) {{ String[] all = {{{items}}}; {bytes} }} }}");
    let folder = std::env::temp_dir().join(format!("tieline-code-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("Literals.java");
    std::fs::write(&file, program).expect("a file");
    let read = output(
        "java",
        &["-Dfile.encoding=UTF-8", file.to_str().expect("UTF-8")],
        "",
    );
    std::fs::remove_dir_all(&folder).expect("removed");
    if let Some(read) = read {
        same_as_words(&read, &texts);
    }
}

fn same_as_words(read: &[u8], texts: &[String]) {
    let read = std::str::from_utf8(read).expect("UTF-8");
    let words: Vec<&str> = read.split('\0').collect();
    assert_eq!(words.len(), texts.len() + 1);
    for (word, text) in words.iter().zip(texts) {
        assert_eq!(word, text);
    }
}

#[test]
fn bash_reads_its_words() {
    let texts = texts();
    let words: String = texts
        .iter()
        .map(|text| format!(" \\\n{}", quote::shell(text)))
        .collect();
    for locale in ["C", "C.UTF-8"] {
        let script = format!("export LC_ALL={locale}\nprintf '%s\\0'{words}\n");
        if let Some(read) = output("bash", &["-s"], &script) {
            same_as_words(&read, &texts);
        }
    }
}

#[test]
fn json_reads_its_strings_within_a_shells() {
    let texts = texts();
    let json: Vec<String> = texts
        .iter()
        .map(|text| format!("\"{}\"", quote::json(text)))
        .collect();
    let json = format!("[{}]", json.join(",").replace('\'', "'\\''"));
    for shell in ["bash", "sh"] {
        same_as_json(
            output(shell, &["-s"], &format!("printf '%s' '{json}'")),
            &texts,
        );
    }
}

#[test]
fn hcl_reads_its_literals() {
    for text in texts() {
        let code = format!("x = {}\n", terraform::literal(&text));
        let read: hcl::Value =
            hcl::from_str(&code).unwrap_or_else(|error| panic!("{error}: {code}"));
        let read = read.as_object().and_then(|o| o["x"].as_str());
        assert_eq!(read, Some(text.as_str()), "{code}");
    }
}

fn hex(chars: &mut std::str::Chars, digits: usize) -> char {
    let digits: String = chars.take(digits).collect();
    let code = u32::from_str_radix(&digits, 16).ok();
    code.and_then(char::from_u32).expect("a character")
}

/// Go's interpreted string literals, as its specification has them.
#[test]
fn gos_literals_are_those_of_its_specification() {
    for text in texts() {
        let literal = go::literal(&text);
        let inner = literal
            .strip_prefix('"')
            .and_then(|l| l.strip_suffix('"'))
            .expect("quoted");
        let mut read = String::new();
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            assert!(c != '"' && c != '\n' && c != '\r', "{literal}");
            read.push(match c {
                '\\' => match chars.next() {
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some('t') => '\t',
                    Some('"') => '"',
                    Some('\\') => '\\',
                    Some('u') => hex(&mut chars, 4),
                    Some('U') => hex(&mut chars, 8),
                    other => panic!("\\{other:?} in {literal}"),
                },
                c => c,
            });
        }
        assert_eq!(read, text);
    }
}

proptest! {
    #[test]
    fn nothing_unseen_stands_in_a_literal(text in text()) {
        let shown = text.replace('\n', "");
        for written in [
            python::literal(&text), typescript::literal(&text), go::literal(&text), java::literal(&text),
            terraform::literal(&text), quote::json(&text), quote::shell(&shown),
        ] {
            prop_assert!(!written.chars().any(quote::unseen), "{written:?}");
        }
    }
}
