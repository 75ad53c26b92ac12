//! What was denied or is not there, and the way through a proxy.

use longshore_tests::proxy::{Proxy, Rule};
use longshore_tests::servers::{Identity, fresh_name};

use crate::terminal::{Terminal, lines, weed};

#[test]
fn denied_items_exit_with_3_and_name_their_request() {
    let server = weed().server();
    let terminal = Terminal::with(server.endpoint(), weed().keys(Identity::Limited));
    let file = terminal.file("a.txt", b"x");
    let bucket = fresh_name("cli-denied");
    let admin = Terminal::at(server);
    admin.json(&["buckets", "create", &bucket]);
    let to = format!("s3://{bucket}/a.txt");
    let output = terminal.run(&["cp", &file, &to, "--json"]);
    assert_eq!(output.status.code(), Some(3), "a denial: {output:?}");
    let proxy = Proxy::start(server.endpoint()).unwrap();
    proxy.add(
        Rule::on("PUT")
            .path("denied")
            .then(longshore_tests::proxy::Action::Status {
                status: 403,
                code: "AccessDenied".to_owned(),
                body: None,
                headers: vec![("x-amz-request-id".to_owned(), "R7".to_owned())],
            }),
    );
    let through = Terminal::with(&proxy.endpoint(), server.client().keys().clone());
    let denied = through.file("denied.txt", b"x");
    let target = format!("s3://{bucket}/");
    let output = through.run(&["cp", &denied, &target, "--json"]);
    assert_eq!(output.status.code(), Some(3), "the item's own: {output:?}");
    let item = &lines(&output.stdout)[0];
    assert_eq!(item["code"], "denied", "{item}");
    assert_eq!(item["requestId"], "R7", "{item}");
    let allowed = through.file("allowed.txt", b"x");
    let missing = through.path("missing.txt").display().to_string();
    let output = through.run(&["cp", &allowed, &denied, &missing, &target, "--json"]);
    assert_eq!(
        output.status.code(),
        Some(1),
        "a denial among other failures is not the whole story: {output:?}"
    );
}

#[test]
fn an_object_in_a_missing_bucket_is_told_by_the_bucket() {
    let terminal = Terminal::at(weed().server());
    let uri = format!("s3://{}/k", fresh_name("cli-nowhere"));
    assert_eq!(
        terminal.failure(&["stat", &uri]),
        (1, "noSuchBucket".to_owned()),
        "it is the bucket that is not there"
    );
}

#[test]
fn a_proxy_of_the_environment_is_used_except_on_the_way_to_this_machine() {
    use std::io::{BufRead, BufReader, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut line = String::new();
        BufReader::new(&stream).read_line(&mut line).unwrap();
        let body = "<ListAllMyBucketsResult/>";
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).unwrap();
        line
    });
    let server = weed().server();
    let keys = server.client().keys().clone();
    let away = Terminal::with("http://s3.elsewhere.invalid", keys);
    let mut command = away.command(&["buckets", "--json"]);
    let output = command.env("HTTP_PROXY", &proxy).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "by the proxy: {output:?}");
    let line = asked.join().unwrap();
    assert!(
        line.starts_with("GET http://s3.elsewhere.invalid/"),
        "the proxy is asked for the whole address: {line}"
    );
    let here = Terminal::at(server);
    let mut command = here.command(&["buckets", "--json"]);
    command.env_remove("NO_PROXY").env("HTTP_PROXY", &proxy);
    let output = command.output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "the proxy is gone, and is not on the way to this machine: {output:?}"
    );
}
