//! Resources that exist, as `import` blocks with which Terraform takes them over.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use tieline_catalog::model::{Control, Operation, Provider, Terraform};
use tieline_catalog::operations::entries;
use tieline_catalog::text::{t, Lang};
use tieline_catalog::Raw;

use crate::targets::terraform::literal;
use crate::writer::Writer;

/// A resource that exists.
#[derive(Clone, PartialEq, Debug)]
pub struct Import {
    /// What makes such a resource.
    pub op: &'static Operation,
    /// Its parameters as far as they are known; of them the region and the account are used.
    pub params: Raw,
    /// Its id.
    pub id: String,
}

/// A provider's configuration: whose cloud, which region, which account.
type Place = (&'static str, Option<String>, Option<String>);

const HEAD: [tieline_catalog::Text; 2] = [
    t(
        "Resources that exist already, for Terraform 1.5 or later to take over.",
        "已存在的资源，由 Terraform 1.5 或更高版本接管。",
    ),
    t(
        "This writes their configuration, as they are now:",
        "以下命令按资源现状生成其配置：",
    ),
];

/// The file with an `import` block for each of these, and how many are not in it: those of which the vendor's
/// provider knows no such resource. What Terraform is to know of them beside the id it reads itself: whatever
/// stood here and not there would be changed.
pub fn imports(all: &[Import], lang: Lang) -> (String, usize) {
    let known: Vec<(&Import, &Terraform)> = all
        .iter()
        .filter_map(|import| Some((import, terraform(import.op)?)))
        .collect();
    let places = places(known.iter().map(|(import, _)| *import));
    let providers: BTreeSet<&str> = places.iter().map(|(provider, ..)| *provider).collect();
    let mut out = Writer::new("  ");
    for line in HEAD {
        out.pieces(&["# ", line.get(lang)]);
    }
    out.line("# terraform plan -generate-config-out=resources.tf");
    out.block("terraform {", "}", |out| {
        out.block("required_providers {", "}", |out| {
            for provider in &providers {
                let source = match *provider {
                    "alicloud" => "aliyun/alicloud",
                    _ => "huaweicloud/huaweicloud",
                };
                out.block(&format!("{provider} = {{"), "}", |out| {
                    out.line(&format!("source = \"{source}\""));
                });
            }
        });
    });
    for (at, (provider, region, account)) in places.iter().enumerate() {
        out.line("");
        out.block(&format!("provider \"{provider}\" {{"), "}", |out| {
            if let Some(alias) = alias(&places, at) {
                out.line(&format!("alias = {}", literal(&alias)));
            }
            for (name, value) in [("region", region), ("domain_id", account)] {
                if let Some(value) = value {
                    out.line(&format!("{name} = {}", literal(value)));
                }
            }
        });
    }
    let mut labels = BTreeSet::new();
    for (import, terraform) in &known {
        let resource = terraform.resource;
        let label = label(&import.id, |label| {
            labels.insert(format!("{resource}.{label}"))
        });
        let of = place(import);
        let at = places.iter().position(|other| *other == of);
        // What has no region of its own is read through any.
        let same = |other: &Place| other.0 == of.0 && other.2 == of.2;
        let at = at.or_else(|| places.iter().position(same));
        out.line("");
        out.block("import {", "}", |out| {
            if let Some(alias) = at.and_then(|at| alias(&places, at)) {
                out.line(&format!("provider = {}.{alias}", of.0));
            }
            out.line(&format!("to = {resource}.{label}"));
            out.line(&format!("id = {}", literal(&import.id)));
        });
    }
    (out.end(), all.len() - known.len())
}

fn terraform(op: &Operation) -> Option<&'static Terraform> {
    let entry = entries().iter().find(|entry| entry.create == *op)?;
    entry.tools.terraform.as_ref()
}

fn place(import: &Import) -> Place {
    let provider = match import.op.service.provider {
        Provider::Alibaba => "alicloud",
        Provider::Huawei => "huaweicloud",
    };
    let given = |control| {
        let text = import.params.get(import.op.param_with(control)?)?;
        Some(text.to_string()).filter(|text| !text.is_empty())
    };
    (provider, given(Control::Region), given(Control::Account))
}

/// The providers' configurations that these need, each once. One without a region is needed only where there is
/// none with one.
fn places<'a>(all: impl Iterator<Item = &'a Import>) -> Vec<Place> {
    let all: BTreeSet<Place> = all.map(place).collect();
    let regional = |place: &Place| {
        let mut others = all.iter();
        others.any(|other| other.0 == place.0 && other.2 == place.2 && other.1.is_some())
    };
    let needed = all
        .iter()
        .filter(|place| place.1.is_some() || !regional(place));
    needed.cloned().collect()
}

/// What tells a provider's configuration from its others; the first has no alias.
fn alias(places: &[Place], at: usize) -> Option<String> {
    let (provider, region, account) = places.get(at)?;
    let first = places.iter().position(|(other, ..)| other == provider);
    if first == Some(at) {
        return None;
    }
    let parts: Vec<&str> = [region, account]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let wanted = identifier(&parts.join("_"));
    let same = |place: &&Place| {
        let (other, region, account) = place;
        let parts = [region, account].into_iter().flatten();
        let parts: Vec<&str> = parts.map(String::as_str).collect();
        other == provider && identifier(&parts.join("_")) == wanted
    };
    match places[..at].iter().filter(same).count() {
        0 => Some(wanted),
        before => Some(format!("{wanted}_{}", before + 1)),
    }
}

/// A label for a resource of this id; `is_free` takes it, or says that another has it.
fn label(id: &str, mut is_free: impl FnMut(&str) -> bool) -> String {
    let wanted = identifier(id);
    let numbered = (2..).map(|n| format!("{wanted}_{n}"));
    let mut all = core::iter::once(wanted.clone()).chain(numbered);
    // One of them is free: there are as many as one likes.
    all.find(|label| is_free(label)).unwrap_or(wanted)
}

/// The text as an identifier of HCL.
fn identifier(text: &str) -> String {
    let plain = text.chars().map(|c| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' => c,
        _ => '_',
    });
    let plain: String = plain.collect();
    match plain.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => plain,
        false => format!("r_{plain}"),
    }
}

#[cfg(test)]
mod tests;
