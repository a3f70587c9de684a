//! Finding the resource of a request whose answer was lost, and what speaks for each candidate.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::answer::{fill, filled, read_by_name, Item};
use crate::check::{check, Valid};
use crate::input::Raw;
use crate::model::{Field, FieldValue, Fill, Operation, Paging, Way, Zone};
use crate::path::param_at;

/// The most pages of a list that are read: beyond that a person looks better elsewhere.
pub const MAX_PAGES: u32 = 20;

/// How far a resource's time may be from a request's for it to be its own, in milliseconds: clocks differ, and
/// the clouds tell no milliseconds.
pub const NEAR_MS: u64 = 10 * 60 * 1_000;

/// The pages of a list.
#[derive(Clone, PartialEq, Debug)]
pub struct Pages {
    first: Valid,
    paging: Paging,
    /// The items of a full page.
    size: usize,
}

impl Pages {
    /// Those of everything that an account has of what `create` makes, where `scope` has the region and the
    /// account that the list wants. `None` when the API has no such list, or the scope does not suffice.
    pub fn of_all(create: &'static Operation, scope: &Raw) -> Option<Pages> {
        let listing = create.read_back()?.all.as_ref()?;
        let first = fill(listing.operation, listing.params, "", scope)?;
        Pages::from(first, listing.paging)
    }

    /// Those of what has the name in `params`. `None` when the API cannot look for one, or none was given.
    pub fn of_name(create: &'static Operation, params: &Raw) -> Option<Pages> {
        // It is the same read with a filter.
        let listing = create.read_back()?.all.as_ref()?;
        let first = read_by_name(create, params)?;
        Pages::from(first, listing.paging)
    }

    fn from(first: Valid, paging: Paging) -> Option<Pages> {
        let (Paging::Number { size, .. } | Paging::Marker { size, .. }) = paging;
        let size = first.parsed().get(size)?.parse().ok()?;
        Some(Pages {
            first,
            paging,
            size,
        })
    }

    /// The read of the first page.
    pub fn first(&self) -> Valid {
        self.first.clone()
    }

    /// The read of the page after number `page`, from 1, which had these items. `None` after the last one.
    pub fn after(&self, page: u32, items: &[Item]) -> Option<Valid> {
        let last = items.last().filter(|_| items.len() >= self.size)?;
        let mut raw = self.first.parsed().to_raw();
        match self.paging {
            Paging::Number { number, .. } => raw.set(number, &(page + 1).to_string()),
            Paging::Marker { marker, .. } => raw.set(marker, &last.id),
        };
        check(self.first.parsed().operation(), &raw).valid().ok()
    }
}

/// A look for the resource of a request whose answer was lost.
#[derive(Clone, PartialEq, Debug)]
pub enum LookUp {
    /// By its name, which others may have as well, and of which a cloud's filter may take a part for the whole.
    Name(Pages),
    /// Among all there are, by the address that an item must have.
    Address(Pages, Address),
}

/// An address that an item must have.
#[derive(Clone, PartialEq, Debug)]
pub struct Address {
    field: &'static str,
    value: String,
}

/// How what `create` may have made with `params` is looked for, by the surest way that has what it needs.
/// `None` when only the vendor's console can tell.
pub fn look_up(create: &'static Operation, params: &Raw) -> Option<LookUp> {
    let ways = create.read_back()?.reconcile.ways;
    ways.iter().find_map(|way| match way {
        // Nothing is looked for: the request itself is sent again.
        Way::Replay => None,
        Way::NameAndTime => Some(LookUp::Name(Pages::of_name(create, params)?)),
        Way::RegionAndAddress { address } => {
            let value = params.get(address).filter(|value| !value.is_empty())?;
            let pages = Pages::of_all(create, params)?;
            let fields = item_fields(pages.first.parsed().operation());
            let echoes = |field: &&Field| field.value == FieldValue::Echo(address);
            let field = fields.iter().find(echoes)?.path;
            let value = value.to_string();
            Some(LookUp::Address(pages, Address { field, value }))
        }
    })
}

impl LookUp {
    fn pages(&self) -> &Pages {
        match self {
            LookUp::Name(pages) | LookUp::Address(pages, _) => pages,
        }
    }

    /// The first read.
    pub fn first(&self) -> Valid {
        self.pages().first()
    }

    /// Those that it looks for.
    pub fn candidates(&self, items: Vec<Item>) -> Vec<Item> {
        let is_it = |item: &Item| match self {
            LookUp::Name(_) => true,
            LookUp::Address(_, address) => value(item, address.field) == Some(&address.value),
        };
        items.into_iter().filter(is_it).collect()
    }

    /// Whether it goes by an address and not by a name.
    pub fn is_by_address(&self) -> bool {
        matches!(self, LookUp::Address(..))
    }
}

/// A look that is under way.
#[derive(Clone, Debug)]
pub struct Looking {
    look_up: LookUp,
    /// The number of the page that comes next, from 1.
    page: u32,
    /// The resources that were met.
    met: BTreeSet<String>,
    found: Vec<Item>,
}

/// What is to be done after a page.
#[derive(Clone, PartialEq, Debug)]
pub enum AfterPage {
    /// Read this one.
    Read(Valid),
    /// Nothing more: everything was looked at.
    All,
    /// Nothing more, and what was not looked at may have it.
    Part,
}

impl Looking {
    /// A look that begins with [`LookUp::first`].
    pub fn new(look_up: LookUp) -> Looking {
        Looking {
            look_up,
            page: 1,
            met: BTreeSet::new(),
            found: Vec::new(),
        }
    }

    /// Takes note of the items of a page.
    pub fn read(&mut self, mut items: Vec<Item>) -> AfterPage {
        let next = self.look_up.pages().after(self.page, &items);
        items.retain(|item| self.met.insert(item.id.clone()));
        let new = !items.is_empty();
        self.found.extend(self.look_up.candidates(items));
        match next {
            None => AfterPage::All,
            Some(next) if new && self.page < MAX_PAGES => {
                self.page += 1;
                AfterPage::Read(next)
            }
            // Too many, or the cloud gives one page for all of them.
            Some(_) => AfterPage::Part,
        }
    }

    /// What was found.
    pub fn found(self) -> Vec<Item> {
        self.found
    }
}

/// The parameters of `create` that say where it looks: the region and the account that its list of everything
/// takes, with what `params` has of them.
pub fn scope(create: &'static Operation, params: &Raw) -> Raw {
    let mut scope = Raw::new();
    let listing = create.read_back().and_then(|read| read.all.as_ref());
    for (_, fill) in listing.map_or(&[][..], |listing| listing.params) {
        if let Fill::Param(name, default) = fill {
            let given = params.get(name).filter(|text| !text.is_empty());
            let text = given.unwrap_or(default);
            if !text.is_empty() {
                scope.set(name, text);
            }
        }
    }
    scope
}

/// The parameters with which `create` would make what was found within `scope`, as far as it tells them.
pub fn told(create: &'static Operation, scope: &Raw, item: &Item) -> Raw {
    let mut raw = scope.clone();
    for field in fields_of(create, item) {
        let FieldValue::Echo(parameter) = field.value else {
            continue;
        };
        let text = value(item, field.path).filter(|text| !text.is_empty());
        if let Some(text) = text.filter(|_| param_at(create, parameter).is_some()) {
            raw.set(parameter, text);
        }
    }
    raw
}

/// Whether what was found may have been made by a request with `params`, which was sent at some time from the
/// first of these to the last, in milliseconds since 1970. The answer is yes when in doubt.
pub fn may_be(create: &'static Operation, params: &Raw, sent: (u64, u64), item: &Item) -> bool {
    let made = created_at(create, item);
    if made.is_some_and(|made| made.saturating_add(NEAR_MS) < sent.0) {
        return false;
    }
    let names = identifying(create);
    let mut named = false;
    let fields = fields_of(create, item);
    for name in names {
        let asked = params.get(name).unwrap_or_default();
        let echo = |field: &&Field| field.value == FieldValue::Echo(name);
        let found = fields
            .iter()
            .find(echo)
            .and_then(|field| value(item, field.path));
        if asked != found.map_or("", String::as_str) {
            return false;
        }
        named |= !asked.is_empty();
    }
    // Without a name nothing but the time tells it from others.
    named || made.is_none_or(|made| made <= sent.1.saturating_add(NEAR_MS))
}

/// The parameters by which what a request has made is known again.
fn identifying(create: &'static Operation) -> Vec<&'static str> {
    let Some(read) = create.read_back() else {
        return Vec::new();
    };
    let by_name = read.by_name.iter().filter_map(|(_, fill)| match fill {
        Fill::Param(name, _) => Some(*name),
        _ => None,
    });
    let scope = read.all.as_ref().map_or(&[][..], |listing| listing.params);
    let is_scope = |name: &&str| {
        scope
            .iter()
            .any(|(_, fill)| matches!(fill, Fill::Param(n, _) if n == name))
    };
    let addresses = read.reconcile.ways.iter().filter_map(|way| match way {
        Way::RegionAndAddress { address } => Some(*address),
        _ => None,
    });
    by_name
        .filter(|name| !is_scope(name))
        .chain(addresses)
        .collect()
}

/// What can be asked together about resources that `create` has made: the read without the ids, which is the
/// same for all that it can ask about at once. `None` when the API takes one id only.
pub fn together(create: &'static Operation, params: &Raw) -> Option<Together> {
    let by_ids = create.read_back()?.by_ids.as_ref()?;
    Some(Together {
        operation: by_ids.operation,
        ids: by_ids.ids,
        most: by_ids.most,
        raw: filled(by_ids.params, "", params)?,
    })
}

/// A read that reports on several resources.
#[derive(Clone, PartialEq, Debug)]
pub struct Together {
    operation: &'static str,
    ids: &'static str,
    /// How many ids it takes.
    pub most: usize,
    raw: Raw,
}

impl Together {
    /// The read about these.
    pub fn about<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> Option<Valid> {
        let mut raw = self.raw.clone();
        for (at, id) in ids.into_iter().take(self.most).enumerate() {
            raw.set(&format!("{}.{}", self.ids, at + 1), id);
        }
        check(crate::operations::find(self.operation)?, &raw)
            .valid()
            .ok()
    }
}

/// What speaks for or against a candidate, beside what was asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// The parameter's path.
    pub parameter: &'static str,
    /// What was asked for; empty when nothing was.
    pub asked: String,
    /// What the resource has.
    pub found: String,
}

impl Evidence {
    /// Whether the resource has what was asked for.
    pub fn agrees(&self) -> bool {
        self.asked == self.found
    }
}

/// Each parameter of `create` that a candidate tells, beside what was asked for.
pub fn evidence(create: &'static Operation, params: &Raw, item: &Item) -> Vec<Evidence> {
    let told = |field: &Field| {
        let FieldValue::Echo(parameter) = field.value else {
            return None;
        };
        Some(Evidence {
            parameter,
            asked: params.get(parameter).unwrap_or_default().to_string(),
            found: value(item, field.path)?.to_string(),
        })
    };
    fields_of(create, item).iter().filter_map(told).collect()
}

/// When a candidate was created, in milliseconds since 1970, if it tells.
pub fn created_at(create: &'static Operation, item: &Item) -> Option<u64> {
    fields_of(create, item)
        .iter()
        .find_map(|field| match field.value {
            FieldValue::CreatedMillis => value(item, field.path)?.parse().ok(),
            FieldValue::CreatedUtc(zone) => moment(value(item, field.path)?, zone),
            _ => None,
        })
}

/// The fields of the read that lists what an operation makes.
fn fields_of(create: &'static Operation, item: &Item) -> &'static [Field] {
    let reads = crate::operations::entries()
        .iter()
        .filter(|entry| entry.create == *create)
        .flat_map(|entry| entry.reads);
    // Every read of an entry is about the same resource; the one that tells most knows it best.
    let tables = reads.map(|read| match &read.response.list {
        Some(list) => list.fields,
        None => read.response.fields,
    });
    tables
        .max_by_key(|table| {
            let told = |field: &&Field| value(item, field.path).is_some();
            table.iter().filter(told).count()
        })
        .unwrap_or(&[])
}

fn item_fields(read: &Operation) -> &'static [Field] {
    let response = read.response();
    response.list.map_or(response.fields, |list| list.fields)
}

fn value<'a>(item: &'a Item, path: &str) -> Option<&'a String> {
    let found = item.fields.iter().find(|(name, _)| *name == path);
    found.map(|(_, text)| text)
}

/// The moment of `2023-09-20T08:28:28Z` or `2023-09-20T08:28Z`, in milliseconds since 1970; of
/// `2023-09-20T08:28:28` where the zone may be missing.
fn moment(text: &str, zone: Zone) -> Option<u64> {
    let text = match zone {
        Zone::Written => text.strip_suffix('Z')?,
        Zone::MayBeMissing => text.strip_suffix('Z').unwrap_or(text),
    };
    let (date, time) = text.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<u64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (whole, fraction) = time.split_once('.').unwrap_or((time, "0"));
    // Another zone can stand after a fraction, too.
    if !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let mut time = whole.splitn(3, ':').map(|part| part.parse::<u64>().ok());
    let (hour, minute) = (time.next()??, time.next()??);
    // What stands there and is no number can be another zone's beginning.
    let second = time.next().unwrap_or(Some(0))?;
    let sane = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 61;
    if !sane {
        return None;
    }
    // Days since 0000-03-01, so that the leap day is the last of its year.
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1_000)
}

#[cfg(test)]
mod tests;
