//! What the server says of itself while it runs: a panic or an error there counts, whatever was answered.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// The log of a server, read as it grows.
pub struct Log {
    path: PathBuf,
    read: u64,
    /// The beginning of a line that is not complete.
    rest: String,
}

impl Log {
    /// The log that stands there.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            read: 0,
            rest: String::new(),
        }
    }

    /// Reads what was written since the last time.
    ///
    /// # Errors
    /// When the server panicked or told of an error: with its words.
    pub fn look(&mut self) -> anyhow::Result<()> {
        let reading = || format!("reading {}", self.path.display());
        let mut file = std::fs::File::open(&self.path).with_context(reading)?;
        file.seek(SeekFrom::Start(self.read))
            .with_context(reading)?;
        let mut bytes = Vec::new();
        let length = file.read_to_end(&mut bytes).with_context(reading)?;
        self.read += u64::try_from(length)?;
        self.rest.push_str(&String::from_utf8_lossy(&bytes));
        while let Some((line, rest)) = self.rest.split_once('\n') {
            anyhow::ensure!(!is_bad(line), "the server's log says: {line}");
            self.rest = rest.to_owned();
        }
        // A panic's words may be the last the process had.
        anyhow::ensure!(!is_bad(&self.rest), "the server's log says: {}", self.rest);
        Ok(())
    }
}

fn is_bad(line: &str) -> bool {
    line.contains("panicked at") || line.contains(" ERROR ")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_panic_is_found_and_what_was_read_is_not_read_again() {
        let path = std::env::temp_dir().join(format!("sigill-bench-log-{}", std::process::id()));
        let mut file = std::fs::File::create(&path).unwrap();
        let mut log = Log::new(&path);
        writeln!(file, "2027-01-15T08:00:00Z  INFO serving").unwrap();
        log.look().unwrap();
        write!(file, "thread 'tokio-rt-worker' pan").unwrap();
        log.look().unwrap();
        writeln!(file, "icked at src/ocsp.rs:1:1:").unwrap();
        let told = log.look().unwrap_err().to_string();
        assert!(told.ends_with("panicked at src/ocsp.rs:1:1:"), "{told}");
        let mut log = Log::new(&path);
        std::fs::write(&path, "2027-01-15T08:00:00Z ERROR an act failed").unwrap();
        assert!(log.look().is_err());
        std::fs::remove_file(&path).unwrap();
    }
}
