//! What becomes of the status of what was created, while its answer is in sight.

use yew::prelude::*;

use super::props::SubmissionPanelProps;
use super::resource_status::Followed;
use crate::history::{History, Poller};
use crate::platform::notification;

/// How the history has the status of what the record tells of, and what asks for that: the poller, in one tab of
/// all, until the status is final. It asks for all that the history follows, as wherever it is: other tabs show
/// that and leave the questions to this one.
#[hook]
pub fn use_followed(
    props: &SubmissionPanelProps,
    history: &History,
    record: Option<u64>,
) -> (Option<Followed>, Html) {
    let heard = use_state_eq(|| None::<(u64, bool)>);
    let shown = use_mut_ref(|| None);
    shown.replace(record);
    let told = {
        let heard = heard.setter();
        use_callback((), move |(id, answered), ()| {
            if *shown.borrow() == Some(id) {
                heard.set(Some((id, answered)));
            }
        })
    };
    let target = props.settings.target();
    let row = record.and_then(|id| history.row(id));
    let followed = row.map(|row| Followed {
        status: history.status(&row, props.lang).into(),
        unsettled: row.unsettled,
        answered: history.follows(&row, &target).then(|| {
            let own = heard.filter(|(id, _)| Some(*id) == record);
            own.is_none_or(|(_, answered)| answered)
        }),
    });
    // The host page wants to hear of a status even where none is in sight, and so does who wants to be notified.
    let asks = followed.as_ref().is_some_and(|f| f.answered.is_some())
        || props.mount.host_page().is_some()
        || notification::on();
    let poller = match asks {
        true => html! {
            <Poller {target} history={history.clone()} mount={props.mount.clone()} {told} />
        },
        false => Html::default(),
    };
    (followed, poller)
}
