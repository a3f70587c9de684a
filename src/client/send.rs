//! Sending a request and reading its answer, whatever the target.

use tieline_catalog::answer::{decode_read, Answer, Found};
use tieline_catalog::reconcile::{look_up, AfterPage, Looking};
use tieline_catalog::refusal::Refusal;
use tieline_catalog::wire::{encode, Response};
use tieline_catalog::{Operation, Raw, Text, Valid};
use tieline_protocol::header::SIGNER;
use tieline_records::By;

use super::checks::{connection, Freshness};
use super::messages::{self, Problem};
use super::sent::{and, read_failure, refusal, Sent};
use super::target::Target;
use super::{classify, fetch, in_page};

/// The time limit of an answer, in milliseconds.
pub const PATIENCE_MS: u32 = 60_000;

/// Sends a creation. `key` identifies the intent and stays the same when it is sent again. What must not be
/// `real` goes to a sandbox or nowhere, and what repeats a request that `clouds` may have executed to them.
pub async fn send(target: &Target, valid: &Valid, key: &str, real: bool, clouds: bool) -> Sent {
    let op = valid.parsed().operation();
    // A host page may take its time for that, and what is at the endpoint is to be known as it is after.
    let token = match token(target).await {
        Ok(token) => token,
        Err(problem) => return classify::not_executed(problem),
    };
    let connection = connection(target, Freshness::New).await;
    if let Some(problem) = connection.forbids(real, clouds) {
        return classify::not_executed(problem);
    }
    let sent = match target {
        Target::InPage => match ask_sandbox(valid).await {
            Some(response) => classify::relayed(op, response),
            None => classify::unknown(op, messages::LOST),
        },
        Target::Proxy(proxy) => {
            let body = valid.parsed().to_json().to_string();
            // What has become of the proxy since it was looked at, it alone can tell.
            let mode = connection.mode();
            match fetch::post(proxy, &path(op), body, Some(key), token, mode, PATIENCE_MS).await {
                Ok(reply) => classify::classify(op, reply),
                Err(fetch::Failure::TimedOut) => classify::unknown(op, messages::TIMED_OUT),
                Err(fetch::Failure::Broken) => classify::unknown(op, messages::LOST),
            }
        }
    };
    Sent {
        simulated: connection.is_simulated(),
        // The history keeps no personal data, whoever writes it.
        answer: valid.parsed().hidden_from(sent.answer),
        ..sent
    }
}

/// Why a target cannot be asked about what was sent to a sandbox (`simulated`) or to clouds: the others answer
/// there now.
pub async fn other(target: &Target, simulated: bool) -> Option<&'static Problem> {
    connection(target, Freshness::Recent).await.other(simulated)
}

/// Sends a read about what was sent to a sandbox (`simulated`) or to clouds, if the same answer now. A failure on
/// the way is a refusal: nothing is known then.
///
/// What it is about was `made` by requests of these signers, as far as they are known: each an id and its signer.
/// That other keys do not find it says nothing.
pub async fn read(
    target: &Target,
    valid: &Valid,
    simulated: bool,
    made: &[(String, String)],
) -> Found {
    signed_read(target, valid, simulated, made).await.0
}

/// Likewise, and whose keys signed it, if the proxy has said so.
pub async fn signed_read(
    target: &Target,
    valid: &Valid,
    simulated: bool,
    made: &[(String, String)],
) -> (Found, Option<String>) {
    let mut there = connection(target, Freshness::Recent).await;
    if there.prevents().is_some() {
        there = connection(target, Freshness::New).await;
    }
    // Who it is that cannot be reached is not known, and somebody else may answer in a moment.
    match there.prevents().or_else(|| there.other(simulated)) {
        Some(problem) => (Found::Refused(refusal(problem)), None),
        None => ask(target, valid, there.mode(), made).await,
    }
}

/// Asks whoever is at the target, if that is in this `mode` still.
async fn ask(
    target: &Target,
    valid: &Valid,
    mode: Option<&str>,
    made: &[(String, String)],
) -> (Found, Option<String>) {
    let op = valid.parsed().operation();
    let Target::Proxy(proxy) = target else {
        let found = match ask_sandbox(valid).await {
            Some(response) => decode_read(op, &response),
            None => Found::Refused(read_failure(messages::LOST)),
        };
        return (found, None);
    };
    let token = match token(target).await {
        Ok(token) => token,
        Err(problem) => return (Found::Refused(refusal(problem)), None),
    };
    let body = valid.parsed().to_json().to_string();
    match fetch::post(proxy, &path(op), body, None, token, mode, PATIENCE_MS).await {
        Ok(reply) => {
            let signer = reply.header(SIGNER).map(String::from);
            let found = classify::classify_read(op, reply);
            (classify::seen_by(signer.as_deref(), found, made), signer)
        }
        Err(_) => (Found::Refused(refusal(&messages::DOWN)), None),
    }
}

/// The token for a request, if it needs one.
async fn token(target: &Target) -> Result<Option<String>, &'static messages::Problem> {
    match target {
        Target::Proxy(proxy) => proxy.access.token().await,
        Target::InPage => Ok(None),
    }
}

/// The outcome of a creation that never left this page.
pub fn unsent(why: Text) -> Sent {
    let advice = messages::TRY_AGAIN.message();
    let explanation = and(why.message(), &messages::NOTHING_SENT.message());
    let refusal = Refusal::without_response(explanation, advice);
    Sent::of(Answer::NotExecuted(refusal), By::Page)
}

/// The outcome of a creation that has left and of which nothing was heard. What must not be `real` went to a
/// sandbox, if anywhere.
pub fn lost(op: &'static Operation, real: bool) -> Sent {
    Sent {
        simulated: !real,
        ..classify::unknown(op, messages::LOST)
    }
}

/// Whether a sandbox stands for the clouds at this target, as far as can be told.
pub async fn is_simulated(target: &Target) -> bool {
    connection(target, Freshness::Recent).await.is_simulated()
}

/// What came of a look for a lost request's resource.
pub struct LookedUp {
    /// What was found.
    pub found: Found,
    /// Whether that is all: what was not looked at may have it.
    pub whole: bool,
    /// Whose keys looked, if they are known and were the same from the beginning to the end.
    pub signer: Option<String>,
}

/// Looks for what a creation with these parameters may have made, in a sandbox (`simulated`) or not, by the
/// surest way that the operation has.
pub async fn find_lost(
    target: &Target,
    create: &'static Operation,
    params: &Raw,
    simulated: bool,
) -> LookedUp {
    let refused = |why: Text| {
        let advice = messages::NO_LOOK_UP_ADVICE.message();
        LookedUp {
            found: Found::Refused(Refusal::without_response(why.message(), advice)),
            whole: false,
            signer: None,
        }
    };
    let Some(look_up) = look_up(create, params) else {
        return refused(messages::NO_LOOK_UP);
    };
    let mut page = look_up.first();
    let mut looking = Looking::new(look_up);
    let mut signers = Vec::new();
    let why = loop {
        let (found, signer) = signed_read(target, &page, simulated, &[]).await;
        match found {
            Found::Items(items) => {
                signers.push(signer);
                match looking.read(items) {
                    AfterPage::Read(next) => page = next,
                    AfterPage::All => break None,
                    AfterPage::Part => break Some(refused(messages::TOO_MANY)),
                }
            }
            Found::Refused(why) => {
                break Some(LookedUp {
                    found: Found::Refused(why),
                    whole: false,
                    signer: None,
                })
            }
        }
    };
    signers.dedup();
    // What earlier pages have told is not taken back.
    let found = looking.found();
    match why {
        Some(why) if found.is_empty() => why,
        why => LookedUp {
            found: Found::Items(found),
            whole: why.is_none(),
            signer: signers.pop().flatten().filter(|_| signers.is_empty()),
        },
    }
}

async fn ask_sandbox(valid: &Valid) -> Option<Response> {
    in_page::answer(&encode(valid.parsed()), PATIENCE_MS).await
}

fn path(op: &Operation) -> String {
    format!("/v1/{}", op.name)
}
