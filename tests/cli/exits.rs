//! How a command exits, and what it says when it refuses.

use longshore_tests::servers::{Identity, fresh_name};

use crate::terminal::{Terminal, weed};

#[test]
fn exit_codes_tell_usage_denial_and_the_rest_apart() {
    let server = weed().server();
    let terminal = Terminal::at(server);
    assert_eq!(terminal.failure(&["cp", "one"]).0, 2, "one path is no copy");
    let later = terminal.run(&["cp", "a", "s3://b/", "--storage-class", "GLACIER"]);
    let said = String::from_utf8_lossy(&later.stderr).into_owned();
    assert_eq!(later.status.code(), Some(2), "an option of a later version");
    assert!(
        said.contains("--storage-class is not in this version"),
        "{said}"
    );
    assert_eq!(
        terminal.failure(&["ls", "https://b/k"]),
        (2, "badInput".to_owned()),
        "no such scheme"
    );
    assert_eq!(
        terminal.failure(&["ls", "s3://no-such-bucket-here/"]).1,
        "noSuchBucket",
        "no bucket"
    );
    let missing = terminal.path("missing").display().to_string();
    assert_eq!(
        terminal.failure(&["cp", &missing, "s3://limited/x"]).0,
        1,
        "no such file"
    );

    let limited = Terminal::with(server.endpoint(), weed().keys(Identity::Limited));
    let elsewhere = fresh_name("cli-denied");
    terminal.json(&["buckets", "create", &elsewhere]);
    let denied = limited.failure(&["ls", &format!("s3://{elsewhere}/")]);
    assert_eq!(
        denied,
        (3, "denied".to_owned()),
        "the server refuses to list"
    );
    let file = limited.file("f", b"x");
    let denied = limited.run(&["cp", &file, &format!("s3://{elsewhere}/f"), "--json"]);
    assert_eq!(denied.status.code(), Some(3), "and to write: {denied:?}");

    let mut wrong = server.client().keys().clone();
    wrong.secret_key = "wrong".to_owned();
    let wrong = Terminal::with(server.endpoint(), wrong);
    let refused = wrong.failure(&["ls", "s3://limited/"]);
    assert_eq!(refused, (3, "badCredentials".to_owned()), "a wrong secret");
    let file = wrong.file("f", b"x");
    assert_eq!(
        wrong.failure(&["cp", &file, "s3://limited/f"]).0,
        3,
        "also before a copy"
    );
    assert!(
        wrong.json(&["transfers"]).is_empty(),
        "which leaves no transfer behind"
    );
}

#[test]
fn without_credentials_or_without_a_server_it_says_so() {
    let server = weed().server();
    let terminal = Terminal::at(server);
    let nobody = terminal
        .command(&["ls", "s3://limited/"])
        .env_remove("AWS_ACCESS_KEY_ID")
        .output()
        .unwrap();
    assert_eq!(
        nobody.status.code(),
        Some(4),
        "without credentials somebody must sign in"
    );
    let nowhere = Terminal::with("http://127.0.0.1:9", server.client().keys().clone());
    assert_eq!(
        nowhere.failure(&["buckets"]),
        (1, "refused".to_owned()),
        "nobody listens"
    );
}

#[test]
fn a_damaged_state_database_is_said_also_where_little_is_printed() {
    for flag in ["--json", "--quiet"] {
        let terminal = Terminal::at(weed().server());
        terminal.file("data/journal.db", &[0x5a; 9000]);
        let output = terminal.run(&["transfers", "list", flag]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            said.contains("was damaged and was moved to"),
            "{flag}: {said}"
        );
    }
}

#[test]
fn a_dash_is_no_file_of_that_name() {
    let terminal = Terminal::at(weed().server());
    let output = terminal.run(&["cp", "s3://limited/x", "-"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("is not in this version"), "{said}");
}
