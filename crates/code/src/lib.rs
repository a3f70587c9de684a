//! Code for a request: the same values as a program, a command line or a Terraform file; and [`imports`],
//! Terraform's `import` blocks of what exists.
//!
//! [`generate`] is pure and reads the catalog's tables only; nothing here names an operation. What does not
//! follow from them by a rule is in [`tieline_catalog::model::Tools`]. Access keys, tokens and personal data
//! stand in no code: it reads them from the environment.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod comments;
mod context;
mod imports;
mod names;
mod plan;
mod quote;
mod target;
mod targets;
mod writer;

use alloc::string::String;

use tieline_catalog::Parsed;

pub use context::{Context, Unavailable};
pub use imports::{imports, Import};
pub use target::Target;

use plan::Plan;

/// The code that sends these values, or declares what they create. Values of a draft can be given too: the
/// code is then the best that can be shown of it.
///
/// # Errors
/// The target cannot express the request.
pub fn generate(parsed: &Parsed, target: Target, context: &Context) -> Result<String, Unavailable> {
    let plan = Plan::new(parsed, context)?;
    match target {
        Target::Curl => Ok(targets::curl::code(&plan)),
        Target::Python => Ok(targets::python::code(&plan)),
        Target::TypeScript => Ok(targets::typescript::code(&plan)),
        Target::Go => targets::go::code(&plan),
        Target::Java => Ok(targets::java::code(&plan)),
        Target::Aliyun => targets::aliyun::code(&plan),
        Target::Hcloud => targets::hcloud::code(&plan),
        Target::Terraform => targets::terraform::code(&plan),
    }
}

#[cfg(test)]
mod tests;
