//! Writes the TypeScript of the contract into the page's source; a drift is a diff.

use std::path::Path;

#[test]
fn the_pages_types_are_written_from_the_contract() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/contract");
    std::fs::create_dir_all(&dir).expect("the page's source can be written");
    for (name, content) in longshore_contract::typescript::files() {
        assert!(
            content.contains("export type "),
            "{name} declares something"
        );
        let path = dir.join(name);
        // An unchanged file keeps its time, so that nothing is built anew.
        if std::fs::read_to_string(&path).ok().as_deref() != Some(&content) {
            std::fs::write(&path, content).expect("the file can be written");
        }
    }
}
