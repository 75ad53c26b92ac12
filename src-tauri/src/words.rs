//! What the shell itself says: titles, buttons and sentences of the system's own dialogs and of the
//! tray. What the page says is in its own catalogue.

// The tray and its entries.
pub(crate) const NAME: &str = "Longshore";
pub(crate) const SHOW: &str = "Show Longshore";
pub(crate) const QUIT: &str = "Quit";

// Titles of the file dialogs.
pub(crate) const UPLOAD_FILES: &str = "Upload files";
pub(crate) const CHOOSE_FOLDER: &str = "Choose a folder";
pub(crate) const SAVE_AS: &str = "Save as";

// The question about a typed path.
pub(crate) const USE_PATH: &str = "Upload from this path?";
pub(crate) const AGREE: &str = "Upload";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const PATH_WAS_TYPED: &str = "This path was typed into the window. If you agree, \
                                         Longshore reads what is there and uploads it. Nothing is \
                                         written to it.";
