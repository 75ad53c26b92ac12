//! The question whether a path that was typed into the page may be read.
//!
//! GTK's own dialog rather than rfd's: it stands over the window, and the button that has the
//! keyboard first is the one that refuses, so that the Return which sent the page's form off does
//! not agree as well. Elsewhere rfd asks with the system's dialog.

use std::path::Path;

use tauri::AppHandle;

use crate::words;

/// Asks over the main window; true only when the button that grants was pressed.
pub(crate) async fn may_upload(app: &AppHandle, path: &Path) -> bool {
    ask(app, question_about(path)).await
}

fn question_about(path: &Path) -> String {
    // Debug's form shows what could deceive: line breaks, controls, turned directions.
    format!("{path:?}\n\n{}", words::PATH_WAS_TYPED)
}

#[cfg(target_os = "linux")]
async fn ask(app: &AppHandle, question: String) -> bool {
    let (tell, answer) = tokio::sync::oneshot::channel();
    let handle = app.clone();
    let asked = app.run_on_main_thread(move || show(&handle, &question, tell));
    // A dialog that could not be shown, or went away without an answer, is no consent.
    asked.is_ok() && answer.await.unwrap_or(false)
}

#[cfg(target_os = "linux")]
fn show(app: &AppHandle, question: &str, tell: tokio::sync::oneshot::Sender<bool>) {
    use gtk::prelude::{DialogExt as _, GtkWindowExt as _, MessageDialogExt as _, WidgetExt as _};
    use gtk::{ButtonsType, DialogFlags, MessageDialog, MessageType, ResponseType};
    use tauri::Manager as _;

    let parent = app
        .get_webview_window(crate::window::MAIN)
        .and_then(|window| window.gtk_window().ok());
    let dialog = MessageDialog::new(
        parent.as_ref(),
        DialogFlags::MODAL | DialogFlags::DESTROY_WITH_PARENT,
        MessageType::Question,
        ButtonsType::None,
        words::USE_PATH,
    );
    dialog.set_title(words::USE_PATH);
    // A C string ends at a NUL, and the rest of the path would not be seen.
    dialog.set_secondary_text(Some(&question.replace('\0', "\u{fffd}")));
    dialog.add_button(&format!("_{}", words::CANCEL), ResponseType::Cancel);
    dialog.add_button(&format!("_{}", words::AGREE), ResponseType::Accept);
    dialog.set_default_response(ResponseType::Cancel);
    let tell = std::cell::Cell::new(Some(tell));
    dialog.connect_response(move |dialog, response| {
        let Some(tell) = tell.take() else { return };
        let _page_is_gone = tell.send(response == ResponseType::Accept);
        dialog.close();
    });
    dialog.show_all();
}

#[cfg(not(target_os = "linux"))]
async fn ask(app: &AppHandle, question: String) -> bool {
    use rfd::{AsyncMessageDialog, MessageButtons, MessageDialogResult};
    use tauri::Manager as _;

    let dialog = AsyncMessageDialog::new()
        .set_title(words::USE_PATH)
        .set_description(question.replace('\0', "\u{fffd}"))
        .set_buttons(MessageButtons::OkCancelCustom(
            words::AGREE.into(),
            words::CANCEL.into(),
        ));
    let dialog = match app.get_webview_window(crate::window::MAIN) {
        Some(window) => dialog.set_parent(&window),
        None => dialog,
    };
    match dialog.show().await {
        MessageDialogResult::Ok => true,
        MessageDialogResult::Custom(pressed) => pressed == words::AGREE,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_shows_what_a_path_hides_and_promises_only_to_read() {
        let question = question_about(Path::new("/home/jo/a\u{202e}b\nc"));
        assert!(
            question.starts_with(r#""/home/jo/a\u{202e}b\nc""#),
            "nothing of the path deceives: {question}"
        );
        assert!(
            question.contains("Nothing is written"),
            "an upload reads: {question}"
        );
    }
}
