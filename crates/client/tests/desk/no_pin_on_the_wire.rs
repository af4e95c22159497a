//! All that is sent to the server is read, and no code the holder typed is in it, in any form.

use crate::issuer::Issuer;
use crate::world::{
    CODE, Holder, NEW_KEY, NEW_UNLOCK, Scripted, TRANSPORT_KEY, TRANSPORT_UNLOCK, finished,
    new_card, run, sealed, steps,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;
use wire::{Algorithm, Answer, Bytes, Next, Slot, Step};

const WRONG: &[u8] = b"8417302";
const LATER: &[u8] = b"620938";

/// The ways in which eight bytes or fewer can stand in a message.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut padded = secret.to_vec();
    padded.resize(8, 0xFF);
    let mut raws = vec![secret.to_vec(), padded];
    if secret.iter().all(u8::is_ascii_digit) {
        let values: Vec<u8> = secret.iter().map(|digit| digit - b'0').collect();
        let packed = |fill: u8| {
            values
                .chunks(2)
                .map(|pair| pair.first().unwrap() << 4 | pair.get(1).copied().unwrap_or(fill))
                .collect::<Vec<u8>>()
        };
        raws.extend([packed(0), packed(0xF)]);
        raws.push(values);
        let utf16: Vec<u8> = secret.iter().flat_map(|digit| [*digit, 0]).collect();
        raws.push(utf16);
    }
    let backwards: Vec<Vec<u8>> = raws
        .iter()
        .map(|raw| raw.iter().rev().copied().collect())
        .collect();
    raws.extend(backwards);
    let mut forms = Vec::new();
    for raw in raws {
        forms.push(hex::encode(&raw).into_bytes());
        forms.push(hex::encode_upper(&raw).into_bytes());
        // Base64 depends on what stands before: cut to the characters that the secret alone decides.
        for (before, start) in [(0, 0), (1, 2), (2, 3)] {
            let mut shifted = vec![0; before];
            shifted.extend_from_slice(&raw);
            let text = STANDARD_NO_PAD.encode(&shifted);
            let end = shifted.len() / 3 * 4;
            if end > start + 6 {
                forms.push(text.as_bytes().get(start..end).unwrap().to_vec());
            }
        }
        forms.push(raw);
    }
    // Two packed or three base64 bytes would be found by chance.
    forms.retain(|form| form.len() >= 4);
    forms
}

/// A message, and every text in it as it is and decoded from base64, base64url and hexadecimal.
fn layers(json: &[u8]) -> Vec<Vec<u8>> {
    fn texts(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.push(text.clone()),
            Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
            Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
            Value::Number(number) => found.push(number.to_string()),
            Value::Null | Value::Bool(_) => {}
        }
    }
    let mut found = Vec::new();
    texts(&serde_json::from_slice(json).unwrap(), &mut found);
    let mut layers = vec![json.to_vec()];
    for text in found {
        layers.extend(STANDARD.decode(&text).ok());
        layers.extend(URL_SAFE_NO_PAD.decode(&text).ok());
        layers.extend(hex::decode(&text).ok());
        layers.push(text.into_bytes());
    }
    layers
}

fn holds(sent: &[Vec<u8>], secret: &[u8]) -> bool {
    let forms = forms(secret);
    sent.iter().flat_map(|json| layers(json)).any(|layer| {
        forms
            .iter()
            .any(|form| layer.windows(form.len()).any(|window| window == form))
    })
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let message = |value: &str| vec![format!("{{\"a\":[{{\"b\":\"{value}\"}}]}}").into_bytes()];
    for hidden in [
        "73920518".to_owned(),
        "x73920518y".to_owned(),
        hex::encode(CODE),
        hex::encode_upper([0, 7, 3, 9, 2, 0, 5, 1, 8]),
        STANDARD.encode(CODE),
        STANDARD.encode([b"1", CODE].concat()),
        STANDARD.encode([b"12", CODE, b"3"].concat()),
        URL_SAFE_NO_PAD.encode([&[0xFF; 5], CODE].concat()),
        STANDARD.encode([0, 0x73, 0x92, 0x05, 0x18]),
        STANDARD.encode(hex::encode(CODE)),
        "81502937".to_owned(),
    ] {
        assert!(holds(&message(&hidden), CODE), "{hidden}");
    }
    assert!(holds(&message(&STANDARD.encode(b"620938\xFF\xFF")), LATER));
    assert!(holds(&[b"{\"a\":73920518}".to_vec()], CODE));
    assert!(!holds(&message("73920517"), CODE));
}

#[test]
fn no_code_leaves_the_desk() {
    let mut sent = Vec::new();
    let mut card = new_card();

    // An activation with a weak code refused, and a wrong code at the receipt.
    let mut server = Scripted::new(Issuer::new());
    let mut holder = Holder::choosing(&[b"222222", CODE]).then_entering(&[WRONG, CODE]);
    run(&mut card, &mut server, &mut holder).unwrap();
    sent.append(&mut server.sent);

    // A login.
    let mut server = Scripted::new(steps(vec![
        Step::ReadCard {},
        Step::ReadCertificate { slot: Slot::LOGIN },
        Step::EnterCode {},
        Step::Sign {
            slot: Slot::LOGIN,
            algorithm: Algorithm::EccP256,
            message: Bytes(b"Logga in\nnonce 4711".to_vec()),
            text: None,
        },
    ]));
    run(
        &mut card,
        &mut server,
        &mut Holder::entering(&[WRONG, CODE]),
    )
    .unwrap();
    sent.append(&mut server.sent);

    // An unlock, with another code and a cancelled step at the end.
    let mut server = Scripted::new(|act_key: &[u8], answer: Option<&Answer>| match answer {
        None => Next::Step(Step::ChooseCode {
            unlock_codes: vec![sealed(act_key, &NEW_UNLOCK)],
            new_unlock_code: sealed(act_key, &TRANSPORT_UNLOCK),
            minimum: 6,
            maximum: 8,
        }),
        Some(Answer::CodeChosen {}) => Next::Step(Step::Sign {
            slot: Slot::LOGIN,
            algorithm: Algorithm::EccP256,
            message: Bytes(b"text".to_vec()),
            text: Some("Skriv under".to_owned()),
        }),
        Some(_) => finished(),
    });
    let mut holder = Holder::choosing(&[LATER]);
    holder.enters = [Some(WRONG.to_vec()), None].into();
    run(&mut card, &mut server, &mut holder).unwrap_err();
    sent.append(&mut server.sent);

    assert!(sent.len() > 15, "{}", sent.len());
    for code in [CODE, WRONG, LATER, b"222222"] {
        assert!(!holds(&sent, code), "{}", String::from_utf8_lossy(code));
    }
    // Nor do the codes and keys that came in envelopes go back.
    for secret in [NEW_UNLOCK, TRANSPORT_UNLOCK] {
        assert!(!holds(&sent, &secret));
    }
    for secret in [NEW_KEY, TRANSPORT_KEY] {
        let part = secret.get(..8).unwrap();
        assert!(!holds(&sent, part));
    }
}
