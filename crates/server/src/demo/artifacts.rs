//! What the walk leaves behind for other tools to judge: one folder a kind, one file a thing.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// The folder of a walk's artifacts, or nothing when none is wanted.
pub(super) struct Artifacts(Option<PathBuf>);

impl Artifacts {
    /// Makes the folder and its subfolders. What an earlier walk left in them goes, so that nothing old is judged as new.
    pub fn open(folder: Option<PathBuf>) -> anyhow::Result<Self> {
        if let Some(folder) = &folder {
            for part in [
                "certificates",
                "ca",
                "crl",
                "ocsp",
                "cards",
                "receipts",
                "audit",
            ] {
                let path = folder.join(part);
                if path.exists() {
                    std::fs::remove_dir_all(&path)
                        .with_context(|| format!("clearing {}", path.display()))?;
                }
                std::fs::create_dir_all(&path)
                    .with_context(|| format!("making {}", path.display()))?;
            }
        }
        Ok(Self(folder))
    }

    /// Writes one file, by its path within the folder.
    pub fn write(&self, file: &str, bytes: impl AsRef<[u8]>) -> anyhow::Result<()> {
        let Some(folder) = &self.0 else {
            return Ok(());
        };
        let path = folder.join(file);
        std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))
    }

    /// Where the artifacts are.
    pub fn folder(&self) -> Option<&Path> {
        self.0.as_deref()
    }
}
