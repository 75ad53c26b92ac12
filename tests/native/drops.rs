//! Files dragged from another program's window onto the page.

use longshore_tests::window::{DragSource, until};
use serde_json::json;

use crate::stand::{Stand, noise};

#[tokio::test]
async fn files_and_a_folder_dropped_on_a_folder_row_are_on_the_server_byte_for_byte() {
    let mut stand = Stand::new("drop").await;
    stand
        .s3()
        .put(&stand.bucket, "inbox/here.txt", "here")
        .await
        .unwrap();
    stand
        .s3()
        .put(&stand.bucket, "outbox/there.txt", "there")
        .await
        .unwrap();
    let from = stand.desktop.home().join("to drag");
    std::fs::create_dir_all(from.join("Ordner/tief")).unwrap();
    let files = [
        ("photo one.bin", noise(300_000)),
        ("Ordner/größe.txt", noise(1)),
        ("Ordner/tief/leer", Vec::new()),
    ];
    for (name, bytes) in &files {
        std::fs::write(from.join(name), bytes).unwrap();
    }
    stand.start_in_bucket(&stand.launch()).await;

    let row = r#"[role="row"][data-key="inbox/"]"#;
    let target = stand.page().rect(row).await.unwrap().centre();
    let window = stand.app().window(&stand.desktop).await.unwrap();
    let source = DragSource::open(
        &stand.desktop,
        &[&from.join("photo one.bin"), &from.join("Ordner")],
    )
    .await
    .unwrap();
    let pointer = stand.desktop.pointer();
    pointer.pick_up(&source).await.unwrap();
    pointer
        .carry(source.start(), window.point(target))
        .await
        .unwrap();
    let lit = format!("document.querySelector('{row}').className.includes('dropTarget')");
    until("the folder under the pointer to light up", || async {
        pointer.tremble()?;
        Ok(stand
            .page()
            .run::<bool>(&format!("return {lit}"), json!([]))
            .await?
            .then_some(()))
    })
    .await
    .unwrap();
    let others: u32 = stand
        .page()
        .run(
            "return document.querySelectorAll('[role=row][class*=dropTarget]').length",
            json!([]),
        )
        .await
        .unwrap();
    assert_eq!(
        others, 1,
        "the folder under the pointer is lit and no other"
    );
    pointer.let_go().unwrap();

    for (name, bytes) in &files {
        stand.wait_for_object(&format!("inbox/{name}"), bytes).await;
    }
    stand
        .page()
        .wait(
            "the job to be done",
            "document.querySelector('li[data-state=done]')",
            json!([]),
        )
        .await
        .unwrap();
    // The listing may be drawn anew at this moment, so that the row itself is not there to ask.
    let lit_still: bool = stand
        .page()
        .run(
            "return !!document.querySelector('[data-drop-active], [class*=dropTarget]')",
            json!([]),
        )
        .await
        .unwrap();
    assert!(!lit_still, "nothing stays lit after the drop");
    assert_eq!(
        stand.keys().await.len(),
        5,
        "what was dropped is there and nothing else"
    );
    stand.page().double_click(row).await.unwrap();
    stand
        .page()
        .wait(
            "the folder to show what was dropped, each row filled",
            "[...document.querySelectorAll('[role=row][data-position]')].map(row => row.dataset.key)\
             .join() === arguments[0]",
            json!(["inbox/Ordner/,inbox/here.txt,inbox/photo one.bin"]),
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn a_drag_that_leaves_the_window_uploads_nothing_and_puts_the_light_out() {
    let mut stand = Stand::new("leave").await;
    stand
        .s3()
        .put(&stand.bucket, "inbox/here.txt", "here")
        .await
        .unwrap();
    let file = stand.desktop.home().join("stays.txt");
    std::fs::write(&file, "stays").unwrap();
    stand.start_in_bucket(&stand.launch()).await;
    let target = stand
        .page()
        .rect(r#"[role="row"][data-key="inbox/"]"#)
        .await
        .unwrap()
        .centre();
    let window = stand.app().window(&stand.desktop).await.unwrap();
    let source = DragSource::open(&stand.desktop, &[&file]).await.unwrap();
    let pointer = stand.desktop.pointer();
    pointer.pick_up(&source).await.unwrap();
    pointer
        .carry(source.start(), window.point(target))
        .await
        .unwrap();
    let lit = "return !!document.querySelector('[data-drop-active]')";
    until("the drag to be seen", || async {
        pointer.tremble()?;
        Ok(stand
            .page()
            .run::<bool>(lit, json!([]))
            .await?
            .then_some(()))
    })
    .await
    .unwrap();
    pointer
        .carry(window.point(target), (1800, 950))
        .await
        .unwrap();
    until("the light to go out", || async {
        pointer.tremble()?;
        Ok((!stand.page().run::<bool>(lit, json!([])).await?).then_some(()))
    })
    .await
    .unwrap();
    pointer.let_go().unwrap();
    let jobs = stand.call("jobs_list", json!({})).await.unwrap();
    assert_eq!(jobs, json!([]), "nothing was let go over the window");
}

#[tokio::test]
async fn a_drag_that_the_page_began_itself_is_never_taken_for_files() {
    let mut stand = Stand::new("inside").await;
    stand
        .s3()
        .put(&stand.bucket, "inbox/here.txt", "here")
        .await
        .unwrap();
    stand.start_in_bucket(&stand.launch()).await;
    let target = stand
        .page()
        .rect(r#"[role="row"][data-key="inbox/"]"#)
        .await
        .unwrap()
        .centre();
    // What a page that fell into wrong hands would try: a drag whose contents name a file, over a
    // page that takes everything.
    let lure = "const lure = document.createElement('div');\
        lure.id = 'lure'; lure.draggable = true; lure.textContent = 'drag me';\
        lure.style = 'position:fixed;left:500px;top:500px;width:120px;height:60px;z-index:9;background:red';\
        lure.addEventListener('dragstart', e => { window.began = true;\
          e.dataTransfer.setData('text/uri-list', 'file:///etc/hostname'); });\
        lure.addEventListener('dragend', () => { window.over = true; });\
        for (const kind of ['dragenter', 'dragover', 'drop'])\
          document.addEventListener(kind, e => e.preventDefault());\
        document.body.append(lure);";
    stand.page().run::<()>(lure, json!([])).await.unwrap();
    let drops = "window.drops = [];\
        const id = window.__TAURI_INTERNALS__.transformCallback(m => window.drops.push(m));\
        return await window.__TAURI_INTERNALS__.invoke('subscribe',\
          { topic: 'drops', args: {}, channel: `__CHANNEL__:${id}` });";
    stand
        .page()
        .run_async::<String>(drops, json!([]))
        .await
        .unwrap();
    let window = stand.app().window(&stand.desktop).await.unwrap();
    let pointer = stand.desktop.pointer();
    pointer.activate(&window).unwrap();
    let lure = window.point((560.0, 530.0));
    pointer.drag(lure, window.point(target)).await.unwrap();
    until("the drag to be over", || async {
        pointer.tremble()?;
        let over = "return !!window.began && !!window.over";
        Ok(stand
            .page()
            .run::<bool>(over, json!([]))
            .await?
            .then_some(()))
    })
    .await
    .unwrap();
    let told: Vec<serde_json::Value> = stand
        .page()
        .run("return window.drops", json!([]))
        .await
        .unwrap();
    let taken = told.iter().find(|told| {
        let phase = &told["message"]["drop"]["phase"];
        phase == "over" || phase == "drop"
    });
    assert_eq!(
        taken, None,
        "the page's own drag is not taken for one from outside"
    );
    let jobs = stand.call("jobs_list", json!({})).await.unwrap();
    assert_eq!(jobs, json!([]), "nothing was uploaded");

    // The guard lets go again: a real drag afterwards is taken.
    let file = stand.desktop.home().join("real.txt");
    std::fs::write(&file, "real").unwrap();
    stand
        .page()
        .run::<()>("document.getElementById('lure').remove()", json!([]))
        .await
        .unwrap();
    let source = DragSource::open(&stand.desktop, &[&file]).await.unwrap();
    pointer.pick_up(&source).await.unwrap();
    pointer
        .carry(source.start(), window.point(target))
        .await
        .unwrap();
    pointer.tremble().unwrap();
    pointer.let_go().unwrap();
    stand.wait_for_object("inbox/real.txt", b"real").await;
}
