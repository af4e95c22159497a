//! `sigill import staff FILE.csv`: what was read in, and every fault with line, column and what would be right.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use flows::PlainStop;
use flows::import_staff::{ImportStop, Options, Report, import_staff};
use flows::staff_file::RowProblem;

use super::{Configured, console, house, say};
use crate::process::{Asking, SystemClock};
use crate::text::{Argument, Language};

/// Reads a staff export in.
#[derive(Args)]
pub(super) struct Staff {
    /// The file: CSV with semicolons or commas, UTF-8 or Latin-1
    file: PathBuf,
    /// Say what would happen, change nothing
    #[arg(long)]
    dry_run: bool,
    /// The file holds everyone: who is not in it has left
    #[arg(long)]
    complete: bool,
    /// The language of the report
    #[arg(long, value_parser = ["sv", "en"], default_value = "sv")]
    language: String,
    #[command(flatten)]
    configured: Configured,
}

/// Imports; exit code 2 when rows were refused.
pub(super) async fn run(staff: &Staff) -> anyhow::Result<ExitCode> {
    let language = Language::parse(&staff.language).unwrap_or_default();
    let file =
        std::fs::read(&staff.file).with_context(|| format!("reading {}", staff.file.display()))?;
    let house = house(&staff.configured.read()?).await?;
    let mut asking = Asking::at(&SystemClock);
    let mut call = asking.call(console());
    let options = Options {
        dry_run: staff.dry_run,
        complete: staff.complete,
    };
    match import_staff(&house, &mut call, &file, options).await {
        Ok(report) => {
            tell(language, &report, options);
            Ok(if report.problems.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(2)
            })
        }
        Err(ImportStop::File(problem)) => {
            let arguments: Vec<_> = problem
                .arguments()
                .into_iter()
                .map(|(name, value)| (name, Argument::Text(value)))
                .collect();
            anyhow::bail!(
                "{}: {}",
                staff.file.display(),
                language.say_with(&format!("staff-file-{}", problem.code()), &arguments)
            )
        }
        Err(ImportStop::Stop(stop)) => match stop.plain() {
            PlainStop::Refused(code) => anyhow::bail!("{}", language.coded("refusal", code)),
            PlainStop::Fault(fault) => anyhow::bail!("{}", fault.chain()),
        },
    }
}

fn tell(language: Language, report: &Report, options: Options) {
    // What only the database could tell was found last; people correct the file from the top.
    let mut problems: Vec<_> = report.problems.iter().collect();
    problems.sort_by_key(|problem| problem.line);
    for problem in problems {
        say(&line(language, problem));
    }
    if !report.problems.is_empty() {
        say("");
    }
    for column in &report.unknown_columns {
        say(&language.say_with(
            "import-unknown-column",
            &[("column", Argument::Text(column.clone()))],
        ));
    }
    if options.dry_run {
        say(&language.say("import-dry-run"));
    }
    let bad: std::collections::BTreeSet<u64> =
        report.problems.iter().map(|problem| problem.line).collect();
    for (key, count) in [
        ("import-rows", report.rows),
        ("import-people-added", report.people_added),
        ("import-people-changed", report.people_changed),
        ("import-engagements-added", report.engagements_added),
        ("import-engagements-changed", report.engagements_changed),
        ("import-engagements-ended", report.engagements_ended),
        ("import-unchanged", report.unchanged),
        ("import-bad-rows", bad.len()),
    ] {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        say(&format!(
            "{count:>7}  {}",
            language.say_with(key, &[("count", Argument::Number(count))])
        ));
    }
}

/// One fault: line, column, what is wrong and what would be right.
fn line(language: Language, problem: &RowProblem) -> String {
    let mut arguments: Vec<(&str, Argument)> = vec![
        ("line", Argument::Text(problem.line.to_string())),
        ("column", Argument::Text(problem.column.to_owned())),
        ("found", Argument::Text(problem.found.clone())),
    ];
    for (name, value) in &problem.hint {
        arguments.push((name, Argument::Text(value.clone())));
    }
    let column = problem.column.to_owned();
    let text = language.say_with(&format!("staff-row-{}", problem.what.code()), &arguments);
    language.say_with(
        "import-problem",
        &[
            ("line", Argument::Text(problem.line.to_string())),
            ("column", Argument::Text(column)),
            ("text", Argument::Text(text)),
        ],
    )
}
