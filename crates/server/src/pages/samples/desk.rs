//! The demo's desk.

use super::*;
use crate::pages::desk::{
    Act, Asked, ChooseCode, DeskShell, Drawer, EnterCode, Stage, VirtualCard,
};

pub(super) fn samples(language: Language) -> Vec<Sample> {
    let card = |name: &str, state: &str, hint: Option<&str>, tries_left| VirtualCard {
        number: "9752 2698 0000 0000 018".to_owned(),
        name: name.to_owned(),
        state: state.to_owned(),
        code_hint: hint.map(str::to_owned),
        tries_left,
        insert: "/cards/9752269800000000018/insert".to_owned(),
    };
    let frame = |reader: Option<VirtualCard>| DeskShell {
        language,
        here: "/act?ticket=abc".to_owned(),
        csrf: "dGVzdA".to_owned(),
        portals: "http://127.0.0.1:8443/".to_owned(),
        reader,
    };
    let drawer = || {
        vec![
            card("Göran Björk", "active", Some("246810"), 3),
            card("Kristina Ek", "sent", None, 3),
            card("Sören Nilsson", "active", Some("135790"), 0),
            card("Björn Tran", "unknown", None, 3),
        ]
    };
    let eject = || "/eject".to_owned();
    let mut list = vec![
        sample(
            "desk-drawer",
            &Drawer {
                shell: frame(None),
                cards: drawer(),
                eject: eject(),
            },
        ),
        sample(
            "desk-drawer-reader",
            &Drawer {
                shell: frame(Some(card("Maria Lind", "active", Some("135790"), 3))),
                cards: drawer(),
                eject: eject(),
            },
        ),
        sample(
            "desk-drawer-empty",
            &Drawer {
                shell: frame(None),
                cards: Vec::new(),
                eject: eject(),
            },
        ),
    ];
    let choose = |problem: Option<&str>| {
        Stage::ChooseCode(ChooseCode {
            min: 6,
            max: 8,
            problem: problem.map(str::to_owned),
        })
    };
    let enter = |purpose: &str, tries_left, wrong, hint: Option<&str>| {
        Stage::EnterCode(EnterCode {
            purpose: purpose.to_owned(),
            tries_left,
            wrong,
            code_hint: hint.map(str::to_owned),
            text: None,
        })
    };
    for (name, act, stage, at) in [
        ("desk-act-insert", "sign-in", Stage::Insert(drawer()), None),
        ("desk-act-ask", "activate", Stage::Ask, None),
        ("desk-act-ask-login", "sign-in", Stage::Ask, None),
        ("desk-act-choose", "activate", choose(None), Some(2)),
        (
            "desk-act-choose-differ",
            "activate",
            choose(Some("differ")),
            Some(2),
        ),
        (
            "desk-act-choose-birth-date",
            "activate",
            choose(Some("birth-date")),
            Some(2),
        ),
        (
            "desk-act-enter",
            "sign-in",
            enter("sign-in", 3, false, Some("246810")),
            None,
        ),
        (
            "desk-act-enter-wrong",
            "sign-in",
            enter("sign-in", 1, true, None),
            None,
        ),
        (
            "desk-act-sign",
            "activate",
            enter("sign-receipt", 2, true, None),
            Some(5),
        ),
        (
            "desk-act-working",
            "activate",
            Stage::Working("/act/state?ticket=abc".to_owned()),
            Some(4),
        ),
        (
            "desk-act-finished",
            "activate",
            Stage::Finished("http://127.0.0.1:8443/station".to_owned()),
            Some(9),
        ),
        (
            "desk-act-finished-login",
            "sign-in",
            Stage::Finished("http://127.0.0.1:8443/mine".to_owned()),
            None,
        ),
        (
            "desk-act-refused",
            "sign-in",
            Stage::Refused(no(
                "sign-in.certificate-revoked",
                "Kortet är spärrat och kan inte användas.",
            )),
            None,
        ),
    ] {
        let codes = [
            "card",
            "key",
            "code",
            "keys",
            "certificates",
            "receipt",
            "finished",
        ];
        let progress = at.map(|now: usize| {
            let listed: Vec<_> = codes
                .into_iter()
                .enumerate()
                .map(|(index, code)| {
                    (
                        code,
                        if index < now {
                            Standing::Done
                        } else if index == now {
                            Standing::Now
                        } else {
                            Standing::Ahead
                        },
                    )
                })
                .collect();
            steps("desk-activation-step", &listed)
        });
        let over = matches!(stage, Stage::Finished(_) | Stage::Refused(_));
        let insert = matches!(stage, Stage::Insert(_));
        list.push(sample(
            name,
            &Act {
                shell: frame((!insert).then(|| card("Kristina Ek", "sent", None, 3))),
                asked: Asked {
                    who_asks: "Region Exempel".to_owned(),
                    address: "http://127.0.0.1:8443".to_owned(),
                    act: act.to_owned(),
                    for_whom: (act == "activate").then(|| "Kristina Ek".to_owned()),
                    taken_up: name == "desk-act-sign",
                    session: Some("K7QF".to_owned()),
                },
                progress,
                stage,
                action: "/act".to_owned(),
                cancel: (!over).then(|| "/act/cancel".to_owned()),
            },
        ));
    }
    let login_steps: Vec<_> = ["card", "code", "sign", "finished"]
        .into_iter()
        .map(|code| (code, Standing::Done))
        .collect();
    list.push(sample(
        "desk-act-login-steps",
        &Act {
            shell: frame(Some(card("Göran Björk", "active", Some("246810"), 3))),
            asked: Asked {
                who_asks: "Region Exempel".to_owned(),
                address: "http://127.0.0.1:8443".to_owned(),
                act: "sign-in".to_owned(),
                for_whom: None,
                taken_up: false,
                session: None,
            },
            progress: Some(steps("sign-in-step", &login_steps)),
            stage: Stage::Working("/act/state".to_owned()),
            action: "/act".to_owned(),
            cancel: None,
        },
    ));
    list
}
