//! The request's side of a creation's page: the status line, what sends and its answer, the request.
//!
//! It is loaded lazily, see `chunks.rs`.

use std::rc::Rc;

use tieline_catalog::{wire, Report};
use yew::prelude::*;

use super::tag_offers::{TagOffers, TagOffersProps};
use crate::form::code_pane::CodePane;
use crate::form::fill::Filler;
use crate::form::handover_pane::HandoverPane;
use crate::form::link_arrival::LinkArrival;
use crate::form::paste_pane::PastePane;
use crate::form::reference_pane::ReferencePane;
use crate::form::request_pane::request_pane;
use crate::platform::dom;
use crate::submission::{Status, SubmissionPanel, SubmissionPanelProps};
use crate::ui::status_line::{status_line, Stage};

/// What the request's side shows.
pub struct RequestSide {
    /// The part that sends.
    pub panel: SubmissionPanelProps,
    /// What it has told.
    pub status: Status,
    /// The stage to draw.
    pub stage: Stage,
    /// The last check of the form.
    pub report: Rc<Report>,
}

/// The request's side.
pub fn request_side(props: RequestSide) -> Html {
    let RequestSide {
        panel,
        status,
        stage,
        report,
    } = props;
    let masked = match &status.settled {
        Some(sent) => sent.values.clone(),
        None => Rc::new(report.parsed.masked()),
    };
    let settings = &panel.settings;
    let proxy = match settings.endpoint.strip_prefix('/') {
        _ if settings.in_page => String::new(),
        // A path of this page's own server.
        Some(_) => dom::origin() + settings.endpoint.trim_end_matches('/'),
        None => settings.endpoint.trim_end_matches('/').to_string(),
    };
    let (profile, id) = (
        settings.profile.clone(),
        status.settled.as_ref().map(|sent| sent.id.clone()),
    );
    let request = wire::encode(&masked);
    let (in_page, lang) = (panel.settings.in_page, panel.lang);
    let cloud = panel.operation.service.provider.name();
    let operation = panel.operation;
    let filler = Filler {
        form: panel.form.0.clone(),
        settings: panel.settings.clone(),
        mount: panel.mount.clone(),
    };
    let focused = panel.form.0.focused.clone();
    let mount = panel.mount.clone();
    let tags = TagOffersProps {
        form: panel.form.clone(),
        made: id.clone(),
        mount: mount.clone(),
    };
    html! {
        <>
            <LinkArrival filler={filler.clone()} {lang} />
            { status_line(stage, status.sent, in_page, cloud, &request.host, lang) }
            <SubmissionPanel ..panel />
            { request_pane(&masked, &request, status.settled.is_some(), in_page, focused.as_deref(), lang) }
            <CodePane parsed={masked} {proxy} {profile} {id} {lang} />
            <PastePane filler={filler.clone()} {lang} />
            <HandoverPane {filler} {lang} />
            <TagOffers ..tags />
            <ReferencePane operation={operation} {mount} {lang} />
        </>
    }
}
