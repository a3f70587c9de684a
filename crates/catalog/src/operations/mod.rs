//! The registry. An operation is one file here and one line in the list below.

use crate::model::{Entry, Operation};

/// Declares the files and collects their entries, so that a new file is one line. The creations stand in
/// a list of their own, which leads to no read: a page shows its forms before it has the rest.
macro_rules! registry {
    ($($file:ident,)*) => {
        $(pub mod $file;)*

        /// Every entry, in the order of the navigation.
        pub fn entries() -> &'static [&'static Entry] {
            static ENTRIES: &[&Entry] = &[$(&$file::ENTRY),*];
            ENTRIES
        }

        static CREATIONS: &[Operation] = &[$($file::ENTRY.create),*];
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
    CREATIONS.iter()
}

/// Every operation, creations and reads.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    let reads = entries().iter().map(|entry| entry.reads);
    creations()
        .zip(reads)
        .flat_map(|(create, reads)| core::iter::once(create).chain(reads))
}

/// The operation of that wire name.
pub fn find(name: &str) -> Option<&'static Operation> {
    operations().find(|op| op.name == name)
}
