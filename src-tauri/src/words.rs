//! What the shell itself says: titles, buttons and sentences of the system's own dialogs and of the
//! tray. What the page says is in its own catalogue.

/// The tray's and the window's name.
pub(crate) const NAME: &str = "Longshore";
/// The tray's entry that brings the window back.
pub(crate) const SHOW: &str = "Show Longshore";
/// The tray's entry that ends the program.
pub(crate) const QUIT: &str = "Quit";

/// The title over the choice of files to upload.
pub(crate) const UPLOAD_FILES: &str = "Upload files";
/// The title over the choice of a folder, where the page gave none.
pub(crate) const CHOOSE_FOLDER: &str = "Choose a folder";
/// The title over the choice of a file's name.
pub(crate) const SAVE_AS: &str = "Save as";

/// The question about a typed path.
pub(crate) const USE_PATH: &str = "Upload from this path?";
/// The button that grants a typed path.
pub(crate) const AGREE: &str = "Upload";
/// The button that refuses it.
pub(crate) const CANCEL: &str = "Cancel";
/// What agreeing to a typed path means.
pub(crate) const PATH_WAS_TYPED: &str = "This path was typed into the window. If you agree, \
                                         Longshore reads what is there and uploads it. Nothing is \
                                         written to it.";
