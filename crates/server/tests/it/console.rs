//! `sigill` as an operator runs it: the program itself, in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::people;

/// An installation of the console's: a folder with a configuration, gone when this is dropped.
pub struct Installation(PathBuf);

/// What the program said.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Drop for Installation {
    fn drop(&mut self) {
        // What cannot be removed lies under `target`.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

impl Installation {
    /// An installation over a database, or over its own file.
    pub fn new(database: Option<&str>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("sigill-{}-{number}", std::process::id()));
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).unwrap();
        let installation = Self(folder);
        let database = database
            .map(|address| format!("database = \"{address}\"\n"))
            .unwrap_or_default();
        installation.write(
            "sigill.toml",
            format!("organisation = \"Region Prov\"\n{database}").as_bytes(),
        );
        installation
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub fn run(&self, words: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_sigill"))
            .args(words)
            .current_dir(&self.0)
            .env_remove("RUST_LOG")
            .env("RUST_BACKTRACE", "0")
            .output()
            .unwrap();
        let said = Said {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        for text in [&said.out, &said.err] {
            assert!(
                !text.contains("panicked") && !text.contains('⟦'),
                "{words:?}: {text}"
            );
        }
        said
    }

    /// The same, for what must go well.
    pub fn does(&self, words: &[&str]) -> String {
        let said = self.run(words);
        assert_eq!(
            (said.code, said.err.as_str()),
            (0, ""),
            "{words:?}: {}",
            said.out
        );
        said.out
    }
}

#[test]
fn a_misspelt_setting_is_found_with_its_line() {
    let installation = Installation::new(None);
    assert!(installation.does(&["check"]).contains("Region Prov"));
    for (text, line, word) in [
        (
            "organisation = \"Region Prov\"\n\nlisten = \"127.0.0.1:8443\"\npublik_url = \"http://x\"\n",
            "line 4",
            "publik_url",
        ),
        ("organisation = \"Region Prov\nlisten = 7\n", "line 1", ""),
        ("listen = \"localhost\"\n", "line 1", ""),
        ("\nroles = [\"portal\", \"ocps\"]\n", "line 2", "ocps"),
        ("issuer_number = -1\n", "line 1", ""),
    ] {
        installation.write("wrong.toml", text.as_bytes());
        let said = installation.run(&["check", "--config", "wrong.toml"]);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{text}");
        for expected in ["wrong.toml", line, word] {
            assert!(said.err.contains(expected), "{expected} in {}", said.err);
        }
    }
    let said = installation.run(&["check", "--config", "nowhere.toml"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("nowhere.toml"), "{}", said.err);
    // Checking makes nothing.
    assert!(!installation.path("sigill-data").exists());
}

#[test]
fn keys_that_no_card_makes_are_refused_at_start() {
    let installation = Installation::new(None);
    for (kind, good) in [
        ("p384", true),
        ("rsa2048", true),
        ("rsa4096", false),
        ("dsa", false),
    ] {
        installation.write("keys.toml", format!("card_key = \"{kind}\"\n").as_bytes());
        let said = installation.run(&["check", "--config", "keys.toml"]);
        assert_eq!(said.code == 0, good, "{kind}: {}", said.err);
        if good {
            assert!(said.out.contains(kind), "{}", said.out);
        } else {
            for expected in ["keys.toml", kind, "p256, p384, rsa2048"] {
                assert!(said.err.contains(expected), "{}", said.err);
            }
        }
    }
}

#[test]
fn an_address_that_cannot_work_is_found_at_start() {
    let installation = Installation::new(None);
    for setting in [
        "public_url = \"https://pki.example.se\"",
        "public_url = \"http://pki.example.se/\"",
        "address = \"https://kort.example.se/\"",
        "address = \"kort.example.se\"",
        "arc = \"1.2.x\"",
    ] {
        installation.write("wrong.toml", setting.as_bytes());
        let said = installation.run(&["check", "--config", "wrong.toml"]);
        assert_eq!(said.code, 1, "{setting}");
        let name = setting.split(' ').next().unwrap();
        assert!(
            said.err.contains("wrong.toml") && said.err.contains(name),
            "{}",
            said.err
        );
    }
}

#[test]
fn the_authorities_are_made_once() {
    let installation = Installation::new(None);
    let listed = installation.does(&["ca", "list"]);
    let fingerprints: Vec<&str> = listed
        .lines()
        .filter(|line| line.contains("SHA-256"))
        .collect();
    assert_eq!(fingerprints.len(), 5, "{listed}");
    for line in &fingerprints {
        let digest = line.trim().strip_prefix("SHA-256 ").unwrap();
        assert!(
            digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{line}"
        );
    }
    assert!(listed.contains("Region Prov"), "{listed}");
    assert_eq!(
        installation.does(&["ca", "list"]),
        listed,
        "a second start makes other authorities"
    );
    assert_eq!(installation.does(&["ca", "crl"]), "0 published\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(installation.path("sigill-data/sealing.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "others may read the sealing key");
    }
}

#[test]
fn roles_are_given_and_taken() {
    let installation = Installation::new(None);
    installation.write("staff.csv", people::export(2).as_bytes());
    installation.does(&["import", "staff", "staff.csv"]);
    let somebody = people::hsa_id(0);
    assert_eq!(
        installation.does(&["role", "grant", &somebody, "orderer"]),
        format!("{somebody} + orderer\n")
    );
    for (words, why) in [
        (["role", "grant", "SE2321000255-T9999", "orderer"], "SE"),
        (["role", "grant", &somebody, "boss"], "identity-officer"),
        (["role", "grant", "197001011239", "orderer"], "HSA-id"),
    ] {
        let said = installation.run(&words);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{words:?}");
        assert!(
            said.err.starts_with("sigill: ") && said.err.len() > 20,
            "{why}: {}",
            said.err
        );
        if why != "SE" {
            assert!(said.err.contains(why), "{why}: {}", said.err);
        }
    }
    assert_eq!(
        installation.does(&["role", "withdraw", &somebody, "orderer"]),
        format!("{somebody} - orderer\n")
    );
    let log = std::fs::read_to_string(exported(&installation).join("log.jsonl")).unwrap();
    for event in ["role.granted", "role.withdrawn", "console:"] {
        assert!(log.contains(event), "{event} in {log}");
    }
}

/// Exports the log and says where.
fn exported(installation: &Installation) -> PathBuf {
    installation.does(&["audit", "export", "log"]);
    installation.path("log")
}

#[test]
fn the_log_verifies_and_is_handed_out() {
    let installation = Installation::new(None);
    installation.write("staff.csv", people::export(3).as_bytes());
    installation.does(&["import", "staff", "staff.csv"]);
    let verified = installation.does(&["audit", "verify"]);
    assert!(
        verified.ends_with(" rows hold\n") && !verified.starts_with('0'),
        "{verified}"
    );
    let folder = exported(&installation);
    let lines = std::fs::read_to_string(folder.join("log.jsonl")).unwrap();
    assert_eq!(verified, format!("{} rows hold\n", lines.lines().count()));
    for line in lines.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(row["event"].is_string(), "{line}");
    }
    for index in 0..3 {
        assert!(
            !lines.contains(&people::personal_number(index)),
            "a personal number stands in the log"
        );
    }
    let key = std::fs::read_to_string(folder.join("key.pem")).unwrap();
    assert!(key.starts_with("-----BEGIN PUBLIC KEY-----"), "{key}");
    assert!(
        !std::fs::read_to_string(folder.join("checkpoint.txt"))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_wrong_command_line_is_explained() {
    let installation = Installation::new(None);
    for words in [
        &["imports"][..],
        &["import", "staff"],
        &["role", "grant"],
        &["ca"],
        &[],
    ] {
        let said = installation.run(words);
        assert_eq!(said.code, 2, "{words:?}");
        assert!(said.err.contains("Usage"), "{}", said.err);
    }
    assert!(installation.does(&["--version"]).starts_with("sigill "));
}
