//! The routes the server has, read from its source, so that none is forgotten by a test.

use std::collections::BTreeSet;
use std::path::Path;

/// A method and an address with its places, `POST /order/people/{id}`.
pub type Route = (&'static str, String);

/// The words axum has for methods in a route.
const METHODS: [(&str, &str); 5] = [
    ("get(", "GET"),
    ("post(", "POST"),
    ("put(", "PUT"),
    ("delete(", "DELETE"),
    ("patch(", "PATCH"),
];
/// Ways of serving that this reading does not see; whoever needs one teaches it here.
const UNSEEN: [&str; 7] = [
    ".nest(",
    ".nest_service(",
    ".route_service(",
    ".fallback_service(",
    "any(",
    "on(MethodFilter",
    "MethodRouter::new",
];

/// Every route of the server, without the demo's desk, which has an address of its own.
pub fn routes() -> BTreeSet<Route> {
    let mut routes = BTreeSet::new();
    read(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        &mut routes,
    );
    routes
}

fn read(folder: &Path, routes: &mut BTreeSet<Route>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "demo" {
            read(&path, routes);
        } else if name.ends_with(".rs") && name != "demo.rs" {
            read_text(&std::fs::read_to_string(&path).unwrap(), &name, routes);
        }
    }
}

fn read_text(text: &str, file: &str, routes: &mut BTreeSet<Route>) {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap())
        .collect::<Vec<_>>()
        .join("\n");
    if code.contains("Router") {
        for unseen in UNSEEN {
            let word = |at: usize| {
                !code[..at].ends_with(|letter: char| {
                    letter.is_alphanumeric() || letter == '_' || letter == '.'
                })
            };
            let here = code
                .match_indices(unseen)
                .any(|(at, _)| unseen.starts_with('.') || word(at));
            assert!(
                !here,
                "{file} serves with {unseen}…), which this test cannot read"
            );
        }
    }
    for (at, _) in code.match_indices(".route(") {
        let call = arguments(&code[at + ".route(".len()..]);
        let (address, handlers) = call.split_once(',').unwrap();
        let address = match address.trim() {
            "wire::path::HELLO" => wire::path::HELLO.to_owned(),
            "wire::path::CONTINUE" => wire::path::CONTINUE.to_owned(),
            literal => literal
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
                .unwrap_or_else(|| panic!("{file}: {literal}"))
                .to_owned(),
        };
        let before = routes.len();
        for (word, method) in METHODS {
            for (at, _) in handlers.match_indices(word) {
                if !handlers[..at]
                    .ends_with(|letter: char| letter.is_alphanumeric() || letter == '_')
                {
                    routes.insert((method, address.clone()));
                }
            }
        }
        assert!(
            routes.len() > before,
            "{file}: {address} has no method, or stands twice"
        );
    }
}

/// What stands before the parenthesis that closes the call.
fn arguments(text: &str) -> &str {
    let mut depth = 1;
    for (at, letter) in text.char_indices() {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        if depth == 0 {
            return &text[..at];
        }
    }
    panic!("a route is not closed");
}

#[test]
fn routes_are_read_however_they_are_written() {
    let mut routes = BTreeSet::new();
    let text = r#"
        Router::new().route("/a", get(a).post(b)).route(
            "/a/{id}", // .route("/no", get(no))
            post(photo).layer(Limit::max(target(7))),
        ).route(wire::path::HELLO, post(hello))"#;
    read_text(text, "sample", &mut routes);
    let read: Vec<String> = routes
        .iter()
        .map(|(method, address)| format!("{method} {address}"))
        .collect();
    assert_eq!(
        read,
        [
            "GET /a",
            "POST /a",
            "POST /a/{id}",
            "POST /card-client/hello"
        ]
    );
}
