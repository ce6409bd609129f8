//! The sum of reactions in words, by language: each language is a file of `assets/languages`, named by its tag (BCP 47) and written in
//! Fluent, whose plurals are those of the Unicode CLDR.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use include_dir::{Dir, include_dir};

use crate::error::{Error, Result};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/languages");
static LANGUAGES: LazyLock<Result<BTreeMap<String, FluentBundle<FluentResource>>, String>> = LazyLock::new(read);

fn read() -> Result<BTreeMap<String, FluentBundle<FluentResource>>, String> {
    FILES.files().map(|file| bundle(file).map_err(|problem| format!("`{}`: {problem}", file.path().display()))).collect()
}

fn bundle(file: &include_dir::File<'_>) -> Result<(String, FluentBundle<FluentResource>), String> {
    let tag = file.path().file_stem().and_then(|stem| stem.to_str()).ok_or("its name is no tag of a language")?;
    let language = tag.parse().map_err(|_| "its name is no tag of a language")?;
    let text = file.contents_utf8().ok_or("it is not UTF-8")?;
    let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, problems)| format!("{problems:?}"))?;
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The sum is plain text, without marks of direction around the number.
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).map_err(|problems| format!("{problems:?}"))?;
    Ok((tag.to_owned(), bundle))
}

/// The invitation or the sum, as a page shows it.
///
/// # Errors
/// [`Error::Invalid`] for a language that is not known, with those that are.
pub fn label(total: i64, language: &str) -> Result<String> {
    let languages = LANGUAGES.as_ref().map_err(|problem| Error::internal(problem.clone()))?;
    let Some(bundle) = languages.get(language) else {
        let known: Vec<&str> = languages.keys().map(String::as_str).collect();
        return Err(Error::invalid("language", format!("`{language}` is not known; known: {}", known.join(", "))));
    };
    let missing = || Error::internal(format!("the language `{language}` has no words for the sum of reactions"));
    let pattern = bundle.get_message("reactions").and_then(|message| message.value()).ok_or_else(missing)?;
    let (mut values, mut problems) = (FluentArgs::new(), Vec::new());
    values.set("count", total);
    let text = bundle.format_pattern(pattern, Some(&values), &mut problems).into_owned();
    if problems.is_empty() { Ok(text) } else { Err(missing()) }
}
