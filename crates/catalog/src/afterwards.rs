//! What can be done with a created resource: another one like it, and its deletion.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::input::Raw;
use crate::model::{Control, Fill, Kind, Operation, Param, Provider};

/// The input for another resource like the one that this made: all of it but what must be another's own, the
/// client token, the name and what may be there only once.
pub fn another(op: &'static Operation, raw: &Raw) -> Raw {
    let mut like = raw.clone();
    for path in own_paths(op) {
        like.remove(&path);
    }
    like
}

/// The field that is to be filled in first for another one: what may be there only once, or else the name.
pub fn first_own(op: &'static Operation) -> Option<String> {
    let unique = op.simulation()?.unique.map(|(path, _)| path.to_string());
    unique.or_else(|| name_path(op))
}

/// The paths of what no two resources share.
fn own_paths(op: &'static Operation) -> Vec<String> {
    let unique = op.simulation().and_then(|s| s.unique);
    let mut paths = Vec::new();
    paths.extend(op.token.map(str::to_string));
    paths.extend(name_path(op));
    paths.extend(unique.map(|(path, _)| path.to_string()));
    paths
}

/// The path of the resource's name, at the top or one level below.
fn name_path(op: &'static Operation) -> Option<String> {
    let is_name = |param: &&Param| param.name.eq_ignore_ascii_case("name");
    let top = op.params.iter().find(is_name);
    let below = || {
        op.params.iter().find_map(|param| match param.kind {
            Kind::Object(members) => {
                let name = members.iter().find(is_name)?.name;
                Some(format!("{}.{name}", param.name))
            }
            _ => None,
        })
    };
    top.map(|param| param.name.to_string()).or_else(below)
}

/// The command of the vendor's command line that deletes the resource with this id, which was created with
/// these parameters. `None` where no API is known that does it. Every value is one word of a POSIX shell.
pub fn deletion_command(op: &'static Operation, id: &str, params: &Raw) -> Option<String> {
    let deletion = op.afterwards()?.deletion.as_ref()?;
    let given = |control| {
        params
            .get(op.param_with(control)?)
            .filter(|v| !v.is_empty())
    };
    let service = op.service.id;
    let (mut command, account) = match op.service.provider {
        Provider::Alibaba => {
            let region = given(Control::Region).map(|region| ("region", region));
            (format!("aliyun {service} {}", deletion.operation), region)
        }
        Provider::Huawei => {
            let account = given(Control::Account).map(|account| ("cli-domain-id", account));
            let service = service.to_ascii_uppercase();
            (format!("hcloud {service} {}", deletion.operation), account)
        }
    };
    let mut say = |name: &str, value: &str| {
        command += &format!(" --{name}={}", word(value));
    };
    if let Some((name, value)) = account {
        say(name, value);
    }
    for (name, fill) in deletion.params {
        say(
            name,
            match *fill {
                Fill::Const(text) => text,
                Fill::Id => id,
                Fill::Param(path, absent) => params.get(path).unwrap_or(absent),
            },
        );
    }
    say(deletion.id, id);
    Some(command)
}

/// A text as one word of a POSIX shell (POSIX.1-2017, Shell Command Language, 2.2.2).
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_string(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find;
    use crate::model::Source;
    use crate::operations::creations;

    #[test]
    fn another_keeps_everything_but_what_must_be_its_own() {
        for op in creations() {
            let mut raw = Raw::example(op);
            for path in own_paths(op) {
                raw.set(&path, "own");
            }
            let like = another(op, &raw);
            let own = own_paths(op);
            for (path, text) in raw.leaves() {
                let kept = (!own.contains(&path)).then_some(text);
                assert_eq!(like.get(&path), kept, "{} {path}", op.name);
            }
            assert!(
                own.iter().any(|p| name_path(op).as_ref() == Some(p)),
                "{}",
                op.name
            );
            assert_eq!(
                own.contains(&op.token.unwrap_or_default().to_string()),
                op.token.is_some()
            );
        }
    }

    #[test]
    fn what_is_to_be_filled_in_first_is_a_field_of_the_form() {
        for op in creations() {
            let first = first_own(op).expect("a name at least");
            assert!(
                crate::path::is_input_path(op, &first),
                "{} {first}",
                op.name
            );
            assert_eq!(
                another(op, &Raw::example(op)).get(&first),
                None,
                "{}",
                op.name
            );
        }
        let first = |name: &str| first_own(find(name).expect("in the catalog"));
        assert_eq!(first("CreateCustomerGateway").as_deref(), Some("IpAddress"));
        assert_eq!(first("CreateCen").as_deref(), Some("Name"));
        assert_eq!(
            first("CreateCloudConnection").as_deref(),
            Some("cloud_connection.name")
        );
    }

    #[test]
    fn the_command_names_the_resource_where_the_vendor_has_an_api_that_deletes_it() {
        let command = |name: &str, pairs: &[(&str, &str)]| {
            let mut raw = Raw::new();
            for (path, text) in pairs {
                raw.set(path, text);
            }
            deletion_command(find(name).expect("in the catalog"), "id-1", &raw)
        };
        assert_eq!(
            command("CreateCen", &[]).as_deref(),
            Some("aliyun cbn DeleteCen --CenId=id-1")
        );
        assert_eq!(
            command("CreateCustomerGateway", &[("RegionId", "cn-hangzhou")]).as_deref(),
            Some("aliyun vpc DeleteCustomerGateway --region=cn-hangzhou --RegionId=cn-hangzhou --CustomerGatewayId=id-1")
        );
        assert_eq!(
            command("CreateCloudConnection", &[("domain_id", "0123")]).as_deref(),
            Some("hcloud CC DeleteCloudConnection --cli-domain-id=0123 --id=id-1")
        );
        assert_eq!(command("CreateExpressCloudConnection", &[]), None);
    }

    /// Whoever copies it must not run what somebody typed, or an answer held, as a command.
    #[test]
    fn no_value_ends_its_word() {
        assert_eq!(word("cen-0a1b"), "cen-0a1b");
        assert_eq!(word(""), "''");
        assert_eq!(word("a; rm -rf ~"), "'a; rm -rf ~'");
        assert_eq!(word("a'b$(c)`d`"), "'a'\\''b$(c)`d`'");
        let mut raw = Raw::new();
        raw.set("RegionId", "x\n$(reboot)");
        let op = find("CreateCustomerGateway").expect("in the catalog");
        let command = deletion_command(op, "`id`", &raw).expect("a command");
        assert!(
            command.ends_with("--RegionId='x\n$(reboot)' --CustomerGatewayId='`id`'"),
            "{command}"
        );
    }

    #[test]
    fn every_table_of_what_comes_afterwards_is_whole_in_both_languages() {
        for op in creations() {
            let after = op.afterwards().expect("a creation");
            if let Some(next) = after.next.step() {
                assert!(
                    !next.text.en.is_empty() && !next.text.zh.is_empty(),
                    "{}",
                    op.name
                );
            }
            let Some(deletion) = &after.deletion else {
                continue;
            };
            assert!(deletion.operation.starts_with("Delete"), "{}", op.name);
            assert!(
                find(deletion.operation).is_none(),
                "the console deletes nothing"
            );
            // The documents of the creations know no deletion.
            assert!(matches!(deletion.source, Source::Fact(_)), "{}", op.name);
            for (_, fill) in deletion.params {
                if let Fill::Param(path, _) = fill {
                    assert!(crate::path::is_input_path(op, path), "{} {path}", op.name);
                }
            }
        }
    }
}
