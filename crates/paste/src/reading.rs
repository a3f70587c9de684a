//! What a text turns out to be, before and after it is held against the tables.

use alloc::string::String;
use alloc::vec::Vec;

use tieline_catalog::text::{same, t};
use tieline_catalog::{Operation, Raw, Text};

use crate::tree::Pairs;

/// What a text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Nothing that is known.
    Unknown,
    /// An address with its query, or a request as it travels.
    Http,
    /// A curl command.
    Curl,
    /// Alibaba Cloud's command line.
    Aliyun,
    /// Huawei Cloud's command line.
    Hcloud,
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// Terraform.
    Terraform,
    /// A program, or the arguments of a call in one.
    Program,
    /// A form of Tieline, as a link or a file.
    Form,
}

impl Format {
    /// Its name for people.
    pub const fn label(self) -> Text {
        match self {
            Format::Unknown => t("nothing that is known", "无法识别的内容"),
            Format::Http => t("a request", "请求"),
            Format::Curl => same("curl"),
            Format::Aliyun => same("aliyun"),
            Format::Hcloud => same("hcloud"),
            Format::Json => same("JSON"),
            Format::Xml => same("XML"),
            Format::Terraform => same("Terraform"),
            Format::Program => t("a program", "程序代码"),
            Format::Form => t("a form of Tieline", "Tieline 表单"),
        }
    }
}

/// The reason why something was not understood.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// The operation has no such parameter.
    Unknown,
    /// It stands in a variable, or is the result of something.
    Variable,
    /// It is personal, a secret or a token, and came by a way that hands none of these over.
    Withheld,
    /// It has not the shape that the parameter has, or is too much of it.
    Shape,
}

/// What was not understood. Its value is not kept: nobody knows what it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Left {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: Why,
}

/// What was read.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// What the text is.
    pub format: Format,
    /// Whose input it is. Where the text does not say so, it is the operation that was asked for.
    pub operation: &'static Operation,
    /// The input.
    pub raw: Raw,
    /// What was not understood.
    pub left: Vec<Left>,
    /// The operation that the text names, where it is none of the creations here.
    pub stranger: Option<String>,
}

/// What a notation gives, before it is held against the tables.
pub struct Found {
    /// What the text is.
    pub format: Format,
    /// The operation's name, if the text has one.
    pub action: Option<String>,
    /// Names and values; of several such groups the one that fits best is the request.
    pub groups: Vec<Pairs>,
    /// Names and values that count only where nothing else does.
    pub loose: Pairs,
}

impl Found {
    /// Nothing yet.
    pub fn of(format: Format) -> Found {
        Found {
            format,
            action: None,
            groups: Vec::new(),
            loose: Pairs::new(),
        }
    }
}
