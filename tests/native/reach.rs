//! What the page can reach: two commands, its own address, and nothing else.

use serde_json::json;

use crate::stand::Stand;

#[tokio::test]
async fn the_page_reaches_two_commands_and_nothing_else() {
    let mut stand = Stand::new("reach").await;
    stand.start(&stand.launch()).await;
    let info = stand.call("app_info", json!({})).await.unwrap();
    assert!(
        info["version"].is_string(),
        "the first of the two answers: {info}"
    );
    let others = [
        "unsubscribe",
        "plugin:window|close",
        "plugin:window|set_title",
        "plugin:webview|create_webview_window",
        "plugin:event|listen",
        "plugin:app|version",
        "plugin:path|resolve_directory",
        "plugin:fs|read_text_file",
        "plugin:shell|execute",
        "plugin:tray|new",
        "plugin:menu|new",
        "plugin:resources|close",
    ];
    for command in others {
        let script = "return await window.__TAURI_INTERNALS__.invoke(args[0], {})";
        let answer = stand
            .page()
            .run_async::<serde_json::Value>(script, json!([command]))
            .await;
        let refused = answer.expect_err(command).to_string();
        assert!(
            refused.contains("not allowed") || refused.contains("not found"),
            "{command}: {refused}"
        );
    }
    let global: bool = stand
        .page()
        .run("return '__TAURI__' in window", json!([]))
        .await
        .unwrap();
    assert!(!global, "the whole API is not on the window");
    let forged = json!({
        "session": "playground", "bucket": stand.bucket, "prefix": "", "grants": ["/etc/hostname"],
    });
    let refused = stand
        .call("plan_upload", forged)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("has ended"),
        "a path is not a grant: {refused}"
    );
}

#[tokio::test]
async fn the_page_cannot_be_led_elsewhere() {
    let mut stand = Stand::new("elsewhere").await;
    stand.start(&stand.launch()).await;
    let endpoint = stand.server.endpoint();
    let leave = "location.href = arguments[0]; return window.open(arguments[0]) === null";
    let is_blocked: bool = stand.page().run(leave, json!([endpoint])).await.unwrap();
    assert!(is_blocked, "no new window opens");
    let address = stand.page().address().await.unwrap();
    assert!(
        address.starts_with("tauri://localhost"),
        "the page stays: {address}"
    );
    stand.open_bucket().await;
    let framed = "const frame = document.createElement('iframe'); frame.src = arguments[0];\
                  document.body.append(frame); return true";
    stand
        .page()
        .run::<bool>(framed, json!([endpoint]))
        .await
        .unwrap();
    let fetched = stand
        .page()
        .run_async::<String>("return (await fetch(args[0])).type", json!([endpoint]))
        .await;
    assert!(
        fetched.is_err(),
        "the page itself reaches no server: {fetched:?}"
    );
    let evaluated = stand
        .page()
        .run::<u32>("return (0, eval)('1 + 1')", json!([]))
        .await;
    assert!(evaluated.is_err(), "no text becomes code: {evaluated:?}");
}

#[tokio::test]
async fn ordinary_use_meets_no_violation_of_the_content_policy() {
    let mut stand = Stand::new("policy").await;
    stand
        .s3()
        .put(&stand.bucket, "folder/object.txt", "text")
        .await
        .unwrap();
    stand.start(&stand.launch()).await;
    let watch = "window.violations = [];\
        const note = v => window.violations.push(`${v.effectiveDirective} ${v.blockedURI ?? v.blockedURL}`);\
        document.addEventListener('securitypolicyviolation', note);\
        if (window.ReportingObserver) new ReportingObserver(\
          reports => reports.forEach(r => note(r.body)),\
          { types: ['csp-violation'], buffered: true }).observe();";
    stand.page().run::<()>(watch, json!([])).await.unwrap();
    stand.open_bucket().await;
    stand
        .page()
        .double_click(r#"[role="row"][data-key="folder/"]"#)
        .await
        .unwrap();
    stand
        .page()
        .click(r#"[role="row"][data-key="folder/object.txt"]"#)
        .await
        .unwrap();
    stand.page().wait_for_text("text/plain").await.ok();
    for theme in [
        "Appearance: as the system",
        "Appearance: light",
        "Appearance: dark",
    ] {
        stand
            .page()
            .click(&format!(r#"[aria-label="{theme}"]"#))
            .await
            .unwrap();
    }
    stand.press("New folder").await;
    stand
        .page()
        .click_button_in(r#"[role="dialog"]"#, "Cancel")
        .await
        .unwrap();
    let met: Vec<String> = stand
        .page()
        .run("return window.violations", json!([]))
        .await
        .unwrap();
    assert_eq!(
        met,
        Vec::<String>::new(),
        "ordinary use stays within the policy"
    );

    // The watch works: a violation is seen by it.
    let image = "const image = new Image(); image.src = arguments[0]; document.body.append(image)";
    stand
        .page()
        .run::<()>(image, json!([stand.server.endpoint()]))
        .await
        .unwrap();
    stand
        .page()
        .wait(
            "a violation to be seen",
            "window.violations.length > 0",
            json!([]),
        )
        .await
        .unwrap();
}
