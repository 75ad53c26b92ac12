//! `buckets`: the buckets that the session may see, and empty ones made and removed.

use longshore_engine::bucket;
use longshore_engine::model::{BucketName, Region};
use longshore_engine::store::{BucketEntry, Store};
use serde_json::json;

use crate::args::BucketAction;
use crate::failure::{ALL_DONE, Result};
use crate::output::{put, shown};
use crate::run::Run;
use crate::time;

pub(crate) async fn run(run: &Run<'_>, action: Option<&BucketAction>) -> Result<u8> {
    let store = run.store().await?;
    match action {
        None => list(run, &store).await?,
        Some(BucketAction::Create { name }) => {
            let name = BucketName::parse(name.as_str())?;
            let region = run.region().map(Region::new);
            bucket::create(&store, &name, region.as_ref()).await?;
            changed(run, &name, "created");
        }
        Some(BucketAction::Delete { name }) => {
            let name = BucketName::parse(name.as_str())?;
            bucket::delete(&store, &name).await?;
            changed(run, &name, "deleted");
        }
    }
    Ok(ALL_DONE)
}

/// Prints all buckets; `ls` without a URI does the same.
pub(crate) async fn list(run: &Run<'_>, store: &Store) -> Result<()> {
    for entry in bucket::list(store).await? {
        print(run, &entry);
    }
    Ok(())
}

fn print(run: &Run<'_>, entry: &BucketEntry) {
    let mut line = json!({"type": "bucket", "name": entry.name.as_str()});
    put(&mut line, "created", entry.created.map(time::iso));
    put(
        &mut line,
        "region",
        entry.region.as_ref().map(Region::as_str),
    );
    run.output.result(&line, || {
        let created = entry.created.map(time::column).unwrap_or_default();
        format!("{created:19}  {}", shown(entry.name.as_str()))
    });
}

fn changed(run: &Run<'_>, name: &BucketName, state: &str) {
    let line = json!({"type": "bucket", "name": name.as_str(), "state": state});
    run.output.result(&line, || format!("{state} s3://{name}"));
}
