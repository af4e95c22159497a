//! The card station.

mod activation;

use model::photo::PhotoFault;

use super::*;
use crate::pages::station;

pub(super) fn samples(language: Language) -> Vec<Sample> {
    let mut list = queue(language);
    list.extend(cards(language));
    list.extend(production(language));
    list.extend(activation::activation(language));
    list.extend(activation::endings(language));
    list
}

fn frame(language: Language, here: &str) -> Shell {
    shell(language, Portal::Station, here)
}

fn head(language: Language, state: &str) -> station::CardHead {
    station::CardHead {
        href: "/station/cards/1".to_owned(),
        face: face(state),
        person: person(),
        product: "701".to_owned(),
        life: life(language, state),
    }
}

fn queue(language: Language) -> Vec<Sample> {
    let card = |state: &str, person| station::QueueCard {
        href: "/station/cards/1".to_owned(),
        person,
        kind: "company".to_owned(),
        state: state.to_owned(),
        since: earlier(language),
        number: (state != "awaiting-photo").then(|| "9752 2698 0000 0000 018".to_owned()),
    };
    let lanes = || {
        vec![
            station::Lane {
                code: "photo",
                cards: vec![
                    card("awaiting-photo", person()),
                    card("awaiting-photo", protected()),
                ],
                total: 7,
            },
            station::Lane {
                code: "photo-check",
                cards: vec![card("awaiting-photo", person())],
                total: 1,
            },
            station::Lane {
                code: "production",
                cards: vec![card("ready-for-production", person())],
                total: 1,
            },
            station::Lane {
                code: "delivery",
                cards: Vec::new(),
                total: 0,
            },
            station::Lane {
                code: "activation",
                cards: vec![card("sent", person())],
                total: 2,
            },
            station::Lane {
                code: "attention",
                cards: vec![card("returned", person())],
                total: 1,
            },
        ]
    };
    [
        ("station-queue", None, None, "page-station-revoked"),
        (
            "station-queue-found",
            Some(vec![
                card("sent", person()),
                card("partly-activated", protected()),
            ]),
            None,
            "page-station-returned",
        ),
        (
            "station-queue-nothing",
            Some(Vec::new()),
            Some(no("search.too-short", "Skriv minst två tecken.")),
            "page-station-ended",
        ),
    ]
    .into_iter()
    .map(|(name, found, refusal, notice)| {
        let shell = Shell {
            notice: Some(notice.to_owned()),
            ..frame(language, "/station?find=ek")
        };
        sample(
            name,
            &station::Queue {
                shell,
                find: "ek".to_owned(),
                found,
                lanes: lanes(),
                refusal,
            },
        )
    })
    .collect()
}

fn cards(language: Language) -> Vec<Sample> {
    let act = |code, refusal| station::ActLink {
        code,
        href: "/station/cards/1/act".to_owned(),
        refusal,
    };
    let mut list: Vec<_> = [
        ("station-card-photo", "awaiting-photo"),
        ("station-card-sent", "sent"),
        ("station-card-active", "active"),
        ("station-card-deregistered", "deregistered"),
    ]
    .into_iter()
    .map(|(name, state)| {
        let acts = match state {
            "awaiting-photo" => vec![act("photograph", None), act("produce", None)],
            "sent" => vec![
                act("check-identity", None),
                act(
                    "activate",
                    Some(no(
                        "policy.same-person",
                        "Du beställde kortet och får inte aktivera det. Be en kollega.",
                    )),
                ),
                act("revoke", None),
            ],
            "active" => vec![
                act("revoke", None),
                act("return", None),
                act("end-engagement", None),
                act("activate", None),
            ],
            _ => Vec::new(),
        };
        let installed = if state == "active" {
            credentials(language, "active")
        } else {
            Vec::new()
        };
        sample(
            name,
            &station::Card {
                shell: Shell {
                    notice: (state == "sent").then(|| "page-station-photographed".to_owned()),
                    ..frame(language, "/station/cards/1")
                },
                head: head(language, state),
                acts,
                engagement: Some(engagement(language)),
                valid_to: Some(day(language)),
                credentials: installed,
                events: events(language),
                receipt: (state == "active").then(|| "/station/receipts/1".to_owned()),
            },
        )
    })
    .collect();
    let verdict = |faults: &[PhotoFault], from_kiosk| station::PhotoVerdict {
        id: "01KAS5D3JQ8Z7V9M0000000003".to_owned(),
        photo: "/static/mark.svg".to_owned(),
        from_kiosk,
        checks: station::PhotoCheck::all(faults),
        approve: faults
            .iter()
            .all(|fault| fault.can_be_overruled())
            .then(|| "/station/cards/1/photo/approve".to_owned()),
        reason: String::new(),
    };
    let unclear = Problems(vec![problem(
        "reason",
        "Skriv varför bilden duger ändå, med minst åtta bokstäver och utan personnummer.",
    )]);
    for (name, verdict, problems, refusal) in [
        ("station-photograph", None, Problems::default(), None),
        (
            "station-photograph-passed",
            Some(verdict(&[], false)),
            Problems::default(),
            None,
        ),
        (
            "station-photograph-kiosk",
            Some(verdict(&[], true)),
            Problems::default(),
            None,
        ),
        (
            "station-photograph-failed",
            Some(verdict(
                &[PhotoFault::Shadow, PhotoFault::DarkWall, PhotoFault::Grey],
                false,
            )),
            unclear,
            None,
        ),
        (
            "station-photograph-failed-all",
            Some(verdict(PhotoFault::ALL, false)),
            Problems::default(),
            None,
        ),
        (
            "station-photograph-refused",
            None,
            Problems::default(),
            Some(no(
                "photograph.unreadable",
                "Filen gick inte att läsa. Spara bilden som JPEG eller PNG.",
            )),
        ),
    ] {
        list.push(sample(
            name,
            &station::Photograph {
                shell: frame(language, "/station/cards/1/photo"),
                head: head(language, "awaiting-photo"),
                action: "/station/cards/1/photo".to_owned(),
                portrait: Some("http://localhost:8081/portrait.jpg".to_owned()),
                verdict,
                problems,
                refusal,
            },
        ));
    }
    list
}

fn production(language: Language) -> Vec<Sample> {
    let batch = |sent, failed| station::BatchLine {
        href: "/station/batches/1".to_owned(),
        id: "01KAS5D3JQ8Z7V9M0000000002".to_owned(),
        created: earlier(language),
        by: "Maria Lind".to_owned(),
        total: 12,
        produced: 9,
        sent,
        failed,
    };
    let ready = |id: &str, name: &str| station::ReadyCard {
        id: id.to_owned(),
        name: name.to_owned(),
        unit: "Skånes universitetssjukhus Malmö, Intensivvård".to_owned(),
        product: "701".to_owned(),
        since: earlier(language),
    };
    let mut list: Vec<_> = [
        (
            "station-production",
            vec![
                ready("a", "Kristina Ek"),
                ready("b", "Sören Nilsson"),
                ready("c", "Björn Tran"),
            ],
            vec![batch(4, 1), batch(9, 0)],
            Problems::default(),
        ),
        (
            "station-production-problem",
            vec![ready("a", "Kristina Ek")],
            Vec::new(),
            Problems(vec![problem("card", "Välj minst ett kort.")]),
        ),
        (
            "station-production-none",
            Vec::new(),
            Vec::new(),
            Problems::default(),
        ),
    ]
    .into_iter()
    .map(|(name, ready, batches, problems)| {
        let refusal =
            (!problems.0.is_empty()).then(|| no("produce.nothing-chosen", "Välj minst ett kort."));
        sample(
            name,
            &station::Production {
                shell: Shell {
                    notice: (name == "station-production-none")
                        .then(|| "page-station-produced".to_owned()),
                    ..frame(language, "/station/production")
                },
                ready,
                batches,
                action: "/station/production".to_owned(),
                problems,
                refusal,
            },
        )
    })
    .collect();
    let card = |id: &str, name: &str, state: &str| station::BatchCard {
        id: id.to_owned(),
        href: "/station/cards/1".to_owned(),
        name: name.to_owned(),
        number: (state != "in-production").then(|| "9752 2698 0000 0000 018".to_owned()),
        state: state.to_owned(),
    };
    for (name, action, problems) in [
        (
            "station-batch",
            Some("/station/batches/1"),
            Problems::default(),
        ),
        (
            "station-batch-problem",
            Some("/station/batches/1"),
            Problems(vec![
                problem("card", "Markera minst ett kort."),
                problem("report", "Välj vad som har hänt."),
            ]),
        ),
        ("station-batch-read-only", None, Problems::default()),
    ] {
        list.push(sample(
            name,
            &station::Batch {
                shell: Shell {
                    notice: (name == "station-batch").then(|| "page-batch-reported".to_owned()),
                    ..frame(language, "/station/batches/1")
                },
                batch: batch(4, 1),
                cards: vec![
                    card("a", "Kristina Ek", "produced"),
                    card("b", "Sören Nilsson", "in-production"),
                    card("c", "Björn Tran", "production-failed"),
                ],
                action: action.map(str::to_owned),
                problems,
                refusal: None,
            },
        ));
    }
    list
}
