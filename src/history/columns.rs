//! The columns of the list.

use std::borrow::Cow;

use tieline_catalog::{find, Lang, Text};
use tieline_records::{Outcome, Verdict};

use super::index::Summary;
use super::list_messages as list;
use super::time::Ahead;
use super::{messages, time};
use crate::client::Target;
use crate::ui::messages as shared;

/// A column of the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// When the record was written.
    Time,
    /// The operation's title.
    Operation,
    /// The name that was asked for.
    Name,
    /// The resource's id.
    ResourceId,
    /// What is to be said about the resource.
    Outcome,
    /// The resource's status.
    Status,
    /// The region that was asked for.
    Region,
    /// The vendor's id of the request.
    RequestId,
    /// Where it was sent, and as which account.
    Endpoint,
    /// When it was last changed.
    Updated,
    /// What the user has written beside it.
    Note,
}

/// The columns that are shown: the time, which opens a record's details, and those that the user has chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown(Vec<Column>);

impl Default for Shown {
    fn default() -> Shown {
        Shown(Column::ALL[..USUAL].to_vec())
    }
}

impl Shown {
    /// The columns, in their order.
    pub fn columns(&self) -> &[Column] {
        &self.0
    }

    /// Whether a column is shown.
    pub fn has(&self, column: Column) -> bool {
        self.0.contains(&column)
    }

    /// The same with a column, or without.
    pub fn toggled(&self, column: Column) -> Shown {
        let shown = |other: &Column| match *other == column {
            true => !self.has(column) || column == Column::Time,
            false => self.has(*other),
        };
        Shown(Column::ALL.into_iter().filter(shown).collect())
    }

    /// The same as one text, to be kept.
    pub fn text(&self) -> String {
        let codes: Vec<&str> = self.0.iter().map(|column| column.code()).collect();
        codes.join(" ")
    }

    /// What [`Shown::text`] gave. Names that are none are left out.
    pub fn read(text: &str) -> Shown {
        let named = |column: &Column| {
            *column == Column::Time || text.split(' ').any(|code| code == column.code())
        };
        Shown(Column::ALL.into_iter().filter(named).collect())
    }
}

/// So many columns are shown as long as nobody chooses.
const USUAL: usize = 6;

impl Column {
    /// All columns, in their order.
    pub const ALL: [Column; 11] = [
        Column::Time,
        Column::Operation,
        Column::Name,
        Column::ResourceId,
        Column::Outcome,
        Column::Status,
        Column::Region,
        Column::RequestId,
        Column::Endpoint,
        Column::Updated,
        Column::Note,
    ];

    /// The name for people.
    pub const fn title(self) -> Text {
        match self {
            Column::Time => messages::TIME,
            Column::Operation => messages::OPERATION,
            Column::Name => messages::NAME,
            Column::ResourceId => messages::RESOURCE_ID,
            Column::Outcome => messages::OUTCOME,
            Column::Status => shared::STATUS,
            Column::Region => list::REGION,
            Column::RequestId => shared::REQUEST_ID,
            Column::Endpoint => messages::ENDPOINT,
            Column::Updated => messages::UPDATED_AT,
            Column::Note => list::NOTE,
        }
    }

    /// The name in style sheets and in what is kept of the choice.
    pub const fn code(self) -> &'static str {
        match self {
            Column::Time => "time",
            Column::Operation => "operation",
            Column::Name => "name",
            Column::ResourceId => "id",
            Column::Outcome => "outcome",
            Column::Status => "status",
            Column::Region => "region",
            Column::RequestId => "request",
            Column::Endpoint => "endpoint",
            Column::Updated => "updated",
            Column::Note => "note",
        }
    }

    /// The least width in rem where the columns are not the usual ones, and whether it takes what is left.
    pub const fn width(self) -> (f32, bool) {
        match self {
            Column::Time | Column::Updated => (9.75, false),
            Column::Operation | Column::Name | Column::Endpoint => (6.0, true),
            Column::ResourceId | Column::RequestId | Column::Note => (7.0, true),
            Column::Outcome => (9.25, false),
            Column::Status => (5.0, false),
            Column::Region => (7.5, false),
        }
    }

    /// Whether it shows a time.
    pub const fn is_time(self) -> bool {
        matches!(self, Column::Time | Column::Updated)
    }

    /// The moment that a row shows in it, if it shows one.
    pub fn moment(self, row: &Summary) -> Option<u64> {
        match self {
            Column::Time => Some(row.created),
            Column::Updated => Some(row.updated),
            _ => None,
        }
    }

    /// What a row shows in it, where `told` is to be said about its resource and clocks are so far `ahead` of UTC.
    pub fn text<'a>(
        self,
        row: &'a Summary,
        (shown, verdict): (Outcome, Verdict),
        ahead: Ahead<'_>,
        lang: Lang,
    ) -> Cow<'a, str> {
        let text: &str = match self {
            Column::Time => return time::local(row.created, ahead(row.created)).into(),
            Column::Operation => {
                find(&row.operation).map_or(&row.operation, |op| op.title.get(lang))
            }
            Column::Name => &row.name,
            Column::ResourceId => &row.resource_id,
            Column::Outcome => messages::standing(shown, verdict).get(lang),
            Column::Status => match (row.absent, verdict) {
                (true, Verdict::Creating) => messages::NOT_VISIBLE.get(lang),
                (true, _) => messages::ABSENT.get(lang),
                (false, _) => &row.status,
            },
            Column::Region => &row.region,
            Column::RequestId => &row.request_id,
            Column::Endpoint => return endpoint_name(&row.endpoint, lang).into(),
            Column::Updated => return time::local(row.updated, ahead(row.updated)).into(),
            Column::Note => &row.note,
        };
        text.into()
    }
}

/// The name of the endpoint of a record, for people.
pub fn endpoint_name(endpoint: &str, lang: Lang) -> String {
    match endpoint == Target::InPage.name() {
        true => messages::IN_PAGE.get(lang).to_string(),
        false => endpoint.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_kept_in_the_order_of_the_columns_and_never_without_the_time() {
        let usual = Shown::default();
        assert_eq!(Shown::read(&usual.text()), usual);
        let mut shown = usual.toggled(Column::Note).toggled(Column::Region);
        shown = shown.toggled(Column::Name).toggled(Column::Time);
        assert_eq!(shown.text(), "time operation id outcome status region note");
        assert_eq!(Shown::read(&shown.text()), shown);
        assert_eq!(Shown::read("note colour name").text(), "time name note");
        assert_eq!(shown.toggled(Column::Name).toggled(Column::Name), shown);
    }

    #[test]
    fn columns_have_names_of_their_own() {
        for column in Column::ALL {
            let same = |other: &Column| other.code() == column.code();
            assert_eq!(Column::ALL.iter().filter(|other| same(other)).count(), 1);
        }
    }
}
