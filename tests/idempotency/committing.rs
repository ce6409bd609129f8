//! Every change that can be asked for commits where its claim is marked.

use crate::architecture::{repository, sources};

/// Those who write what nobody asks for with a key: the ground, and what fills an empty database.
const OTHERS: [&str; 9] = [
    "caller.rs",
    "database",
    "demo",
    "jobs",
    "outbox",
    "retention",
    "seed",
    "webhooks/store/attempts.rs",
    "webhooks/store/deliveries.rs",
];

#[test]
fn a_change_of_a_domain_commits_through_its_caller_alone() {
    let (root, mut files) = (repository().join("api/src"), Vec::new());
    sources(&root, &mut files);
    let mut callers = 0;
    for file in files {
        let source = std::fs::read_to_string(&file).expect("the file can be read");
        callers += source.matches("caller.commit(txn)").count();
        let path = file.strip_prefix(&root).expect("it is below");
        let is_other = OTHERS.iter().any(|other| path.starts_with(other));
        assert!(is_other || !source.contains(".commit()"), "{}: commit by `Caller::commit`", path.display());
    }
    assert!(callers > 20, "{callers} changes are found");
}
