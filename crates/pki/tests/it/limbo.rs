//! The path-validation cases of the x509-limbo project, those that apply to certificates of people and
//! of the functions around them. The file with the cases is not ours and not here: the variable
//! `SIGILL_TEST_LIMBO` names it.

mod cases;

use std::collections::BTreeMap;

use pki::certificate::{BadCertificate, Certificate};
use pki::chain::{ChainError, Evidence, Limits, Purpose, Validator};
use pki::crl::Crl;
use serde_json::Value;

use crate::house::NOW;
use cases::{FAILURES, HOST_NAME_ONLY, NOT_OURS};

/// The cases, or nothing where nobody says where they are.
fn cases() -> Option<Vec<Value>> {
    #[expect(clippy::disallowed_methods, reason = "the file is not ours to keep")]
    let path = std::env::var_os("SIGILL_TEST_LIMBO")?;
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("SIGILL_TEST_LIMBO names {}: {error}", path.display()))
        .unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    Some(file["testcases"].as_array().unwrap().clone())
}

#[test]
fn limbo() {
    let Some(cases) = cases() else {
        println!("SIGILL_TEST_LIMBO names no file: the cases of x509-limbo are left out.");
        return;
    };
    let mut wrong = Vec::new();
    let mut not_ours = 0;
    let mut seen = Vec::new();
    let failures: BTreeMap<_, _> = FAILURES.iter().copied().collect();
    for case in &cases {
        let id = case["id"].as_str().unwrap();
        seen.push(id);
        let outcome = run(case);
        let succeeds = case["expected_result"] == "SUCCESS";
        if NOT_OURS.iter().any(|(left_out, _)| *left_out == id) {
            not_ours += 1;
            if (outcome == "holds") == succeeds {
                wrong.push(format!(
                    "{id}: agrees, and is on the list of those left out"
                ));
            }
        } else if HOST_NAME_ONLY.contains(&id) {
            // Whose name was asked for is no question of the path, and the path holds.
            not_ours += 1;
            if outcome != "holds" {
                wrong.push(format!("{id}: {outcome}, and only the host name differs"));
            }
        } else {
            let wanted = if succeeds {
                Some(&"holds")
            } else {
                failures.get(id)
            };
            if wanted != Some(&outcome.as_str()) {
                wrong.push(format!("{id}: {outcome}, wanted {wanted:?}"));
            }
        }
    }
    // Every line of our lists is about a case there is.
    let listed = NOT_OURS.iter().chain(FAILURES).map(|(id, _)| id);
    for id in listed.chain(HOST_NAME_ONLY) {
        if !seen.contains(id) {
            wrong.push(format!("{id}: no such case"));
        }
    }
    println!(
        "x509-limbo: {} cases, {} run and agree, {not_ours} do not apply",
        cases.len(),
        cases.len() - not_ours - wrong.len(),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `holds`, or what was wrong.
fn run(case: &Value) -> String {
    match judge(case) {
        Ok(()) => "holds".to_owned(),
        Err(refusal) => refusal,
    }
}

fn judge(case: &Value) -> Result<(), String> {
    let id = case["id"].as_str().unwrap();
    let unread = |error: BadCertificate| format!("{error:?}");
    let leaf = Certificate::from_pem(text(&case["peer_certificate"])).map_err(unread)?;
    let anchors = certificates(&case["trusted_certs"]).map_err(unread)?;
    // What a stranger brings along and nobody can read is passed over.
    let intermediates: Vec<_> = texts(&case["untrusted_intermediates"])
        .filter_map(|pem| Certificate::from_pem(pem).ok())
        .collect();
    let mut limits = Limits {
        // So that the hostile cases meet the other limits.
        intermediates: 128,
        ..Limits::default()
    };
    if let Some(depth) = case["max_chain_depth"].as_u64() {
        limits.depth = usize::try_from(depth).unwrap();
    }
    let now = case["validation_time"].as_str().map_or(NOW, unix_seconds);
    let verified = Validator::new(&anchors)
        .with_intermediates(&intermediates)
        .with_limits(limits)
        .verify(&leaf, now, &purpose(id, case))
        .map_err(named)?;
    let lists: Vec<_> = texts(&case["crls"])
        .filter_map(|pem| Crl::from_der(&pem_content(pem)).ok())
        .collect();
    if texts(&case["crls"]).next().is_some() {
        let evidence = Evidence {
            lists: &lists,
            answers: &[],
        };
        verified.demand_not_revoked(&evidence, now).map_err(named)?;
    }
    Ok(())
}

fn named(error: ChainError) -> String {
    format!("{error:?}")
}

/// What the case wants the leaf for. Where it names no extended key usage, the path alone is in
/// question, except in the few cases that are about being a server or an authority.
fn purpose(id: &str, case: &Value) -> Purpose {
    let usages: Vec<_> = texts(&case["extended_key_usage"]).collect();
    match (id, &usages[..]) {
        (
            "rfc5280::ca-as-leaf"
            | "rfc5280::ca-as-leaf-wrong-san"
            | "pathlen::validation-ignores-pathlen-in-leaf",
            _,
        ) => Purpose::authority(),
        ("webpki::eku::ee-without-eku" | "webpki::cryptographydotio-chain", _) => Purpose::server(),
        (_, ["serverAuth"]) => Purpose::server(),
        (_, ["clientAuth"]) => Purpose::client_login(),
        (_, usages) => {
            assert!(usages.is_empty(), "{id}: {usages:?} is not known here");
            Purpose::any()
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().map(text)
}

fn certificates(value: &Value) -> Result<Vec<Certificate>, BadCertificate> {
    texts(value).map(Certificate::from_pem).collect()
}

fn pem_content(pem: &str) -> Vec<u8> {
    use base64::Engine as _;
    let lines: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    base64::engine::general_purpose::STANDARD
        .decode(lines)
        .unwrap()
}

/// Reads `2024-03-01T00:00:00.999+00:00`; parts of a second are dropped.
fn unix_seconds(time: &str) -> i64 {
    let number = |from: usize, to: usize| time[from..to].parse::<i64>().unwrap();
    assert!(time.ends_with("+00:00"), "{time} is not in UTC");
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    // Days since 1970-03-01 in a year that begins with March, then the two months before it.
    let year = if month > 2 { year } else { year - 1 };
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = 365 * year + leap_days + (153 * ((month + 9) % 12) + 2) / 5 + day - 719_469;
    days * 86_400 + number(11, 13) * 3_600 + number(14, 16) * 60 + number(17, 19)
}

#[test]
fn times_are_read() {
    assert_eq!(unix_seconds("1970-01-01T00:00:03+00:00"), 3);
    assert_eq!(unix_seconds("2024-02-29T12:00:00.5+00:00"), 1_709_208_000);
    assert_eq!(unix_seconds("2024-03-01T00:00:00+00:00"), 1_709_251_200);
}
