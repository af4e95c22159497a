//! Every address of the server, asked by nobody and by everybody: what each of them gets stands in a table beside this file. A
//! route that has no row there fails the test, and so does a row whose route is gone.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use axum::http::StatusCode;

use crate::browser::Answer;
use crate::routes_in_source::routes;
use crate::stage::Stage;

const TABLE: &str = include_str!("every_route_by_every_role.txt");

/// Who asks, in the order of the columns; then the rows: method, address, what each gets.
fn table() -> (Vec<&'static str>, Vec<Vec<&'static str>>) {
    let mut lines = TABLE
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let rows: Vec<_> = lines.collect();
    for row in &rows {
        assert_eq!(row.len(), head.len() + 1, "{row:?}");
    }
    (head[1..].to_vec(), rows)
}

/// An answer in the table's words.
fn in_a_word(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    if answer.location().starts_with("/login") {
        return "login".to_owned();
    }
    assert!(
        answer.location().is_empty() || answer.location().starts_with('/'),
        "{}",
        answer.location()
    );
    match answer.code() {
        Some(code) if answer.status == StatusCode::FORBIDDEN => {
            match code.strip_prefix("policy.") {
                Some("role-missing") => "role".to_owned(),
                reason => reason.unwrap_or(&code).to_owned(),
            }
        }
        Some(code) => format!("{status}:{code}"),
        None => status.to_string(),
    }
}

#[test]
fn the_table_has_every_route() {
    let mut rows = BTreeSet::new();
    for row in table().1 {
        assert!(
            rows.insert(format!("{} {}", row[0], row[1])),
            "{} {} stands twice",
            row[0],
            row[1]
        );
    }
    let routes: BTreeSet<_> = routes()
        .iter()
        .map(|(method, address)| format!("{method} {address}"))
        .collect();
    let missing: Vec<_> = routes.difference(&rows).collect();
    let gone: Vec<_> = rows.difference(&routes).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "no row for {missing:?}; no route for {gone:?}"
    );
}

#[tokio::test]
async fn every_route_by_every_role() {
    let (actors, rows) = table();
    for mut stage in Stage::everywhere().await {
        let mut seen = String::new();
        let mut problems = String::new();
        for row in &rows {
            let (method, route) = (row[0], row[1]);
            write!(seen, "{method:<4} {route:<48}").unwrap();
            for (actor, expected) in actors.iter().zip(&row[2..]) {
                let answer = in_a_word(&stage.ask(actor, method, route).await);
                write!(seen, " {answer:<12}").unwrap();
                if answer != *expected {
                    writeln!(
                        problems,
                        "{method} {route} by {actor}: {answer}, not {expected}"
                    )
                    .unwrap();
                }
            }
            seen.push('\n');
        }
        assert!(problems.is_empty(), "{problems}\nas it is:\n{seen}");
    }
}
