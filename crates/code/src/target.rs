//! What code is made for.

use alloc::format;
use alloc::string::String;

use tieline_catalog::text::{same, t, Text};
use tieline_catalog::Operation;

use crate::names;

/// What code is made for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A shell command that asks the Tieline proxy.
    Curl,
    /// Python with the vendor's SDK.
    Python,
    /// TypeScript with the vendor's SDK.
    TypeScript,
    /// Go with the vendor's SDK.
    Go,
    /// Java with the vendor's SDK.
    Java,
    /// Alibaba Cloud's command line.
    Aliyun,
    /// Huawei Cloud's command line, KooCLI.
    Hcloud,
    /// A resource of the vendor's provider for Terraform.
    Terraform,
}

impl Target {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Target; 8] = [
        Target::Curl,
        Target::Python,
        Target::TypeScript,
        Target::Go,
        Target::Java,
        Target::Aliyun,
        Target::Hcloud,
        Target::Terraform,
    ];

    /// Its name in the API: `typescript`.
    pub const fn name(self) -> &'static str {
        match self {
            Target::Curl => "curl",
            Target::Python => "python",
            Target::TypeScript => "typescript",
            Target::Go => "go",
            Target::Java => "java",
            Target::Aliyun => "aliyun",
            Target::Hcloud => "hcloud",
            Target::Terraform => "terraform",
        }
    }

    /// The target of that name.
    pub fn find(name: &str) -> Option<Target> {
        Target::ALL.into_iter().find(|target| target.name() == name)
    }

    /// Its name for people.
    pub const fn label(self) -> Text {
        match self {
            Target::Curl => t("curl, to the proxy", "curl（发往代理）"),
            Target::Python => same("Python"),
            Target::TypeScript => same("TypeScript"),
            Target::Go => same("Go"),
            Target::Java => same("Java"),
            Target::Aliyun => same("aliyun"),
            Target::Hcloud => same("hcloud"),
            Target::Terraform => same("Terraform"),
        }
    }

    /// The name of a file with the code. A Java file bears its class's name.
    pub fn file_name(self, operation: &Operation) -> String {
        let ending = match self {
            Target::Java => return format!("{}.java", operation.name),
            Target::Curl | Target::Aliyun | Target::Hcloud => "sh",
            Target::Python => "py",
            Target::TypeScript => "ts",
            Target::Go => "go",
            Target::Terraform => "tf",
        };
        format!("{}.{ending}", names::words(operation.name).join("_"))
    }
}
