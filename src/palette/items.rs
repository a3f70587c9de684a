//! What the palette offers: everything that the console has, each with the way to it.

use tieline_catalog::error_centre::all;
use tieline_catalog::text::{same, t};
use tieline_catalog::{
    creations, Control, Kind as ParamKind, Lang, Message, Operation, Param, Text,
};

use super::messages as texts;
use crate::form::control::control_id;
use crate::form::control::label_at;
use crate::history::{display_name, History};
use crate::platform::mount::Mount;
use crate::platform::route::Route;
use crate::search::matching::Keys;
use crate::search::syllables::spelled;
use crate::settings::Theme;
use crate::ui::messages;

/// More records are not looked through.
const MOST_RECORDS: usize = 500;

/// What an item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Something that is done at once.
    Action,
    /// A page.
    Page,
    /// A creation's form.
    Operation,
    /// A field of the settings.
    Setting,
    /// A record of the history.
    Record,
    /// A field of a form.
    Parameter,
    /// A region to start forms with.
    Region,
    /// An error code.
    Code,
}

impl Kind {
    /// Its name for people.
    pub const fn label(self) -> Text {
        match self {
            Kind::Action => t("Action", "操作"),
            Kind::Page => t("Page", "页面"),
            Kind::Operation => t("Create", "创建"),
            Kind::Setting => t("Setting", "设置项"),
            Kind::Record => t("Record", "历史记录"),
            Kind::Parameter => t("Field", "字段"),
            Kind::Region => t("Default region", "默认地域"),
            Kind::Code => t("Error code", "错误码"),
        }
    }
}

/// What choosing an item does.
#[derive(Clone, PartialEq, Debug)]
pub enum Goal {
    /// Another place.
    Place(String),
    /// A control of a place, by its id.
    Control(String, String),
    /// The region that forms start with.
    Region(&'static str),
    /// The language.
    Lang(Lang),
    /// The theme.
    Theme(Theme),
    /// Whether the sandbox in the page answers.
    InPage(bool),
    /// The connection is checked.
    Check,
    /// The keys are shown.
    Keys,
    /// The tour is shown.
    Tour,
}

/// Something that can be chosen.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub title: Message,
    /// What it is called on the wire, or where it belongs.
    pub detail: String,
    /// What choosing it does.
    pub goal: Goal,
    /// What it is found by.
    pub keys: Keys,
}

fn item(kind: Kind, title: Message, detail: impl Into<String>, goal: Goal, more: &[&str]) -> Item {
    let detail = detail.into();
    let own = [title.en.as_str(), title.zh.as_str(), detail.as_str()];
    let keys = Keys::new(own.into_iter().chain(more.iter().copied()));
    Item {
        kind,
        title,
        detail,
        goal,
        keys,
    }
}

/// Everything that can be chosen here and now.
pub fn items(mount: &Mount) -> Vec<Item> {
    let mut items = pages();
    items.extend(operations(mount));
    items.extend(actions());
    items.extend(settings());
    items.extend(records(mount));
    items.extend(fields(mount));
    items.extend(regions());
    items.extend(codes(mount));
    items
}

fn pages() -> Vec<Item> {
    let places = [
        (messages::HOME_TITLE, Route::Home.hash()),
        (messages::HISTORY, Route::History(None).hash()),
        (messages::ERROR_CENTRE, "#/errors".to_string()),
        (messages::PERMISSIONS, "#/permissions".to_string()),
        (messages::SETTINGS, Route::Settings.hash()),
    ];
    let page = |(title, place): (Text, String)| {
        item(Kind::Page, title.message(), "", Goal::Place(place), &[])
    };
    places.into_iter().map(page).collect()
}

fn operations(mount: &Mount) -> Vec<Item> {
    let offered = creations().filter(|op| mount.offers(op));
    let form = |op: &'static Operation| {
        let service = op.service;
        let product = [
            service.product.en,
            service.product.zh,
            service.id,
            service.provider.name().en,
            service.provider.name().zh,
        ];
        let place = Goal::Place(Route::Create(op.name).hash());
        item(
            Kind::Operation,
            op.title.message(),
            op.name,
            place,
            &product,
        )
    };
    offered.map(form).collect()
}

fn actions() -> Vec<Item> {
    let themes = Theme::ALL.into_iter().map(|theme| {
        let title = Message::new(
            messages::about(messages::THEME.en, theme.name().en, Lang::En),
            messages::about(messages::THEME.zh, theme.name().zh, Lang::Zh),
        );
        (title, Goal::Theme(theme))
    });
    [
        (same("English").message(), Goal::Lang(Lang::En)),
        (messages::CHINESE.message(), Goal::Lang(Lang::Zh)),
        (messages::USE_IN_PAGE.message(), Goal::InPage(true)),
        (messages::LEAVE_IN_PAGE.message(), Goal::InPage(false)),
        (messages::CHECK_CONNECTION.message(), Goal::Check),
        (texts::KEYS.message(), Goal::Keys),
        (texts::TOUR.message(), Goal::Tour),
    ]
    .into_iter()
    .chain(themes)
    .map(|(title, goal)| item(Kind::Action, title, "", goal, &[]))
    .collect()
}

fn settings() -> Vec<Item> {
    let place = Route::Settings.hash();
    [
        (messages::TARGET, "target-proxy"),
        (messages::ENDPOINT, "endpoint"),
        (messages::TOKEN, "token"),
        (messages::REGION, "region"),
        (messages::ACCOUNT, "account"),
        (messages::NOTIFY, "notify"),
        (messages::LANGUAGE, "language-en"),
        (messages::THEME, "theme-system"),
    ]
    .into_iter()
    .map(|(title, id)| {
        let goal = Goal::Control(place.clone(), id.to_string());
        item(Kind::Setting, title.message(), "", goal, &[])
    })
    .collect()
}

fn records(mount: &Mount) -> Vec<Item> {
    let history = History::of(mount);
    let rows = history.ids(MOST_RECORDS, |_| true);
    let rows = rows.into_iter().filter_map(|id| history.row(id));
    rows.map(|row| {
        let name = display_name(&row.record());
        let goal = Goal::Place(Route::History(Some(row.id)).hash());
        let id = row.resource_id.to_string();
        item(
            Kind::Record,
            Message::new(name.clone(), name),
            id,
            goal,
            &[&row.operation, &row.key],
        )
    })
    .collect()
}

fn fields(mount: &Mount) -> Vec<Item> {
    let mut items = Vec::new();
    for op in creations().filter(|op| mount.offers(op)) {
        let mut paths = Vec::new();
        for param in op.params {
            leaves(
                param,
                param.name.to_string(),
                param.name.to_string(),
                &mut paths,
            );
        }
        for (path, control) in paths {
            let title = Message::new(label_at(op, &path, Lang::En), label_at(op, &path, Lang::Zh));
            let goal = Goal::Control(Route::Create(op.name).hash(), control_id(&control));
            let more = [op.title.en, op.title.zh];
            items.push(item(
                Kind::Parameter,
                title,
                format!("{} {path}", op.name),
                goal,
                &more,
            ));
        }
    }
    items
}

/// The fields of a parameter: their paths without item numbers, and the path of the control that is there
/// before an item is added.
fn leaves(param: &'static Param, path: String, control: String, out: &mut Vec<(String, String)>) {
    match param.kind {
        ParamKind::Object(members) => {
            for member in members {
                let path = format!("{path}.{}", member.name);
                leaves(member, path.clone(), path, out);
            }
        }
        ParamKind::List { item, .. } => match item.kind {
            ParamKind::Object(members) => {
                for member in members {
                    out.push((format!("{path}.{}", member.name), control.clone()));
                }
            }
            _ => out.push((path, control)),
        },
        _ => out.push((path, control)),
    }
}

/// The regions that forms suggest. Documents can call the same one differently: all its names are told.
fn regions() -> Vec<Item> {
    let mut regions: Vec<(&'static str, Vec<Text>)> = Vec::new();
    let params = creations().flat_map(|op| op.params);
    for param in params.filter(|param| param.control == Control::Region) {
        for choice in param.choices().map_or(&[][..], |(choices, _)| choices) {
            let known = regions.iter().position(|(value, _)| *value == choice.value);
            let known = known.unwrap_or_else(|| {
                regions.push((choice.value, Vec::new()));
                regions.len() - 1
            });
            let names = &mut regions[known].1;
            if !names.contains(&choice.label) {
                names.push(choice.label);
            }
        }
    }
    let region = |(value, names): (&'static str, Vec<Text>)| {
        let all = |lang: Lang| -> String {
            let names: Vec<&str> = names.iter().map(|name| name.get(lang)).collect();
            names.join(" · ")
        };
        let title = Message::new(all(Lang::En), all(Lang::Zh));
        let spelled = spelled(&title.zh);
        item(Kind::Region, title, value, Goal::Region(value), &[&spelled])
    };
    regions.into_iter().map(region).collect()
}

fn codes(mount: &Mount) -> Vec<Item> {
    let offered = |op: &'static Operation| mount.offers(op);
    let own = all()
        .into_iter()
        .filter(|code| code.operation.is_none_or(offered));
    own.map(|code| {
        let goal = Goal::Place(format!("#/errors/{}", code.place()));
        let of = code.operation.map_or("", |op| op.name);
        let (title, detail) = match code.title {
            Some(title) => (title.message(), String::new()),
            None => (Message::new(&*code.code, &*code.code), of.to_string()),
        };
        let more = [code.explanation.en.as_str(), code.explanation.zh.as_str()];
        item(Kind::Code, title, detail, goal, &more)
    })
    .collect()
}

#[cfg(test)]
#[cfg(not(feature = "embed"))]
mod tests {
    use super::*;
    use crate::search::matching::{find, Query};

    fn found(query: &str) -> Vec<(Kind, String)> {
        let mut items = operations(&Mount::page());
        items.extend(pages());
        items.extend(actions());
        items.extend(settings());
        items.extend(fields(&Mount::page()));
        items.extend(regions());
        items.extend(codes(&Mount::page()));
        let keys: Vec<&Keys> = items.iter().map(|item| &item.keys).collect();
        let found = find(&Query::new(query), &keys).into_iter();
        found
            .map(|place| (items[place].kind, items[place].title.en.clone()))
            .collect()
    }

    #[test]
    fn every_kind_of_thing_is_found_in_both_languages_by_initials_and_misspelled() {
        for (query, kind, title) in [
            ("history", Kind::Page, "History"),
            ("lsjl", Kind::Page, "History"),
            ("histroy", Kind::Page, "History"),
            ("cwzx", Kind::Page, "Error centre"),
            ("主题：深色", Kind::Action, "Theme: Dark"),
            ("theme dark", Kind::Action, "Theme: Dark"),
            ("shanghai", Kind::Region, "China (Shanghai)"),
            ("fulankefu", Kind::Region, "Germany (Frankfurt)"),
            ("endpoint", Kind::Setting, "Proxy endpoint"),
            ("throttling", Kind::Code, "Throttling*"),
        ] {
            let found = found(query);
            assert!(
                found
                    .iter()
                    .take(5)
                    .any(|(k, t)| *k == kind && t.contains(title)),
                "{query}: {found:?}"
            );
        }
        for op in creations() {
            for query in [op.name, op.title.en, op.title.zh] {
                assert_eq!(
                    found(query)[0],
                    (Kind::Operation, op.title.en.to_string()),
                    "{query}"
                );
            }
            for param in op.params {
                let found = found(&format!("{} {}", op.title.en, param.name));
                assert!(
                    found.iter().any(|(kind, _)| *kind == Kind::Parameter),
                    "{}",
                    param.name
                );
            }
        }
    }

    #[test]
    fn each_leads_somewhere() {
        for item in [
            pages(),
            operations(&Mount::page()),
            fields(&Mount::page()),
            codes(&Mount::page()),
        ]
        .concat()
        {
            let (Goal::Place(place) | Goal::Control(place, _)) = item.goal else {
                panic!("{:?}", item.title);
            };
            assert_eq!(Route::parse(&place).hash(), place);
        }
    }
}
