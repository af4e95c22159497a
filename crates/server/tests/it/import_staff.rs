//! `sigill import staff` on what HR systems really export.

use crate::console::{Installation, Said};
use crate::people;

/// An installation over each database there is to test on.
async fn installations() -> Vec<(Installation, testkit::FreshDatabase)> {
    let databases = testkit::databases().await.into_iter();
    databases
        .map(|database| (Installation::new(Some(database.address())), database))
        .collect()
}

/// The number at the beginning of the report's line that ends so.
fn count(report: &str, ending: &str) -> usize {
    let line = report
        .lines()
        .find(|line| line.ends_with(ending))
        .unwrap_or_else(|| panic!("no line “{ending}” in\n{report}"));
    line.split_whitespace().next().unwrap().parse().unwrap()
}

async fn everybody(database: &testkit::FreshDatabase) -> i64 {
    let mut read = database.read().await.unwrap();
    store::person::count(&mut read).await.unwrap()
}

/// What nobody may read on a terminal or in its history.
fn shows_no_number(said: &Said, file: &str) {
    for word in file.split([';', '\n']) {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        if digits >= 10
            && word
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-')
        {
            assert!(
                !said.out.contains(word) && !said.err.contains(word),
                "{word} in\n{}{}",
                said.out,
                said.err
            );
        }
    }
}

#[tokio::test]
async fn a_clean_file_is_taken_in_once() {
    for (installation, database) in installations().await {
        let file = people::export(12);
        installation.write("staff.csv", file.as_bytes());
        // A rehearsal tells the same and changes nothing.
        let rehearsed = installation.does(&[
            "import",
            "staff",
            "staff.csv",
            "--dry-run",
            "--language",
            "en",
        ]);
        assert!(rehearsed.contains("Rehearsal"), "{rehearsed}");
        assert_eq!(count(&rehearsed, "new people"), 12);
        assert_eq!(everybody(&database).await, 0);
        let first = installation.run(&["import", "staff", "staff.csv", "--language", "en"]);
        assert_eq!((first.code, first.err.as_str()), (0, ""));
        shows_no_number(&first, &file);
        assert_eq!(count(&first.out, "good rows"), 12);
        assert_eq!(count(&first.out, "new people"), 12);
        assert_eq!(count(&first.out, "new engagements"), 12);
        assert_eq!(count(&first.out, "rows not taken in, named above"), 0);
        assert_eq!(everybody(&database).await, 12);
        let second = installation.does(&["import", "staff", "staff.csv", "--language", "en"]);
        assert_eq!(count(&second, "rows that changed nothing"), 12);
        assert_eq!(count(&second, "new people"), 0);
        assert_eq!(everybody(&database).await, 12);
    }
}

#[tokio::test]
async fn who_left_the_file_has_left_only_when_told() {
    for (installation, _database) in installations().await {
        installation.write("all.csv", people::export(4).as_bytes());
        installation.write("some.csv", people::export(3).as_bytes());
        installation.does(&["import", "staff", "all.csv"]);
        let some = installation.does(&["import", "staff", "some.csv", "--language", "en"]);
        assert_eq!(count(&some, "ended engagements"), 0);
        let rehearsed = installation.does(&[
            "import",
            "staff",
            "some.csv",
            "--complete",
            "--dry-run",
            "--language",
            "en",
        ]);
        assert_eq!(count(&rehearsed, "ended engagement"), 1);
        let complete = installation.does(&[
            "import",
            "staff",
            "some.csv",
            "--complete",
            "--language",
            "en",
        ]);
        assert_eq!(count(&complete, "ended engagement"), 1);
        let again = installation.does(&[
            "import",
            "staff",
            "some.csv",
            "--complete",
            "--language",
            "en",
        ]);
        assert_eq!(count(&again, "ended engagements"), 0);
    }
}

/// A file with a byte-order mark and every sort of fault, and where each is: line, column.
fn spoilt() -> (String, Vec<(usize, &'static str)>) {
    let good = |index| people::row(index);
    let number = people::personal_number;
    let last = |number: String| {
        let (front, digit) = number.split_at(11);
        format!("{front}{}", (digit.parse::<u32>().unwrap() + 1) % 10)
    };
    let rows = [
        (good(0), None),
        (
            good(1).replace(&number(1), &last(number(1))),
            Some("personal_number"),
        ),
        (
            good(2).replace(&number(2), &number(2)[2..]),
            Some("personal_number"),
        ),
        // A hyphen is how people write it.
        (
            good(3).replace(
                &number(3),
                &format!("{}-{}", &number(3)[..8], &number(3)[8..]),
            ),
            None,
        ),
        (good(4).replace("2019-03-01", "2019-02-30"), Some("from")),
        (
            good(5).replace("2019-03-01;", "2019-03-01;2018-01-01"),
            Some("to"),
        ),
        (
            good(6).replace(&people::given_name(6), ""),
            Some("given_name"),
        ),
        (
            good(7).replace(&people::given_name(7), "=HYPERLINK(1)"),
            Some("given_name"),
        ),
        // Quoted as it should be.
        (
            good(8).replace(
                "Region Prov, Akutmottagning",
                "\"Region Prov; \"\"Akuten\"\"\"",
            ),
            None,
        ),
        (good(9).replace("employee", "owner"), Some("engagement")),
        (
            good(10).trim_end().trim_end_matches(';').to_owned() + "\n",
            Some(""),
        ),
        (
            good(11).replace(&people::hsa_id(11), &people::hsa_id(0)),
            Some("hsa_id"),
        ),
        (
            good(12).replace("@example.se", "@@example.se"),
            Some("email"),
        ),
        (good(13).replace("melior", "solitaire"), Some("it_services")),
        (good(14), None),
    ];
    let mut text = format!("\u{FEFF}{}", people::COLUMNS);
    let mut faults = Vec::new();
    for (index, (row, fault)) in rows.into_iter().enumerate() {
        text.push_str(&row);
        faults.extend(fault.map(|column| (index + 2, column)));
    }
    (text, faults)
}

#[tokio::test]
async fn every_spoilt_row_is_named_and_no_other() {
    for (installation, database) in installations().await {
        let (file, faults) = spoilt();
        installation.write("spoilt.csv", file.as_bytes());
        for (language, word) in [("sv", "Rad"), ("en", "Line")] {
            let said = installation.run(&[
                "import",
                "staff",
                "spoilt.csv",
                "--dry-run",
                "--language",
                language,
            ]);
            assert_eq!((said.code, said.err.as_str()), (2, ""), "{}", said.out);
            shows_no_number(&said, &file);
            let named: Vec<&str> = said
                .out
                .lines()
                .filter(|line| line.starts_with(word))
                .collect();
            assert_eq!(named.len(), faults.len(), "{}", said.out);
            for (line, column) in &faults {
                let beginning = format!("{word} {line}, {column}");
                let fault = named.iter().find(|fault| fault.starts_with(&beginning));
                let fault = fault.unwrap_or_else(|| panic!("“{beginning}” in\n{}", said.out));
                assert!(
                    fault.len() > beginning.len() + 20 && fault.ends_with('.'),
                    "{fault}"
                );
            }
        }
        assert_eq!(
            everybody(&database).await,
            0,
            "a rehearsal took somebody in"
        );
        let said = installation.run(&["import", "staff", "spoilt.csv"]);
        assert_eq!(said.code, 2);
        assert_eq!(count(&said.out, "nya personer"), 4);
        assert_eq!(
            count(&said.out, "rader som inte togs in, namngivna ovan"),
            faults.len()
        );
        // The good rows are in, and of the others not a part.
        assert_eq!(everybody(&database).await, 4);
    }
}

#[tokio::test]
async fn the_same_people_in_other_bytes() {
    let latin: Vec<u8> = {
        // The names with letters that Latin-1 has not are replaced.
        let text = people::export(8)
            .replace(['č', 'ć'], "c")
            .replace("Provsson", "Åström");
        text.chars()
            .map(|letter| u8::try_from(u32::from(letter)).unwrap())
            .collect()
    };
    let comma = people::export(8)
        .replace(',', " ")
        .replace(
            "melior npo pascal secure-mail",
            "\"melior,npo,pascal,secure-mail\"",
        )
        .replace(';', ",");
    let windows = people::export(8).replace('\n', "\r\n");
    let marked = format!("\u{FEFF}{}", people::export(8));
    let headless_end = people::export(8).trim_end().to_owned();
    for (name, bytes) in [
        ("latin", latin),
        ("comma", comma.into_bytes()),
        ("windows", windows.into_bytes()),
        ("marked", marked.into_bytes()),
        ("end", headless_end.into_bytes()),
    ] {
        let installation = Installation::new(None);
        installation.write("staff.csv", &bytes);
        let said = installation.run(&["import", "staff", "staff.csv", "--language", "en"]);
        assert_eq!(said.code, 0, "{name}: {}{}", said.out, said.err);
        assert_eq!(count(&said.out, "new people"), 8, "{name}");
    }
}

#[test]
fn what_is_no_staff_file_is_told_apart() {
    let installation = Installation::new(None);
    let said = installation.run(&["import", "staff", "nowhere.csv"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(said.err.contains("nowhere.csv"), "{}", said.err);
    std::fs::create_dir(installation.path("folder.csv")).unwrap();
    assert_eq!(installation.run(&["import", "staff", "folder.csv"]).code, 1);
    let binary: Vec<u8> = (0..=255).cycle().take(5_000).collect();
    for (name, bytes) in [
        ("empty.csv", &b""[..]),
        ("binary.csv", &binary),
        ("list.csv", b"name;telephone\nEk;1\n"),
        ("zip.xlsx", b"PK\x03\x04\x14\x00\x06\x00\x08\x00"),
    ] {
        installation.write(name, bytes);
        let mut told = Vec::new();
        for language in ["sv", "en"] {
            let said = installation.run(&["import", "staff", name, "--language", language]);
            assert_eq!((said.code, said.out.as_str()), (1, ""), "{name}");
            assert!(
                said.err.starts_with(&format!("sigill: {name}: "))
                    && said.err.trim_end().ends_with('.'),
                "{}",
                said.err
            );
            told.push(said.err);
        }
        assert_ne!(told[0], told[1]);
    }
    assert_eq!(
        installation
            .run(&["import", "staff", "empty.csv", "--language", "de"])
            .code,
        2
    );
}
