//! pkilint (PyPI) against RFC 5280, RFC 6960 and, for people's certificates, ETSI EN 319 412-2: nothing it would so much as notice.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::exhibit::{Exhibit, Verdict};
use crate::program;

/// Our script over pkilint's programs.
const MANY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/pkilint_many.py");
/// What pkilint says when it has found nothing: a line of column names.
const NOTHING: &str = "node_path,validator,severity,code,message";

const CERTIFICATE: &[&str] = &["lint_pkix_cert", "lint"];
/// EN 319 412-2, natural persons, "normalised" policy: the strictest that does not claim to be qualified.
const PERSON: &[&str] = &[
    "lint_etsi_cert",
    "lint",
    "-t",
    "NCP-NATURAL-PERSON-CERTIFICATE",
];
const LIST: &[&str] = &["lint_crl", "lint", "-t", "CRL", "-p", "PKIX"];
const AUTHORITY_LIST: &[&str] = &["lint_crl", "lint", "-t", "ARL", "-p", "PKIX"];
const ANSWER: &[&str] = &["lint_ocsp_response", "lint"];

/// Everything in several exhibits, in one process; nothing when pkilint is missing. A thing that two linters read has two verdicts.
pub fn judge(exhibits: &[&Exhibit]) -> anyhow::Result<Option<Vec<Verdict>>> {
    let Some(programs) = program::foreign("SIGILL_TEST_PKILINT")? else {
        return Ok(None);
    };
    let mut questions = Vec::new();
    for exhibit in exhibits {
        for certificate in &exhibit.certificates {
            questions.push((CERTIFICATE, &certificate.file));
            if certificate.kind.is_personal() {
                questions.push((PERSON, &certificate.file));
            }
        }
        for list in &exhibit.lists {
            let kind = if list.issuer == exhibit.root {
                AUTHORITY_LIST
            } else {
                LIST
            };
            questions.push((kind, &list.file));
        }
        for answer in &exhibit.answers {
            questions.push((ANSWER, &answer.file));
        }
    }
    let mut asked = String::new();
    for (arguments, file) in &questions {
        let path = file.to_str().context("the folder's name is not text")?;
        let mut line: Vec<&str> = arguments.to_vec();
        line.extend(["-s", "NOTICE", "-f", "CSV", path]);
        asked.push_str(&serde_json::to_string(&line)?);
        asked.push('\n');
    }
    let mut process = Command::new(programs.join("python3"))
        .arg(MANY)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting pkilint")?;
    let mut input = process.stdin.take().context("no standard input")?;
    // Both pipes are shorter than what goes through them.
    let writer = thread::spawn(move || input.write_all(asked.as_bytes()));
    let output = process.wait_with_output()?;
    writer.join().ok().context("the writer stopped")??;
    ensure!(
        output.status.success(),
        "pkilint ended with {}",
        output.status
    );
    let answers = String::from_utf8(output.stdout)?;
    ensure!(
        answers.lines().count() == questions.len(),
        "pkilint answered {} of {} questions",
        answers.lines().count(),
        questions.len()
    );
    answers
        .lines()
        .zip(questions)
        .map(|(answer, (_, file))| {
            let (code, said): (Value, String) = serde_json::from_str(answer)?;
            Ok(Verdict {
                file: file.clone(),
                accepted: code == 0 && said.trim() == NOTHING,
                said,
            })
        })
        .collect::<anyhow::Result<Vec<_>>>()
        .map(Some)
}
