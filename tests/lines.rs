//! What lines, paragraphs and Markdown may be made of.

use alliance::text::{line, name};
use proptest::prelude::*;
use unicode_normalization::is_nfc;

#[test]
fn a_line_may_be_of_any_script() {
    for text in [
        "Nottingham Citizens",
        "Łódź & Søn – “quoted”…",
        "Ελλάδα",
        "Українська",
        "שלום",
        "مرحبا بالعالم",
        "می\u{200c}خواهم",
        "کتاب\u{200c}ها",
        "क्\u{200d}ष",
        "ക\u{d4d}\u{200d}",
        "ශ්\u{200d}රී",
        "ภาษา\u{200b}ไทย",
        "ខ្មែរ",
        "မြန်မာ",
        "日本語",
        "葛\u{e0100}城",
        "한국어",
        "ᠮᠣᠩ\u{180b}ᠭᠣᠯ",
        "1\u{fe0f}\u{20e3}",
        "❤\u{fe0f}",
        "👩\u{200d}⚕\u{fe0f}",
        "🏳\u{fe0f}\u{200d}🌈",
        "👨🏽\u{200d}👩🏿\u{200d}👧",
        "🇬🇧",
        "🏴\u{200d}☠\u{fe0f}",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} win",
        "a  b",
        "x\u{a0}y",
        "<b>&amp;</b>",
        "۝",
    ] {
        assert_eq!(line::parse(text, 100).as_deref(), Ok(text), "{text}");
        assert_eq!(name::parse(text).as_deref(), Ok(text), "{text}");
        assert_eq!(line::paragraphs(&format!("{text}\r\n\r\n{text}\t"), 300), Ok(format!("{text}\n\n{text}")), "{text}");
        assert_eq!(line::markdown(text, 100).as_deref(), Ok(text), "{text}");
    }
}

#[test]
fn what_is_not_seen_is_refused_by_its_place() {
    for unseen in [
        '\0',
        '\u{1}',
        '\u{8}',
        '\u{1b}',
        '\u{7f}',
        '\u{9b}',
        '\u{ad}',
        '\u{34f}',
        '\u{61c}',
        '\u{115f}',
        '\u{1160}',
        '\u{17b4}',
        '\u{180b}',
        '\u{180e}',
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{200e}',
        '\u{200f}',
        '\u{202a}',
        '\u{202b}',
        '\u{202c}',
        '\u{202d}',
        '\u{202e}',
        '\u{2060}',
        '\u{2064}',
        '\u{2066}',
        '\u{2067}',
        '\u{2068}',
        '\u{2069}',
        '\u{206f}',
        '\u{2800}',
        '\u{3164}',
        '\u{e000}',
        '\u{fdd0}',
        '\u{fe00}',
        '\u{fe0f}',
        '\u{feff}',
        '\u{ffa0}',
        '\u{fff9}',
        '\u{fffc}',
        '\u{ffff}',
        '\u{e0001}',
        '\u{e0061}',
        '\u{e0100}',
        '\u{f0000}',
    ] {
        for text in [format!("pay{unseen}pal"), format!("x{unseen}"), format!("{unseen}x")] {
            let trimmed = text.trim();
            if trimmed.chars().count() == 1 {
                continue;
            }
            let place = format!(
                "character {} (U+{:04X})",
                trimmed.chars().position(|c| c == unseen).expect("it is there") + 1,
                unseen as u32
            );
            for refused in [line::parse(&text, 100), line::paragraphs(&text, 100), name::parse(&text)] {
                assert!(refused.clone().is_err_and(|problem| problem.starts_with(&place)), "{text:?}: {refused:?}");
            }
        }
    }
}

#[test]
fn joiners_and_tags_hide_nothing() {
    for hidden in [
        "a\u{200d}b",
        "a\u{200c}b",
        "a \u{200c}م",
        "م\u{200c}\u{200c}م",
        "👩\u{200d}x",
        "👩\u{200c}👩",
        "1\u{fe0f}",
        "a\u{fe0f}",
        "❤\u{fe0f}\u{fe0f}",
        "é\u{fe00}",
        "🏴\u{e0067}\u{e007f}",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e0061}\u{e007f}",
        "a\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "漢\u{e0100}\u{e0100}",
        "a\u{200b}b",
        "ไ\u{200b} ",
    ] {
        assert!(line::parse(&format!("{hidden}."), 100).is_err(), "{hidden:?}");
    }
}

#[test]
fn a_line_has_no_breaks_and_an_end() {
    for text in ["a\nb", "a\r\nb", "a\tb", "a\u{85}b", "a\u{2028}b", "a\u{2029}b"] {
        assert_eq!(line::parse(text, 100), Err("it is one line: it has no line breaks and no tabs".to_owned()), "{text:?}");
        assert!(line::paragraphs(text, 100).is_ok() && line::markdown(text, 100).is_ok(), "{text:?}");
    }
    assert_eq!(line::parse("  a  ", 1).as_deref(), Ok("a"));
    assert_eq!(line::parse(" \n ", 1).as_deref(), Ok(""));
    assert_eq!(name::parse(" \n "), Err("a name is wanted".to_owned()));
    assert_eq!(line::parse("ab", 1), Err("it has at most 1 characters".to_owned()));
    assert_eq!(line::parse("e\u{301}", 1).as_deref(), Ok("é"));
    assert_eq!(line::paragraphs(" \r\n ", 1).as_deref(), Ok(""));
}

#[test]
fn markdown_keeps_what_it_is_made_of() {
    for kept in [
        "    code\n\ttab\n",
        "a  \nb",
        "soft\u{ad}hyphen",
        "ไทย\u{200b}",
        "\u{200f}שלום",
        "e\u{301}",
        "\u{f0b7} from a word processor",
        "",
    ] {
        assert_eq!(line::markdown(kept, 100).as_deref(), Ok(kept), "{kept:?}");
    }
    assert_eq!(line::markdown("\u{feff}a\r\nb\rc\u{2028}d", 100).as_deref(), Ok("a\nb\nc\nd"));
    for refused in ['\0', '\u{7}', '\u{1b}', '\u{7f}', '\u{80}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{ffff}'] {
        assert!(line::markdown(&format!("a{refused}b"), 100).is_err(), "U+{:04X}", refused as u32);
    }
    assert!(line::markdown("abc", 2).is_err());
}

fn is_refused(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && !matches!(c, '\n' | '\t'))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_taken_once_is_taken_again_as_it_is(text in prop_oneof![any::<String>(), "[a👩م\u{94d}क\u{200b}-\u{200f}\u{fe0e}\u{fe0f}\u{e0061}-\u{e007f}🏴 \n\t]{0,12}"]) {
        for taken in [line::parse(&text, 50), line::paragraphs(&text, 50)].into_iter().flatten() {
            prop_assert!(is_nfc(&taken) && taken.trim() == taken && taken.chars().count() <= 50);
            prop_assert!(!taken.chars().any(is_refused));
            prop_assert_eq!(line::paragraphs(&taken, 50), Ok(taken.clone()));
        }
        if let Ok(name) = line::parse(&text, 50) {
            prop_assert!(!name.contains(['\n', '\t']));
            prop_assert_eq!(line::parse(&name, 50), Ok(name.clone()));
        }
        if let Ok(markdown) = line::markdown(&text, 50) {
            prop_assert_eq!(line::markdown(&markdown, 50), Ok(markdown.clone()));
        }
    }
}
