//! The house in order: who may know whom, how long a file may be, texts in both languages, a map that is true.
//! Reads the sources as text, so it needs nothing but the checkout.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Crates of ours that each crate may name in `[dependencies]`.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("pki", &[]),
    ("piv", &[]),
    ("wire", &[]),
    ("print", &[]),
    ("store", &["model"]),
    ("vcard", &["piv"]),
    ("hsm", &["pki"]),
    ("flows", &["model", "pki", "print", "store"]),
    (
        "server",
        &[
            "flows", "hsm", "model", "wire", "store", "client", "vcard", "piv", "pki", "print",
        ],
    ),
    ("client", &["piv", "wire", "pki"]),
    ("testkit", &["model", "pki", "store", "vcard", "piv"]),
    ("e2e", &[]),
];

/// Crates of ours that tests may name besides (`[dev-dependencies]`); the test world is open to all.
const TEST_ARROWS: &[(&str, &[&str])] = &[
    ("flows", &["client", "hsm", "piv", "vcard", "wire"]),
    ("client", &["vcard"]),
    ("e2e", &["piv"]),
];

/// Crates that only some of a crate's files may name: the crate, the guest, and where the guest is let in.
const ONLY_IN: &[(&str, &str, &[&str])] = &[
    ("server", "store", &["boot", "demo", "main"]),
    ("server", "hsm", &["boot"]),
    ("server", "piv", &["demo"]),
    ("server", "print", &["demo"]),
    ("server", "vcard", &["demo"]),
    ("server", "client", &["demo"]),
];

/// Names that say nothing; what would go there belongs to the type it is about.
const EMPTY_NAMES: &[&str] = &[
    "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils",
];

const LONGEST_FILE: usize = 800;
const USUAL_FILE: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The path as it is written in the project, with `/`.
fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", shown(path)))
}

/// Every file below the folder with one of these endings; what tools make is passed over.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.')
                    && !["target", "node_modules", "out"].contains(&name.as_str())
                {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Folder names of the crates in `crates/`.
fn crates() -> BTreeSet<String> {
    std::fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("Cargo.toml").exists())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

/// The manifests of all our packages, by package name.
fn manifests() -> BTreeMap<String, toml::Table> {
    let mut folders: Vec<PathBuf> = crates()
        .iter()
        .map(|name| root().join("crates").join(name))
        .collect();
    folders.extend(["bench", "e2e", "fuzz"].map(|name| root().join(name)));
    folders
        .iter()
        .map(|folder| folder.join("Cargo.toml"))
        .filter(|path| path.exists())
        .map(|path| {
            let manifest: toml::Table = read(&path)
                .parse()
                .unwrap_or_else(|error| panic!("{}: {error}", shown(&path)));
            (
                manifest["package"]["name"].as_str().unwrap().to_owned(),
                manifest,
            )
        })
        .collect()
}

fn report(title: &str, problems: &[String]) {
    assert!(problems.is_empty(), "{title}:\n  {}", problems.join("\n  "));
}

fn of<'a>(table: &[(&str, &'a [&'a str])], name: &str) -> Option<&'a [&'a str]> {
    table
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, value)| *value)
}

#[test]
fn no_crate_knows_another_that_it_should_not() {
    let manifests = manifests();
    let mut problems = Vec::new();
    for (name, manifest) in &manifests {
        // Benchmarks and fuzzers stand outside the house and may look in at every window.
        if name == "bench" || name == "fuzz" {
            continue;
        }
        let Some(allowed) = of(ARROWS, name) else {
            problems.push(format!("{name} is not in the table of arrows"));
            continue;
        };
        let mut tables = vec![manifest];
        tables.extend(
            manifest
                .get("target")
                .and_then(toml::Value::as_table)
                .into_iter()
                .flat_map(|targets| targets.values().filter_map(toml::Value::as_table)),
        );
        for table in tables {
            for (kind, tests) in [
                ("dependencies", false),
                ("build-dependencies", false),
                ("dev-dependencies", true),
            ] {
                let Some(dependencies) = table.get(kind).and_then(toml::Value::as_table) else {
                    continue;
                };
                for other in dependencies
                    .keys()
                    .filter(|other| manifests.contains_key(*other))
                {
                    let open = allowed.contains(&other.as_str())
                        || tests
                            && (other == "testkit"
                                || of(TEST_ARROWS, name)
                                    .unwrap_or_default()
                                    .contains(&other.as_str()));
                    if !open {
                        problems.push(format!("{name} → {other} in [{kind}]"));
                    }
                }
            }
        }
    }
    report(
        "arrows that the house does not have (ARCHITECTURE.md)",
        &problems,
    );
}

#[test]
fn guests_stay_in_their_rooms() {
    let mut problems = Vec::new();
    for (name, guest, rooms) in ONLY_IN {
        let source = root().join("crates").join(name).join("src");
        for path in files(&source, &[".rs"]) {
            let inside = path.strip_prefix(&source).unwrap().with_extension("");
            let room = inside
                .components()
                .next()
                .unwrap()
                .as_os_str()
                .to_string_lossy()
                .into_owned();
            if rooms.contains(&room.as_str()) {
                continue;
            }
            for (number, line) in read(&path).lines().enumerate() {
                if names_crate(line, guest) {
                    problems.push(format!("{}:{} names {guest}", shown(&path), number + 1));
                }
            }
        }
    }
    report("crates named outside the files that may", &problems);
}

/// Whether the line of code begins a path with that crate: `store::`, and not `crate::store::`, `my_store::` or a comment.
fn names_crate(line: &str, guest: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let needle = format!("{guest}::");
    code.match_indices(&needle).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let foreign = code[..at].ends_with(" ::") || code[..at].starts_with("::") && at == 2;
        foreign
            || !before
                .is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':')
    })
}

#[test]
fn every_crate_inherits_the_lints() {
    let without: Vec<String> = manifests()
        .iter()
        .filter(|(name, _)| *name != "fuzz")
        .filter(|(_, manifest)| {
            manifest
                .get("lints")
                .and_then(|lints| lints.get("workspace"))
                .and_then(toml::Value::as_bool)
                != Some(true)
        })
        .map(|(name, _)| name.clone())
        .collect();
    report("manifests without `[lints] workspace = true`", &without);
}

#[test]
fn nothing_banned_comes_in() {
    let bans: toml::Table = read(&root().join("deny.toml")).parse().unwrap();
    let lock: toml::Table = read(&root().join("Cargo.lock")).parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let mut problems = Vec::new();
    for ban in bans["bans"]["deny"].as_array().unwrap() {
        let name = ban["name"].as_str().unwrap();
        let mut excused: Vec<&str> = ban
            .get("wrappers")
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(toml::Value::as_str)
            .collect();
        if name == "ring" {
            // Listed by the lock file for a feature that nobody turns on; whoever did would name ring itself.
            excused.push("rustls-webpki");
        }
        for package in packages {
            let user = package["name"].as_str().unwrap();
            let uses = package
                .get("dependencies")
                .and_then(toml::Value::as_array)
                .into_iter()
                .flatten()
                .any(|dependency| {
                    dependency.as_str().and_then(|text| text.split(' ').next()) == Some(name)
                });
            if uses && !excused.contains(&user) {
                problems.push(format!("{user} → {name}"));
            }
        }
    }
    report("packages that deny.toml bans, in Cargo.lock", &problems);
}

#[test]
fn files_are_short_and_have_names() {
    let mut problems = Vec::new();
    let mut long = Vec::new();
    for path in files(&root(), &[".rs"]) {
        let text = read(&path);
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            problems.push(format!(
                "{} has {lines} lines, more than {LONGEST_FILE}",
                shown(&path)
            ));
        } else if lines > USUAL_FILE {
            long.push(format!("{} ({lines})", shown(&path)));
        }
        for part in Path::new(&shown(&path)).with_extension("").components() {
            let part = part.as_os_str().to_string_lossy().into_owned();
            if EMPTY_NAMES.contains(&part.as_str()) {
                problems.push(format!("{} is named {part}", shown(&path)));
            }
        }
        for (number, line) in text.lines().enumerate() {
            let mut words = line
                .split_whitespace()
                .skip_while(|word| word.starts_with("pub"))
                .peekable();
            if words.next() == Some("mod")
                && words
                    .next()
                    .is_some_and(|name| EMPTY_NAMES.contains(&name.trim_end_matches([';', '{'])))
            {
                problems.push(format!("{}:{} {}", shown(&path), number + 1, line.trim()));
            }
        }
    }
    println!(
        "{} files over {USUAL_FILE} lines: {}",
        long.len(),
        long.join(", ")
    );
    report(
        "files that are too long, or whose name says nothing",
        &problems,
    );
}

#[test]
fn nothing_is_left_half_done() {
    // Put together here so that this file does not find itself.
    let marks = [
        ["to", "do!("].concat(),
        ["unimpl", "emented!("].concat(),
        ["FIX", "ME"].concat(),
        ["XX", "X"].concat(),
        ["#[ign", "ore"].concat(),
    ];
    let mut problems = Vec::new();
    for path in files(
        &root(),
        &[".rs", ".html", ".ftl", ".sql", ".svg", ".js", ".css"],
    ) {
        for (number, line) in read(&path).lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark.as_str())) {
                problems.push(format!("{}:{} {}", shown(&path), number + 1, line.trim()));
            }
        }
    }
    report("unfinished or switched off", &problems);
}

#[test]
fn every_file_is_compiled() {
    let mut problems = Vec::new();
    for folder in crates()
        .iter()
        .map(|name| root().join("crates").join(name))
        .chain(["bench", "e2e"].map(|name| root().join(name)))
    {
        let source = folder.join("src");
        let texts: Vec<(PathBuf, String)> = files(&source, &[".rs"])
            .into_iter()
            .map(|path| (path.clone(), read(&path)))
            .collect();
        for (path, _) in &texts {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            if ["lib", "main", "mod"].contains(&stem.as_str())
                || path.parent() == Some(&source.join("bin"))
            {
                continue;
            }
            let declared = texts
                .iter()
                .filter(|(other, _)| other != path)
                .flat_map(|(_, text)| text.lines())
                .any(|line| {
                    let line = line.trim();
                    line.ends_with(&format!("mod {stem};"))
                        || line.contains("#[path") && line.contains(&format!("{stem}.rs"))
                });
            if !declared {
                problems.push(shown(path));
            }
        }
    }
    report(
        "files that no module names, so nothing in them is compiled",
        &problems,
    );
}

/// One language's messages: key to the arguments its text takes.
fn messages(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files(
        &root().join("crates/server/texts").join(language),
        &[".ftl"],
    ) {
        let mut message = None;
        for line in read(&path).lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once('=').filter(|(key, _)| is_key(key)) {
                let key = key.trim().to_owned();
                assert!(
                    !messages.contains_key(&key),
                    "{}: {key} stands twice",
                    shown(&path)
                );
                messages.insert(key.clone(), BTreeSet::new());
                message = Some(key);
            } else if let Some((attribute, _)) = line
                .trim_start()
                .strip_prefix('.')
                .and_then(|line| line.split_once('='))
            {
                let base = message
                    .as_deref()
                    .unwrap_or_default()
                    .split('.')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                let key = format!("{base}.{}", attribute.trim());
                messages.insert(key.clone(), BTreeSet::new());
                message = Some(key);
            }
            if let Some(arguments) = message.as_ref().and_then(|key| messages.get_mut(key)) {
                arguments.extend(line.split('$').skip(1).map(|rest| {
                    rest.chars()
                        .take_while(|letter| {
                            letter.is_alphanumeric() || matches!(letter, '_' | '-')
                        })
                        .collect()
                }));
            }
        }
    }
    messages
}

/// A line that opens a message: its key begins at the margin.
fn is_key(text: &str) -> bool {
    let key = text.trim_end();
    key.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '-')
        && key
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
}

#[test]
fn both_languages_say_the_same_things() {
    let (swedish, english) = (messages("sv"), messages("en"));
    assert!(!swedish.is_empty(), "no texts were found");
    let mut problems = Vec::new();
    for (key, arguments) in &swedish {
        match english.get(key) {
            None => problems.push(format!("{key} is missing in English")),
            Some(others) if others != arguments => {
                problems.push(format!(
                    "{key} takes {arguments:?} in Swedish and {others:?} in English"
                ));
            }
            Some(_) => {}
        }
    }
    problems.extend(
        english
            .keys()
            .filter(|key| !swedish.contains_key(*key))
            .map(|key| format!("{key} is missing in Swedish")),
    );
    report("texts that differ", &problems);
}

/// Codes of refusals: those an act declares with `refusals!`, and policy's.
fn refusal_codes() -> BTreeMap<String, String> {
    let mut codes = BTreeMap::new();
    for path in files(&root().join("crates/flows/src"), &[".rs"]) {
        let text = read(&path);
        for block in text.split("refusals! {").skip(1) {
            // The declaration ends with a brace at the margin; in `refusal.rs` itself the macro has none.
            let block = block.split("\n}").next().unwrap_or_default();
            for line in block
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
            {
                if let Some((_, literal)) = line.split_once("= \"") {
                    codes.insert(
                        literal.split('"').next().unwrap_or_default().to_owned(),
                        shown(&path),
                    );
                }
            }
        }
    }
    let policy = root().join("crates/model/src/policy.rs");
    for literal in read(&policy)
        .split('"')
        .filter(|literal| literal.starts_with("policy."))
    {
        if literal
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || matches!(letter, '.' | '-'))
        {
            codes.insert(literal.to_owned(), shown(&policy));
        }
    }
    codes
}

#[test]
fn every_refusal_has_its_texts() {
    let (swedish, english) = (messages("sv"), messages("en"));
    let codes = refusal_codes();
    assert!(
        codes.keys().any(|code| code.starts_with("policy.")),
        "no refusals were found"
    );
    let mut problems = Vec::new();
    for (code, file) in &codes {
        let key = format!("refusal-{}", code.replace('.', "-"));
        for (language, texts) in [("sv", &swedish), ("en", &english)] {
            if !texts.contains_key(&key) {
                problems.push(format!("{key} ({file}) has no text in {language}"));
            }
        }
        if code.split('.').count() != 2 {
            problems.push(format!("{code} ({file}) is not act.reason"));
        }
    }
    report("refusals without a text", &problems);
}

#[test]
fn the_map_is_true() {
    let map = read(&root().join("ARCHITECTURE.md"));
    let mut problems = Vec::new();
    let crates = crates();
    for name in &crates {
        if !map.contains(&format!("{name}/")) && !map.contains(&format!("crates/{name}")) {
            problems.push(format!("crates/{name} is not on the map"));
        }
    }
    for line in map.lines() {
        // A line of the map: `      model/    people, engagements …`.
        if let Some((name, _)) = line.trim_start().split_once("/ ")
            && line.starts_with("  ")
            && !name.is_empty()
            && name
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter == '_')
            && !crates.contains(name)
            && !root().join(name).is_dir()
        {
            problems.push(format!("the map names {name}, which does not exist"));
        }
        // Any path from the root, `crates/pki/src/lint.rs`.
        for path in
            line.split(|letter: char| letter.is_whitespace() || "`()[],;:*".contains(letter))
        {
            let path = path.trim_end_matches(['.', '/']);
            if path.starts_with("crates/")
                && !path.contains(['{', '<', '…'])
                && !root().join(path).exists()
            {
                problems.push(format!("{path} does not exist"));
            }
        }
    }
    report("ARCHITECTURE.md", &problems);
}

#[test]
fn the_checks_see_what_they_look_for() {
    assert!(names_crate("use store::Database;", "store"));
    assert!(names_crate("    let x = ::store::open();", "store"));
    assert!(names_crate("fn a(b: &store::Read)", "store"));
    assert!(!names_crate("use crate::store::Database;", "store"));
    assert!(!names_crate("// store::Database", "store"));
    assert!(!names_crate("use my_store::Database;", "store"));
    assert!(
        is_key("desk-name ")
            && is_key("-brand ")
            && !is_key("    .label ")
            && !is_key("Two words ")
    );
}
