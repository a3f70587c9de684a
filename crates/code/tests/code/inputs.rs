//! Requests for every operation, made from its tables: with as little as it takes, with everything, and with
//! values that break code which does not quote them.

use std::iter::once;

use tieline_catalog::model::{Control, Example, Privacy};
use tieline_catalog::path::{find_param, join};
use tieline_catalog::{check, Kind, Operation, Param, Parsed, Raw};

/// Everything that means something to a shell, to a program or to whoever looks at it: quotes, a backslash,
/// expansions and templates, comments, line ends, an emoji of several characters, Chinese, right-to-left
/// letters, and characters that turn the order of their neighbours around.
pub const HOSTILE: &str = "it's \"q\" \\n\\ $HOME ${a} $${b} %{c} $(id) `id` !1 #{d} // */ -- ; & | * ~\r\n\t👩‍💻 中文 עברית \u{202e}x\u{2066}y\u{feff}\u{1}=";

/// The account of the sandbox server, which its own SDK asks it for.
pub const ACCOUNT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

/// A kind of request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Variant {
    /// What is required.
    Minimal,
    /// Everything.
    Full,
    /// Everything, as hostile as the operation's rules allow.
    Hostile,
}

/// All of them.
pub const VARIANTS: [Variant; 3] = [Variant::Minimal, Variant::Full, Variant::Hostile];

impl Variant {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Variant::Minimal => "minimal",
            Variant::Full => "full",
            Variant::Hostile => "hostile",
        }
    }
}

/// A request that breaks no rule.
pub fn input(op: &'static Operation, variant: Variant) -> Parsed {
    let mut raw = Raw::new();
    fill(op, &mut raw, op.params, "", variant);
    let report = check(op, &raw);
    let errors: Vec<_> = report.errors().collect();
    assert!(errors.is_empty(), "{} {variant:?}: {errors:?}", op.name);
    report.valid().expect("no errors").parsed().clone()
}

/// The environment variables that the code for a request reads, with the request's own private values.
pub fn variables(parsed: &Parsed) -> Vec<(String, String)> {
    let private = |name: &str| {
        let param = find_param(parsed.operation().params, name);
        param.is_some_and(|param| param.privacy != Privacy::Public)
    };
    let values = parsed.values().iter();
    let values = values.filter(|(name, _)| private(name));
    values
        .filter_map(|(name, value)| Some((variable(name), value.text()?)))
        .collect()
}

/// `ContactTel` is `CONTACT_TEL`.
fn variable(name: &str) -> String {
    if name == "IDCardNo" {
        return "ID_CARD_NO".into();
    }
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        let small = i > 0 && name.as_bytes()[i - 1].is_ascii_lowercase();
        if c.is_ascii_uppercase() && small {
            out.push('_');
        }
        out.push(if c == '-' {
            '_'
        } else {
            c.to_ascii_uppercase()
        });
    }
    out
}

fn fill(op: &'static Operation, raw: &mut Raw, params: &[Param], path: &str, variant: Variant) {
    for param in params {
        if variant == Variant::Minimal && !param.required {
            continue;
        }
        let here = join(path, param.name);
        match param.kind {
            Kind::Object(members) => fill(op, raw, members, &here, variant),
            Kind::List { item, .. } => {
                for n in 1..=2 {
                    let here = join(&here, &n.to_string());
                    match item.kind {
                        Kind::Object(members) => fill(op, raw, members, &here, variant),
                        _ => set(op, raw, item, &here, variant),
                    }
                }
            }
            _ => set(op, raw, param, &here, variant),
        }
    }
}

/// Sets the first value that the rules allow.
fn set(op: &'static Operation, raw: &mut Raw, param: &Param, path: &str, variant: Variant) {
    let example = match param.example {
        Example::Usable(example) if !example.is_empty() => Some(example.to_string()),
        _ => None,
    };
    let known = [
        "sandbox-token",
        "o'neil@example.com",
        "+86 138-0013-8000",
        "11010519491231002X",
        "ecc-1",
    ];
    let known = known.map(String::from);
    let ordinary = matches!(param.control, Control::Account | Control::Region)
        || param.privacy != Privacy::Public
        || !matches!(param.kind, Kind::Text);
    let hostile = [
        HOSTILE.to_string(),
        format!("A{HOSTILE}"),
        format!("楼{HOSTILE}"),
        HOSTILE.replace(['<', '>'], ""),
        HOSTILE.chars().filter(char::is_ascii).collect(),
        HOSTILE.chars().filter(|c| c.is_ascii_graphic()).collect(),
        "-中文.-_".into(),
        "中文-._x".into(),
    ];
    let unique = |text: String| match path.contains(".2.") {
        // Keys of a list differ from each other.
        true => text.replacen(|_: char| true, "2", 1),
        false => text,
    };
    let candidates: Vec<String> = match variant {
        Variant::Hostile if !ordinary => hostile.into_iter().chain(example).map(unique).collect(),
        _ if param.control == Control::Account => vec![ACCOUNT.into()],
        _ if param.privacy == Privacy::Public => {
            let rest = known.into_iter().rev();
            example
                .into_iter()
                .chain(once("text".into()))
                .chain(rest)
                .map(unique)
                .collect()
        }
        _ => known.into(),
    };
    let before = errors(op, raw, path);
    for text in candidates {
        let mut tried = raw.clone();
        assert!(tried.set(path, &text), "{path}");
        if errors(op, &tried, path) == 0 {
            *raw = tried;
            return;
        }
    }
    panic!("{}: nothing fits {path} ({before} errors before)", op.name);
}

fn errors(op: &'static Operation, raw: &Raw, path: &str) -> usize {
    let report = check(op, raw);
    let top = path.split('.').next().unwrap_or(path).to_string();
    let own = |at: &str| at == path || at == top;
    report.errors().filter(|v| own(&v.parameter)).count()
}
