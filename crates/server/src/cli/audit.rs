//! `sigill audit verify|export`: the log checked row by row, and handed out with a signed statement of its state.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use flows::audit;

use super::{Configured, house, say};

/// What to do with the log.
#[derive(Subcommand)]
pub(super) enum Task {
    /// Check that no row was changed or taken out
    Verify {
        #[command(flatten)]
        configured: Configured,
    },
    /// Write the log, its signed checkpoint and the key that verifies it into a folder
    Export {
        /// The folder; made when it is not there
        folder: PathBuf,
        #[command(flatten)]
        configured: Configured,
    },
}

/// Does it.
pub(super) async fn run(task: &Task) -> anyhow::Result<ExitCode> {
    let configured = match task {
        Task::Verify { configured } | Task::Export { configured, .. } => configured,
    };
    let house = house(&configured.read()?).await?;
    let export = audit::export(&house)
        .await
        .context("the log does not hold")?;
    if let Task::Export { folder, .. } = task {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        for (name, text) in [
            ("log.jsonl", &export.lines),
            ("checkpoint.txt", &export.checkpoint),
            ("key.pem", &audit::verification_key(&house)),
        ] {
            let path = folder.join(name);
            std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        }
    }
    say(&format!("{} rows hold", export.lines.lines().count()));
    Ok(ExitCode::SUCCESS)
}
