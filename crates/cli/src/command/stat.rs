//! `stat`: everything that the server says about one object.

use longshore_engine::model::{ETag, VersionId};
use longshore_engine::object::ObjectDetail;
use longshore_engine::store::{Encryption, ObjectLock};
use serde_json::{Value, json};

use crate::args::Stat;
use crate::failure::{ALL_DONE, Result};
use crate::output::{put, shown};
use crate::run::Run;
use crate::{place, time};

pub(crate) async fn run(run: &Run<'_>, args: &Stat) -> Result<u8> {
    let uri = place::uri(&args.uri)?;
    let key = place::key(&uri)?;
    let version = args.version_id.as_deref().map(VersionId::new);
    let session = run.session()?;
    let detail = run
        .engine
        .inspect(&session, &uri.bucket, &key, version.as_ref())
        .await?;
    let line = json_of(key.as_str(), &detail);
    run.output.result(&line, || text_of(&line));
    for why in &detail.left_out {
        run.output.note(&format!("Not shown: {why}"));
    }
    Ok(ALL_DONE)
}

fn json_of(key: &str, detail: &ObjectDetail) -> Value {
    let head = &detail.head;
    let mut line = json!({"key": key, "size": head.size});
    put(
        &mut line,
        "versionId",
        head.version_id.as_ref().map(VersionId::as_str),
    );
    put(&mut line, "etag", head.etag.as_ref().map(ETag::as_str));
    put(&mut line, "lastModified", head.modified.map(time::iso));
    line["storageClass"] = json!(head.storage_class.as_deref().unwrap_or("STANDARD"));
    put(&mut line, "encryption", encryption(&head.encryption));
    line["system"] = json!(head.system);
    line["metadata"] = json!(head.metadata);
    put(
        &mut line,
        "tags",
        detail.tags.as_ref().map(|tags| json!(tags)),
    );
    let grants = detail.grants.as_ref().map(|grants| {
        let grant = |g: &longshore_engine::object::Grant| {
            json!({"grantee": g.grantee, "kind": g.kind, "permission": g.permission})
        };
        Value::Array(grants.iter().map(grant).collect())
    });
    put(&mut line, "grants", grants);
    let sums = Some(&head.checksums).filter(|sums| !sums.is_empty());
    put(&mut line, "checksums", sums.map(|sums| json!(sums)));
    put(&mut line, "lock", head.lock.as_ref().map(lock));
    put(&mut line, "restore", head.restore.as_deref());
    put(
        &mut line,
        "replicationStatus",
        head.replication_status.as_deref(),
    );
    line
}

fn encryption(encryption: &Encryption) -> Option<Value> {
    let mut line = json!({"type": encryption.kind.as_deref()?});
    put(&mut line, "keyArn", encryption.key_arn.as_deref());
    put(&mut line, "bucketKey", encryption.bucket_key);
    Some(line)
}

fn lock(lock: &ObjectLock) -> Value {
    let mut line = json!({});
    put(&mut line, "mode", lock.mode.as_deref());
    put(&mut line, "retainUntil", lock.retain_until.map(time::iso));
    put(&mut line, "legalHold", lock.legal_hold);
    line
}

/// The same for a person: one field a line, nested ones with a dot.
fn text_of(line: &Value) -> String {
    let mut rows = Vec::new();
    flatten("", line, &mut rows);
    rows.join("\n")
}

fn flatten(name: &str, value: &Value, rows: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                let name = if name.is_empty() {
                    field.clone()
                } else {
                    format!("{name}.{field}")
                };
                flatten(&name, value, rows);
            }
        }
        Value::Array(entries) => {
            for (at, entry) in entries.iter().enumerate() {
                flatten(&format!("{name}.{at}"), entry, rows);
            }
        }
        Value::String(text) => rows.push(format!("{name:24} {}", shown(text))),
        other => rows.push(format!("{name:24} {other}")),
    }
}

#[cfg(test)]
mod tests {
    use longshore_engine::store::ObjectHead;

    use super::*;

    #[test]
    fn what_was_not_said_is_absent_and_never_null() {
        let detail = ObjectDetail {
            head: ObjectHead {
                size: 3,
                ..ObjectHead::default()
            },
            ..ObjectDetail::default()
        };
        assert_eq!(
            json_of("k", &detail),
            json!({"key":"k","size":3,"storageClass":"STANDARD","system":{},"metadata":{}}),
            "only what is known"
        );
    }

    #[test]
    fn a_person_reads_one_field_a_line() {
        let text = text_of(&json!({"key": "k", "encryption": {"type": "AES256"}, "size": 3}));
        let mut names: Vec<_> = text
            .lines()
            .filter_map(|l| l.split_whitespace().next())
            .collect();
        names.sort_unstable();
        assert_eq!(
            names,
            ["encryption.type", "key", "size"],
            "nested fields have a dot"
        );
    }
}
