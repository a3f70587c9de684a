//! What is submitted, what came of it, and what is asked before something risky.

use tieline_catalog::answer::{Answer, Created};
use tieline_catalog::reconcile::look_up;
use tieline_catalog::{check, Message, Raw, Severity, Valid, Violation};
use tieline_records::{By, Outcome, Record};

use crate::client::{repeated, Sent, Target};
use crate::form::field_paths::field_of;
use crate::history::is_of_sandbox;
use crate::ui::status_line::Stage;

/// One thing to create, as it was when it was submitted. What is typed, or chosen in the settings,
/// after that is no part of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Intent {
    /// The checked values.
    pub valid: Valid,
    /// The form's input that they were read from.
    pub raw: Raw,
    /// The idempotency key: one for each intent, kept when it is sent again.
    pub key: String,
    /// Where it is sent.
    pub target: Target,
    /// Whether it may be sent where it creates something real: whoever submitted it knew.
    pub real: bool,
}

impl Intent {
    /// Its client token, by which the cloud knows a repetition.
    pub fn token(&self) -> Option<String> {
        let values = self.valid.parsed();
        let token = values.get(values.operation().token?);
        token.filter(|token| !token.is_empty())
    }

    /// The same with another client token; `None` where the operation has none, or does not take this.
    pub fn with_token(&self, token: &str) -> Option<Intent> {
        let op = self.valid.parsed().operation();
        let mut raw = self.raw.clone();
        raw.set(op.token?, token);
        let valid = check(op, &raw).valid().ok()?;
        Some(Intent {
            valid,
            raw,
            ..self.clone()
        })
    }
}

/// An earlier request after which one more could make a second resource.
#[derive(Clone, PartialEq, Debug)]
pub struct Open {
    /// It, as the history has it.
    pub record: Record,
    /// Whether it had the same parameters, the client token aside.
    pub same: bool,
    /// Its outcome as the history shows it now.
    pub outcome: Outcome,
}

/// What the user is asked before something is sent that may make a second resource.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// The earlier request.
    pub open: Open,
    /// What is to be sent.
    pub intent: Intent,
    /// Whether its resource was looked for since it was sent, by a look-up or, as they say, by the user.
    pub looked: bool,
}

/// What is asked about an intent that no earlier request stands against.
#[derive(Clone, PartialEq, Debug)]
pub struct Scruple {
    /// Why.
    pub why: Why,
    /// What is to be sent.
    pub intent: Intent,
}

/// Why somebody is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// It creates something real, and is to be looked at before.
    Review {
        /// Nothing was filled in since the last creation, either.
        again: bool,
    },
    /// Nothing was filled in since the last creation: the press may have been one too many.
    Again,
    /// No record of it would outlast the page.
    Unkept,
}

impl Question {
    /// The question about an earlier request before this one.
    pub fn about(open: Open, intent: Intent) -> Question {
        let looked = open.record.is_looked_up();
        Question {
            open,
            intent,
            looked,
        }
    }

    /// Whether the same is sent again of which nobody knows yet, or any more, what became, and no cloud would know
    /// the repetition.
    pub fn is_blind(&self) -> bool {
        let unsettled = matches!(self.open.outcome, Outcome::Unknown | Outcome::Pending);
        self.open.same && unsettled && self.open.record.token().is_none()
    }

    /// Whether it must not be sent yet: nobody has looked for the first one's resource.
    pub fn must_look(&self) -> bool {
        self.is_blind() && !self.looked
    }

    /// Whether both go to the same endpoint. Elsewhere nothing can be looked up or repeated.
    pub fn same_endpoint(&self) -> bool {
        self.open.record.endpoint == self.intent.target.name()
    }

    /// The client token with which the earlier request can be repeated safely, if it can: a sandbox cannot repeat what
    /// clouds may have executed, nor they what it has.
    pub fn token(&self) -> Option<&str> {
        let outcome = self.open.outcome;
        let sent = matches!(outcome, Outcome::Unknown | Outcome::Created);
        let there = is_of_sandbox(&self.open.record) != self.intent.real;
        let repeatable = self.open.same && sent && there;
        let token = self.open.record.token();
        token.filter(|_| repeatable && self.same_endpoint())
    }

    /// Whether the earlier request's resource can be looked up.
    pub fn can_look_up(&self) -> bool {
        let record = &self.open.record;
        let way = record.operation().map(|op| look_up(op, &record.raw()));
        self.same_endpoint() && way.flatten().is_some()
    }
}

/// A request that was submitted, and what came of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Settled {
    /// What was submitted.
    pub intent: Intent,
    /// What came of it.
    pub sent: Sent,
    /// The form's field that a refusal belongs to.
    pub field: Option<String>,
    /// The history's record of it; none when nothing was recorded, and therefore nothing sent.
    pub record: Option<u64>,
    /// The resource was found by a look-up, not told by an answer.
    pub adopted: bool,
}

impl Settled {
    /// What came of a request that was recorded. `doubted`: an earlier one of the same record may have
    /// made the resource, whatever this one met.
    pub fn by(intent: Intent, record: u64, doubted: bool, sent: Sent) -> Settled {
        let mut settled = Settled {
            intent,
            sent,
            field: None,
            record: Some(record),
            adopted: false,
        };
        let about = settled.about_fields();
        settled.field = about.into_iter().next().map(|v| v.parameter);
        if doubted {
            settled.sent = repeated(settled.sent);
        }
        settled
    }

    /// The same beside what its record had when it left: a resource whose id is known was created, whatever a
    /// repetition met.
    pub fn beside(self, written: Option<&Record>) -> Settled {
        let known = written.filter(|_| self.created().is_none());
        let Some((record, id)) = known.and_then(|it| Some((it, it.resource_id.clone()?))) else {
            return self;
        };
        let created = Created {
            id,
            status: record.status.clone(),
            request_id: None,
            fields: Vec::new(),
        };
        Settled {
            sent: Sent {
                simulated: record.simulated,
                problem: self.sent.problem,
                ..Sent::of(Answer::Created(created), By::Cloud)
            },
            field: None,
            ..self
        }
    }

    /// What the answer says about fields of the form.
    pub fn about_fields(&self) -> Vec<Violation> {
        let op = self.intent.valid.parsed().operation();
        let at = |parameter: &str, message: &Message, source: &str| {
            Some(Violation {
                parameter: field_of(op, &self.intent.raw, parameter)?,
                rule: "answer",
                severity: Severity::Error,
                message: message.clone(),
                source: Message::new(source, source),
                also: None,
            })
        };
        let errors = self.sent.violations.iter();
        let mut about: Vec<Violation> = errors
            .filter_map(|error| at(&error.parameter, &error.message, ""))
            .collect();
        if let Answer::Rejected(refusal) = &self.sent.answer {
            let parameter = refusal.parameter.unwrap_or_default();
            about.extend(at(parameter, &refusal.explanation, &refusal.code));
        }
        about
    }

    /// The resource, when it exists.
    pub fn created(&self) -> Option<&Created> {
        match &self.sent.answer {
            Answer::Created(created) => Some(created),
            _ => None,
        }
    }

    /// Whether nobody knows what became of it.
    pub fn is_unknown(&self) -> bool {
        matches!(self.sent.answer, Answer::Unknown(_))
    }

    /// Whether sending it again is the same intent.
    pub fn is_open(&self) -> bool {
        self.is_unknown() || matches!(self.sent.answer, Answer::NotExecuted(_))
    }

    /// Whether it can be sent again without a question: nothing happened, or the cloud knows the
    /// repetition by its token.
    pub fn is_repeatable(&self) -> bool {
        let safe = !self.is_unknown() || self.intent.token().is_some();
        self.is_open() && safe
    }

    /// Whether its resource can be looked up.
    pub fn can_look_up(&self) -> bool {
        let values = self.intent.valid.parsed();
        self.is_unknown() && look_up(values.operation(), &values.to_raw()).is_some()
    }

    /// How the status line shows it.
    pub fn stage(&self) -> Stage {
        match self.sent.answer {
            Answer::Created(_) => Stage::Created,
            Answer::Rejected(_) => Stage::Rejected,
            // Without any response the line broke on this side of the proxy.
            Answer::NotExecuted(_) if self.sent.raw.is_none() => Stage::Down,
            Answer::NotExecuted(_) => Stage::NotExecuted,
            Answer::Unknown(_) => Stage::Unknown,
        }
    }
}
