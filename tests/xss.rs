//! Formatted text that means harm: what comes of it holds nothing but what is allowed, in whatever order it is put together. A real browser
//! opens the same corpus in `clients/browser/xss.test.mjs`.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};

use alliance::text::headings::anchored;
use alliance::text::markdown::{html, plain_text};
use alliance::text::sanitiser::{CLASSES, ELEMENTS, EVERYWHERE, SCHEMES, clean};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use proptest::prelude::*;
use url::Url;

fn corpus() -> BTreeMap<String, Vec<String>> {
    serde_json::from_str(include_str!("clients/browser/xss.json")).expect("the corpus is lists of texts")
}

#[derive(Default)]
struct Tags(RefCell<Vec<Result<Tag, String>>>);

impl TokenSink for Tags {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => self.0.borrow_mut().push(Ok(tag)),
            Token::CharacterTokens(text) => {
                if let Some(c) = text.chars().find(|c| is_refused(*c)) {
                    self.0.borrow_mut().push(Err(format!("U+{:04X} stands in it", c as u32)));
                }
            }
            Token::EOFToken => {}
            other => self.0.borrow_mut().push(Err(format!("it is no HTML: {other:?}"))),
        }
        TokenSinkResult::Continue
    }
}

fn is_refused(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What stands in `html` that must not.
fn faults(html: &str) -> Vec<String> {
    let tokenizer = Tokenizer::new(Tags::default(), html5ever::tokenizer::TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let (mut found, mut ids) = (Vec::new(), HashSet::new());
    for tag in tokenizer.sink.0.take() {
        match tag {
            Err(fault) => found.push(fault),
            Ok(tag) => faults_of(&tag, &mut ids, &mut found),
        }
    }
    found
}

fn faults_of(tag: &Tag, ids: &mut HashSet<String>, found: &mut Vec<String>) {
    let element = &*tag.name;
    let Some((_, allowed)) = ELEMENTS.iter().find(|(name, _)| *name == element) else {
        return found.push(format!("<{element}> is not allowed"));
    };
    if tag.kind == TagKind::EndTag {
        return;
    }
    let is_heading = matches!(element, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    for attribute in &tag.attrs {
        let (name, value) = (&*attribute.name.local, &*attribute.value);
        let is_allowed = allowed.contains(&name)
            || EVERYWHERE.contains(&name)
            || (name == "id" && is_heading)
            || (element == "a" && name == "rel");
        let is_harmless = match name {
            "href" | "src" => {
                Url::parse(value).map_or(true, |url| SCHEMES[..if name == "src" { 2 } else { 4 }].contains(&url.scheme()))
            }
            "id" => value.starts_with("content-") && ids.insert(value.to_owned()),
            "class" if element == "code" => value.starts_with("language-") && !value.contains(|c: char| c.is_ascii_whitespace()),
            "class" => {
                CLASSES.iter().any(|(of, classes)| *of == element && value.split(' ').all(|class| classes.contains(&class)))
            }
            "rel" => value == "noopener noreferrer nofollow",
            _ => true,
        };
        if !is_allowed || !is_harmless || value.chars().any(is_refused) {
            found.push(format!("<{element} {name}={value:?}>"));
        }
    }
}

#[test]
fn nothing_of_the_corpus_comes_through() {
    let corpus = corpus();
    assert!(corpus.values().map(Vec::len).sum::<usize>() >= 150, "the corpus is there");
    for (class, texts) in &corpus {
        for text in texts {
            let shown = html(text);
            assert_eq!(faults(&shown), Vec::<String>::new(), "{class}: {text:?} became {shown}");
            assert_eq!(anchored(&clean(&shown)), shown, "{class}: {text:?} changes when it is read again");
            let plain = plain_text(text);
            assert!(!plain.chars().any(is_refused), "{class}: {text:?} says {plain:?}");
        }
    }
}

#[test]
fn the_harmful_is_noticed() {
    for harm in [
        "<script>x</script>",
        "<svg></svg>",
        "<b onclick=x>",
        "<a href=\"javascript:x\">",
        "<img src=\"mailto:x\">",
        "<!-- x -->",
        "<a id=x>",
        "<b style=x>",
        "<p class=x>",
        "<a id=content-x></a><h1 id=content-x>",
        "\u{202e}",
        "<b title=\"\u{202e}\">",
        "<code class=\"language-x y\">",
    ] {
        assert!(!faults(harm).is_empty(), "{harm} goes unseen");
    }
    assert_eq!(
        faults("<h2 id=\"content-x\">x</h2><a href=\"/y\" rel=\"noopener noreferrer nofollow\">y</a>"),
        Vec::<String>::new()
    );
}

#[test]
fn what_is_allowed_can_do_nothing() {
    let harmful = [
        "script",
        "style",
        "svg",
        "math",
        "iframe",
        "frame",
        "object",
        "embed",
        "applet",
        "form",
        "input",
        "button",
        "select",
        "option",
        "textarea",
        "template",
        "slot",
        "base",
        "link",
        "meta",
        "title",
        "noscript",
        "noembed",
        "noframes",
        "plaintext",
        "xmp",
        "listing",
        "audio",
        "video",
        "source",
        "picture",
        "map",
        "area",
        "dialog",
        "marquee",
        "bdo",
        "font",
        "portal",
    ];
    let loose = [
        "style",
        "name",
        "srcset",
        "action",
        "formaction",
        "target",
        "ping",
        "cite",
        "background",
        "poster",
        "data",
        "dir",
        "tabindex",
        "is",
    ];
    for (element, attributes) in ELEMENTS {
        assert!(!harmful.contains(&element), "<{element}>");
        for attribute in attributes.iter().chain(&EVERYWHERE) {
            assert!(!attribute.starts_with("on") && !loose.contains(attribute), "<{element} {attribute}>");
        }
    }
    assert_eq!(SCHEMES, ["http", "https", "mailto", "tel"]);
}

/// Pieces of the corpus: whole texts, and what stands between two angle brackets.
fn shreds() -> Vec<String> {
    let texts: Vec<String> = corpus().into_values().flatten().filter(|text| text.len() < 400).collect();
    let mut shreds: Vec<String> = texts.iter().flat_map(|text| text.split_inclusive('>')).map(str::to_owned).collect();
    shreds.extend(ELEMENTS.iter().flat_map(|(element, _)| [format!("<{element}>"), format!("</{element}>")]));
    shreds.extend(["\n\n", "> ", "- ", "# ", "|a|\n|-|\n", "```\n", "[", "](", "*", "\n    "].map(str::to_owned));
    shreds.extend(texts);
    shreds
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn nothing_comes_through_in_any_order(parts in prop::collection::vec(prop::sample::select(shreds()), 0..16)) {
        let text = parts.concat();
        let shown = html(&text);
        prop_assert_eq!(faults(&shown), Vec::<String>::new(), "{}", shown);
        prop_assert_eq!(anchored(&clean(&shown)), shown, "it changes when it is read again");
        prop_assert!(!plain_text(&text).chars().any(is_refused));
    }
}
