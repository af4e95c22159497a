//! One of every page and every state worth seeing, in any language: what the tests render and people look at.

mod desk;
mod editors;
mod functions;
mod kiosk;
mod order;
mod portals;
mod station;

use jiff::civil::{date, datetime};

use super::*;
use crate::text::{Language, When};

/// A rendered page and its name, which becomes a file name.
pub(super) struct Sample {
    pub(super) name: &'static str,
    pub(super) html: String,
}

/// Everything, in one language.
pub(super) fn all(language: Language) -> Vec<Sample> {
    let mut samples = portals::samples(language);
    samples.extend(order::samples(language));
    samples.extend(station::samples(language));
    samples.extend(functions::samples(language));
    samples.extend(editors::samples(language));
    samples.extend(kiosk::samples(language));
    samples.extend(desk::samples(language));
    samples
}

fn sample(name: &'static str, page: &dyn askama::DynTemplate) -> Sample {
    Sample {
        name,
        html: page.dyn_render().unwrap(),
    }
}

fn shell(language: Language, portal: Portal, here: &str) -> Shell {
    Shell {
        language,
        here: here.to_owned(),
        portal,
        organisation: "Region Exempel".to_owned(),
        who: (portal != Portal::Public).then(|| Who {
            name: match portal {
                Portal::Mine => "Kristina Ek",
                _ => "Göran Björk",
            }
            .to_owned(),
            portals: match portal {
                Portal::Mine => vec![Portal::Mine],
                _ => vec![Portal::Order, Portal::Station, Portal::Mine],
            },
        }),
        demo: true,
        csrf: "dGVzdA".to_owned(),
        notice: None,
    }
}

fn day(language: Language) -> When {
    language.day(date(2031, 11, 22))
}

fn moment(language: Language) -> When {
    language.moment(datetime(2026, 11, 23, 14, 5, 0, 0))
}

fn earlier(language: Language) -> When {
    language.moment(datetime(2026, 11, 9, 9, 30, 0, 0))
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

fn no(code: &str, text: &str) -> Refusal {
    Refusal {
        code: code.to_owned(),
        text: text.to_owned(),
    }
}

fn problem(field: &str, text: &str) -> Problem {
    Problem {
        field: field.to_owned(),
        text: text.to_owned(),
    }
}

fn person() -> PersonHead {
    PersonHead {
        name: "Kristina Ek".to_owned(),
        identity: "19721108-****".to_owned(),
        hsa_id: "SE2321000255-X100002".to_owned(),
        protected: false,
    }
}

fn protected() -> PersonHead {
    PersonHead {
        name: "Renée O'Brien <b>".to_owned(),
        identity: "20001205-****".to_owned(),
        hsa_id: "SE5560000002-J100003".to_owned(),
        protected: true,
    }
}

fn engagement(language: Language) -> EngagementLine {
    EngagementLine {
        kind: "employee".to_owned(),
        title: "Läkare".to_owned(),
        unit: "Skånes universitetssjukhus Malmö, Intensivvård".to_owned(),
        employer: "Skånes universitetssjukhus Malmö".to_owned(),
        from: language.day(date(2017, 8, 28)),
        to: None,
        services: words(&["pascal", "ris", "secure-mail"]),
    }
}

fn placement(language: Language) -> EngagementLine {
    EngagementLine {
        kind: "student".to_owned(),
        title: "Apotekare".to_owned(),
        unit: "Folktandvården Eslöv".to_owned(),
        employer: "Folktandvården Eslöv".to_owned(),
        from: language.day(date(2026, 11, 23)),
        to: Some(language.day(date(2027, 4, 22))),
        services: Vec::new(),
    }
}

fn face(state: &str) -> CardFace {
    CardFace {
        given_name: "Kristina".to_owned(),
        family_name: "Ek".to_owned(),
        number: (state != "awaiting-photo").then(|| "9752 2698 0000 0000 018".to_owned()),
        photo: None,
        kind: "company".to_owned(),
        state: state.to_owned(),
    }
}

fn life(language: Language, state: &str) -> CardLife {
    let days = [
        ("ordered", date(2026, 11, 2)),
        ("ready-for-production", date(2026, 11, 4)),
        ("in-production", date(2026, 11, 5)),
        ("produced", date(2026, 11, 11)),
        ("sent", date(2026, 11, 12)),
        ("active", date(2026, 11, 23)),
    ];
    let count = match state {
        "ordered" | "awaiting-photo" => 1,
        "ready-for-production" | "cancelled" => 2,
        "in-production" | "production-failed" => 3,
        "produced" | "returned" => 4,
        "sent" | "partly-activated" | "expired-unactivated" => 5,
        _ => 6,
    };
    let mut reached: Vec<_> = days
        .into_iter()
        .take(count)
        .map(|(state, day)| Reached {
            state: state.to_owned(),
            when: language.day(day),
        })
        .collect();
    reached.push(Reached {
        state: state.to_owned(),
        when: language.day(date(2026, 11, 23)),
    });
    CardLife {
        state: state.to_owned(),
        reached,
    }
}

fn credentials(language: Language, state: &str) -> Vec<CredentialLine> {
    ["login", "signature", "encryption"]
        .into_iter()
        .map(|kind| CredentialLine {
            kind: kind.to_owned(),
            state: state.to_owned(),
            serial: Some("4c1f0a7be2d94d5a8b3f6c2e1d90a7f3".to_owned()),
            to: Some(day(language)),
        })
        .collect()
}

fn events(language: Language) -> Vec<Event> {
    [
        ("order.placed", "Göran Björk"),
        ("photo.taken", "Maria Lind"),
        ("batch.made", "Maria Lind"),
        ("card.produced", ""),
        ("card.sent", ""),
        ("identity.checked", "Maria Lind"),
        ("certificate.installed", ""),
        ("receipt.signed", "Kristina Ek"),
        ("card.activated", ""),
    ]
    .into_iter()
    .map(|(code, by)| Event {
        when: moment(language),
        code: code.to_owned(),
        by: by.to_owned(),
    })
    .collect()
}

fn receipt(language: Language, verified: bool) -> ReceiptView {
    ReceiptView {
        id: "01KAS5D3JQ8Z7V9M0000000001".to_owned(),
        person: person(),
        card_number: "9752 2698 0000 0000 018".to_owned(),
        product: "701".to_owned(),
        credentials: credentials(language, "active"),
        document: "driving-licence".to_owned(),
        officer: "Maria Lind".to_owned(),
        signed_at: moment(language),
        valid_to: day(language),
        verified,
        file: "/mine/receipts/01KAS5D3JQ8Z7V9M0000000001.jws".to_owned(),
    }
}

fn steps(prefix: &'static str, list: &[(&str, Standing)]) -> Progress {
    Progress {
        prefix,
        steps: list
            .iter()
            .map(|(code, standing)| Step {
                code: (*code).to_owned(),
                standing: *standing,
            })
            .collect(),
    }
}
