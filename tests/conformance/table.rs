//! The capability tables, printed and held against the committed ones.

use std::path::Path;

use longshore_engine::model::Prefix;
use longshore_engine::object;
use longshore_engine::store::{UploadRef, WriteCondition, WriteOptions};

use crate::ground::{Ground, body, key, moto, seaweedfs};

/// Asks one bucket of its own everything from which something is learned.
async fn table(ground: &Ground) -> String {
    let bucket = ground.bucket("table").await;
    let (store, ctx, options) = (&ground.store, &ground.ctx, WriteOptions::default());
    ground.put(&bucket, "k", "x").await;
    let _ = ground
        .put_with(&bucket, "k", "y", &options, &WriteCondition::IfAbsent)
        .await;
    let _ = object::inspect(store, &bucket, &key("k"), None).await;
    let _ = store.versioning(ctx, &bucket).await;
    let (name, id) = (
        key("m"),
        store
            .create_upload(ctx, &bucket, &key("m"), &options)
            .await
            .unwrap(),
    );
    let upload = UploadRef {
        bucket: &bucket,
        key: &name,
        upload_id: &id,
    };
    let _ = store
        .upload_part(ctx, &upload, 1, &body(b"part".to_vec()))
        .await;
    let _ = store.list_parts(ctx, &upload).await;
    let _ = store.list_uploads(ctx, &bucket, &Prefix::new("")).await;
    store.abort_upload(ctx, &upload).await.unwrap();
    let _ = store
        .delete_objects(ctx, &bucket, &[(key("k"), None)])
        .await;
    store.capabilities().to_string()
}

async fn compare(ground: &Ground, name: &str) {
    let found = table(ground).await;
    #[expect(
        clippy::print_stdout,
        reason = "the run shows what each server was found able to do"
    )]
    {
        println!("{name}\n{found}");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("conformance/{name}.txt"));
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        found,
        committed,
        "what {name} can do has changed; if that is right, write it into {}",
        path.display()
    );
}

#[tokio::test]
async fn seaweedfs_can_what_it_could() {
    compare(&seaweedfs(), "seaweedfs").await;
}

#[tokio::test]
async fn moto_can_what_it_could() {
    compare(&moto(), "moto").await;
}
