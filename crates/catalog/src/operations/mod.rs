//! The registry. An operation is one file here and one line in the list below.

use crate::model::{
    Afterwards, Entry, ErrorCode, Link, Operation, Permission, ReadBack, ResponseSchema,
    Simulation, Source,
};

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
    creations().zip(reads).flat_map(|(create, reads)| {
        core::iter::once(create).chain(reads.iter().map(|read| &read.operation))
    })
}

/// The operation of that wire name.
pub fn find(name: &str) -> Option<&'static Operation> {
    operations().find(|op| op.name == name)
}

/// What stands in an operation's entry and not in itself.
impl Operation {
    /// The entry of a creation; `None` for reads.
    fn entry(&self) -> Option<&'static Entry> {
        entries()
            .iter()
            .copied()
            .find(|entry| entry.create == *self)
    }

    /// The success answer.
    pub fn response(&self) -> &'static ResponseSchema {
        let of_a_read = || {
            let mut reads = entries().iter().flat_map(|entry| entry.reads);
            reads.find(|read| read.operation == *self)
        };
        match self.entry() {
            Some(entry) => &entry.response,
            None => of_a_read().map_or(&shared::READ_RESPONSE, |read| &read.response),
        }
    }

    /// The documented error codes.
    pub fn errors(&self) -> &'static [ErrorCode] {
        self.entry().map_or(&[], |entry| entry.errors)
    }

    /// The vendor's own list of all codes.
    pub fn error_list(&self) -> Option<&'static Link> {
        self.entry()?.error_list.as_ref()
    }

    /// What the document says at a cited line, in its own words.
    pub fn quote(&self, source: &Source) -> Option<&'static str> {
        let (Source::Line(line) | Source::Lines(line, _)) = *source else {
            return None;
        };
        let mut quotes = self.entry()?.quotes.iter();
        quotes.find(|(at, _)| *at == line).map(|(_, text)| *text)
    }

    /// The vendor's public page of the API.
    pub fn page(&self) -> Option<&'static Link> {
        Some(&self.entry()?.page)
    }

    /// The permission that an account needs, where the document says so.
    pub fn permission(&self) -> Option<&'static Permission> {
        self.entry()?.permission.as_ref()
    }

    /// The document's request and response examples, which no page carries.
    pub fn examples(&self) -> &'static [crate::model::DocExample] {
        self.entry().map_or(&[], |entry| entry.examples.get())
    }

    /// The reads of a created resource's status. `None` for reads.
    pub fn read_back(&self) -> Option<&'static ReadBack> {
        self.entry().map(|entry| &entry.read_back)
    }

    /// Its simulation by the sandbox. `None` for reads, which follow from their creation.
    pub fn simulation(&self) -> Option<&'static Simulation> {
        self.entry().map(|entry| &entry.simulation)
    }

    /// What can be done with the resource once it is there. `None` for reads.
    pub fn afterwards(&self) -> Option<&'static Afterwards> {
        self.entry().map(|entry| &entry.afterwards)
    }
}
