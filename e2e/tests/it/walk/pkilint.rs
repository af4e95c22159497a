//! pkilint (PyPI) on every certificate, list and OCSP answer: nothing it would so much as notice.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::Context as _;

use super::Walk;
use crate::program;

/// How many files are judged at the same time; each takes the better part of a second.
const AT_ONCE: usize = 4;

/// What a file is, as pkilint's command line says it.
type Kind = (&'static str, &'static [&'static str]);

const CERTIFICATE: Kind = ("lint_pkix_cert", &["lint"]);
const LIST: Kind = ("lint_crl", &["lint", "-t", "CRL", "-p", "PKIX"]);
const AUTHORITY_LIST: Kind = ("lint_crl", &["lint", "-t", "ARL", "-p", "PKIX"]);
const OCSP: Kind = ("lint_ocsp_response", &["lint"]);

#[test]
fn nothing_is_found() -> anyhow::Result<()> {
    let Some(programs) = program::foreign("SIGILL_TEST_PKILINT")? else {
        return Ok(());
    };
    let walk = Walk::taken()?;
    let mut work: Vec<(Kind, String)> = Vec::new();
    work.extend(
        walk.files("ca", ".pem")?
            .into_iter()
            .map(|file| (CERTIFICATE, file)),
    );
    work.extend(
        walk.files("certificates", ".pem")?
            .into_iter()
            .map(|file| (CERTIFICATE, file)),
    );
    for file in walk.files("crl", ".crl")? {
        let kind = if file.contains("root") {
            AUTHORITY_LIST
        } else {
            LIST
        };
        work.push((kind, file));
    }
    work.extend(
        walk.files("ocsp", ".resp.der")?
            .into_iter()
            .map(|file| (OCSP, file)),
    );

    let next = AtomicUsize::new(0);
    let judge = || {
        let mut found = Vec::new();
        while let Some(((program, arguments), file)) =
            work.get(next.fetch_add(1, Ordering::Relaxed))
        {
            let mut command = Command::new(programs.join(program));
            command
                .args(*arguments)
                .args(["-s", "NOTICE", "-f", "CSV"])
                .arg(walk.path(file));
            match program::ask(&mut command) {
                // A line of column names, then one a finding.
                Ok(answer)
                    if answer.content
                        && answer.said.trim() == "node_path,validator,severity,code,message" => {}
                Ok(answer) => found.push(format!("{file}:\n{}", answer.said)),
                Err(error) => found.push(format!("{file}: {error:#}")),
            }
        }
        found
    };
    let found: Vec<String> = thread::scope(|scope| {
        let judges: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(judge)).collect();
        judges
            .into_iter()
            .map(|judge| judge.join().ok().context("a judge stopped"))
            .collect::<anyhow::Result<Vec<_>>>()
    })?
    .concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}
