//! Declares the two commands to the access control, and makes sure that there is a page to embed:
//! where the UI was not built yet, a sentence that says so stands in for it, so that the crate can
//! be checked without Node.

use std::path::Path;

const PAGE_NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
<title>Longshore</title><p>The page was not built. Run <code>cargo xtask run</code>.</p></html>\n";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let page = Path::new("../ui/dist");
    if !page.join("index.html").exists() {
        std::fs::create_dir_all(page)?;
        std::fs::write(page.join("index.html"), PAGE_NOT_BUILT)?;
    }
    println!("cargo:rerun-if-changed=../ui/dist");
    let commands = tauri_build::AppManifest::new().commands(&["call", "subscribe"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))?;
    Ok(())
}
