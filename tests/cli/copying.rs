//! `cp`: what arrives where, and that nothing is written beside it.

use std::path::Path;

use crate::terminal::{MIB, Terminal, content, lines, weed};

#[tokio::test]
async fn a_large_file_goes_up_in_parts_and_comes_down_the_same() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-cp").await.unwrap();
    let terminal = Terminal::at(server);
    let bytes = content(12 * MIB + 5);
    let file = terminal.file("big.bin", &bytes);
    let to = format!("s3://{bucket}/in/");
    let said = terminal.json(&["cp", &file, &to, "--part-size", "5MiB"]);
    assert_eq!(said[0]["state"], "done", "the item is done: {said:?}");
    assert_eq!(
        said[0]["destination"],
        format!("{to}big.bin").as_str(),
        "under its own name"
    );
    let summary = &said[1];
    assert_eq!(
        (&summary["type"], &summary["done"]),
        (&"summary".into(), &1.into()),
        "summed up"
    );
    assert_eq!(
        summary["bytesSent"],
        bytes.len(),
        "all bytes were sent: {summary}"
    );
    let held = server.client().get(&bucket, "in/big.bin").await.unwrap();
    assert!(held == bytes.as_slice(), "the server holds the same bytes");

    let back = terminal.path("back.bin");
    terminal.json(&["cp", &format!("{to}big.bin"), back.to_str().unwrap()]);
    assert!(
        std::fs::read(&back).unwrap() == bytes,
        "and gives them back"
    );
}

#[tokio::test]
async fn a_folder_lands_below_the_prefix_and_comes_back_without_it() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-folder").await.unwrap();
    let terminal = Terminal::at(server);
    terminal.file("tree/one.txt", b"1");
    terminal.file("tree/deep/er/two.txt", b"22");
    let (tree, out) = (terminal.path("tree"), terminal.path("out"));
    let uri = format!("s3://{bucket}/kept");
    let plain = terminal.failure(&["cp", tree.to_str().unwrap(), &uri]);
    assert_eq!(plain.0, 2, "a folder wants --recursive");
    let said = terminal.json(&["cp", tree.to_str().unwrap(), &uri, "--recursive"]);
    assert_eq!(said.last().unwrap()["done"], 2, "both files: {said:?}");
    let listed = server.client().list(&bucket, "").await.unwrap();
    let keys: Vec<_> = listed.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(
        keys,
        ["kept/deep/er/two.txt", "kept/one.txt"],
        "its contents, not its name"
    );

    let again = terminal.json(&[
        "cp",
        tree.to_str().unwrap(),
        &uri,
        "--recursive",
        "--no-overwrite",
    ]);
    assert_eq!(
        again.last().unwrap()["skipped"],
        2,
        "what exists is left out: {again:?}"
    );
    terminal.json(&["cp", &uri, out.to_str().unwrap(), "--recursive"]);
    let read = |name: &str| std::fs::read(out.join(name)).unwrap_or_default();
    assert_eq!(
        (read("one.txt"), read("deep/er/two.txt")),
        (b"1".to_vec(), b"22".to_vec()),
        "back"
    );
}

#[tokio::test]
async fn nothing_is_written_outside_the_data_directory() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-home").await.unwrap();
    let terminal = Terminal::at(server);
    let file = terminal.file("f.txt", b"x");
    terminal.json(&["cp", &file, &format!("s3://{bucket}/")]);
    let entries = |path: &Path| -> Vec<_> {
        std::fs::read_dir(path)
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect()
    };
    let mut home = entries(terminal.home.path());
    home.sort();
    assert_eq!(home, ["data", "f.txt"], "the home is untouched");
}

#[tokio::test]
async fn a_dry_run_shows_what_is_left_out_and_knows_how_the_run_will_end() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-dryrun").await.unwrap();
    let terminal = Terminal::at(server);
    terminal.file("tree/deep/a ", &content(157_286));
    std::fs::create_dir_all(terminal.path("tree/deep/empty/er")).unwrap();
    std::os::unix::fs::symlink("deep/a ", terminal.path("tree/link")).unwrap();
    let (tree, uri) = (terminal.path("tree"), format!("s3://{bucket}/"));
    let line = ["cp", "-r", tree.to_str().unwrap(), &uri, "--dry-run"];
    let rows = terminal.json(&line);
    let link = rows.iter().find(|row| row["state"] == "skipped").unwrap();
    // Also at the top of the folder that was named: only what is named itself is followed.
    let whole = tree.join("link");
    assert_eq!(
        link["source"],
        whole.to_str().unwrap(),
        "its whole path: {link}"
    );
    let warnings = rows.last().unwrap()["warnings"].to_string();
    assert!(
        warnings.contains("1 empty folder is not sent"),
        "{warnings}"
    );
    let text = terminal.run(&line);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(
        text.contains("deep/a ”"),
        "a blank at the end is seen: {text}"
    );
    assert!(text.contains("157 KB"), "sizes are in words: {text}");
    assert_eq!(
        text.matches("symbolic link").count(),
        1,
        "said once: {text}"
    );

    let there = tree.join("deep/a ").display().to_string();
    let missing = terminal.path("missing").display().to_string();
    let refused = terminal.run(&["cp", &there, &missing, &uri, "--dry-run", "--json"]);
    assert_eq!(
        refused.status.code(),
        Some(1),
        "one cannot be had: {refused:?}"
    );
    let rows = lines(&refused.stdout);
    assert!(
        rows.iter()
            .any(|row| row["state"] == "failed" && row["source"] == missing.as_str()),
        "it is shown: {rows:?}"
    );
    let alone = terminal.run(&["cp", &missing, &uri]);
    let said = String::from_utf8_lossy(&alone.stderr).into_owned();
    assert!(
        said.contains("There is no file or folder"),
        "it never was: {said}"
    );
}
