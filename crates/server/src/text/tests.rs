use super::*;

/// The keys of all files of a language, with the names of their arguments.
fn keys(files: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
    let mut keys = Vec::new();
    for (_, source) in files {
        let mut key = None;
        for line in source.lines() {
            if let Some((name, _)) = line.split_once(" =")
                && !name.starts_with([' ', '#'])
            {
                key = Some(keys.len());
                keys.push((name.to_owned(), Vec::new()));
            }
            if let Some(index) = key {
                let (_, arguments): &mut (String, Vec<String>) = &mut keys[index];
                for part in line.split('$').skip(1) {
                    let name: String = part
                        .chars()
                        .take_while(|c| c.is_ascii_alphanumeric())
                        .collect();
                    if !arguments.contains(&name) {
                        arguments.push(name);
                    }
                }
                arguments.sort();
            }
        }
    }
    keys.sort();
    keys
}

#[test]
fn both_languages_have_the_same_texts() {
    let (swedish, english) = (keys(SWEDISH), keys(ENGLISH));
    assert!(swedish.len() > 300, "the texts were found");
    for text in &swedish {
        assert!(english.contains(text), "{text:?} has no like in English");
    }
    for text in &english {
        assert!(swedish.contains(text), "{text:?} has no like in Swedish");
    }
    for pair in swedish.windows(2) {
        assert_ne!(pair[0].0, pair[1].0, "a key stands twice");
    }
}

/// All templates and all code of this crate.
fn sources(folder: &std::path::Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.push_str(&sources(&path));
        } else {
            all.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    all
}

#[test]
fn every_text_is_used() {
    let home = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = sources(&home.join("templates")) + &sources(&home.join("src"));
    // Texts whose key is put together: `coded("prefix", …)` and `format!("prefix-{}", …)`.
    let mut prefixes: Vec<&str> = Vec::new();
    for (start, stop) in [
        ("coded(\"", '"'),
        ("prefix: &'static str = \"", '"'),
        ("format!(\"", '{'),
        ("steps(\"", '"'),
    ] {
        prefixes.extend(
            sources
                .split(start)
                .skip(1)
                .filter_map(|rest| rest.split(['"', stop]).next()),
        );
    }
    prefixes.retain(|prefix| prefix.len() > 2 && !prefix.contains(' '));
    let unused: Vec<_> = keys(SWEDISH)
        .into_iter()
        .map(|(key, _)| key)
        .filter(|key| !sources.contains(&format!("\"{key}\"")))
        .filter(|key| {
            !["date-", "refusal-", "revocation-reason-", "role-"]
                .iter()
                .any(|family| key.starts_with(family))
        })
        .filter(|key| !prefixes.iter().any(|prefix| key.starts_with(prefix)))
        .collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn every_file_is_sound_and_listed() {
    for bundle in &*BUNDLES {
        assert_eq!(bundle.problems, Vec::<String>::new());
    }
    for (files, folder) in [(SWEDISH, "texts/sv"), (ENGLISH, "texts/en")] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut found: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        let mut listed: Vec<_> = files
            .iter()
            .map(|(name, _)| format!("{name}.ftl"))
            .collect();
        listed.sort();
        assert_eq!(found, listed);
    }
}

#[test]
fn the_language_of_a_request() {
    use Language::{English, Swedish};
    assert_eq!(Language::choose(None, None, None), Swedish);
    assert_eq!(
        Language::choose(Some("en"), Some("sv"), Some("sv")),
        English
    );
    assert_eq!(
        Language::choose(Some("xx"), Some("en-GB"), Some("sv")),
        English
    );
    assert_eq!(
        Language::choose(None, None, Some("de, en;q=0.5, sv;q=0.2")),
        English
    );
    assert_eq!(
        Language::choose(None, None, Some("en;q=0, sv;q=0.1")),
        Swedish
    );
    assert_eq!(
        Language::choose(None, None, Some("fr;q=, *;;;,,\u{1f600}")),
        Swedish
    );
}

#[test]
fn arguments_and_plurals() {
    let days = |count: i64| {
        Language::Swedish.say_with("page-mine-days-left", &[("days", count.argument())])
    };
    assert_eq!(days(1), "En dag kvar");
    assert_eq!(days(1790), "1790 dagar kvar");
    assert_eq!(Language::English.say("nothing-such"), "⟦nothing-such⟧");
    assert_eq!(
        Language::Swedish.say("page-mine-days-left").chars().next(),
        Some('⟦')
    );
}

#[test]
fn codes_of_the_model() {
    let swedish = Language::Swedish;
    assert_eq!(
        swedish.coded("card-state", "awaiting-photo"),
        "Inväntar foto"
    );
    assert_eq!(
        swedish.coded("card-state", "awaiting_photo"),
        "Inväntar foto"
    );
    assert_eq!(
        swedish.coded("event", "card.activated"),
        "Kortet aktiverades"
    );
    assert_eq!(
        swedish.coded("product-why", "product.why.student"),
        swedish.coded("product-why", "student")
    );
}

#[test]
fn dates_as_people_write_them() {
    let moment = jiff::civil::datetime(2026, 11, 3, 9, 5, 59, 0);
    assert_eq!(
        Language::Swedish.moment(moment).text,
        "3 november 2026 kl. 09.05"
    );
    assert_eq!(
        Language::English.moment(moment).text,
        "3 November 2026 at 09:05"
    );
    assert_eq!(Language::English.moment(moment).machine, "2026-11-03T09:05");
    assert_eq!(Language::Swedish.day(moment.date()).machine, "2026-11-03");
}

/// Every code that a page may be given has its words, in both languages.
#[test]
fn every_code_of_the_model_has_words() {
    use model::card::CardState;
    use model::credential::{CredentialKind, CredentialState};
    use model::engagement::{EngagementKind, ItService};
    use model::identity_check::{CheckPoint, DocumentKind};
    use model::order::OrderState;
    use model::product::{CardKind, PRODUCTS, Reason};
    use model::revocation::{LossReason, RevocationReason};
    use model::role::Role;

    let mut missing = Vec::new();
    let mut want = |prefix: &str, code: &str| {
        for language in Language::ALL {
            if language.coded(prefix, code).contains('⟦') {
                missing.push(format!("{}: {prefix}-{code}", language.code()));
            }
        }
    };
    macro_rules! all {
        ($($coded:ty: $($prefix:literal)+;)+) => {$($(
            for variant in <$coded>::ALL {
                want($prefix, variant.code());
            }
        )+)+};
    }
    all! {
        CardState: "card-state" "card-state-next" "card-state-mine";
        CardKind: "card-kind";
        Role: "role";
        DocumentKind: "document-kind";
        CheckPoint: "check-point" "check-point-about";
        CredentialKind: "credential-kind" "credential-about";
        CredentialState: "credential-state";
        RevocationReason: "revocation-reason";
        LossReason: "loss-reason" "loss-reason-about";
        EngagementKind: "engagement-kind";
        ItService: "it-service";
        OrderState: "order-state";
    }
    for reason in Reason::ALL {
        want("product-why", reason.text_key());
    }
    for product in PRODUCTS {
        want("product", &product.code.to_string());
    }
    assert_eq!(missing, Vec::<String>::new());
}
