//! `rm`: objects deleted, or everything below a prefix.

use longshore_engine::model::Prefix;
use longshore_engine::transfer::{ChangeRequest, Target};

use crate::args::Rm;
use crate::failure::{Failure, Result};
use crate::run::Run;
use crate::{job, place};

pub(crate) async fn run(run: &Run<'_>, args: &Rm) -> Result<u8> {
    let uris = args
        .uris
        .iter()
        .map(|uri| place::uri(uri))
        .collect::<Result<Vec<_>>>()?;
    let Some(bucket) = uris.first().map(|uri| uri.bucket.clone()) else {
        return Err(Failure::usage("A URI is needed"));
    };
    let mut targets = Vec::new();
    for uri in &uris {
        if uri.bucket != bucket {
            return Err(Failure::usage(format!(
                "{uri} is in another bucket; delete bucket by bucket"
            )));
        }
        targets.push(match args.recursive {
            true => Target::Prefix(Prefix::new(uri.rest.as_str())),
            false => Target::Object(place::key(uri)?, None),
        });
    }
    let request = ChangeRequest::Delete {
        session: run.session()?,
        bucket,
        targets,
    };
    job::carry_out(run, request, args.dry_run).await
}
