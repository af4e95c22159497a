//! One sample of every message, every step and every answer.

use wire::{
    Act, Algorithm, Answer, Bytes, CardCertificate, Continue, Day, Hello, Next, Octets, Opening,
    Refusal, Slot, Step, StopReason, Welcome,
};

/// Every step; the match in `step_number` does not compile when one is missing.
pub fn steps() -> Vec<Step> {
    let steps = vec![
        Step::ReadCard {},
        Step::ReadCertificate { slot: Slot::LOGIN },
        Step::AuthenticateManagement {},
        Step::AnswerManagement {
            response: Octets([1; 16]),
        },
        Step::ReplaceManagementKey { sealed: sealed() },
        Step::ChooseCode {
            unlock_codes: vec![sealed(), sealed()],
            new_unlock_code: sealed(),
            minimum: 6,
            maximum: 8,
        },
        Step::EnterCode {},
        Step::GenerateKey {
            slot: Slot::SIGNATURE,
            algorithm: Algorithm::EccP256,
        },
        Step::Attest { slot: Slot::LOGIN },
        Step::Sign {
            slot: Slot::LOGIN,
            algorithm: Algorithm::Rsa2048,
            message: Bytes(vec![0x30, 0]),
            text: Some("Logga in".to_owned()),
        },
        Step::WriteCertificate {
            slot: Slot::ENCRYPTION,
            certificate: Bytes(vec![0x30, 0]),
        },
        Step::WriteIdentity {
            guid: Octets([2; 16]),
            expires_on: Day::parse("2031-11-23").unwrap(),
        },
        Step::WriteKeyHistory { on_card: 3 },
    ];
    for (number, step) in steps.iter().enumerate() {
        assert_eq!(step_number(step), number);
    }
    assert_eq!(steps.len(), 13);
    steps
}

fn step_number(step: &Step) -> usize {
    match step {
        Step::ReadCard {} => 0,
        Step::ReadCertificate { .. } => 1,
        Step::AuthenticateManagement {} => 2,
        Step::AnswerManagement { .. } => 3,
        Step::ReplaceManagementKey { .. } => 4,
        Step::ChooseCode { .. } => 5,
        Step::EnterCode {} => 6,
        Step::GenerateKey { .. } => 7,
        Step::Attest { .. } => 8,
        Step::Sign { .. } => 9,
        Step::WriteCertificate { .. } => 10,
        Step::WriteIdentity { .. } => 11,
        Step::WriteKeyHistory { .. } => 12,
    }
}

/// Every answer; the match in `answer_number` does not compile when one is missing.
pub fn answers() -> Vec<Answer> {
    let answers = vec![
        Answer::Card {
            number: Some("9752123400000000017".to_owned()),
            serial: Some(17),
            guid: Some(Octets([2; 16])),
            expires_on: Some(Day::parse("2031-11-23").unwrap()),
            tries_left: Some(3),
            certificates: vec![CardCertificate {
                slot: Slot::LOGIN,
                sha256: Octets([3; 32]),
            }],
        },
        Answer::Certificate {
            slot: Slot::LOGIN,
            certificate: None,
        },
        Answer::Challenge {
            challenge: Octets([4; 16]),
        },
        Answer::Authenticated {},
        Answer::ManagementRefused {},
        Answer::ManagementKeyReplaced {},
        Answer::CodeChosen {},
        Answer::UnlockCodesRefused {
            tries_left: Some(1),
        },
        Answer::CodeEntered {},
        Answer::Key {
            slot: Slot::LOGIN,
            public_key: Bytes(vec![0x30, 0]),
        },
        Answer::Attestation {
            slot: Slot::LOGIN,
            certificate: Some(Bytes(vec![0x30, 0])),
            attester: Some(Bytes(vec![0x30, 0])),
        },
        Answer::Signature {
            signature: Bytes(vec![0x30, 0]),
        },
        Answer::CertificateWritten {
            slot: Slot::LOGIN,
            certificate: Bytes(vec![0x30, 0]),
        },
        Answer::IdentityWritten {
            guid: Octets([2; 16]),
        },
        Answer::KeyHistoryWritten {},
        Answer::Stopped {
            reason: StopReason::Cancelled,
        },
    ];
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer_number(answer), number);
    }
    assert_eq!(answers.len(), 16);
    answers
}

fn answer_number(answer: &Answer) -> usize {
    match answer {
        Answer::Card { .. } => 0,
        Answer::Certificate { .. } => 1,
        Answer::Challenge { .. } => 2,
        Answer::Authenticated {} => 3,
        Answer::ManagementRefused {} => 4,
        Answer::ManagementKeyReplaced {} => 5,
        Answer::CodeChosen {} => 6,
        Answer::UnlockCodesRefused { .. } => 7,
        Answer::CodeEntered {} => 8,
        Answer::Key { .. } => 9,
        Answer::Attestation { .. } => 10,
        Answer::Signature { .. } => 11,
        Answer::CertificateWritten { .. } => 12,
        Answer::IdentityWritten { .. } => 13,
        Answer::KeyHistoryWritten {} => 14,
        Answer::Stopped { .. } => 15,
    }
}

pub fn hello() -> Hello {
    Hello {
        ticket: "ticket-7".to_owned(),
        act_key: Bytes(vec![4; 65]),
        client: "sigill-card 0.1.0".to_owned(),
    }
}

pub fn openings() -> Vec<Opening> {
    vec![
        Opening::Welcome(Welcome {
            act: Act::Activate,
            who_asks: "Region Demo".to_owned(),
            for_whom: Some("Åsa Öberg".to_owned()),
            card_number: Some("9752123400000000019".to_owned()),
            purpose: "Aktivera kortet".to_owned(),
            taken_up: true,
            session: "session-7".to_owned(),
            step: Step::ReadCard {},
        }),
        Opening::Refused(refusal()),
        Opening::Incident {
            number: "I-17".to_owned(),
        },
    ]
}

pub fn turns() -> Vec<Continue> {
    answers()
        .into_iter()
        .map(|answer| Continue {
            session: "session-7".to_owned(),
            answer,
        })
        .collect()
}

pub fn nexts() -> Vec<Next> {
    let mut nexts: Vec<Next> = steps().into_iter().map(Next::Step).collect();
    nexts.push(Next::Finished {
        text: "Klart".to_owned(),
    });
    nexts.push(Next::Refused(refusal()));
    nexts.push(Next::Incident {
        number: "I-17".to_owned(),
    });
    for next in &nexts {
        match next {
            Next::Step(_) | Next::Finished { .. } | Next::Refused(_) | Next::Incident { .. } => {}
        }
    }
    nexts
}

fn refusal() -> Refusal {
    Refusal {
        code: "activate.no-identity-check".to_owned(),
        text: "Kontrollera identiteten först.".to_owned(),
    }
}

fn sealed() -> Bytes {
    Bytes(vec![5; 93])
}
