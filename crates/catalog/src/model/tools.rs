//! The names of an operation in its vendor's tools, as data: what does not follow by a rule.

/// Names in the vendor's tools. They belong to an [`Entry`](super::operation::Entry) and not to its
/// operation, so that a page shows its forms before it has them.
pub struct Tools {
    /// The package of the product's SDK for Go, with its major version; `None` where there is none.
    pub go: Option<&'static str>,
    /// Whether npm has the product's SDK.
    pub npm: bool,
    /// The resource of the vendor's provider for Terraform, if it has one.
    pub terraform: Option<Terraform>,
}

impl Tools {
    /// No names.
    pub const NONE: Tools = Tools {
        go: None,
        npm: false,
        terraform: None,
    };
}

/// A resource of a provider for Terraform.
pub struct Terraform {
    /// Its type: `alicloud_cen_instance`.
    pub resource: &'static str,
    /// Its arguments: the wire path of a parameter (a list's without its items) and the argument's name.
    pub arguments: &'static [(&'static str, &'static str)],
}
