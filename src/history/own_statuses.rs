//! The statuses that a host page is told: of what its own element has asked for, and never of what another one has,
//! whichever element or tab has read them.

#[cfg(feature = "embed")]
use std::cell::RefCell;
#[cfg(feature = "embed")]
use std::rc::Rc;

#[cfg(feature = "embed")]
use super::service::History;
#[cfg(feature = "embed")]
use crate::platform::host_page::HostEvent;
#[cfg(feature = "embed")]
use crate::platform::mount::Mount;

/// So many requests are followed: the oldest one is forgotten for another one.
const MOST: usize = 1_000;

/// A request of an element's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Made {
    /// Its record.
    pub record: u64,
    /// Its idempotency key.
    pub key: String,
    /// What it creates.
    pub operation: &'static str,
    /// The status that the host page knows; empty when it knows none.
    pub status: String,
}

/// A resource, and its status.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Standing {
    resource_id: String,
    status: String,
}

/// The requests of one element. Pure.
#[derive(Default)]
struct OwnStatuses(Vec<Made>);

impl OwnStatuses {
    /// Takes note of what an element's host page has been told of a request.
    fn told(&mut self, made: Made) {
        self.0.retain(|other| other.record != made.record);
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        self.0.push(made);
    }

    /// The requests whose resources have another status than the host page knows, which it is told now.
    fn news(&mut self, standing: impl Fn(u64) -> Option<Standing>) -> Vec<(Made, String)> {
        let mut news = Vec::new();
        for made in &mut self.0 {
            let known = |now: &Standing| !now.resource_id.is_empty() && !now.status.is_empty();
            let Some(now) = standing(made.record).filter(known) else {
                continue;
            };
            if now.status != made.status {
                made.status = now.status;
                news.push((made.clone(), now.resource_id));
            }
        }
        news
    }
}

/// The requests of a console.
#[cfg(feature = "embed")]
#[derive(Clone, Default)]
struct Own(Rc<RefCell<OwnStatuses>>);

#[cfg(feature = "embed")]
impl History {
    /// Takes note of what a console's host page has been told of a request that was recorded here.
    pub fn told_of(&self, mount: &Mount, made: Made) {
        let own = mount.service(Own::default);
        own.0.borrow_mut().told(made);
        self.tell_statuses(mount);
    }

    /// Tells a console's host page what is new about its own requests.
    pub(super) fn tell_statuses(&self, mount: &Mount) {
        let standing = |id| {
            let row = self.row(id)?;
            Some(Standing {
                resource_id: row.resource_id.to_string(),
                status: row.status.to_string(),
            })
        };
        let own = mount.service(Own::default);
        // Whoever hears of it may submit something in the same moment.
        let news = own.0.borrow_mut().news(standing);
        let host_page = mount.host_page();
        for (made, resource_id) in news {
            if let Some(host_page) = host_page {
                host_page.notify(HostEvent::Status {
                    operation: made.operation,
                    idempotency_key: &made.key,
                    resource_id: &resource_id,
                    status: &made.status,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(record: u64, status: &str) -> Made {
        Made {
            record,
            key: format!("key-{record}"),
            operation: "CreateCen",
            status: status.into(),
        }
    }

    fn told(news: Vec<(Made, String)>) -> Vec<(u64, String, String)> {
        let told = |(made, id): (Made, String)| (made.record, id, made.status);
        news.into_iter().map(told).collect()
    }

    #[test]
    fn each_element_tells_of_its_own_requests_once_and_of_no_other() {
        let [mut a, mut b] = [(); 2].map(|()| OwnStatuses::default());
        a.told(made(1, "Creating"));
        b.told(made(2, ""));
        let at = |status: &'static str| {
            move |id: u64| {
                Some(Standing {
                    resource_id: format!("cen-{id}"),
                    status: status.into(),
                })
            }
        };
        // What the outcome has told is told.
        assert_eq!(told(a.news(at("Creating"))), []);
        let news = |id: u64, status: &str| vec![(id, format!("cen-{id}"), status.to_string())];
        assert_eq!(told(b.news(at("Creating"))), news(2, "Creating"));
        for _ in 0..2 {
            assert_eq!(told(b.news(at("Creating"))), []);
        }
        assert_eq!(told(a.news(at("Active"))), news(1, "Active"));
        assert_eq!(told(b.news(at("Active"))), news(2, "Active"));
    }

    #[test]
    fn what_has_no_resource_or_no_record_yet_is_told_of_later() {
        let mut own = OwnStatuses::default();
        own.told(made(1, ""));
        assert_eq!(told(own.news(|_| None)), []);
        let lost = |_| {
            Some(Standing {
                resource_id: String::new(),
                status: "Active".into(),
            })
        };
        assert_eq!(told(own.news(lost)), []);
        // It is known what it was told before, and the oldest request makes room.
        own.told(made(1, "Active"));
        (2..=MOST as u64 + 1).for_each(|id| own.told(made(id, "")));
        assert_eq!((own.0.len(), own.0[0].record), (MOST, 2));
    }
}
