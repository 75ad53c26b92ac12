//! Items and progress, one line each: JSON, or words for a person.

use longshore_engine::plan::{ItemView, JobState, JobView, Operation, Verified};
use longshore_engine::size;
use serde_json::{Value, json};

use crate::failure;
use crate::output::{name, put, shown};
use crate::run::Run;

/// What a job says while it moves.
pub(super) fn progress_line(job: &JobView) -> String {
    let mut line = format!(
        "{} {}  {} %  {} of {}",
        state_word(job.state),
        job.title,
        job.percent(),
        size::in_words(job.bytes_done),
        size::in_words(job.bytes)
    );
    if job.items > 1 {
        line.push_str(&format!("  {} of {} items", job.items_done, job.items));
    }
    if job.speed > 0 {
        line.push_str(&format!("  {}/s", size::in_words(job.speed)));
    }
    if let Some(seconds) = job.eta {
        line.push_str(&format!("  {seconds} s left"));
    }
    line
}

/// Prints an item that has ended.
pub(crate) fn print(run: &Run<'_>, operation: Operation, item: &ItemView) {
    if !unended(item) {
        print_any(run, operation, item);
    }
}

/// Prints an item, also one that has not ended.
pub(crate) fn print_any(run: &Run<'_>, operation: Operation, item: &ItemView) {
    let state = ended_word(item).unwrap_or_else(|| state_word(item.state));
    run.output.result(&item_line(operation, item, state), || {
        let action = action_word(operation);
        let ends = line_of(&item.source, &item.destination);
        match item.reason.as_deref() {
            _ if state == "done" => format!("{action} {ends}"),
            // A reason that names the item says all.
            Some(why) if why.contains(&item.source) => {
                format!("{state}: {}{}", shown(why), request_of(item))
            }
            Some(why) => format!(
                "{state} {action} {ends}: {}{}",
                shown(why),
                request_of(item)
            ),
            None => format!("{state} {action} {ends}"),
        }
    });
}

/// “ [request id …]”, by which the server's keeper finds the refusal.
fn request_of(item: &ItemView) -> String {
    let id = item.failure.as_ref().and_then(|f| f.request_id.as_deref());
    id.map(|id| format!(" [request id {}]", shown(id)))
        .unwrap_or_default()
}

/// Where something starts and, unless it goes nowhere, where it leads.
pub(crate) fn line_of(source: &str, destination: &str) -> String {
    if destination.is_empty() {
        name(source)
    } else {
        format!("{} → {}", name(source), name(destination))
    }
}

/// Whether there is still something to do about an item.
fn unended(item: &ItemView) -> bool {
    ended_word(item).is_none()
}

fn ended_word(item: &ItemView) -> Option<&'static str> {
    match item.state {
        _ if item.skipped => Some("skipped"),
        JobState::Done => Some("done"),
        JobState::Failed => Some("failed"),
        JobState::Cancelled => Some("cancelled"),
        _ => None,
    }
}

fn item_line(operation: Operation, item: &ItemView, state: &str) -> Value {
    let mut line = json!({
        "type": "item",
        "action": action_word(operation),
        "source": item.source,
        "state": state,
    });
    put(
        &mut line,
        "destination",
        Some(item.destination.as_str()).filter(|d| !d.is_empty()),
    );
    let verified = match item.verified {
        Verified::No => None,
        Verified::Checksum => Some("checksum"),
        Verified::ETag => Some("etag"),
        Verified::LengthOnly => Some("lengthOnly"),
    };
    let carries_bytes = !matches!(operation, Operation::Delete);
    put(
        &mut line,
        "verified",
        carries_bytes.then_some(verified.unwrap_or("no")),
    );
    put(&mut line, "reason", item.reason.as_deref());
    if let Some(failure) = &item.failure {
        line["code"] = json!(failure::code_of(failure.kind));
        put(&mut line, "requestId", failure.request_id.as_deref());
        put(&mut line, "hostId", failure.host_id.as_deref());
    }
    line
}

/// A number of items.
pub(crate) fn count(items: u64) -> String {
    if items == 1 {
        "1 item".to_owned()
    } else {
        format!("{items} items")
    }
}

/// An operation in one word.
pub(crate) fn action_word(operation: Operation) -> &'static str {
    match operation {
        Operation::Upload => "upload",
        Operation::Download => "download",
        Operation::Delete => "delete",
        Operation::Move => "move",
    }
}

/// A state in one word.
pub(crate) fn state_word(state: JobState) -> &'static str {
    match state {
        JobState::Queued => "queued",
        JobState::Running => "running",
        JobState::Paused => "paused",
        JobState::WaitingForSignIn => "waitingForSignIn",
        JobState::WaitingForNetwork => "waitingForNetwork",
        JobState::Verifying => "verifying",
        JobState::Done => "done",
        JobState::Failed => "failed",
        JobState::Cancelled => "cancelled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(state: JobState, skipped: bool) -> ItemView {
        ItemView {
            number: 0,
            source: "/a".to_owned(),
            destination: "s3://b/a".to_owned(),
            state,
            skipped,
            bytes: 1,
            bytes_done: 1,
            bytes_reused: 0,
            verified: Verified::Checksum,
            reason: None,
            failure: None,
            upload_id: None,
        }
    }

    #[test]
    fn a_finished_item_is_one_line_with_only_what_is_known() {
        let done = item(JobState::Done, false);
        assert_eq!(
            item_line(Operation::Upload, &done, "done"),
            json!({"type":"item","action":"upload","source":"/a","destination":"s3://b/a","state":"done","verified":"checksum"}),
            "no reason where there is none"
        );
        assert_eq!(
            ended_word(&item(JobState::Done, true)),
            Some("skipped"),
            "left out on purpose"
        );
        assert!(
            unended(&item(JobState::Paused, false)),
            "what goes on is not finished"
        );
    }
}
