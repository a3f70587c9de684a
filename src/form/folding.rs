//! Which fields of a form are in sight at once, and which are folded.

use tieline_catalog::{Control, Operation, Param};

/// So many optional fields stand open; where there are more they are folded.
const OPEN: usize = 4;

/// A part of a form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// In sight at once.
    Open,
    /// Optional, of an operation that has many such.
    Optional,
    /// What the operation's document does not know.
    Newer,
}

impl Part {
    /// The parts that are folded, in the order of the page.
    pub const FOLDED: [Part; 2] = [Part::Optional, Part::Newer];
}

/// Whether it can be left out and is none of what nearly everybody fills in: the name, and where it is.
fn is_minor(param: &Param) -> bool {
    let free = matches!(
        param.control,
        Control::Auto | Control::Area | Control::Token
    );
    let named = param.name.eq_ignore_ascii_case("name");
    !param.required && free && !named && !param.is_newer_than_the_document()
}

/// The part to which a top-level parameter belongs.
pub fn part_of(op: &Operation, param: &Param) -> Part {
    let minor = || op.params.iter().filter(|p| is_minor(p)).count();
    match (param.is_newer_than_the_document(), is_minor(param)) {
        (true, _) => Part::Newer,
        (false, true) if minor() > OPEN => Part::Optional,
        _ => Part::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_required_and_the_name_are_always_in_sight_and_few_are_not_folded() {
        let mut folded = 0;
        for op in tieline_catalog::creations() {
            let of = |part| op.params.iter().filter(|p| part_of(op, p) == part).count();
            for param in op.params {
                let known = !param.is_newer_than_the_document();
                if param.required || known && param.name.eq_ignore_ascii_case("name") {
                    assert_eq!(part_of(op, param), Part::Open, "{} {}", op.name, param.name);
                }
            }
            assert!(of(Part::Open) > 0);
            assert!(
                of(Part::Optional) == 0 || of(Part::Optional) > OPEN,
                "{}",
                op.name
            );
            folded += of(Part::Optional);
        }
        assert!(folded > 0, "nothing is folded anywhere");
    }
}
