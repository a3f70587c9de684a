//! Reading all lists that an account's clouds have, page by page, at a pace. Pure.

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use tieline_catalog::answer::{Found, Item, Refusal};
use tieline_catalog::reconcile::{may_be, scope, Pages};
use tieline_catalog::{Control, Lang, Operation, Raw, Valid};

use super::messages;
use super::pace::{is_busy, SharedPace};
use tieline_records::Record;

/// How often a page is asked for that is refused because the cloud is asked too often.
const ATTEMPTS: u32 = 5;

/// Where a list is read: of what, and within which region and account.
#[derive(Clone, PartialEq, Debug)]
pub struct Place {
    /// What makes such resources.
    pub op: &'static Operation,
    /// The region and the account, by the creation's parameters.
    pub scope: Rc<Raw>,
}

impl Place {
    /// The region and the account, for people; empty where there are none.
    pub fn label(&self) -> String {
        let leaves = self.scope.leaves();
        let texts: Vec<&str> = leaves.into_iter().map(|(_, text)| text).collect();
        texts.join(" · ")
    }

    /// Of what and where, for people.
    pub fn words(&self, lang: Lang) -> String {
        let (title, label) = (self.op.title.get(lang), self.label());
        match label.is_empty() {
            true => title.to_string(),
            false => messages::with(messages::PLACE, lang, &[title, &label]),
        }
    }
}

/// The places where lists of what `op` makes are read: those that `account_places` name, and with `everywhere` every
/// region that is known. None when its lists want something that nothing names.
pub fn places(op: &'static Operation, account_places: &[Raw], everywhere: bool) -> Vec<Place> {
    let mut scopes: Vec<Raw> = Vec::new();
    let mut add = |raw: &Raw| {
        let scope = scope(op, raw);
        if Pages::of_all(op, &scope).is_some() && !scopes.contains(&scope) {
            scopes.push(scope);
        }
    };
    let region = op.params.iter().find(|p| p.control == Control::Region);
    for base in account_places {
        add(base);
        let choices = region.and_then(|region| Some((region.name, region.choices()?.0)));
        for (name, choices) in choices.filter(|_| everywhere).into_iter() {
            for choice in choices {
                let mut raw = base.clone();
                raw.set(name, choice.value);
                add(&raw);
            }
        }
    }
    let place = |scope| Place {
        op,
        scope: Rc::new(scope),
    };
    scopes.into_iter().map(place).collect()
}

/// A resource that a list has.
#[derive(Clone, PartialEq, Debug)]
pub struct Listed {
    /// Where.
    pub place: Place,
    /// What it tells.
    pub item: Item,
    /// Whose keys showed it, if that is known.
    pub signer: Option<String>,
}

/// The request among these that may have made what was found.
pub fn maker<'a>(open: &'a [Record], found: &Listed) -> Option<&'a Record> {
    let op = found.place.op;
    open.iter().find(|record| {
        let raw = record.raw();
        record.operation == op.name
            && scope(op, &raw) == *found.place.scope
            && may_be(op, &raw, (record.created, record.updated), &found.item)
    })
}

/// A list that could not be read, and why.
#[derive(Clone, PartialEq, Debug)]
pub struct Unlisted {
    /// Where.
    pub place: Place,
    /// Why.
    pub refusal: Refusal,
}

/// A list that is being read.
#[derive(Clone, Debug)]
struct List {
    place: Place,
    pages: Pages,
    /// The read of the page that comes next, and its number, from 1.
    read: Valid,
    number: u32,
    refused: u32,
}

/// What is to be done next.
#[derive(Clone, PartialEq, Debug)]
pub enum Next {
    /// Ask this, and tell what came of it.
    Ask(Valid),
    /// Wait for so many milliseconds.
    Wait(u64),
    /// Nothing more.
    Done,
}

/// The reading of many lists.
#[derive(Clone, Debug)]
pub struct AccountLists {
    left: VecDeque<List>,
    total: usize,
    pace: SharedPace,
    /// The resources that were met: a list that goes round in a circle ends.
    met: HashSet<(&'static str, String)>,
}

impl AccountLists {
    /// The reading of the lists in these places, at a pace.
    pub fn new(places: Vec<Place>, pace: SharedPace) -> AccountLists {
        let list = |place: Place| {
            let pages = Pages::of_all(place.op, &place.scope)?;
            Some(List {
                read: pages.first(),
                pages,
                place,
                number: 1,
                refused: 0,
            })
        };
        let left: VecDeque<List> = places.into_iter().filter_map(list).collect();
        AccountLists {
            total: left.len(),
            left,
            pace,
            met: HashSet::new(),
        }
    }

    /// How many lists there are.
    pub fn total(&self) -> usize {
        self.total
    }

    /// How many have been read.
    pub fn done(&self) -> usize {
        self.total - self.left.len()
    }

    /// How many different resources they have, as far as they have been read.
    pub fn met(&self) -> usize {
        self.met.len()
    }

    /// What is to be done at this time, in milliseconds of any steady clock.
    pub fn next(&self, now: u64) -> Next {
        match (self.left.front(), self.pace.wait(now)) {
            (None, _) => Next::Done,
            (Some(_), Some(ms)) => Next::Wait(ms),
            (Some(list), None) => Next::Ask(list.read.clone()),
        }
    }

    /// Takes note of what the last question brought, by whose keys if that is known. Returns what is new in it; or
    /// where a list could not be read and why.
    ///
    /// # Errors
    /// Where a list cannot be read, and why.
    pub fn answered(
        &mut self,
        (found, signer): (Found, Option<&str>),
        now: u64,
    ) -> Result<Vec<Listed>, Box<Unlisted>> {
        let Some(mut list) = self.left.pop_front() else {
            return Ok(Vec::new());
        };
        let items = match found {
            Found::Items(items) => items,
            Found::Refused(refusal) => {
                let read = list.read.parsed().operation();
                let busy = is_busy(read, &refusal);
                self.pace.answered(busy, now);
                list.refused += 1;
                if busy && list.refused < ATTEMPTS {
                    self.left.push_front(list);
                    return Ok(Vec::new());
                }
                let place = list.place;
                return Err(Box::new(Unlisted { place, refusal }));
            }
        };
        self.pace.answered(false, now);
        let next = list.pages.after(list.number, &items);
        let name = list.place.op.name;
        let new = items.into_iter();
        let new: Vec<Item> = new
            .filter(|item| self.met.insert((name, item.id.clone())))
            .collect();
        let place = list.place.clone();
        if let Some(read) = next.filter(|_| !new.is_empty()) {
            list.read = read;
            list.number += 1;
            list.refused = 0;
            self.left.push_front(list);
        }
        let listed = |item| Listed {
            place: place.clone(),
            item,
            signer: signer.map(String::from),
        };
        Ok(new.into_iter().map(listed).collect())
    }

    /// Asks nothing more.
    pub fn stop(&mut self) {
        self.left.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::pace::PAUSES_MS;
    use super::*;
    use tieline_catalog::{creations, Message};

    fn items(range: std::ops::Range<usize>) -> Found {
        let item = |n| Item {
            id: format!("id-{n}"),
            status: None,
            fields: Vec::new(),
        };
        Found::Items(range.map(item).collect())
    }

    fn refused(code: &str, http: u16) -> Found {
        let none = || Message::new("", "");
        Found::Refused(Refusal {
            code: code.into(),
            http,
            ..Refusal::without_response(none(), none())
        })
    }

    fn known(op: &'static Operation) -> Raw {
        let mut raw = Raw::example(op);
        if let Some(account) = op.param_with(Control::Account) {
            raw.set(account, "d");
        }
        raw
    }

    fn all() -> Vec<Place> {
        let all = creations().flat_map(|op| places(op, &[known(op)], false));
        all.collect()
    }

    #[test]
    fn every_operation_has_its_places_and_each_once() {
        let mut regional = 0;
        for op in creations() {
            let here = places(op, &[known(op), known(op)], false);
            assert_eq!(here.len(), 1, "{}", op.name);
            let everywhere = places(op, &[known(op)], true);
            let list = op.read_back().and_then(|read| read.all.as_ref()).unwrap();
            let region = op.param_with(Control::Region);
            let asks = list.params.iter().any(|(_, fill)| {
                matches!(fill, tieline_catalog::Fill::Param(name, _) if Some(*name) == region)
            });
            regional += usize::from(asks);
            assert_eq!(everywhere.len() > 1, asks, "{}", op.name);
            assert!(everywhere
                .iter()
                .all(|place| here[0] == *place || !place.label().is_empty()));
            // Without the account nothing can be asked; without a region only where it is.
            let blank = places(op, &[Raw::new()], true);
            let account = op.param_with(Control::Account).is_some();
            assert_eq!(blank.is_empty(), account, "{}", op.name);
        }
        assert!(regional > 1);
    }

    #[test]
    fn lists_are_read_to_their_ends_and_each_resource_is_met_once() {
        let mut lists = AccountLists::new(all(), SharedPace::default());
        let (total, mut now, mut met, mut asked) = (lists.total(), 0, 0, 0);
        assert!(total > 3);
        loop {
            match lists.next(now) {
                Next::Done => break,
                Next::Wait(ms) => now += ms,
                Next::Ask(read) => {
                    asked += 1;
                    let size = ["PageSize", "limit"]
                        .iter()
                        .find_map(|name| read.parsed().get(name));
                    let size: usize = size.unwrap().parse().unwrap();
                    // Two full pages and a half, the second with what was on the first at its beginning.
                    let page = asked % 3;
                    let first = match page {
                        1 => 0,
                        2 => size - 1,
                        _ => 2 * size - 1,
                    };
                    let count = if page == 0 { size / 2 } else { size };
                    let new = lists
                        .answered((items(first..first + count), None), now)
                        .unwrap();
                    met += new.len();
                    assert_eq!(new.len(), if page == 2 { count - 1 } else { count });
                    assert!(matches!(lists.next(now), Next::Done | Next::Wait(_)));
                }
            }
        }
        assert_eq!((lists.done(), asked, lists.met()), (total, 3 * total, met));
        assert!(now >= PAUSES_MS[0] * (asked as u64 - 1));
    }

    #[test]
    fn a_list_that_goes_round_ends_and_one_that_is_refused_keeps_none_from_being_read() {
        let mut lists = AccountLists::new(all(), SharedPace::default());
        let total = lists.total();
        let Next::Ask(read) = lists.next(0) else {
            panic!("a question");
        };
        let size = read.parsed().get("PageSize").unwrap().parse().unwrap();
        assert_eq!(
            lists.answered((items(0..size), None), 0).unwrap().len(),
            size
        );
        assert_eq!(lists.done(), 0);
        assert!(lists
            .answered((items(0..size), None), 0)
            .unwrap()
            .is_empty());
        assert_eq!(lists.done(), 1);
        // Asked too often: it waits, and asks again.
        for _ in 1..ATTEMPTS {
            assert_eq!(
                lists.answered((refused("Throttling.User", 400), None), 0),
                Ok(Vec::new())
            );
            assert_eq!(lists.done(), 1);
        }
        let unlisted = lists
            .answered((refused("Throttling.User", 400), None), 0)
            .unwrap_err();
        assert_eq!((lists.done(), unlisted.place), (2, all()[1].clone()));
        // What is refused for another reason is not asked for again.
        assert!(lists
            .answered((refused("Forbidden", 403), None), 0)
            .is_err());
        assert_eq!(lists.done(), 3);
        lists.stop();
        assert_eq!((lists.next(0), lists.done()), (Next::Done, total));
    }
}
