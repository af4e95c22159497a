//! `[keys]`: an installation whose signing keys are in a token, as an operator sees it.

use testkit::{FreshToken, PIN, with_a_token_folder};

use crate::console::Installation;

fn section(token: &FreshToken) -> String {
    format!(
        "[keys]\nmodule = \"{}\"\ntoken = \"{}\"\npin_file = \"token.pin\"\n",
        token.module.display(),
        token.label
    )
}

/// Writes the PIN's file, readable by its owner alone.
fn write_pin(installation: &Installation, pin: &str) {
    installation.write("token.pin", pin.as_bytes());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(
            installation.path("token.pin"),
            std::fs::Permissions::from_mode(0o600),
        )
        .unwrap();
    }
}

#[test]
fn every_signing_key_is_in_the_token() {
    with_a_token_folder("tokens::every_signing_key_is_in_the_token", || {
        let token = FreshToken::new("house");
        let installation = Installation::new(None);
        installation.write("sigill.toml", section(&token).as_bytes());
        write_pin(&installation, PIN);
        let checked = installation.does(&["check"]);
        assert!(
            checked.contains("token \"house\" (SoftHSM v2, serial number ")
                && checked.contains(", 0 private keys"),
            "{checked}"
        );
        let made = installation.does(&["ca", "list"]);
        assert!(made.contains("Root CA v1"), "{made}");
        assert_eq!(installation.does(&["ca", "list"]), made);
        let checked = installation.does(&["check"]);
        assert!(!checked.contains(", 0 private keys"), "{checked}");
        // What is sealed in the data folder are secrets, and no key that signs.
        let mut sealed: Vec<_> = std::fs::read_dir(installation.path("sigill-data/keys"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        sealed.sort();
        assert_eq!(
            sealed,
            [
                "card-management-master.sealed",
                "card-transport-master.sealed"
            ]
        );
        // The same installation with another token has not lost its keys without noticing, and makes none beside them.
        let empty = FreshToken::new("empty");
        installation.write("sigill.toml", section(&empty).as_bytes());
        let said = installation.run(&["ca", "list"]);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{}", said.err);
        let checked = installation.does(&["check"]);
        assert!(checked.contains(", 0 private keys"), "{checked}");
    });
}

#[test]
fn a_token_that_cannot_be_used_is_found_by_the_check() {
    with_a_token_folder(
        "tokens::a_token_that_cannot_be_used_is_found_by_the_check",
        || {
            let token = FreshToken::new("house");
            let installation = Installation::new(None);
            write_pin(&installation, PIN);
            let right = section(&token);
            let module = token.module.display().to_string();
            for (text, words) in [
                (
                    right.replace(&module, "/nowhere/module.so"),
                    &["module /nowhere/module.so cannot be loaded"][..],
                ),
                (
                    right.replace("\"house\"", "\"hose\""),
                    &["no token labelled \"hose\"; it has \"house\""],
                ),
                (
                    right.replace("token.pin", "none.pin"),
                    &["none.pin", "No such file"],
                ),
                (
                    right.replace("pin_file = \"token.pin\"", "pin = \"314159\""),
                    &["unknown field `pin`", "line 4"],
                ),
                (format!("{right}sessions = 0\n"), &["nonzero", "line 5"]),
                (
                    right.replace("token = \"house\"\n", ""),
                    &["missing field `token`"],
                ),
            ] {
                installation.write("sigill.toml", text.as_bytes());
                let said = installation.run(&["check"]);
                assert_eq!(said.code, 1, "{text}");
                for word in words {
                    assert!(said.err.contains(word), "{word} in {}", said.err);
                }
            }
            installation.write("sigill.toml", right.as_bytes());
            installation.does(&["check"]);
            write_pin(&installation, "161803\n");
            let said = installation.run(&["check"]);
            assert_eq!(said.code, 1);
            assert!(said.err.contains("the PIN is wrong"), "{}", said.err);
            assert!(!said.err.contains("161803"), "{}", said.err);
            // Nothing was made by checking.
            assert!(!installation.path("sigill-data").exists());
        },
    );
}
