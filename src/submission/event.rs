//! What happens to a submission, and what it orders.

use std::rc::Rc;

use tieline_catalog::answer::{Found, Item};
use tieline_catalog::{Raw, Violation};
use tieline_records::{Outcome, Record};

use super::intent::{Intent, Open, Settled};
use crate::client::{Sent, Target};
use crate::history::NoRecord;
use crate::platform::host_page::Declined;

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The user submitted this input.
    Submitted {
        /// The form's input.
        raw: Raw,
        /// Whether anything in it was typed or filled in since the form was fresh.
        edited: bool,
        /// Where it is to be sent.
        target: Target,
        /// Whether it may create something real.
        consent: Consent,
        /// Milliseconds since 1970.
        now_ms: u64,
        /// A key and a token that were never used.
        fresh: Fresh,
    },
    /// What [`Effect::FindProxy`] found.
    ProxyFound {
        /// The turn of the effect.
        turn: u32,
        /// Whether what would create it is real.
        real: bool,
    },
    /// The form did not let a submit pass.
    Refused,
    /// The form's input is this now.
    Edited(Raw),
    /// The form was left, or has another history: nobody sees a question any more.
    Left,
    /// What [`Effect::FindOpen`] found.
    OpenFound {
        /// The turn of the effect.
        turn: u32,
        /// The newest earlier request to ask about.
        open: Option<Box<Open>>,
        /// Whether a record outlasts the page, or none is to.
        kept: bool,
    },
    /// What the host page answered to [`Effect::AskHost`].
    HostAnswered {
        /// The turn of the effect.
        turn: u32,
        /// Whether it lets the request be sent.
        allowed: bool,
    },
    /// What came of [`Effect::Record`].
    Recorded {
        /// The turn of the effect.
        turn: u32,
        /// The record as it was written, or why there is none.
        record: Result<Rc<Record>, NoRecord>,
        /// A key and a token that were never used.
        fresh: Fresh,
    },
    /// What came of [`Effect::Send`].
    Answered {
        /// The turn of the effect.
        turn: u32,
        /// What was sent.
        intent: Intent,
        /// Its record.
        record: u64,
        /// Whether an earlier request of the record may have made the resource.
        doubted: bool,
        /// What came of it.
        sent: Box<Sent>,
        /// Milliseconds since 1970.
        now_ms: u64,
    },
    /// [`Effect::Finish`] is done.
    Finished {
        /// The turn of the effect.
        turn: u32,
        /// Milliseconds since 1970.
        now_ms: u64,
    },
    /// The history shows this outcome of an earlier request: another tab can have its answer, or be gone.
    Shown {
        /// The request's record.
        record: u64,
        /// The outcome.
        outcome: Outcome,
    },
    /// The user chose what to do after an answer or a question.
    Chosen {
        /// What.
        command: Command,
        /// Whether what is sent because of it may create something real.
        consent: Consent,
        /// A key and a token that were never used.
        fresh: Fresh,
    },
    /// What [`Effect::LookUp`] found.
    Found {
        /// The number of the look-up.
        look: u32,
        /// What it found.
        found: Found,
        /// Whether that is all there is.
        whole: bool,
        /// Whether a sandbox was asked.
        simulated: bool,
        /// Whether the resource would have been seen, had the request made one.
        counts: bool,
    },
    /// [`Effect::Adopt`] is done.
    Adopted {
        /// The turn of the effect.
        turn: u32,
        /// Milliseconds since 1970.
        now_ms: u64,
    },
    /// The time of [`Effect::Wait`] is over.
    TimedOut {
        /// What it was the limit of.
        limit: Limit,
        /// Milliseconds since 1970.
        now_ms: u64,
    },
}

/// Whether something real may be created.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Consent {
    /// It is still being found out what would create it.
    Unknown,
    /// Nothing real is known to be there: only a sandbox may get it.
    Sandbox,
    /// The user is to be asked, with everything in sight.
    Ask,
    /// The user does not want to be asked.
    Given,
}

/// A key and a token that were never used.
#[derive(Clone, PartialEq, Debug)]
pub struct Fresh {
    /// An idempotency key.
    pub key: String,
    /// A client token.
    pub token: String,
}

/// What the user can choose after an answer or a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    /// Send the same request again.
    Repeat,
    /// Look for the resource.
    LookUp,
    /// The user has looked for the resource elsewhere.
    SayLooked,
    /// The resource that was found, by its place in the list, is the one.
    Adopt(usize),
    /// Send although a resource may exist, or nothing keeps a record.
    SendAnyway,
    /// Do not send.
    Cancel,
    /// Go to the field that the refusal belongs to.
    GoToField,
}

/// What a time limit belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// The phase of this turn.
    Phase(u32),
    /// The look-up of this number.
    Lookup(u32),
}

/// Where the keyboard focus goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Focus {
    /// To the question.
    Question,
    /// To the answer's heading.
    Answer,
    /// To the button that submits the form.
    Button,
    /// To a field of the form, by its wire path.
    Field(String),
}

/// What is to be done.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Find out what is at the target of a submit; answered by [`Event::ProxyFound`].
    FindProxy {
        /// To be given back.
        turn: u32,
        /// Where it is to be sent.
        target: Target,
    },
    /// Ask the history for an earlier request; answered by [`Event::OpenFound`].
    FindOpen {
        /// To be given back.
        turn: u32,
        /// What is to be sent.
        intent: Intent,
        /// Of others than the same, only those younger than this record are asked about.
        agreed: u64,
        /// The record of the same intent whose outcome is unknown here, whatever became of it elsewhere.
        lost: Option<u64>,
        /// The records that ended as created in this form's sight.
        made: Vec<u64>,
    },
    /// Ask the host page; answered by [`Event::HostAnswered`].
    AskHost {
        /// To be given back.
        turn: u32,
        /// What is to be sent.
        intent: Intent,
    },
    /// Write the intent durably; answered by [`Event::Recorded`].
    Record {
        /// To be given back.
        turn: u32,
        /// What is to be sent.
        intent: Intent,
        /// Whether the user takes a record that lasts no longer than the page.
        unkept: bool,
    },
    /// Send; answered by [`Event::Answered`].
    Send {
        /// To be given back.
        turn: u32,
        /// What is to be sent.
        intent: Intent,
        /// Its record.
        record: u64,
        /// To be given back.
        doubted: bool,
        /// Whether clouds may have executed an earlier request of the record: then none but they may get this one.
        clouds: bool,
    },
    /// Write what came of a record's request; answered by [`Event::Finished`].
    Finish {
        /// To be given back.
        turn: u32,
        /// The record.
        record: u64,
        /// What came of it.
        sent: Sent,
    },
    /// Look for the resource of a lost request, and note that; answered by [`Event::Found`].
    LookUp {
        /// To be given back.
        look: u32,
        /// Where.
        target: Target,
        /// The parameters of the request that may have made it.
        raw: Raw,
        /// The request's record.
        record: Option<u64>,
        /// Whether a sandbox got the request, as far as is known here. The record, where it is there, knows it
        /// better.
        simulated: bool,
    },
    /// Note in a record that the user has looked for its resource.
    NoteLooked {
        /// The record.
        record: u64,
    },
    /// Take a found resource over into a record; answered by [`Event::Adopted`].
    Adopt {
        /// To be given back.
        turn: u32,
        /// The record, as it is known here.
        record: Rc<Record>,
        /// The resource.
        item: Item,
        /// Whether a sandbox told of it.
        simulated: bool,
    },
    /// After this time: [`Event::TimedOut`].
    Wait {
        /// To be given back.
        limit: Limit,
        /// Milliseconds.
        ms: u32,
    },
    /// Show the form's violations: what was submitted has some.
    Refuse,
    /// Tell who submitted that nothing comes of it.
    Decline(Declined),
    /// Forget what servers said about fields.
    ForgetServed,
    /// Show what a server said about fields.
    Serve(Vec<Violation>),
    /// Give the form this client token in the place of the one that belongs to an earlier request.
    RenewToken(String),
    /// Empty the form and its draft, unless more was typed into it than this.
    ClearForm(Raw),
    /// Move the keyboard focus.
    Focus(Focus),
    /// Tell the host page what came of a request.
    Notify(Rc<Settled>),
    /// The same, after it was told that nobody knows: no submit waits for it any more.
    NotifyLate(Rc<Settled>),
    /// Look at the connection again.
    Recheck,
}
