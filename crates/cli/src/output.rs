//! What is printed, and where: results on stdout, everything else on stderr.
//!
//! With `--json` a result is one JSON object a line; without, a line for people in which control
//! characters are escaped, since keys are made by others. A reader that goes away (`| head`) is no
//! failure: printing stops and the work goes on.

use std::io::{self, IsTerminal as _, Write as _};

use serde_json::{Value, json};

use crate::failure::Failure;

/// How results are printed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) json: bool,
    pub(crate) quiet: bool,
}

impl Output {
    /// Prints a result: its JSON, or the line for people.
    pub(crate) fn result(self, json: &Value, text: impl FnOnce() -> String) {
        if self.json {
            print(&json.to_string());
        } else if !self.quiet {
            print(&text());
        }
    }

    /// Prints a sentence beside the results.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet && !self.json {
            self.clear();
            tell(&shown(text));
        }
    }

    /// Prints what must be known however little is to be printed: something is lost or stays behind.
    pub(crate) fn warn(self, text: &str) {
        if self.json {
            tell(&json!({ "type": "warning", "message": text }).to_string());
        } else {
            self.clear();
            tell(&shown(text));
        }
    }

    /// Prints why a command ended early.
    pub(crate) fn failure(self, failure: &Failure) {
        if self.json {
            tell(&failure.json().to_string());
        } else {
            self.clear();
            tell(&format!("longshore: {}", shown(&failure.text())));
        }
    }

    /// Whether a progress line is drawn: on a terminal only.
    pub(crate) fn draws(self) -> bool {
        !self.quiet && !self.json && io::stderr().is_terminal()
    }

    /// Draws the progress line over the last one.
    pub(crate) fn progress(self, line: &str) {
        if self.draws() {
            let _ = write!(io::stderr(), "\r\x1b[K{}", shown(line));
        }
    }

    /// Takes the progress line away.
    pub(crate) fn clear(self) {
        if self.draws() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

/// A line of stdout; one whose reader is gone is dropped.
fn print(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

fn tell(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// A text that cannot steer the terminal it is printed on.
pub(crate) fn shown(text: &str) -> String {
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(steers) {
        return text.to_owned();
    }
    let escape = |c: char| {
        if steers(c) {
            c.escape_default().to_string()
        } else {
            c.to_string()
        }
    };
    text.chars().map(escape).collect()
}

/// A name whose edges are seen: one that begins or ends with a blank stands in quotes.
pub(crate) fn name(text: &str) -> String {
    if text.trim() == text {
        shown(text)
    } else {
        format!("“{}”", shown(text))
    }
}

/// Adds a field unless it is unknown: what was not asked is absent, never `null`.
pub(crate) fn put(line: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        line[name] = value.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_at_the_edge_of_a_name_is_seen() {
        assert_eq!(name("s3://b/a b"), "s3://b/a b", "one inside is");
        assert_eq!(
            name("s3://b/a "),
            "“s3://b/a ”",
            "one at the end needs quotes"
        );
    }

    #[test]
    fn a_key_cannot_steer_the_terminal() {
        assert_eq!(
            shown("a\x1b[2Jb\n"),
            "a\\u{1b}[2Jb\\n",
            "control characters are escaped"
        );
        assert_eq!(
            shown("\u{202e}gpj.exe"),
            "\\u{202e}gpj.exe",
            "and what turns the direction"
        );
        assert_eq!(shown("grün"), "grün", "everything else stays");
    }
}
