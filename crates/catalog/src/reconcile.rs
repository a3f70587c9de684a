//! Finding the resource of a request whose answer was lost, and what speaks for each candidate.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::answer::{fill, read_by_name, Item};
use crate::check::{check, Valid};
use crate::input::Raw;
use crate::model::{Field, FieldValue, Operation, Way};

/// The most pages of a list that are read: beyond that a person looks better elsewhere.
pub const MAX_PAGES: u32 = 20;

/// A look for the resource of a request whose answer was lost.
#[derive(Clone, PartialEq, Debug)]
pub struct LookUp {
    read: Valid,
    /// The items of a full page, and the address that an item must have; of a list of everything.
    of_all: Option<(usize, Address)>,
}

#[derive(Clone, PartialEq, Debug)]
struct Address {
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
        Way::NameAndTime => Some(LookUp {
            read: read_by_name(create, params)?,
            of_all: None,
        }),
        Way::RegionAndAddress {
            operation,
            list,
            address,
        } => {
            let value = params.get(address).filter(|value| !value.is_empty())?;
            let read = fill(operation, list, "", params)?;
            let fields = item_fields(read.parsed().operation());
            let echoes = |field: &&Field| field.value == FieldValue::Echo(address);
            let field = fields.iter().find(echoes)?.path;
            let size = read.parsed().get("PageSize")?.parse().ok()?;
            let value = value.to_string();
            Some(LookUp {
                read,
                of_all: Some((size, Address { field, value })),
            })
        }
    })
}

impl LookUp {
    /// The read of the page with this number, from 1.
    pub fn page(&self, number: u32) -> Option<Valid> {
        if self.of_all.is_none() {
            return (number == 1).then(|| self.read.clone());
        }
        let mut raw = self.read.parsed().to_raw();
        raw.set("PageNumber", &number.to_string());
        check(self.read.parsed().operation(), &raw).valid().ok()
    }

    /// Whether another page may follow one with so many items.
    pub fn goes_on(&self, items: usize) -> bool {
        self.of_all.as_ref().is_some_and(|(size, _)| items >= *size)
    }

    /// Those that it looks for.
    pub fn candidates(&self, items: Vec<Item>) -> Vec<Item> {
        let is_it = |item: &Item| match &self.of_all {
            None => true,
            Some((_, address)) => value(item, address.field) == Some(&address.value),
        };
        items.into_iter().filter(is_it).collect()
    }

    /// Whether it goes by an address and not by a name.
    pub fn is_by_address(&self) -> bool {
        self.of_all.is_some()
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
            FieldValue::CreatedUtc => moment(value(item, field.path)?),
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

/// The moment of `2023-09-20T08:28:28Z` or `2023-09-20T08:28Z`, in milliseconds since 1970.
fn moment(text: &str) -> Option<u64> {
    let text = text.strip_suffix('Z')?;
    let (date, time) = text.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<u64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let whole = time.split('.').next()?;
    let mut time = whole.splitn(3, ':').map(|part| part.parse::<u64>().ok());
    let (hour, minute) = (time.next()??, time.next()??);
    let second = time.next().flatten().unwrap_or(0);
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
mod tests {
    use super::*;
    use crate::operations::entries;

    fn item(fields: &[(&'static str, &str)]) -> Item {
        Item {
            id: "the-id".into(),
            status: None,
            fields: fields
                .iter()
                .map(|(name, text)| (*name, text.to_string()))
                .collect(),
        }
    }

    #[test]
    fn what_an_operation_declares_it_has() {
        for entry in entries() {
            let (op, read) = (&entry.create, &entry.read_back);
            let ways = read.reconcile.ways;
            let replayed = ways.iter().any(|way| matches!(way, Way::Replay));
            assert_eq!(replayed, op.token.is_some(), "{}", op.name);
            let named = ways.iter().any(|way| matches!(way, Way::NameAndTime));
            assert_eq!(named, read.by_name_operation.is_some(), "{}", op.name);
            assert!(read.reconcile.console.url.starts_with("https://"));
            let mut raw = Raw::example(op);
            if let Some(account) = op.param_with(crate::model::Control::Account) {
                raw.set(account, "d");
            }
            let searched = ways.iter().any(|way| !matches!(way, Way::Replay));
            assert_eq!(look_up(op, &raw).is_some(), searched, "{}", op.name);
            assert_eq!(look_up(op, &Raw::new()), None, "{}", op.name);
        }
    }

    #[test]
    fn a_list_of_everything_is_read_page_by_page_and_sifted_by_the_address() {
        let found = entries().iter().find_map(|entry| {
            let raw = Raw::example(&entry.create);
            let found = look_up(&entry.create, &raw)?;
            found.is_by_address().then_some((entry, raw, found))
        });
        let (entry, raw, found) = found.expect("an operation with an address");
        let (_, address) = found.of_all.clone().unwrap();
        let ours = item(&[(address.field, &address.value)]);
        let other = item(&[(address.field, "203.0.113.99")]);
        let items = Vec::from([ours.clone(), other, item(&[])]);
        assert_eq!(found.candidates(items), std::slice::from_ref(&ours));
        assert!(found.goes_on(50) && !found.goes_on(49));
        let second = found.page(2).unwrap();
        assert_eq!(second.parsed().get("PageNumber").as_deref(), Some("2"));
        let told = evidence(&entry.create, &raw, &ours);
        assert!(told.len() == 1 && told[0].agrees(), "{told:?}");
        let by_name = entries().iter().find_map(|entry| {
            let found = look_up(&entry.create, &Raw::example(&entry.create))?;
            (!found.is_by_address()).then_some(found)
        });
        let by_name = by_name.expect("an operation with a name");
        assert!(by_name.page(1).is_some() && by_name.page(2).is_none());
    }

    #[test]
    fn a_moment_is_read_as_the_clouds_write_it() {
        assert_eq!(moment("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(moment("2000-02-29T00:00Z"), Some(951_782_400_000));
        assert_eq!(moment("2024-02-29T23:59:59.500Z"), Some(1_709_251_199_000));
        for odd in [
            "",
            "2023-09-20",
            "2023-13-20T08:28:28Z",
            "-T:Z",
            "0000-01-01T00:00:00Z",
        ] {
            assert_eq!(moment(odd), None, "{odd}");
        }
        let told = entries().iter().find_map(|entry| {
            let field = entry
                .reads
                .iter()
                .flat_map(|read| read.response.list)
                .find_map(|list| {
                    list.fields
                        .iter()
                        .find(|field| field.value == FieldValue::CreatedUtc)
                })?;
            created_at(
                &entry.create,
                &item(&[(field.path, "1970-01-01T00:01:00Z")]),
            )
        });
        assert_eq!(told, Some(60_000));
    }
}
