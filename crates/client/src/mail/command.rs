//! What is typed: `mail save FOLDER --out DIR`, for the program that has a card reader to mount.

use std::path::PathBuf;

use super::{LARGEST, Language, Options};

const MIB: u64 = 1024 * 1024;

/// Secure mail.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum MailCommand {
    /// Open encrypted mail with the card and save it, readable without the card
    Save(SaveArguments),
}

/// What is saved, and where to.
#[derive(Debug, Clone, clap::Args)]
pub struct SaveArguments {
    /// A folder with .eml files, mbox files or Maildir folders, or one such file; nothing is written there
    pub folder: PathBuf,
    /// A new folder to write to, or one from an earlier run, which is then taken up
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The longest message that is opened, in MiB
    #[arg(long, value_name = "MIB", default_value_t = LARGEST / MIB, value_parser = clap::value_parser!(u64).range(1..=512))]
    pub largest: u64,
}

impl SaveArguments {
    /// The options that were typed. `seed` is 32 new octets from the system's random source.
    #[must_use]
    pub fn options(&self, language: Language, seed: [u8; 32]) -> Options {
        Options {
            folder: self.folder.clone(),
            out: self.out.clone(),
            language,
            largest: self.largest.saturating_mul(MIB),
            seed,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser};

    use super::*;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(subcommand)]
        command: MailCommand,
    }

    #[test]
    fn what_is_typed_becomes_options() {
        Program::command().debug_assert();
        let typed = ["mail", "save", "in", "--out", "saved", "--largest", "3"];
        let MailCommand::Save(arguments) = Program::try_parse_from(typed).unwrap().command;
        let options = arguments.options(Language::English, [0; 32]);
        assert_eq!(options.folder, PathBuf::from("in"));
        assert_eq!(options.out, PathBuf::from("saved"));
        assert_eq!(options.largest, 3 * MIB);
        assert!(Program::try_parse_from(["mail", "save", "in"]).is_err());
    }
}
