//! The registry. An operation is one file here and one line in the list below.

use crate::model::{Entry, Operation};

/// Declares the files and collects their entries, so that a new file is one line.
macro_rules! registry {
    ($($file:ident,)*) => {
        $(pub mod $file;)*

        /// Every entry, in the order of the navigation.
        pub fn entries() -> &'static [&'static Entry] {
            static ENTRIES: &[&Entry] = &[$(&$file::ENTRY),*];
            ENTRIES
        }
    };
}

registry! {
    create_cloud_connect_network,
    create_cen,
    create_express_cloud_connection,
    create_customer_gateway,
    create_cloud_connection,
}

mod shared;

/// Every creation.
pub fn creations() -> impl Iterator<Item = &'static Operation> {
    entries().iter().map(|entry| &entry.create)
}

/// Every operation, creations and reads.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    entries()
        .iter()
        .flat_map(|entry| core::iter::once(&entry.create).chain(entry.reads))
}

/// The operation of that wire name.
pub fn find(name: &str) -> Option<&'static Operation> {
    operations().find(|op| op.name == name)
}
