//! Formatted text: its three forms say the same, and none of them can harm a page.

use alliance::text::headings::{Heading, contents};
use alliance::text::markdown::{html, plain_text};
use alliance_tests::app::TestApp;

/// The table of contents, and that each of its lines leads to an id of the HTML.
fn headings(markdown: &str) -> Vec<(i32, String, String)> {
    let shown = html(markdown);
    let mut ids: Vec<&str> = shown.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands there twice: {shown}");
    let headings = contents(&shown).into_iter();
    headings
        .map(|Heading { level, text, anchor }| {
            assert!(shown.contains(&format!("<h{level} id=\"{anchor}\">")), "{anchor}: {shown}");
            (level, text, anchor)
        })
        .collect()
}

fn anchors(markdown: &str) -> Vec<String> {
    headings(markdown).into_iter().map(|(_, _, anchor)| anchor).collect()
}

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

#[test]
fn headings_have_anchors_as_github_makes_them() {
    let text = "## What we *won*, & `how`\n\nWords\n\nWhat is next?\n---\n\n#### A_b-c 1.2";
    let expected = [
        (2, "What we won, & how", "content-what-we-won--how"),
        (2, "What is next?", "content-what-is-next"),
        (4, "A_b-c 1.2", "content-a_b-c-12"),
    ];
    assert_eq!(headings(text), expected.map(|(level, text, anchor)| (level, text.to_owned(), anchor.to_owned())));
    assert!(
        html("## Goals\n\n[to them](#goals)").contains("<a href=\"#content-goals\""),
        "a link in the text leads to a heading"
    );
}

#[test]
fn headings_of_any_script_have_anchors() {
    let text = "# \u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}, \u{43c}\u{438}\u{440}!\n# \u{645}\u{631}\u{62d}\u{628}\u{627}\n# \u{939}\u{93f}\u{928}\u{94d}\u{926}\u{940}\n# \u{65e5}\u{672c}\u{8a9e}\n# \u{c9}cole\n# !!!\n# \u{1f389}";
    let expected = [
        "content-\u{43f}\u{440}\u{438}\u{432}\u{435}\u{442}-\u{43c}\u{438}\u{440}",
        "content-\u{645}\u{631}\u{62d}\u{628}\u{627}",
        "content-\u{939}\u{93f}\u{928}\u{94d}\u{926}\u{940}",
        "content-\u{65e5}\u{672c}\u{8a9e}",
        "content-\u{e9}cole",
        "content-section",
        "content-section-1",
    ];
    assert_eq!(anchors(text), expected);
}

#[test]
fn each_id_stands_in_a_text_once() {
    assert_eq!(anchors("# a\n# a\n# a-1\n# A"), ["content-a", "content-a-1", "content-a-1-1", "content-a-2"]);
    let taken = "<a id=\"a\"></a><a id=\"a\">x</a>\n\n# a\n# content-a\n# fn-1\n\nSaid[^1].\n\n[^1]: By whom.";
    assert_eq!(anchors(taken), ["content-a-1", "content-content-a", "content-fn-1-1"]);
    assert!(html(taken).contains("<li id=\"content-fn-1\">"), "a footnote keeps its id");
}

#[test]
fn headings_are_found_wherever_they_stand() {
    let text = "> # quoted\n\n<h2 id=\"mine\" onclick=\"x\">raw <b>words</b></h2>\n\n<details><summary><h3>folded</h3></summary>\n\n## within\n\n</details>\n\n- # listed\n\nwords\n\n<h1><h2>nested</h2>\n\n# ![an image](x.png) [link](y)[^n]\n\n#\n\n```\n# code\n```\n\n[^n]: # noted";
    let found: Vec<_> = headings(text).into_iter().map(|(level, text, _)| (level, text)).collect();
    let expected = [
        (1, "quoted"),
        (2, "raw words"),
        (3, "folded"),
        (2, "within"),
        (1, "listed"),
        (2, "nested"),
        (1, "an image link"),
        (1, "noted"),
    ];
    assert_eq!(found, expected.map(|(level, text)| (level, text.to_owned())));
    assert!(!html(text).contains("mine"), "headings have anchors of ours alone");
}

#[test]
fn alerts_are_githubs() {
    let shown = html("> [!WARNING]\n> Doors close at **six**.");
    assert!(
        shown.contains("<div class=\"markdown-alert markdown-alert-warning\">\n<p class=\"markdown-alert-title\">Warning</p>"),
        "{shown}"
    );
    assert_eq!(plain_text("> [!NOTE]\n> Doors close."), "Note\nDoors close.");
    let shown = html("<div class=\"markdown-alert modal\">x</div><p class=\"modal\">y</p>");
    assert!(shown.contains("<div class=\"markdown-alert\">x</div><p>y</p>"), "{shown}");
}

#[test]
fn images_and_links_lead_to_the_web_alone() {
    let shown = html(
        "![a](https://example.org/a.png)![b](data:image/png;base64,AA)![c](mailto:x@example.org)![d](/d.png)![e](ftp://example.org/e)",
    );
    for (kept, is_kept) in [
        ("src=\"https://example.org/a.png\"", true),
        ("src=\"/d.png\"", true),
        ("data:", false),
        ("mailto:", false),
        ("ftp:", false),
    ] {
        assert_eq!(shown.contains(kept), is_kept, "{kept}: {shown}");
    }
    let shown =
        html("[a](https://a.org) [b](tel:+44115) [c](mailto:x@a.org) [d](ftp://a.org) [e](sms:1) [f](javascript:x) [g](/g)");
    for (link, is_kept) in [
        ("https://a.org", true),
        ("tel:+44115", true),
        ("mailto:x@a.org", true),
        ("/g", true),
        ("ftp:", false),
        ("sms:", false),
        ("javascript", false),
    ] {
        assert_eq!(shown.contains(&format!("href=\"{link}")), is_kept, "{link}: {shown}");
    }
    let shown = html("<q cite=\"javascript:x\">a</q><bdo dir=\"rtl\">b</bdo><a target=\"x\" href=\"/\">c</a>");
    assert!(["cite", "bdo", "target"].iter().all(|gone| !shown.contains(gone)), "{shown}");
}

#[test]
fn tags_that_stand_wrong_are_put_in_order() {
    for (wrong, right) in [
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        (
            "<table><tr><td>a<td>b<tr><td>c</table>",
            "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>",
        ),
        ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        ("<div><b>a</div>", "<div><b>a</b></div>"),
        ("<div>a</b></section></div>", "<div>a</div>"),
        ("<div></td>a</div>", "<div>a</div>"),
        ("<p>a<div>b</div>", "<p>a</p><div>b</div>"),
        ("<div><table><tr><td><p>a</div>b</table>", "<div><table><tbody><tr><td><p>ab</p></td></tr></tbody></table>\n</div>"),
    ] {
        assert_eq!(html(wrong).trim_end(), right, "{wrong}");
    }
    let deep = html(&format!("{}deep", "> ".repeat(500)));
    assert_eq!((deep.matches("<blockquote>").count(), deep.matches("</blockquote>").count()), (100, 100));
    assert!(deep.contains("deep"), "what is too deep stays");
}

#[tokio::test]
async fn readers_get_the_table_of_contents() {
    let query = "{ institutions(first: 1) { nodes { description { html contents { level text anchor } } } } }";
    for app in TestApp::both().await {
        let said = &app.read(query).await["institutions"]["nodes"][0]["description"];
        assert!(said["contents"].is_array(), "{}: {said}", app.name);
    }
}
