//! Looking for the resource of a lost request, and taking it over.

use alloc::string::String;
use alloc::vec::Vec;

use tieline_catalog::answer::{Found, Item};

use super::Record;
use crate::event::{Search, What};

impl Record {
    /// Notes that its resource was looked for, what was found, and whether that is all: what was not looked at may
    /// have it, so nobody has looked then. `signer`: whose keys looked, if that is known.
    pub fn looked_up(
        &mut self,
        by: Search,
        (found, whole): (&Found, bool),
        signer: Option<&str>,
        now: u64,
    ) {
        let (found, failed) = match found {
            Found::Items(items) => (items.iter().map(|item| item.id.clone()).collect(), !whole),
            Found::Refused(_) => (Vec::new(), true),
        };
        let look_up = What::LookUp {
            by,
            found,
            failed,
            signer: signer.map(String::from),
        };
        self.append(&look_up, now);
    }

    /// Whether its resource was looked for since the last request left, at a time when it would have been seen,
    /// or the user has said that they looked.
    pub fn is_looked_up(&self) -> bool {
        crate::fold::is_looked_up(&self.timeline())
    }

    /// Takes over a resource that the user chose, in a sandbox or not. `signer`: whose keys showed it; where that is
    /// not known, those of the last look-up that found it.
    pub fn adopt(&mut self, item: &Item, simulated: bool, signer: Option<&str>, now: u64) {
        let signer = signer.map(String::from);
        let signer = signer.or_else(|| self.signer_of(Some(&item.id)));
        let status = self.status_of(item);
        let id = item.id.clone();
        let adopted = What::Adopted {
            id,
            status,
            simulated,
            endpoint: None,
            made: None,
            signer,
        };
        self.append(&adopted, now);
    }
}
