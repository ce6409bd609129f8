//! The house: who may import whom, who may speak which language, and how large things may grow. `README.md` says why.

mod order;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::Visit;

use crate::architecture::order::ORDER;

/// The crates that speak SQL.
const SQL: [&str; 4] = ["sea_orm", "sea_orm_migration", "sea_query", "sqlx"];
const LINES_IN_A_FILE: usize = 300;
const LINES_IN_A_FUNCTION: usize = 50;
const ARGUMENTS: usize = 5;
const NAMELESS: [&str; 11] =
    ["manager", "service", "helper", "util", "utils", "common", "core", "data", "info", "handle", "misc"];
const TOP: [&str; 9] =
    ["Cargo.toml", "Cargo.lock", "LICENSE", "README.md", "schema.graphql", "api", "entity", "migration", "tests"];

/// What is wrong with a file of `api/src`, by its path there.
fn violations(path: &str, source: &str) -> Vec<String> {
    let Ok(tokens) = source.parse::<TokenStream>() else { return vec![format!("{path}: it cannot be read")] };
    let mut paths = Vec::new();
    collect(tokens, &mut paths);
    let mut found = Vec::new();
    for named in &paths {
        let words: Vec<&str> = named.split("::").collect();
        imports(path, &words, &mut found);
        languages(path, &words, &mut found);
    }
    sizes(path, source, &mut found);
    names(path, &mut found);
    found
}

/// Every `a::b::c` of a file, those inside macros and groups of imports too.
fn collect(tokens: TokenStream, paths: &mut Vec<String>) {
    let mut current = String::new();
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
            TokenTree::Punct(mark) if mark.as_char() == '*' && colons == 2 => {
                current.push_str("::*");
                colons = 0;
            }
            TokenTree::Ident(word) if colons == 2 && !current.is_empty() => {
                write!(current, "::{word}").expect("text grows");
                colons = 0;
            }
            TokenTree::Group(group) => {
                let mut inner = Vec::new();
                collect(group.stream(), &mut inner);
                let prefix = if colons == 2 { format!("{current}::") } else { String::new() };
                paths.extend(inner.into_iter().map(|path| format!("{prefix}{path}")));
                colons = 0;
                paths.push(std::mem::take(&mut current));
            }
            other => {
                paths.push(std::mem::take(&mut current));
                colons = 0;
                if let TokenTree::Ident(word) = other {
                    current = word.to_string();
                }
            }
        }
    }
    paths.push(current);
    paths.retain(|path| !path.is_empty());
}

fn room(path: &str) -> &str {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

fn imports(path: &str, words: &[&str], found: &mut Vec<String>) {
    let ["crate" | "$crate", target, rest @ ..] = words else { return };
    let rank = |name: &str| ORDER.iter().position(|module| *module == name);
    let here = room(path);
    if matches!(here, "lib" | "main") {
        return;
    }
    let (Some(from), Some(to)) = (rank(here), rank(target)) else {
        found.push(format!("{path}: `{}` has no place in the order of modules", words.join("::")));
        return;
    };
    if to <= from {
        return;
    }
    // The API is a graph: objects name each other's objects, pages and arguments.
    let of_clients = match rest {
        [] | ["object" | "query" | "summary", ..] => true,
        [name] => ["Filter", "Order", "Scope"].iter().any(|end| name.ends_with(end)),
        _ => false,
    };
    if !(path.ends_with("/object.rs") && of_clients) {
        found.push(format!("{path}: `{}` leads upward", words.join("::")));
    }
}

fn languages(path: &str, words: &[&str], found: &mut Vec<String>) {
    let says = |found: &mut Vec<String>, what: &str| found.push(format!("{path}: `{}`: {what}", words.join("::")));
    let here = room(path);
    let speaks_sql = path.contains("store")
        || matches!(here, "policy" | "database" | "page" | "outbox" | "jobs" | "rates" | "audit" | "demo" | "seed" | "error");
    match words {
        ["sea_orm", "Iterable"] => {}
        // Under whatever name: `sea_orm_migration::sea_orm` is the same language.
        [_, _, ..] if !speaks_sql && words.iter().any(|word| SQL.contains(word)) => {
            says(found, "only stores and the policy speak SQL");
        }
        ["axum" | "tower_http" | "hyper", _, ..] if here != "server" => says(found, "only the server speaks HTTP"),
        ["reqwest", ..] if here != "outgoing" => says(found, "only the outgoing client speaks to other sites"),
        ["std", "env", "var" | "var_os" | "vars", ..] if here != "config" => says(found, "only config.rs reads the environment"),
        ["Utc" | "Local" | "SystemTime", "now"] if here != "clock" => says(found, "only clock.rs knows the time"),
        ["async_graphql", "Error" | "ServerError", ..] if here != "error" => says(found, "only error.rs makes GraphQL errors"),
        [.., "*"] => says(found, "name what you import"),
        _ => {}
    }
}

struct Functions<'a> {
    path: &'a str,
    found: &'a mut Vec<String>,
}

impl Functions<'_> {
    fn check(&mut self, signature: &syn::Signature, lines: usize) {
        let (path, name) = (self.path, &signature.ident);
        if lines > LINES_IN_A_FUNCTION {
            self.found.push(format!("{path}: `{name}` has {lines} lines, at most {LINES_IN_A_FUNCTION}"));
        }
        let arguments = signature.inputs.iter().filter(|input| matches!(input, syn::FnArg::Typed(_))).count();
        if arguments > ARGUMENTS {
            self.found.push(format!("{path}: `{name}` has {arguments} arguments, at most {ARGUMENTS}"));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.check(&item.sig, lines(item.span()));
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.check(&item.sig, lines(item.span()));
        syn::visit::visit_impl_item_fn(self, item);
    }
}

fn lines(span: proc_macro2::Span) -> usize {
    span.end().line - span.start().line + 1
}

fn sizes(path: &str, source: &str, found: &mut Vec<String>) {
    let lines = source.lines().count();
    if lines > LINES_IN_A_FILE {
        found.push(format!("{path}: {lines} lines, at most {LINES_IN_A_FILE}"));
    }
    match syn::parse_file(source) {
        Ok(file) => Functions { path, found }.visit_file(&file),
        Err(e) => found.push(format!("{path}: {e}")),
    }
}

fn names(path: &str, found: &mut Vec<String>) {
    for word in path.trim_end_matches(".rs").split(['/', '_']).filter(|word| NAMELESS.contains(word)) {
        found.push(format!("{path}: `{word}` names no room"));
    }
}

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_house_stands() {
    let root = repository().join("api/src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 60, "the sources are found");
    let mut found = Vec::new();
    for file in files {
        let path = file.strip_prefix(&root).expect("it is below").display().to_string();
        found.extend(violations(&path, &std::fs::read_to_string(&file).expect("the file can be read")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_file_is_long_and_nothing_else_lies_at_the_top() {
    let root = repository();
    for folder in ["entity", "migration", "tests"] {
        let mut files = Vec::new();
        sources(&root.join(folder), &mut files);
        for file in files {
            let lines = std::fs::read_to_string(&file).expect("the file can be read").lines().count();
            assert!(lines <= LINES_IN_A_FILE, "{}: {lines} lines", file.display());
        }
    }
    for entry in std::fs::read_dir(root).expect("the folder can be read") {
        let name = entry.expect("the folder can be read").file_name().to_string_lossy().into_owned();
        let ours = name.starts_with('.') || TOP.contains(&name.as_str()) || matches!(name.as_str(), "target" | "data");
        assert!(ours, "`{name}` has no place at the top");
    }
}

#[test]
fn what_breaks_the_house_is_caught() {
    let planted = [
        ("posts/store/mod.rs", "use crate::reactions::store::CountersOf;"),
        ("posts/mod.rs", "fn f() { crate::server::serve() }"),
        ("campaigns/store.rs", "use crate::{app::App, posts::store::LivePost};"),
        ("campaigns/object.rs", "use crate::posts::store::LivePost;"),
        ("policy/mod.rs", "object! { X { fn f() { crate::posts::query::of() } } }"),
        ("error.rs", "use crate::posts;"),
        ("posts/object.rs", "use sea_orm::EntityTrait;"),
        ("posts/query.rs", "fn f() { sqlx::query(\"SELECT 1\") }"),
        ("cli/doctor.rs", "use sea_orm_migration::sea_orm::ConnectionTrait;"),
        ("cli/doctor.rs", "fn f() { sea_orm_migration::sea_orm::Statement::from_string(x, y) }"),
        ("cli/doctor.rs", "use sea_orm_migration::sea_orm as orm;"),
        ("posts/query.rs", "use axum::Json;"),
        ("posts/actions.rs", "fn f() { reqwest::get(url) }"),
        ("posts/query.rs", "fn f() { std::env::var(\"X\") }"),
        ("posts/query.rs", "fn f() { Utc::now() }"),
        ("posts/query.rs", "use async_graphql::{Context, Error};"),
        ("posts/query.rs", "use crate::posts::*;"),
        ("posts/helper.rs", ""),
        ("posts/query.rs", "fn f(a: A, b: B, c: C, d: D, e: E, f: F) {}"),
    ];
    for (path, source) in planted {
        assert!(!violations(path, source).is_empty(), "{path}: {source} goes unseen");
    }
    assert_eq!(violations("posts/object.rs", "use crate::reactions::object::ReactionConnection;"), Vec::<String>::new());
    assert!(!violations("posts/long.rs", &"\n".repeat(301)).is_empty(), "a long file goes unseen");
    assert!(!violations("posts/store.rs", &format!("fn f() {{{}}}", "\n".repeat(51))).is_empty(), "a long function goes unseen");
}
