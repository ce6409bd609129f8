//! Texts that are made to be heavy: the longest that an author may write takes no long time, no deep stack and no large answer.

use std::time::{Duration, Instant};

use alliance::text::headings::contents;
use alliance::text::markdown::{html, plain_text};

/// How many bytes such a text has: what takes the square of them is too slow at this length already.
const LENGTH: usize = 20_000;
/// How long one may take here, in a build that is not optimised, beside other tests.
const LONGEST: Duration = Duration::from_secs(10);
/// How many times longer its HTML may be.
const LARGEST: usize = 32;

fn filled(with: &str) -> String {
    with.repeat(LENGTH / with.len())
}

fn halves(first: &str, second: &str) -> String {
    let times = LENGTH / (first.len() + second.len());
    first.repeat(times) + &second.repeat(times)
}

fn numbered(piece: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    let mut n = 0;
    while text.len() < LENGTH {
        text.push_str(&piece(n));
        n += 1;
    }
    text
}

fn tables(columns: usize, rows: usize) -> String {
    let table = format!("{}|\n{}|\n{}\n", "|a".repeat(columns), "|-".repeat(columns), "a\n".repeat(rows));
    filled(&table)
}

/// What is repeated until a text is long.
const REPEATED: &[&str] = &[
    ">",
    "> ",
    ">\n",
    "- ",
    "* ",
    "+\n",
    "1. ",
    "- a\n  ",
    "[",
    "]",
    "![",
    "[a](",
    "[a](<b",
    "[]()",
    "[a]",
    "[^",
    "[^1]:",
    "[^1] ",
    "[ (](",
    "*",
    "_",
    "**",
    "*a_ ",
    "a**b c* ",
    "~~",
    "~a~ ",
    "`",
    "`a``",
    "<",
    "<b>",
    "<b/>",
    "</b>",
    "<b></i>",
    "<div>",
    "<p>",
    "</p>",
    "<p><b>",
    "<li>",
    "<dt><li>",
    "<a href=x>",
    "<a>",
    "<h1>",
    "<h1><div>",
    "<table>",
    "<table><tr><td>",
    "<td>",
    "<tr>a",
    "<ruby><rt>",
    "<pre>\n",
    "<svg>",
    "<svg><g>",
    "<math><mi>",
    "<select><option>",
    "<form>",
    "<template>",
    "<script>",
    "<script></script>",
    "<style>",
    "<!--",
    "<!-- -->",
    "<?",
    "<![CDATA[",
    "<!A ",
    "<details><summary>",
    "&",
    "&amp;",
    "&#1;",
    "&x",
    "\\",
    "\\*",
    "# a\n",
    "#",
    "a\n=\n",
    "a\n-\n",
    "    a\n",
    "\t",
    "```\n",
    "``` a\n",
    "~~~\n\n",
    "www.a.a ",
    "www.",
    "http://a.a",
    "http://",
    "a@a.a ",
    "a@",
    "://a",
    "|",
    "|a|\n|-|\n",
    "| a ",
    "- [ ] a\n",
    "- [x] ",
    "> [!NOTE]\n> ",
    ">> [!TIP]\n",
    "a\n\n",
    "\n",
    " ",
    "a",
    "a ",
    "a  \n",
    "\u{1f600}",
    "\u{e9}",
    "e\u{301}",
    "\"",
    "'",
    "--",
    "---\n",
    "***\n",
    "x[^a]\n\n[^a]: b [^a]\n\n",
    "<span title=\"",
    "<b a='",
    "<b a=\"\n\n",
    "<br>",
    "<img src=x>",
    "<code class=language-x>",
    "<i><b><u><s>",
];

fn heavy() -> Vec<String> {
    let mut texts: Vec<String> = REPEATED.iter().map(|text| filled(text)).collect();
    texts.extend([
        halves("*a **a ", " a** a*"),
        halves("[", "]"),
        halves("![", "](a)"),
        halves("(", ")"),
        halves("<div>", "<p>"),
        halves("<div>", "</div>"),
        halves("<b>", "</i>"),
        halves("<ruby>", "<p>a"),
        halves("> ", "a\n"),
        halves("- ", "\n\n"),
        halves("[^", "]"),
        "x**x".to_owned() + &halves(" _x", "x* "),
        halves("*x ", ".**"),
        halves("`", "a"),
        "a\n\n".to_owned() + &halves("[a]: b\n", "[a]\n"),
        format!("[a]: {}\n\n{}", "b".repeat(1_000), filled("[a]")),
    ]);
    texts.extend([
        numbered(|n| format!("<b title={n}>")),
        numbered(|n| if n < 5_000 { format!("<b title={n}>") } else { "a\n\n".to_owned() }),
        numbered(|n| if n < 5_000 { format!("<font color={n}>") } else { "<p>a".to_owned() }),
        numbered(|n| format!("<code class=language-{n}>a\n\n")),
        numbered(|n| "`".repeat(n % 600) + "a"),
        numbered(|n| format!("# a-{}\n", n % 7)),
        numbered(|n| format!("<a id=x{}>", n % 9)),
        numbered(|n| format!("[^{n}]\n\n[^{n}]: a\n\n")),
        numbered(|n| format!("[{n}]: a\n")),
        numbered(|n| format!("{}- a\n", "  ".repeat(n % 300))),
        numbered(|n| format!("<p id=a{n}><i lang={n}>")),
        tables(20, 2_500),
        tables(100, 500),
        tables(2_000, 2_000),
        tables(700, 700),
        tables(50_000, 1),
        tables(2, 40_000),
        format!("# {}", filled("a")),
        format!("# {}", filled("a ")),
        format!("<h1>{}", filled("<h2>a")),
    ]);
    texts
}

#[test]
fn no_text_takes_long_or_grows_large() {
    let mut slow = Vec::new();
    for text in heavy() {
        let begun = Instant::now();
        let shown = html(&text);
        let words = plain_text(&text).len();
        let _ = contents(&shown);
        let taken = begun.elapsed();
        let name = text.chars().take(24).collect::<String>();
        if taken > LONGEST || shown.len() > LARGEST * text.len() || words > 2 * text.len() {
            slow.push(format!("{name:?} took {taken:?}: {} bytes of HTML, {words} of text", shown.len()));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}
