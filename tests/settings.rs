//! Where settings come from, which of them counts, and what is said where one is wrong.

use crate::binary::{Settings, folder, run, text};

/// Flags, variables, and what is shown of them.
type Case<'a> = (&'a [&'a str], Vec<(&'a str, &'a str)>, &'a str);

/// The first line of what is shown, or the problem.
fn shown(arguments: &[&str], settings: Settings) -> String {
    let done = run(&[&["config", "show"], arguments].concat(), settings);
    if done.status.success() { text(&done.stdout).lines().next().unwrap_or_default().to_owned() } else { text(&done.stderr) }
}

fn file(name: &str, content: &str) -> String {
    let path = folder().join(name);
    std::fs::write(&path, content).expect("the folder can be written to");
    path.to_str().expect("it is UTF-8").to_owned()
}

#[test]
fn a_wrong_line_of_the_file_is_told_by_its_key_its_number_and_what_is_allowed_and_is_not_shown() {
    let cases: [(&str, &[&str]); 10] = [
        ("listen = 5", &["line 1", "`listen`", "text in quotes"]),
        ("\n\n[limits]\ncost = \"geheim\"", &["line 4", "`limits.cost`", "a whole number"]),
        ("cache_seconds = \"geheim, expected geheim\"", &["line 1", "`cache_seconds`", "a whole number"]),
        ("demo = 'geheim'", &["line 1", "`demo`", "true or false"]),
        ("\nlimits = 'geheim'", &["line 2", "`limits`", "a table"]),
        ("\npasword = 'geheim'", &["line 2", "`pasword`", "`database_url`"]),
        ("[limits]\nmoney = 'geheim'", &["line 2", "`money`", "`cost`"]),
        ("log = 'info'\nlog = 'geheim'", &["line 2", "`log`", "twice"]),
        ("database_url = 'postgres://a:geheim@b/c", &["line 1", "no TOML"]),
        ("database_url = postgres://a:geheim@b/c", &["line 1", "no TOML"]),
    ];
    for (content, words) in cases {
        let problem = shown(&[], &[("ALLIANCE_CONFIG", &file("alliance.toml", content))]);
        assert!(problem.contains("ALLIANCE_CONFIG: `"), "{content}: {problem}");
        assert!(words.iter().all(|word| problem.contains(word)), "{content}: {problem}");
        assert!(!problem.contains("geheim"), "{content}: {problem}");
    }
}

#[test]
fn a_flag_counts_before_a_variable_and_a_variable_before_the_file_whichever_of_the_two_names_the_database() {
    let (named, flag) = (file("url", "postgres://in-file/a\n"), "postgres://flag/a");
    let (variable, in_file): (Settings, Settings) =
        (&[("DATABASE_URL", "postgres://variable/a")], &[("DATABASE_URL_FILE", &named)]);
    let lines = |lines: &str| file("alliance.toml", lines);
    let (url_line, file_line) = (lines("database_url = 'postgres://line/a'"), lines(&format!("database_url_file = '{named}'")));
    let both_lines = lines(&format!("database_url = 'postgres://line/a'\ndatabase_url_file = '{named}'"));
    let both = [variable[0], in_file[0]];
    let (url_line, file_line, both_lines) = (
        [("ALLIANCE_CONFIG", url_line.as_str())],
        [("ALLIANCE_CONFIG", file_line.as_str())],
        [("ALLIANCE_CONFIG", both_lines.as_str())],
    );
    let cases: [Case; 12] = [
        (&["--database-url-file", &named], variable.to_vec(), "=postgres://in-file/a"),
        (&["--database-url", flag], in_file.to_vec(), "=postgres://flag/a"),
        (&["--database-url", flag], both.to_vec(), "=postgres://flag/a"),
        (&[], [variable, &file_line].concat(), "=postgres://variable/a"),
        (&[], [in_file, &url_line].concat(), "=postgres://in-file/a"),
        (&[], [variable, &both_lines].concat(), "=postgres://variable/a"),
        (&[], url_line.to_vec(), "=postgres://line/a"),
        (&[], file_line.to_vec(), "=postgres://in-file/a"),
        (&["--database-url", ""], in_file.to_vec(), "=postgres://in-file/a"),
        (&["--database-url", flag, "--database-url-file", &named], vec![], "set one of the two"),
        (&[], both.to_vec(), "set one of the two"),
        (&[], both_lines.to_vec(), "set one of the two"),
    ];
    for (arguments, settings, found) in cases {
        let shown = shown(arguments, &settings);
        assert!(shown.contains(found), "{arguments:?} {settings:?}: {shown}");
    }
}

#[test]
fn an_empty_variable_is_one_that_is_not_set() {
    let empty = [
        ("ALLIANCE_DATA_DIR", ""),
        ("ALLIANCE_CONFIG", ""),
        ("DATABASE_URL", ""),
        ("DATABASE_URL_FILE", ""),
        ("ALLIANCE_DOCUMENTS_MANIFEST", ""),
        ("ALLIANCE_LISTEN", ""),
        ("ALLIANCE_COST", ""),
        ("ALLIANCE_LOG", ""),
    ];
    assert_eq!(shown(&[], &empty), "DATABASE_URL=sqlite://data/alliance.db");
}

#[test]
fn what_everybody_reads_holds_no_password() {
    let cases = [
        ("ALLIANCE_PUBLIC_URL", "https://a:secret@example.org"),
        ("ALLIANCE_PUBLIC_URL", "https://secret@example.org"),
        ("ALLIANCE_PUBLIC_URL", "ftp://a:secret@example.org"),
        ("ALLIANCE_PUBLIC_URL", "a:secret@example.org"),
        ("ALLIANCE_SECURITY_CONTACT", "https://a:secret@example.org"),
    ];
    for (name, value) in cases {
        let problem = shown(&[], &[(name, value)]);
        assert!(problem.contains(name) && (!problem.contains("secret") || value.contains("//secret@")), "{value}: {problem}");
    }
    let allowed = [("ALLIANCE_PUBLIC_URL", "https://example.org/@us"), ("ALLIANCE_SECURITY_CONTACT", "mailto:us@example.org")];
    assert!(shown(&[], &allowed).starts_with("DATABASE_URL="));
}

#[test]
fn the_filters_of_the_log_are_checked_wherever_the_settings_are_read() {
    let problem = shown(&[], &[("ALLIANCE_LOG", "a=b=c")]);
    assert!(problem.contains("ALLIANCE_LOG") && problem.contains("`a=b=c`"), "{problem}");
}

/// Everything that is shown, or the problem.
fn all(settings: Settings) -> String {
    let done = run(&["config", "show"], settings);
    if done.status.success() { text(&done.stdout) } else { text(&done.stderr) }
}

#[test]
fn the_mail_server_is_named_by_an_address_whose_password_is_shown_nowhere() {
    let named = file("smtp", "smtps://us:secret@mail.example:465\n");
    let right: [(Settings, &str); 7] = [
        (&[("ALLIANCE_SMTP_URL", "smtp://us:secret@mail.example?tls=required")], "=smtp://us:***@mail.example?tls=required\n"),
        (&[("ALLIANCE_SMTP_URL", "smtp://127.0.0.1:2525")], "=smtp://127.0.0.1:2525\n"),
        (&[("ALLIANCE_SMTP_URL_FILE", &named)], "=smtps://us:***@mail.example:465\n"),
        (&[("ALLIANCE_PUBLIC_URL", "https://citizens.example")], "ALLIANCE_MAIL_FROM=Alliance <alliance@citizens.example>\n"),
        (&[], "ALLIANCE_SMTP_URL=\nALLIANCE_MAIL_FROM=Alliance <alliance@localhost>\n"),
        (&[], "ALLIANCE_PUBLIC_LINKS=http://127.0.0.1:8080/{purpose}?token={token}\n"),
        (&[("ALLIANCE_MAIL_FROM", "Zoë <us@example.org>")], "ALLIANCE_MAIL_FROM=Zoë <us@example.org>\n"),
    ];
    for (settings, line) in right {
        let shown = all(settings);
        assert!(shown.contains(line) && !shown.contains("secret"), "{settings:?}: {shown}");
    }
    let wrong: [(&str, &str, &str); 11] = [
        ("ALLIANCE_SMTP_URL", "https://us:secret@mail.example", "smtp://"),
        ("ALLIANCE_SMTP_URL", "us:secret@mail.example", "smtp://"),
        ("ALLIANCE_SMTP_URL", "secret", "smtp://"),
        ("ALLIANCE_SMTP_URL", "smtp://us@mail.example", "without a password"),
        ("ALLIANCE_SMTP_URL", "smtp://us:secret@mail.example?tls=perhaps", "tls=required"),
        ("ALLIANCE_SMTP_URL", "smtp://mail.example?tsl=secret", "not known"),
        ("ALLIANCE_MAIL_FROM", "Alliance", "an address"),
        ("ALLIANCE_MAIL_FROM", "A <a@example.org>\nBcc: b@example.org", "an address"),
        ("ALLIANCE_METRICS_LISTEN", "9464", "an IP address and a port"),
        ("ALLIANCE_PUBLIC_LINKS", "https://choir.example/?token={token}", "{purpose} and {token}"),
        ("ALLIANCE_PUBLIC_LINKS", "choir.example/{purpose}?token={token}", "{purpose} and {token}"),
    ];
    for (name, value, words) in wrong {
        let problem = all(&[(name, value)]);
        assert!(problem.contains(name) && problem.contains(words) && !problem.contains("secret"), "{value}: {problem}");
    }
    let both = all(&[("ALLIANCE_SMTP_URL", "smtp://127.0.0.1"), ("ALLIANCE_SMTP_URL_FILE", &named)]);
    assert!(both.contains("set one of the two"), "{both}");
}
