//! Authorities as an operator plans and makes them: a hierarchy in the file, a root on a medium of its own, protocols to sign.

use crate::console::Installation;

const PLAN: &str = r#"
organisation = "Region Prov"

[[authority]]
name = "root-ca"
title = "Root CA"
key = "rsa4096"
years = 25
offline = true

[[authority]]
name = "person-3-ca"
title = "Person 3 CA"
parent = "root-ca"
years = 12
level = 3
identity_type = "hsa-id"
issues = ["login", "signature", "encryption"]

[[authority]]
name = "function-ca"
title = "Function CA"
parent = "root-ca"
key = "rsa2048"
years = 12
issues = ["printer"]

[[profile]]
name = "login"
longest_days = 400

[[profile]]
name = "printer"
class = "function"
keys = ["p256"]
extended_key_usage = ["clientAuth", "1.3.6.1.4.1.59999.7"]
dns_names = "allowed"
longest_days = 90
"#;

#[test]
fn a_root_comes_out_for_ceremonies_alone() {
    let installation = Installation::new(None);
    installation.write("sigill.toml", PLAN.as_bytes());
    installation.does(&["check"]);
    let early = installation.run(&["ca", "list"]);
    assert_eq!(early.code, 1);
    assert!(early.err.contains("sigill ca init"), "{}", early.err);

    let roots = [
        "--root-keys",
        "stick",
        "--root-sealing-key",
        "other-stick.key",
    ];
    let mut init = vec!["ca", "init", "--protocol", "protocol.txt"];
    init.extend(roots);
    installation.does(&init);
    let protocol = std::fs::read_to_string(installation.path("protocol.txt")).unwrap();
    for expected in [
        "root-ca-v1",
        "person-3-ca-v1",
        "function-ca-v1",
        "rsa4096",
        "Vittne",
    ] {
        assert!(protocol.contains(expected), "{expected} in {protocol}");
    }
    let (body, digest) = protocol.rsplit_once("\nSHA-256 ").unwrap();
    assert_eq!(
        digest.trim(),
        hex::encode(pki::digest::sha256(body.as_bytes()))
    );
    assert!(installation.path("stick/root-ca-v1.sealed").exists());
    assert!(installation.path("other-stick.key").exists());
    assert!(!installation.path("stick/sealing.key").exists());
    assert!(
        !installation
            .path("sigill-data/keys/root-ca-v1.sealed")
            .exists()
    );

    // The medium is locked away: the installation runs, and says so when it needs the root.
    std::fs::rename(installation.path("stick"), installation.path("safe")).unwrap();
    let listed = installation.does(&["ca", "list"]);
    assert!(
        protocol.replace(' ', "").contains(
            listed
                .lines()
                .find_map(|line| line.trim().strip_prefix("SHA-256 "))
                .unwrap()
        )
    );
    assert_eq!(installation.does(&["ca", "crl"]), "0 published\n");
    let away = installation.run(&["ca", "rotate", "person-3-ca", "--language", "en"]);
    assert_eq!(away.code, 1);
    assert!(away.err.contains("--root-keys"), "{}", away.err);

    std::fs::rename(installation.path("safe"), installation.path("stick")).unwrap();
    let mut rotate = vec!["ca", "rotate", "root-ca", "--language", "en"];
    rotate.extend(roots);
    let protocol = installation.does(&rotate);
    for expected in [
        "root-ca-v2",
        "root-ca-v2-by-v1",
        "root-ca-v1-by-v2",
        "Witness",
    ] {
        assert!(protocol.contains(expected), "{expected} in {protocol}");
    }
    // A protocol that was signed is not written over.
    let again = installation.run(&init);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("protocol.txt"), "{}", again.err);
}

#[test]
fn a_plan_that_cannot_work_is_refused_with_its_line() {
    let installation = Installation::new(None);
    let line_of = |needle: &str| {
        let at = PLAN.find(needle).unwrap();
        PLAN[..at].matches('\n').count() + 1
    };
    let (login, printer, person) = (
        line_of("[[profile]]\nname = \"login\""),
        line_of("[[profile]]\nname = \"printer\""),
        line_of("[[authority]]\nname = \"person-3-ca\""),
    );
    for (from, to, line, what) in [
        (
            "longest_days = 400",
            "email = \"perhaps\"",
            login,
            "needed, allowed, barred",
        ),
        (
            "longest_days = 400",
            "rsa_key_usage = [\"keyAgreement\", \"digitalSignature\"]",
            login,
            "RFC 4055 1.2",
        ),
        (
            "longest_days = 400",
            "class = \"function\"",
            login,
            "does not change",
        ),
        ("\"clientAuth\"", "\"serverAuth\"", printer, "RFC 9525 4.1"),
        ("\"clientAuth\"", "\"klientAuth\"", printer, "clientAuth"),
        ("class = \"function\"\n", "", printer, "class"),
        ("keys = [\"p256\"]", "keys = [\"p512\"]", printer, "rsa3072"),
        (
            "parent = \"root-ca\"\nyears",
            "parent = \"rot-ca\"\nyears",
            person,
            "rot-ca",
        ),
        ("level = 3", "level = 4", person, "level is 2 or 3"),
        ("years = 12\nlevel", "years = 26\nlevel", person, "outlive"),
    ] {
        let wrong = PLAN.replacen(from, to, 1);
        assert_ne!(wrong, PLAN, "{from}");
        installation.write("wrong.toml", wrong.as_bytes());
        let said = installation.run(&["check", "--config", "wrong.toml"]);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{to}");
        for expected in ["wrong.toml", &format!("line {line}:"), what] {
            assert!(said.err.contains(expected), "{expected} in {}", said.err);
        }
    }
}
