//! `whoami`: who the endpoint says the session is.

use serde_json::json;

use crate::failure::{ALL_DONE, Result};
use crate::output::{put, shown};
use crate::run::Run;
use crate::time;

pub(crate) async fn run(run: &Run<'_>) -> Result<u8> {
    let session = run.session()?;
    let sessions = run.engine.sessions();
    let connection = sessions.connection(&session).await?;
    let who = sessions.caller_identity(&connection).await?;
    let view = sessions.view(&session)?;
    let chain: Vec<_> = view.chain.iter().map(|hop| hop.role_arn.as_str()).collect();
    let mut line = json!({
        "account": who.account.as_str(),
        "arn": who.arn,
        "userId": who.user_id,
        "chain": chain,
    });
    put(&mut line, "expiresAt", view.expires.map(time::iso));
    run.output.result(&line, || {
        let mut text = format!(
            "{}\naccount {}",
            shown(&who.arn),
            shown(who.account.as_str())
        );
        for arn in &chain {
            text.push_str(&format!("\nthrough {}", shown(arn)));
        }
        if let Some(expires) = view.expires {
            text.push_str(&format!("\nuntil   {}", time::iso(expires)));
        }
        text
    });
    Ok(ALL_DONE)
}
