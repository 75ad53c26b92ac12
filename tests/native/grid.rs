//! Five million rows in the web view.

use serde_json::json;

use crate::stand::Stand;

const ROWS: u32 = 5_000_000;
/// Places that are scrolled to, beside the top.
const STEPS: u32 = 40;

/// Whether the rows that fill the grid's height are drawn with their contents, each at its place
/// below the one before; answers what is wrong, or the first and the last position.
const WITHOUT_A_GAP: &str = "
    const grid = document.querySelector('[role=grid]');
    const box = grid.getBoundingClientRect();
    const head = grid.querySelector('[role=columnheader]').closest('[role=rowgroup]').getBoundingClientRect();
    const drawn = [...grid.querySelectorAll('[role=row][data-position]')]
      .map(row => ({ at: +row.dataset.position, key: row.dataset.key, box: row.getBoundingClientRect() }))
      .filter(row => row.box.bottom > head.bottom + 1 && row.box.top < box.bottom - 1)
      .sort((a, b) => a.at - b.at);
    if (drawn.length === 0) return { wrong: 'nothing is drawn' };
    for (const [at, row] of drawn.entries()) {
      if (row.key === undefined) return { wrong: `row ${row.at} is empty` };
      const number = +row.key.match(/object-(\\d+)/)[1];
      if (number !== row.at) return { wrong: `row ${row.at} shows ${row.key}` };
      const above = drawn[at - 1];
      if (above && row.at !== above.at + 1) return { wrong: `after ${above.at} comes ${row.at}` };
      if (above && Math.abs(row.box.top - above.box.bottom) > 1) return { wrong: `a gap above ${row.at}` };
    }
    if (drawn[0].box.top > head.bottom + 1) return { wrong: `a gap of ${drawn[0].box.top - head.bottom} above ${drawn[0].at}` };
    const last = drawn[drawn.length - 1];
    if (last.box.bottom < box.bottom - 20 && last.at !== arguments[0] - 1)
      return { wrong: `a gap at the bottom, below ${last.at}` };
    return { first: drawn[0].at, last: last.at };
";

#[tokio::test]
async fn five_million_rows_are_scrolled_end_to_end_without_a_gap() {
    let mut stand = Stand::new("rows").await;
    let launch = stand.launch().with("LONGSHORE_TEST_ROWS", ROWS.to_string());
    stand.start_in_bucket(&launch).await;
    let page = stand.page();
    page.wait(
        "all rows to be listed",
        "document.querySelector('[role=grid]').getAttribute('aria-rowcount') === String(arguments[0] + 1)",
        json!([ROWS]),
    )
    .await
    .unwrap();
    let whole = format!(
        "(window.seen = (function () {{ {WITHOUT_A_GAP} }})(arguments[0]), window.seen.wrong === undefined)"
    );
    // Of the whole way the same share as of the scrollbar's, which stands for 19 rows a pixel.
    let there = format!(
        "{whole} && Math.abs(window.seen.first - arguments[1] * (arguments[0] - window.seen.last + window.seen.first)) < 100"
    );
    let to = "const grid = document.querySelector('[role=grid]');\
              grid.scrollTop = arguments[0] * (grid.scrollHeight - grid.clientHeight);";
    for step in 0..=STEPS {
        let share = f64::from(step) / f64::from(STEPS);
        page.run::<()>(to, json!([share])).await.unwrap();
        let seen = page
            .wait(
                &format!("whole rows at step {step}"),
                &there,
                json!([ROWS, share]),
            )
            .await;
        if seen.is_err() {
            let wrong: serde_json::Value = page.run("return window.seen", json!([])).await.unwrap();
            panic!("at step {step} of {STEPS}: {wrong}");
        }
        if step == 0 {
            let first: u32 = page
                .run("return window.seen.first", json!([]))
                .await
                .unwrap();
            assert_eq!(first, 0, "the first row is at the top");
        }
    }
    page.wait(
        "the last row at the bottom",
        &format!("{whole} && window.seen.last === arguments[0] - 1"),
        json!([ROWS]),
    )
    .await
    .unwrap();
    for key in ["PageUp", "PageUp", "Home"] {
        page.press_key(r#"[role="grid"]"#, key).await.unwrap();
        page.wait(&format!("whole rows after {key}"), &whole, json!([ROWS]))
            .await
            .unwrap();
    }
    page.wait(
        "the first row",
        &format!("{whole} && window.seen.first === 0"),
        json!([ROWS]),
    )
    .await
    .unwrap();
}
