//! No message can carry a PIN.
//!
//! The types say so: the code a holder types is a `piv::Pin`, which has no `Serialize` and no way to its digits that this
//! crate could reach, for `wire` knows no other crate of ours. This test says it for the written form: the complete list of
//! fields, with what each holds. A field that is added fails here until somebody has written down what is in it.
#![expect(clippy::unwrap_used, reason = "tests")]

mod samples;

use std::collections::BTreeSet;

use serde_json::Value;
use wire::encode;

/// Every field that exists in any message.
const FIELDS: &[(&str, &str)] = &[
    ("act", "which act, a name of a closed list"),
    ("act_key", "public key of the act"),
    ("algorithm", "a name of a closed list"),
    ("answer", "which answer, or the answer itself"),
    ("attester", "certificate of the attestation key"),
    ("card_number", "card number, server to client"),
    ("certificate", "certificate"),
    ("certificates", "which certificates are on the card"),
    ("challenge", "the card's random challenge for key 9B"),
    ("client", "name and version of the program"),
    ("code", "stable code of a refusal, server to client"),
    ("expires_on", "a day"),
    ("for_whom", "text to show, server to client"),
    ("guid", "card GUID"),
    ("maximum", "most digits, server to client"),
    ("message", "what is to be signed, server to client"),
    ("minimum", "fewest digits, server to client"),
    ("new_unlock_code", "envelope, server to client"),
    ("next", "which turn, a name of a closed list"),
    ("number", "card number, or incident number"),
    ("on_card", "a count, server to client"),
    ("opening", "which opening, a name of a closed list"),
    ("public_key", "public key"),
    ("purpose", "text to show, server to client"),
    ("reason", "a name of a closed list"),
    ("response", "answer to the challenge, server to client"),
    ("sealed", "envelope, server to client"),
    ("serial", "chip serial number"),
    ("session", "name of the act"),
    ("sha256", "digest of a certificate"),
    ("signature", "signature"),
    ("slot", "a key reference of a closed list"),
    ("step", "which step, or the step itself"),
    ("taken_up", "true or false, server to client"),
    ("text", "text to show, server to client"),
    ("ticket", "one-time text of the page"),
    ("tries_left", "a count"),
    ("unlock_codes", "envelopes, server to client"),
    ("who_asks", "text to show, server to client"),
];

/// The fields of what goes from the client to the server. None is free text that the holder types.
const FROM_CLIENT: &[&str] = &[
    "act_key",
    "answer",
    "attester",
    "certificate",
    "certificates",
    "challenge",
    "client",
    "expires_on",
    "guid",
    "number",
    "public_key",
    "reason",
    "serial",
    "session",
    "sha256",
    "signature",
    "slot",
    "ticket",
    "tries_left",
];

#[test]
fn the_list_of_fields_is_complete() {
    let mut found = BTreeSet::new();
    for json in from_client().into_iter().chain(from_server()) {
        collect(&serde_json::from_slice(&json).unwrap(), &mut found);
    }
    let listed: BTreeSet<String> = FIELDS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, listed);
}

#[test]
fn the_client_sends_nothing_that_could_be_a_code() {
    let mut found = BTreeSet::new();
    for json in from_client() {
        collect(&serde_json::from_slice(&json).unwrap(), &mut found);
    }
    let listed: BTreeSet<String> = FROM_CLIENT.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found, listed);
    for name in found {
        for word in ["pin", "puk", "code", "password", "secret"] {
            assert!(!name.contains(word), "{name}");
        }
    }
}

#[test]
fn no_field_and_no_variant_is_named_after_a_pin() {
    for json in from_client().into_iter().chain(from_server()) {
        let mut names = BTreeSet::new();
        collect(&serde_json::from_slice(&json).unwrap(), &mut names);
        for name in names {
            let words: Vec<&str> = name.split(['_', '-']).collect();
            assert!(!words.contains(&"pin") && !words.contains(&"puk"), "{name}");
        }
    }
}

fn from_client() -> Vec<Vec<u8>> {
    let mut all = vec![encode(&samples::hello()).unwrap()];
    all.extend(samples::turns().iter().map(|turn| encode(turn).unwrap()));
    all
}

fn from_server() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    all.extend(
        samples::openings()
            .iter()
            .map(|opening| encode(opening).unwrap()),
    );
    all.extend(samples::nexts().iter().map(|next| encode(next).unwrap()));
    all
}

fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                names.insert(name.clone());
                collect(value, names);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, names)),
        _ => {}
    }
}
