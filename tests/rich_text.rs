//! Formatted text: its three forms say the same, and none of them can harm a page.

use alliance::text::markdown::{html, plain_text};

#[test]
fn what_html_in_markdown_says_is_in_the_plain_text_too() {
    assert_eq!(
        plain_text("<table><tr><td>kept</td></tr></table>\n\nand <b>bold</b>\n\n<script>gone()</script>"),
        "kept\nand bold"
    );
    assert_eq!(plain_text("one &amp; two <i>&lt;three&gt;</i>"), "one & two <three>");
}

#[test]
fn footnotes_lead_to_their_place() {
    let html = html("Said[^1].\n\n[^1]: By whom.");
    for (link, id) in [("href=\"#content-fn-1\"", "id=\"content-fn-1\""), ("href=\"#content-fnref-1\"", "id=\"content-fnref-1\"")]
    {
        assert!(html.contains(link) && html.contains(id), "{html}");
    }
}

#[test]
fn tasks_show_whether_they_are_done() {
    let tasks = "- [ ] write\n- [x] sign";
    let shown = html(tasks);
    assert!(shown.contains("\u{2610} write") && shown.contains("\u{2611} sign") && !shown.contains("<input"), "{shown}");
    assert_eq!(plain_text(tasks), "\u{2610} write\n\u{2611} sign");
}

#[test]
fn code_keeps_the_name_of_its_language_alone() {
    let shown = html("<code class=\"language-x evil\">y</code>\n\n```rust\nfn f() {}\n```");
    assert!(
        shown.contains("class=\"language-x\"") && shown.contains("class=\"language-rust\"") && !shown.contains("evil"),
        "{shown}"
    );
}
