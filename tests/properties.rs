//! What holds for every input.

use alliance::page::cursor::{Key, Position};
use alliance::search::language::Sought;
use alliance::search::{Search, highlight};
use alliance::searchable::words::{self, Vocabulary};
use alliance::text::markdown;
use proptest::prelude::*;
use uuid::Uuid;

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        (-62_135_596_800_000_000i64..253_402_300_800_000_000).prop_map(Key::Time),
        (1i32..3_652_060).prop_map(Key::Day),
        "[^\0]{0,80}".prop_map(Key::Text),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_cursor_leads_back_to_its_position(key in key(), id in any::<u128>(), order in "[a-z.]{1,30}", other in "[a-z.]{1,30}") {
        let position = Position { key, id: Uuid::from_u128(id) };
        let cursor = position.encode(&order);
        prop_assert_eq!(Position::decode(&cursor, &order, &position.key), Some(position.clone()));
        if other != order {
            prop_assert_eq!(Position::decode(&cursor, &other, &position.key), None);
        }
    }

    #[test]
    fn a_bent_cursor_is_none(key in key(), id in any::<u128>(), at in any::<prop::sample::Index>(), by in 1u8..64) {
        let position = Position { key, id: Uuid::from_u128(id) };
        let mut cursor = position.encode("posts.published.desc").into_bytes();
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let at = at.index(cursor.len());
        let now = alphabet.iter().position(|c| *c == cursor[at]).expect("a cursor is base64");
        cursor[at] = alphabet[(now + usize::from(by)) % 64];
        let bent = String::from_utf8(cursor).expect("base64 is text");
        prop_assert_eq!(Position::decode(&bent, "posts.published.desc", &position.key), None);
    }

    #[test]
    fn a_cursor_that_leads_out_of_time_is_none(micros in any::<i64>(), days in any::<i32>(), id in any::<u128>()) {
        for key in [Key::Time(micros), Key::Day(days)] {
            let inside = match key {
                Key::Time(micros) => (-62_135_596_800_000_000..253_402_300_800_000_000).contains(&micros),
                _ => (1..3_652_060).contains(&days),
            };
            let cursor = Position { key: key.clone(), id: Uuid::from_u128(id) }.encode("o");
            prop_assert_eq!(Position::decode(&cursor, "o", &key).is_some(), inside, "{:?}", key);
        }
    }

    #[test]
    fn no_text_breaks_a_cursor(text in any::<String>(), like in key()) {
        let _ = Position::decode(&text, "posts.published.desc", &like);
    }

    #[test]
    fn html_holds_no_script_whatever_it_is_made_of(
        parts in prop::collection::vec(prop_oneof![
            any::<String>(),
            Just("<script>".to_owned()), Just("</script>".to_owned()), Just("<img src=x onerror=alert(1)>".to_owned()),
            Just("[a](javascript:alert(1))".to_owned()), Just("<a href=\"java\tscript:x\">".to_owned()), Just("<svg/onload=x>".to_owned()),
            Just("<math><mtext></form><form>".to_owned()), Just("```".to_owned()), Just("|a|\n|-|\n".to_owned()), Just("\n\n".to_owned()),
            Just("<style>".to_owned()), Just("<iframe src=//x>".to_owned()), Just("&lt;script&gt;".to_owned()), Just("<!--".to_owned()),
        ], 0..12)
    ) {
        let html = markdown::html(&parts.concat());
        let lower = html.to_lowercase();
        for forbidden in ["<script", "<style", "<iframe", "<svg", "<math", "<form", "<!--"] {
            prop_assert!(!lower.contains(forbidden), "{html}");
        }
        for tag in lower.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            for (n, piece) in tag.split('"').enumerate() {
                let is_value = n % 2 == 1;
                prop_assert!(is_value || (!piece.contains("onerror") && !piece.contains("onload")), "{html}");
                prop_assert!(!is_value || !piece.trim_start().starts_with("javascript:"), "{html}");
            }
        }
        let _ = markdown::plain_text(&parts.concat());
    }

    #[test]
    fn highlights_are_text_and_closed_marks(text in "[\u{E000}\u{E001}<>&\"a ]{0,60}") {
        let html = highlight::html(&text);
        prop_assert_eq!(html.matches("<mark>").count(), html.matches("</mark>").count());
        prop_assert_eq!(html.matches('<').count(), 2 * html.matches("<mark>").count());
    }

    #[test]
    fn a_query_holds_nothing_but_quoted_words(text in any::<String>(), document in any::<String>()) {
        let search = Search::new(&text, None, None);
        prop_assert!(search.words.len() <= 16);
        prop_assert!(search.words.iter().all(|word| !word.contains(['"', '\'', '*', ':', '\\', ' '])));
        let mut vocabulary = Vocabulary::default();
        vocabulary.read(&document);
        let begun = vocabulary.take();
        prop_assert!(begun.iter().all(|word| word.chars().all(char::is_alphanumeric)), "{begun:?}");
        let sought = Sought { search, begun };
        for as_phrase in [true, false] {
            for (query, quote) in [(sought.fts5(as_phrase), '"'), (sought.tsquery(as_phrase), '\'')] {
                let between: String = query.split(quote).step_by(2).collect();
                prop_assert!(between.chars().all(|c| "()&|<->+ ANDOR".contains(c)), "{query}");
                prop_assert!(!as_phrase || query.matches(quote).count() <= 2 * 64, "{query}");
            }
        }
    }

    #[test]
    fn what_begins_with_a_word_stands_before_what_is_beyond_it(
        word in "[a-c\u{D7FF}\u{E000}é]{1,3}", more in any::<String>(), other in "[a-c\u{D7FF}\u{E000}é]{0,4}"
    ) {
        let beyond = words::beyond(&word);
        prop_assert!(word.clone() + &more < beyond);
        prop_assert_eq!(other.starts_with(&word), other >= word && other < beyond);
    }

    #[test]
    fn an_excerpt_that_is_the_whole_text_is_placed_as_that(
        before in "[ .(]{0,9}", words in "(a|\u{E000}bé\u{E001})([ .(]{1,2}(a|\u{E000}bé\u{E001})){0,20}", after in "[ .(]{0,9}"
    ) {
        let whole = before + &words + &after;
        let plain: Vec<char> = whole.replace([highlight::OPEN, highlight::CLOSE], "").chars().collect();
        let head: String = plain[..plain.len().min(24)].iter().collect();
        let tail: String = plain[plain.len().saturating_sub(24)..].iter().collect();
        prop_assert_eq!(highlight::placed(&words, &head, &tail), whole);
    }
}
