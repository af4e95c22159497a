//! What the demo leaves behind for other tools to judge: one folder a kind, one file a thing.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use piv::Slot;

use super::on_card;
use super::producer::Made;
use crate::web::Web;

/// The folder of a demo's artifacts, or nothing when none is wanted.
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

    /// Writes every authority's certificate, root first, and its responder's; verifies each authority against the root. Tells how
    /// many there are.
    pub fn keep_authorities(&self, web: &Web) -> anyhow::Result<usize> {
        let authorities = &web.house.authorities;
        for (place, authority) in authorities.all().enumerate() {
            self.write(
                &format!("ca/{place}-{}.pem", authority.name),
                authority.certificate.to_pem(),
            )?;
            if let Some(responder) = authority.responder() {
                self.write(
                    &format!("certificates/{}-ocsp-responder.pem", authority.name),
                    responder.certificate.to_pem(),
                )?;
            }
            anyhow::ensure!(
                authority
                    .certificate
                    .is_signed_by(&authorities.root().certificate),
                "{} was not signed by the root",
                authority.name
            );
        }
        Ok(authorities.all().count())
    }

    /// Writes a chip, secrets and all, as it is now: another reader may hold a copy of it.
    pub fn keep_chip(&self, made: &Made) -> anyhow::Result<()> {
        self.write(
            &format!("cards/{}.vcard", made.number),
            made.chip.to_json()?.as_bytes(),
        )
    }

    /// Writes a card, secrets and all, and the login certificate that is on it.
    pub fn keep_card(&self, made: &mut Made) -> anyhow::Result<()> {
        let number = made.number.clone();
        self.keep_chip(made)?;
        let login = on_card(made, Slot::LOGIN)?;
        self.write(&format!("certificates/{number}-login.pem"), login.to_pem())
    }

    /// Where the artifacts are.
    pub fn folder(&self) -> Option<&Path> {
        self.0.as_deref()
    }
}
