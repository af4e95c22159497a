use super::*;
use model::engagement::{EngagementKind, ItService};
use model::organisation::Sector;
use proptest::prelude::*;

const TODAY: Date = Date::constant(2026, 11, 23);

const HEADER: &str = "personal_number;given_name;family_name;hsa_id;email;mobile;street;postal_code;town;protected_identity;\
                      engagement;employer;unit_hsa_id;unit_name;sector;title;from;to;it_services;manager_hsa_id;\
                      security_identifier";

/// A clean row; the numbers are of the series that the Tax Agency keeps for tests.
const SOREN: &str = "196907149923;Sören;Nilsson;SE2321000255-W100000;soren@example.se;0783960310;Östra Vallgatan 5;222 22;Lund;\
                     no;employee;Sjukhuset;SE2321000255-A1002;Sjukhuset, Medicin;public;Läkare;2024-04-17;;e-mail,npo;;\
                     S-1-5-21-2127521184-1604012920-1887927527-72713";
const GORAN: &str = "196702089878;Göran;Björk;SE2321000255-X100001;goran@example.se;;;;;yes;hired;Bemanning AB;\
                     SE2321000255-A1001;Akuten;private;;2026-09-02;2026-12-07;;SE2321000255-W100000;";

fn file(rows: &[&str]) -> StaffFile {
    decode(format!("{HEADER}\n{}\n", rows.join("\n")).as_bytes(), TODAY).unwrap()
}

/// The row with one cell replaced.
fn with(row: &str, column: Column, cell: &str) -> String {
    let mut cells: Vec<&str> = row.split(';').collect();
    cells[column as usize] = cell;
    cells.join(";")
}

/// Checks that the cell makes the row bad, with exactly that fault and hint.
fn check(column: Column, cell: &str, what: Wrong, found: &str, hint: &[(&'static str, &str)]) {
    let file = file(&[GORAN, &with(SOREN, column, cell)]);
    let hint: Vec<_> = hint
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    let expected = RowProblem {
        line: 3,
        column: column.name(),
        what,
        found: found.to_owned(),
        hint,
    };
    assert_eq!(file.problems, [expected], "{column:?} {cell:?}");
    assert_eq!(file.rows.len(), 1, "the good row is kept");
}

#[test]
fn good_rows_become_values() {
    let file = file(&[SOREN, GORAN]);
    assert_eq!(
        (file.problems.as_slice(), file.bad_rows()),
        ([].as_slice(), 0)
    );
    assert_eq!(
        (file.encoding, file.delimiter),
        (Encoding::Utf8, Delimiter::Semicolon)
    );
    let [soren, goran] = file.rows.as_slice() else {
        panic!("two rows")
    };
    assert_eq!(
        (
            soren.line,
            soren.identity_number.digits(),
            soren.given_name.as_str()
        ),
        (2, "196907149923", "Sören")
    );
    assert_eq!(
        soren.address.as_ref().unwrap().postal_code.as_str(),
        "222 22"
    );
    assert_eq!(
        (
            soren.protected,
            soren.engagement.to,
            soren.engagement.manager_hsa_id.is_none()
        ),
        (false, None, true)
    );
    assert_eq!(
        soren
            .engagement
            .it_services
            .iter()
            .copied()
            .collect::<Vec<_>>(),
        [ItService::Email, ItService::Npo]
    );
    assert_eq!(
        (goran.engagement.kind, goran.engagement.sector),
        (EngagementKind::Hired, Sector::Private)
    );
    assert_eq!(
        (
            goran.protected,
            goran.mobile.is_none(),
            goran.address.is_none(),
            goran.engagement.title.is_none()
        ),
        (true, true, true, true)
    );
    assert_eq!(goran.engagement.to, Some(Date::constant(2026, 12, 7)));
}

#[test]
fn encodings_and_line_ends() {
    let text = format!("{HEADER}\r\n{SOREN}\r\n{GORAN}\r\n");
    let expected = decode(text.as_bytes(), TODAY).unwrap().rows;
    assert_eq!(expected.len(), 2);
    let marked = decode(format!("\u{feff}{text}").as_bytes(), TODAY).unwrap();
    assert_eq!(
        (marked.encoding, marked.rows),
        (Encoding::Utf8Bom, expected.clone())
    );
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let latin = decode(&latin, TODAY).unwrap();
    assert_eq!((latin.encoding, latin.rows), (Encoding::Latin1, expected));
}

#[test]
fn commas_and_quotes() {
    let comma = |row: &str| {
        row.split(';')
            .map(|cell| {
                if cell.contains(',') {
                    format!("\"{cell}\"")
                } else {
                    cell.to_owned()
                }
            })
            .collect::<Vec<_>>()
            .join(",")
    };
    let file = decode(
        format!("{}\n{}\n", comma(HEADER), comma(SOREN)).as_bytes(),
        TODAY,
    )
    .unwrap();
    assert_eq!(
        (file.delimiter, file.problems.as_slice(), file.rows.len()),
        (Delimiter::Comma, [].as_slice(), 1)
    );
    let quoted = with(SOREN, Column::UnitName, "\"Vård; citerad \"\"enhet\"\"\"");
    let file = self::file(&[&quoted]);
    assert_eq!(
        file.rows[0].engagement.unit_name.as_str(),
        "Vård; citerad \"enhet\""
    );
}

#[test]
fn columns_in_any_order_with_strangers_between() {
    let turned = |row: &str, extra: &str| {
        let mut cells: Vec<&str> = row.split(';').collect();
        cells.reverse();
        cells.insert(2, extra);
        cells.join(";")
    };
    let text = format!(
        "{}\n{}\n",
        turned(HEADER, "shoe_size"),
        turned(SOREN, "=42")
    );
    let file = decode(text.as_bytes(), TODAY).unwrap();
    assert_eq!(
        (file.unknown_columns, file.problems),
        (vec!["shoe_size".to_owned()], vec![])
    );
    assert_eq!(file.rows[0], self::file(&[SOREN]).rows[0]);
}

#[test]
fn identity_numbers() {
    use Wrong::*;
    let check = |cell, what, found: &str, hint: &[(&'static str, &str)]| {
        check(Column::PersonalNumber, cell, what, found, hint)
    };
    check("", NumberEmpty, "", &[]);
    check(
        "196907149924",
        NumberCheckDigit,
        "19690714****",
        &[("right", "3")],
    );
    check(
        "6907149923",
        NumberTwoDigitYear,
        "690714****",
        &[("right", "19690714-****")],
    );
    check(
        "690714-9923",
        NumberTwoDigitYear,
        "690714-****",
        &[("right", "19690714-****")],
    );
    check("196902309923", NumberNoSuchDate, "19690230****", &[]);
    check(
        "19690714T923",
        NumberCharacter,
        "19690714****",
        &[("character", "T")],
    );
    check("1969-07149923", NumberSeparator, "1969-0714****", &[]);
    check(
        "19690714+9923",
        NumberPlusTooYoung,
        "19690714+****",
        &[("year", "1969")],
    );
    check(
        "1969071499",
        NumberLength,
        "196907****",
        &[("digits", "10")],
    );
    check(
        "19690714992",
        NumberLength,
        "1969071****",
        &[("digits", "11")],
    );
    let file = file(&[&with(SOREN, Column::PersonalNumber, "19690714-9923")]);
    assert_eq!(file.rows[0].identity_number.digits(), "196907149923");
}

#[test]
fn names_and_texts() {
    use Wrong::*;
    check(Column::GivenName, " ", NameEmpty, "", &[]);
    check(
        Column::FamilyName,
        "=cmd|' /C calc'!A0",
        NameFormula,
        "=cmd|' /C calc'!A0",
        &[("character", "=")],
    );
    check(
        Column::FamilyName,
        "An\u{7}na",
        NameCharacter,
        "An\u{fffd}na",
        &[("character", "U+0007")],
    );
    check(
        Column::GivenName,
        "S3ren",
        NameCharacter,
        "S3ren",
        &[("character", "3")],
    );
    check(Column::GivenName, "..", NameNoLetter, "..", &[]);
    check(Column::Employer, "", TextEmpty, "", &[]);
    check(
        Column::UnitName,
        "\"two\nlines\"",
        TextControl,
        "two\u{fffd}lines",
        &[("character", "U+000A")],
    );
    let long = "å".repeat(129);
    check(
        Column::Title,
        &long,
        TextTooLong,
        &format!("{}…", "å".repeat(59)),
        &[("length", "129"), ("longest", "128")],
    );
}

#[test]
fn hsa_ids_and_contacts() {
    use Wrong::*;
    check(Column::HsaId, "", HsaIdEmpty, "", &[]);
    check(Column::UnitHsaId, "A1002", HsaIdCountry, "A1002", &[]);
    check(
        Column::ManagerHsaId,
        "SE2321000255-Å",
        HsaIdCharacter,
        "SE2321000255-Å",
        &[("character", "Å")],
    );
    check(
        Column::Email,
        "not-an-address",
        EmailAtSign,
        "not-an-address",
        &[],
    );
    check(Column::Email, "a@b", EmailDomain, "a@b", &[]);
    check(
        Column::Mobile,
        "ring",
        MobileCharacter,
        "ring",
        &[("character", "r")],
    );
    check(
        Column::Mobile,
        "123",
        MobileLength,
        "123",
        &[("digits", "3")],
    );
    check(Column::PostalCode, "2222", PostalCode, "2222", &[]);
    check(
        Column::SecurityIdentifier,
        "S-1-5-021",
        SecurityIdentifier,
        "S-1-5-021",
        &[],
    );
    check(Column::Town, "", AddressIncomplete, "", &[]);
}

#[test]
fn words_of_a_list() {
    use Wrong::*;
    check(
        Column::ProtectedIdentity,
        "perhaps",
        YesNo,
        "perhaps",
        &[("right", "yes, no")],
    );
    let kinds = "employee, employee-short, hourly, student, hired, contractor";
    check(
        Column::Engagement,
        "boss",
        EngagementUnknown,
        "boss",
        &[("right", kinds)],
    );
    check(
        Column::Sector,
        "third",
        SectorUnknown,
        "third",
        &[("right", "public, private")],
    );
    let services = "door-access, e-mail, melior, npo, pascal, pmo, remote-access, ris, secure-mail";
    check(
        Column::ItServices,
        "npo,unknown",
        ServiceUnknown,
        "npo,unknown",
        &[("service", "unknown"), ("right", services)],
    );
}

#[test]
fn dates() {
    use Wrong::*;
    check(Column::From, "", DateEmpty, "", &[]);
    check(
        Column::From,
        "2026-02-30",
        DateNoSuch,
        "2026-02-30",
        &[("right", "2026-02-28")],
    );
    check(
        Column::From,
        "2026-13-01",
        DateNoSuch,
        "2026-13-01",
        &[("right", "")],
    );
    check(Column::From, "17/4 2024", DateForm, "17/4 2024", &[]);
    check(Column::From, "2024-4-17", DateForm, "2024-4-17", &[]);
    check(Column::From, "+024-04-17", DateForm, "+024-04-17", &[]);
    check(
        Column::From,
        "1024-04-17",
        DateImplausible,
        "1024-04-17",
        &[],
    );
    check(
        Column::To,
        "2024-04-16",
        EndsBeforeStart,
        "2024-04-16",
        &[("from", "2024-04-17")],
    );
    assert_eq!(file(&[&with(SOREN, Column::To, "2024-04-17")]).problems, []);
    assert_eq!(
        file(&[&with(SOREN, Column::To, "9999-12-31")]).rows[0]
            .engagement
            .to,
        None,
        "until further notice"
    );
}

#[test]
fn a_bad_row_is_told_everything_at_once() {
    let mut row = with(SOREN, Column::GivenName, "");
    for (column, cell) in [
        (Column::PersonalNumber, "12"),
        (Column::Email, "x"),
        (Column::From, "x"),
        (Column::ItServices, "x,y"),
    ] {
        row = with(&row, column, cell);
    }
    let file = file(&[&row, GORAN]);
    let found: Vec<_> = file
        .problems
        .iter()
        .map(|problem| (problem.line, problem.column))
        .collect();
    let columns = [
        "personal_number",
        "given_name",
        "email",
        "from",
        "it_services",
        "it_services",
    ];
    assert_eq!(found, columns.map(|column| (2, column)));
    assert_eq!((file.bad_rows(), file.rows.len()), (1, 1));
}

#[test]
fn rows_of_another_length() {
    let cut = SOREN.rsplit_once(';').unwrap().0;
    let short = file(&[cut]);
    assert_eq!(
        (short.problems[0].what, short.problems[0].column),
        (Wrong::CellsMissing, "security_identifier")
    );
    assert_eq!(
        short.problems[0].hint,
        [("there", "20".to_owned()), ("expected", "21".to_owned())]
    );
    let cut = with(
        &SOREN.split(';').take(5).collect::<Vec<_>>().join(";"),
        Column::GivenName,
        "",
    );
    let both: Vec<_> = file(&[&cut])
        .problems
        .iter()
        .map(|problem| (problem.what, problem.column))
        .collect();
    assert_eq!(
        both,
        [
            (Wrong::NameEmpty, "given_name"),
            (Wrong::CellsMissing, "mobile")
        ]
    );
    let long = file(&[&with(SOREN, Column::UnitName, "Vård; avdelning")]);
    assert_eq!(
        (long.problems[0].what, long.problems.len()),
        (Wrong::CellsTooMany, 1)
    );
    assert_eq!(
        file(&[&format!("{SOREN};; ;")]).problems,
        [],
        "empty cells after the end do no harm"
    );
}

#[test]
fn a_row_cut_anywhere_is_reported() {
    // The last cell is a security identifier, which is one as soon as it has two numbers.
    let end = SOREN.rfind("-5-").unwrap() + 2;
    // Without one the row is whole as well.
    let whole = SOREN.rfind(';').unwrap() + 1;
    for cut in (1..end).filter(|at| SOREN.is_char_boundary(*at) && *at != whole) {
        let file = file(&[&SOREN[..cut], GORAN]);
        assert_eq!(
            (file.rows.len(), file.bad_rows()),
            (1, 1),
            "{}",
            &SOREN[..cut]
        );
    }
}

#[test]
fn blank_lines_count_but_are_no_rows() {
    let file = file(&["", SOREN, ";;;;;;;;;;;;;;;;;;;", "   ", GORAN]);
    assert_eq!(
        file.rows.iter().map(|row| row.line).collect::<Vec<_>>(),
        [3, 6]
    );
    assert_eq!(file.problems, []);
}

#[test]
fn lines_are_true_after_quoted_line_breaks() {
    let two_lines = with(SOREN, Column::UnitName, "\"Vård\r\n\r\navdelning\"");
    let file = file(&[&two_lines, &with(GORAN, Column::Sector, "x"), GORAN]);
    let lines: Vec<_> = file
        .problems
        .iter()
        .map(|problem| (problem.line, problem.what))
        .collect();
    assert_eq!(lines, [(2, Wrong::TextControl), (5, Wrong::SectorUnknown)]);
    assert_eq!(file.rows[0].line, 6);
}

#[test]
fn an_open_quote_does_not_swallow_the_rows_after_it() {
    let open = with(SOREN, Column::UnitName, "\"Vård");
    let quoted = with(GORAN, Column::UnitName, "\"Akuten; \"\"norra\"\"\"");
    for after in [GORAN, &quoted] {
        let file = file(&[&open, after]);
        assert_eq!(
            (
                file.problems.len(),
                file.problems[0].line,
                file.problems[0].column
            ),
            (1, 2, "unit_name")
        );
        assert!(matches!(
            file.problems[0].what,
            Wrong::QuoteOpen | Wrong::QuoteStray
        ));
        assert_eq!(file.rows.len(), 1);
    }
}

#[test]
fn an_hsa_id_belongs_to_the_first_who_has_it() {
    let taken = with(GORAN, Column::HsaId, "se2321000255-w100000");
    let file = file(&[SOREN, &taken]);
    let problem = &file.problems[0];
    assert_eq!(
        (problem.line, problem.column, problem.what),
        (3, "hsa_id", Wrong::HsaIdRepeated)
    );
    assert_eq!(problem.hint, [("first", "2".to_owned())]);
    assert_eq!(file.rows.len(), 1);
    // Also when the first row is bad for another reason: who has it is clear.
    let file = self::file(&[&with(SOREN, Column::Email, "x"), &taken]);
    assert_eq!((file.rows.len(), file.problems.len()), (0, 2));
}

#[test]
fn a_person_in_several_rows() {
    let second = with(
        &with(SOREN, Column::Employer, "Kommunen"),
        Column::Engagement,
        "hourly",
    );
    let both = file(&[SOREN, &second]);
    assert_eq!(
        (both.rows.len(), both.problems.as_slice()),
        (2, [].as_slice())
    );
    let renamed = with(
        &with(&second, Column::FamilyName, "Nilson"),
        Column::ProtectedIdentity,
        "yes",
    );
    let file = file(&[SOREN, &renamed]);
    let found: Vec<_> = file
        .problems
        .iter()
        .map(|problem| (problem.what, problem.column, problem.found.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (Wrong::PersonDiffers, "family_name", "Nilson"),
            (Wrong::PersonDiffers, "protected_identity", "yes")
        ]
    );
    assert_eq!(file.problems[0].hint, [("first", "2".to_owned())]);
    assert_eq!(file.rows.len(), 1);
}

#[test]
fn the_same_engagement_twice() {
    let file = file(&[SOREN, GORAN, &with(SOREN, Column::To, "2027-01-31")]);
    let problem = &file.problems[0];
    assert_eq!(
        (problem.line, problem.what, problem.hint[0].1.as_str()),
        (4, Wrong::EngagementRepeated, "2")
    );
    assert_eq!(file.rows.len(), 2);
}

#[test]
fn files_that_are_no_staff_export() {
    let check =
        |bytes: &[u8], expected: FileProblem| assert_eq!(decode(bytes, TODAY), Err(expected));
    check(b"", FileProblem::Empty);
    check(b"\n\r\n  \n", FileProblem::Empty);
    check(b"a;b;c\n1;2;3\n", FileProblem::NoHeader);
    check(b"PK\x03\x04xl/workbook.xml", FileProblem::Workbook);
    check(b"\xff\xfep\0", FileProblem::Utf16);
    let without = HEADER.replace(";email", "").replace(";to;", ";until;");
    check(
        without.as_bytes(),
        FileProblem::ColumnsMissing {
            columns: vec!["email", "to"],
        },
    );
    check(
        format!("{HEADER};EMAIL").as_bytes(),
        FileProblem::ColumnRepeated { column: "email" },
    );
    assert_eq!(
        decode(HEADER.as_bytes(), TODAY).unwrap().rows,
        [],
        "nobody is employed"
    );
}

#[test]
fn every_hint_has_the_arguments_of_its_fault() {
    let mut rows: Vec<String> = vec![
        SOREN.to_owned(),
        SOREN.to_owned(),
        with(GORAN, Column::HsaId, "SE2321000255-W100000"),
    ];
    let cells = [
        "",
        "=x",
        "x1",
        "\u{1}",
        "1",
        "12345678901",
        "SE",
        "2026-02-30",
        "a@b",
        "9@9.9@",
        "\"a\"b",
        "1024-01-01",
        ".@a.se",
    ];
    let long = "x".repeat(300);
    for &column in Column::ALL {
        rows.extend(
            cells
                .iter()
                .copied()
                .chain([long.as_str()])
                .map(|cell| with(GORAN, column, cell)),
        );
    }
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let file = file(&rows);
    let mut seen = std::collections::BTreeSet::new();
    for problem in &file.problems {
        let names: Vec<_> = problem.hint.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, problem.what.arguments(), "{problem:?}");
        seen.insert(problem.what);
    }
    assert!(seen.len() > 25, "many kinds of faults were tried: {seen:?}");
}

fn any_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[0-9+-]{6,13}",
        "[A-Za-zÅÄÖåäö=@. '\"-]{0,12}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "SE[0-9]{10}-[A-Z0-9]{1,6}",
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode(&bytes, TODAY);
    }

    #[test]
    fn random_bytes_behind_a_header_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode(&[HEADER.as_bytes(), b"\n", &bytes].concat(), TODAY);
    }

    /// Whatever stands in a cell, the row is taken whole or reported, and the row after it is taken.
    #[test]
    fn one_strange_cell_spoils_one_row(column in prop::sample::select(Column::ALL), cell in any_cell()) {
        let cell = cell.replace([';', '\n', '\r', '\0'], "");
        let file = file(&[&with(SOREN, column, &cell), GORAN]);
        prop_assert_eq!(file.rows.iter().filter(|row| row.given_name.as_str() == "Göran").count(), 1);
        prop_assert_eq!(file.rows.len() + file.bad_rows(), 2);
        for problem in &file.problems {
            prop_assert_eq!(problem.line, 2);
            let names: Vec<_> = problem.hint.iter().map(|(name, _)| *name).collect();
            prop_assert_eq!(names, problem.what.arguments());
        }
    }
}
