//! Public pages, Mina sidor, trouble.

use super::*;
use crate::pages::{mine, public, trouble};

pub(super) fn samples(language: Language) -> Vec<Sample> {
    let open = || shell(language, Portal::Public, "/");
    let holder = |here| shell(language, Portal::Mine, here);
    let mut list = public_pages(language);
    for (name, logged_in_with, state, days_left, percent_gone) in [
        ("mine-cards-active", true, "active", 1790, 2),
        ("mine-cards-short", true, "active", 41, 98),
        ("mine-cards-sent", false, "sent", 0, 0),
        ("mine-cards-partly", false, "partly-activated", 1825, 0),
        ("mine-cards-revoked", false, "revoked", -3, 100),
    ] {
        let works = matches!(state, "active" | "partly-activated");
        let card = mine::MyCard {
            face: face(state),
            product: "701".to_owned(),
            life: life(language, state),
            validity: (state != "sent").then(|| Validity {
                from: moment(language),
                to: day(language),
                percent_gone,
                days_left,
            }),
            credentials: match state {
                "sent" => Vec::new(),
                "revoked" => credentials(language, "revoked"),
                "partly-activated" => credentials(language, "issued"),
                _ => credentials(language, "active"),
            },
            logged_in_with,
            revoke: works.then(|| "/mine/cards/1/revoke".to_owned()),
            photo_code: None,
            receipt: (state == "active").then(|| "/mine/receipts/1".to_owned()),
        };
        let page = mine::Cards {
            shell: holder("/mine"),
            given_name: "Kristina".to_owned(),
            cards: vec![card],
        };
        list.push(sample(name, &page));
    }
    list.push(sample(
        "mine-cards-none",
        &mine::Cards {
            shell: holder("/mine"),
            given_name: "Kristina".to_owned(),
            cards: Vec::new(),
        },
    ));
    let login = |succeeded, here| mine::LoginLine {
        when: moment(language),
        portal: Portal::Mine,
        card_number: "9752 2698 0000 0000 018".to_owned(),
        succeeded,
        here,
    };
    for (name, logins) in [
        (
            "mine-logins",
            vec![login(true, true), login(false, false), login(true, false)],
        ),
        ("mine-logins-none", Vec::new()),
    ] {
        list.push(sample(
            name,
            &mine::Logins {
                shell: holder("/mine/logins"),
                logins,
            },
        ));
    }
    for (name, refusal, problems) in [
        ("mine-revoke", None, Problems::default()),
        (
            "mine-revoke-problems",
            Some(no(
                "revoke.already-revoked",
                "Kortet är redan spärrat. Du behöver inte göra något mer.",
            )),
            Problems(vec![
                problem("reason", "Välj vad som har hänt."),
                problem("confirm", "Bekräfta att du förstår."),
            ]),
        ),
    ] {
        list.push(sample(
            name,
            &mine::Revoke {
                shell: holder("/mine/cards/1/revoke"),
                face: face("active"),
                reasons: words(&[
                    "lost",
                    "damaged",
                    "compromised-key",
                    "changed-organisation",
                    "replaced",
                    "not-in-use",
                ]),
                reason: String::new(),
                logged_in_with: true,
                action: "/mine/cards/1/revoke".to_owned(),
                problems,
                refusal,
            },
        ));
    }
    list.push(sample(
        "mine-revoked",
        &mine::Revoked {
            shell: open(),
            face: face("revoked"),
            at: moment(language),
            reason: "lost".to_owned(),
        },
    ));
    for (name, verified) in [("mine-receipt", true), ("mine-receipt-unverified", false)] {
        let page = mine::Receipt {
            shell: holder("/mine/receipts/1"),
            receipt: receipt(language, verified),
            back: "/mine".to_owned(),
        };
        list.push(sample(name, &page));
    }
    let refusal = no(
        "policy.same-person",
        "Du beställde det här kortet och får därför inte aktivera det. Be en kollega på stationen.",
    );
    list.push(sample(
        "trouble-refused",
        &trouble::Refused {
            shell: shell(language, Portal::Station, "/station/cards/1"),
            refusal: refusal.clone(),
            back: "/station".to_owned(),
            login: false,
        },
    ));
    list.push(sample(
        "trouble-refused-login",
        &trouble::Refused {
            shell: open(),
            refusal,
            back: "/".to_owned(),
            login: true,
        },
    ));
    list.push(sample(
        "trouble-incident",
        &trouble::Incident {
            shell: open(),
            number: "K7QF-2M9D".to_owned(),
        },
    ));
    list.push(sample(
        "trouble-not-found",
        &trouble::NotFound { shell: open() },
    ));
    list.push(sample(
        "trouble-old-browser",
        &trouble::OldBrowser { shell: open() },
    ));
    list
}

fn public_pages(language: Language) -> Vec<Sample> {
    let open = |here| shell(language, Portal::Public, here);
    let demo = |name: &str, part: &str, portal, code: &str| public::DemoPerson {
        name: name.to_owned(),
        part: part.to_owned(),
        portal,
        code: code.to_owned(),
    };
    let mut list = vec![
        sample(
            "start",
            &public::Start {
                shell: open("/"),
                people: vec![
                    demo("Göran Björk", "orderer", Portal::Order, "246810"),
                    demo("Maria Lind", "identity-officer", Portal::Station, "135790"),
                    demo("Kristina Ek", "holder", Portal::Mine, "280446"),
                ],
                desk: Some("http://127.0.0.1:8444/".to_owned()),
            },
        ),
        sample(
            "start-real",
            &public::Start {
                shell: Shell {
                    demo: false,
                    ..open("/?a=b")
                },
                people: Vec::new(),
                desk: None,
            },
        ),
        sample("signed-out", &public::SignedOut { shell: open("/") }),
        sample(
            "help",
            &public::Help {
                shell: open("/help"),
            },
        ),
    ];
    for (name, portal, new_tab, not_yet, refusal) in [
        ("login", Portal::Station, true, false, None),
        ("login-waiting", Portal::Mine, false, true, None),
        (
            "login-refused",
            Portal::Order,
            true,
            false,
            Some(no(
                "sign-in.certificate-revoked",
                "Kortet är spärrat och kan inte användas. Be din chef beställa ett nytt.",
            )),
        ),
    ] {
        let href = if new_tab {
            "http://127.0.0.1:8444/act?ticket=abc"
        } else {
            "sigill:login?ticket=abc"
        };
        list.push(sample(
            name,
            &public::Login {
                shell: open("/login?for=station"),
                portal,
                open: CardLink {
                    href: href.to_owned(),
                    new_tab,
                    code: "7KQ2-M9XD-4TPA-W3HN".to_owned(),
                },
                poll: "/login/01KAS5/state".to_owned(),
                action: "/login/01KAS5".to_owned(),
                not_yet,
                refusal,
            },
        ));
    }
    for (name, verdict) in [
        ("status", public::Health::Good),
        ("status-ageing", public::Health::Ageing),
        ("status-bad", public::Health::Bad),
    ] {
        list.push(sample(name, &status(language, verdict)));
    }
    let authority = |name: &str, sort: &'static str| public::Authority {
        name: name.to_owned(),
        sort,
        subject: format!("C=SE, O=Region Exempel, CN={name}"),
        key: "EC P-384".to_owned(),
        serial: "4c1f0a7be2d94d5a8b3f6c2e1d90a7f3".to_owned(),
        fingerprint:
            "9f86 d081 884c 7d65 9a2f eaa0 c55a d015 a3bf 4f1b 2b0b 822c d15d 6c15 b0f0 0a08"
                .to_owned(),
        from: language.day(date(2026, 11, 23)),
        to: day(language),
        certificate: "/pki/root.cer".to_owned(),
        pem: "/pki/root.pem".to_owned(),
        chain: (sort == "authority").then(|| "/pki/root-chain.pem".to_owned()),
        crl: (sort != "link").then(|| "/pki/root.crl".to_owned()),
        delta: (sort == "authority").then(|| "/pki/root-delta.crl".to_owned()),
        profiles: if sort == "authority" {
            vec![public::ProfileLine {
                name: "login".to_owned(),
                policies: words(&["1.3.6.1.4.1.59999.1.1.3", "1.3.6.1.4.1.59999.1.2.1"]),
            }]
        } else {
            Vec::new()
        },
    };
    list.push(sample(
        "pki",
        &public::Pki {
            shell: open("/pki"),
            authorities: vec![
                authority("Region Exempel Root CA v1", "root"),
                authority("Region Exempel Person HSA-id 3 CA v1", "authority"),
                authority("Region Exempel Root CA v1 <by v2>", "link"),
            ],
            notices: words(&["Rot v1 byts den 1 mars."]),
            test: vec![authority("TEST Region Exempel Root CA v1", "root")],
            ocsp: "http://127.0.0.1:8443/ocsp".to_owned(),
        },
    ));
    list
}

fn status(language: Language, verdict: public::Health) -> public::Status {
    let authority = |name: &str, health, crl: Option<i64>| public::AuthorityHealth {
        name: name.to_owned(),
        health,
        valid_to: day(language),
        crl_number: crl.map(|_| "118".to_owned()),
        crl_minutes: crl,
        crl_next: crl.map(|_| moment(language)),
    };
    let part = |code, health, milliseconds, detail: Option<&str>| public::PartHealth {
        code,
        health,
        milliseconds,
        detail: detail.map(str::to_owned),
    };
    public::Status {
        shell: shell(language, Portal::Public, "/status"),
        verdict,
        checked_at: moment(language),
        authorities: vec![
            authority("Region Exempel Root CA v1", public::Health::Good, Some(1)),
            authority("Region Exempel Person HSA-id 3 CA v1", verdict, Some(42)),
            authority("Region Exempel Person HSA-id 2 CA v1", verdict, None),
        ],
        parts: vec![
            part("ocsp", public::Health::Good, Some(3), None),
            part("database", verdict, Some(1), Some("SQLite")),
            part("jobs", public::Health::Good, None, None),
            part("clock", public::Health::Good, None, None),
        ],
        version: "0.1.0".to_owned(),
    }
}
