//! Where a typed or pasted address leads, asked of the server where the text alone cannot say.

use longshore_engine::model::{Prefix, S3Uri};
use longshore_engine::store::{ListRequest, Store};

use super::Reply;
use crate::router::Call;
use crate::wire::{Address, AddressArgs};
use crate::{AppError, ErrorCode};

/// A text that ends in `/` is a folder; another may be an object, or a folder without its slash.
pub(crate) async fn resolve(call: &Call, args: AddressArgs) -> Reply<Address> {
    let text = args
        .text
        .trim_matches(|c: char| matches!(c, ' ' | '\t' | '\r' | '\n'));
    if matches!(
        text.to_ascii_lowercase().as_str(),
        "" | "s3:" | "s3:/" | "s3://"
    ) {
        return Ok(Address {
            bucket: None,
            prefix: String::new(),
            select: None,
        });
    }
    let uri = S3Uri::parse(text)?;
    let folder = |prefix: String, select: Option<String>| Address {
        bucket: Some(uri.bucket.as_str().to_owned()),
        prefix,
        select,
    };
    if uri.rest.is_empty() || uri.rest.ends_with('/') {
        return Ok(folder(uri.rest.clone(), None));
    }
    let store = call.store(&args.session).await?;
    // An object sorts before everything else that starts with its key.
    if first_key(&store, &uri, &uri.rest).await?.as_deref() == Some(&uri.rest) {
        let parent = Prefix::new(uri.rest.as_str())
            .parent()
            .map(Prefix::into_string);
        return Ok(folder(parent.unwrap_or_default(), Some(uri.rest.clone())));
    }
    let below = format!("{}/", uri.rest);
    if first_key(&store, &uri, &below).await?.is_some() {
        return Ok(folder(below, None));
    }
    let message = format!("There is neither an object nor a folder at {uri}");
    Err(AppError::new(ErrorCode::NoSuchKey, message).advise("Check the spelling; case counts"))
}

async fn first_key(store: &Store, uri: &S3Uri, prefix: &str) -> Reply<Option<String>> {
    let request = ListRequest {
        bucket: uri.bucket.clone(),
        prefix: Prefix::new(prefix),
        delimiter: None,
        start_after: None,
        token: None,
        max_keys: 1,
    };
    let page = store.list_page(&store.context(), &request).await?;
    let first = page.rows.first();
    Ok(first.and_then(|row| {
        let range = row.key.start as usize..row.key.end as usize;
        page.arena.get(range).map(str::to_owned)
    }))
}
