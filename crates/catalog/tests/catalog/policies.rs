//! The policy of each creation, kept in `tests/golden`.
//! `TIELINE_BLESS=1 cargo test -p tieline-catalog --test catalog policies` writes the files anew: read the
//! difference.

use std::path::Path;

use tieline_catalog::creations;
use tieline_catalog::policy::policies;

#[test]
fn the_policy_of_every_creation_is_the_one_that_is_kept() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let bless = std::env::var_os("TIELINE_BLESS").is_some();
    let (mut kept, mut without) = (0, Vec::new());
    for op in creations() {
        let text: String = policies(&[op]).iter().map(|policy| policy.text()).collect();
        let path = folder.join(format!("{}.policy.json", op.name));
        if bless {
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(&path, &text).expect("a file");
        }
        match std::fs::read_to_string(&path) {
            Ok(golden) => assert!(
                golden == text,
                "{} is not the policy:\n{text}",
                path.display()
            ),
            Err(_) => without.push(op.name),
        }
        kept += 1;
    }
    // An operation that was added to a copy of the checkout has its file with its own test.
    let added = usize::from(std::env::var_os("TIELINE_SIXTH").is_some());
    assert_eq!(without.len(), added, "no file of {without:?}");
    let files = std::fs::read_dir(&folder).expect("a folder").count();
    assert_eq!(files, kept - without.len(), "a file is of no operation");
}
