//! The activation, and how a card's life ends.

use super::*;

pub(super) fn activation(language: Language) -> Vec<Sample> {
    use Standing::{Ahead, Done, Now, Trouble};
    let mut list: Vec<_> = [
        (
            "station-check",
            station::IdentityCheckForm::default(),
            Problems::default(),
            None,
        ),
        (
            "station-check-problems",
            station::IdentityCheckForm {
                document: "passport".to_owned(),
                number: "8?".to_owned(),
                expires_on: "2025-01-01".to_owned(),
                answers: vec![
                    ("physical".to_owned(), true),
                    ("wine-red-cover".to_owned(), false),
                ],
            },
            Problems(vec![
                problem(
                    "number",
                    "Handlingens nummer har 4 till 20 siffror och bokstäver.",
                ),
                problem(
                    "expires_on",
                    "Handlingen gick ut den 1 januari 2025. Be om en som gäller.",
                ),
                problem(
                    "answer-wine-red-cover",
                    "Rosa provisoriska pass godtas inte.",
                ),
            ]),
            Some(no(
                "check-identity.pink-passport",
                "Provisoriska pass godtas inte. Be om ett av de fem godtagna.",
            )),
        ),
    ]
    .into_iter()
    .map(|(name, form, problems, refusal)| {
        sample(
            name,
            &station::IdentityCheck {
                shell: frame(language, "/station/cards/1/identity-check"),
                head: station::CardHead {
                    person: protected(),
                    ..head(language, "sent")
                },
                documents: words(&[
                    "driving-licence",
                    "passport",
                    "sis-card",
                    "national-identity-card",
                    "tax-agency-card",
                ]),
                check_points: words(&[
                    "physical",
                    "wine-red-cover",
                    "out-of-cover",
                    "whole-and-clean",
                    "photo-matches",
                    "details-match",
                    "feels-genuine",
                ]),
                form,
                action: "/station/cards/1/identity-check".to_owned(),
                problems,
                refusal,
            },
        )
    })
    .collect();
    for (name, standings, not_yet, refusal) in [
        (
            "station-activate",
            [Done, Done, Now, Ahead, Ahead, Ahead, Ahead, Ahead],
            false,
            None,
        ),
        (
            "station-activate-later",
            [Done, Done, Done, Done, Done, Now, Ahead, Ahead],
            true,
            None,
        ),
        (
            "station-activate-stopped",
            [Done, Done, Done, Done, Trouble, Ahead, Ahead, Ahead],
            false,
            Some(no(
                "activate.card-removed",
                "Kortet togs ut innan allt var klart. Sätt i det igen och börja om.",
            )),
        ),
    ] {
        let codes = [
            "identity",
            "card",
            "key",
            "code",
            "keys",
            "certificates",
            "receipt",
            "finished",
        ];
        let listed: Vec<_> = codes.into_iter().zip(standings).collect();
        list.push(sample(
            name,
            &station::Activate {
                shell: frame(language, "/station/cards/1/activate"),
                head: head(language, "sent"),
                open: CardLink {
                    href: "http://127.0.0.1:8444/act?ticket=abc".to_owned(),
                    new_tab: refusal.is_none(),
                    code: "7KQ2-M9XD-4TPA-W3HN".to_owned(),
                },
                progress: steps("activation-step", &listed),
                poll: "/station/cards/1/activate/state".to_owned(),
                action: "/station/cards/1/activate".to_owned(),
                not_yet,
                refusal,
            },
        ));
    }
    for (name, standings, not_yet, refusal) in [
        ("station-unlock", [Done, Now, Ahead], true, None),
        (
            "station-unlock-stopped",
            [Done, Done, Trouble],
            false,
            Some(no(
                "unlock.card-removed",
                "Kortet togs ut innan koden var bytt. Sätt i det igen och börja om.",
            )),
        ),
    ] {
        let listed: Vec<_> = ["identity", "card", "code"]
            .into_iter()
            .zip(standings)
            .collect();
        list.push(sample(
            name,
            &station::Unlock {
                shell: frame(language, "/station/cards/1/unlock"),
                head: head(language, "active"),
                open: CardLink {
                    href: "sigill:act?ticket=abc".to_owned(),
                    new_tab: false,
                    code: "7KQ2-M9XD-4TPA-W3HN".to_owned(),
                },
                progress: steps("unlock-step", &listed),
                poll: "/station/cards/1/unlock/state".to_owned(),
                action: "/station/cards/1/unlock".to_owned(),
                not_yet,
                refusal,
            },
        ));
    }
    list.push(sample(
        "station-activated",
        &station::Activated {
            shell: frame(language, "/station/cards/1/activated"),
            head: head(language, "active"),
            credentials: credentials(language, "active"),
            receipt: receipt(language, true),
            receipt_href: "/station/receipts/1".to_owned(),
        },
    ));
    list
}

pub(super) fn endings(language: Language) -> Vec<Sample> {
    let mut list = Vec::new();
    for (name, problems, refusal) in [
        ("station-revoke", Problems::default(), None),
        (
            "station-revoke-problems",
            Problems(vec![
                problem("reason", "Välj en orsak."),
                problem("confirm", "Bekräfta."),
            ]),
            Some(no("revoke.already-revoked", "Kortet är redan spärrat.")),
        ),
    ] {
        list.push(sample(
            name,
            &station::Revoke {
                shell: frame(language, "/station/cards/1/revoke"),
                head: head(language, "active"),
                reasons: words(&[
                    "lost",
                    "damaged",
                    "compromised-key",
                    "changed-organisation",
                    "replaced",
                    "not-in-use",
                ]),
                reason: "damaged".to_owned(),
                action: "/station/cards/1/revoke".to_owned(),
                problems,
                refusal,
            },
        ));
    }
    for (name, how, problems) in [
        ("station-return", "", Problems::default()),
        (
            "station-return-problems",
            "missing",
            Problems(vec![
                problem("how", "Välj vad som har hänt."),
                problem("confirm", "Intyga."),
            ]),
        ),
    ] {
        list.push(sample(
            name,
            &station::Return {
                shell: frame(language, "/station/cards/1/return"),
                head: head(language, "active"),
                how: how.to_owned(),
                still_works: how.is_empty(),
                action: "/station/cards/1/return".to_owned(),
                problems,
                refusal: None,
            },
        ));
    }
    for (name, cards) in [
        (
            "station-end",
            vec![CardLine {
                href: Some("/station/cards/1".to_owned()),
                kind: "company".to_owned(),
                state: "active".to_owned(),
                number: Some("9752 2698 0000 0000 018".to_owned()),
            }],
        ),
        ("station-end-no-cards", Vec::new()),
    ] {
        list.push(sample(
            name,
            &station::EndEngagement {
                shell: frame(language, "/station/engagements/1/end"),
                person: person(),
                engagement: engagement(language),
                cards,
                ends_on: "2026-11-30".to_owned(),
                back: "/station/cards/1".to_owned(),
                action: "/station/engagements/1/end".to_owned(),
                problems: Problems(vec![problem(
                    "ends_on",
                    "Sista dagen kan inte ligga före första.",
                )]),
                refusal: None,
            },
        ));
    }
    list
}
