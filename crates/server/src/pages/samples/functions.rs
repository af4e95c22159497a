//! Functions that wait, and that were approved.

use super::*;
use crate::pages::functions::{FunctionLine, Functions};

pub(super) fn samples(language: Language) -> Vec<Sample> {
    let frame = || Shell {
        who: Some(Who {
            name: "Göran Björk".to_owned(),
            portals: vec![Portal::Functions, Portal::Mine],
        }),
        ..shell(language, Portal::Functions, "/functions")
    };
    let line = |number: u32, name: &str, hosts: &[&str]| FunctionLine {
        id: format!("01KAS0000000000000000000{number:02}"),
        name: name.to_owned(),
        profile: "server".to_owned(),
        host_names: words(hosts),
        hsa_id: None,
        email: "drift@example.se".to_owned(),
        test: false,
        key_holder: "requester",
        since: moment(language),
        action: format!("/functions/01KAS0000000000000000000{number:02}"),
        refusal: None,
    };
    let waiting = vec![
        line(
            1,
            "Journal O'Brien <b>",
            &["journal.example.se", "journal-2.example.se"],
        ),
        FunctionLine {
            hsa_id: Some("SE2321000016-4F0X".to_owned()),
            test: true,
            key_holder: "system",
            refusal: Some(no(
                "policy.requested-it",
                &language.say("refusal-policy-requested-it"),
            )),
            ..line(2, "Biljetter", &[])
        },
    ];
    vec![
        sample(
            "functions",
            &Functions {
                shell: frame(),
                waiting,
                approved: vec![line(3, "Remiss", &["remiss.example.se"])],
            },
        ),
        sample(
            "functions-none",
            &Functions {
                shell: frame(),
                waiting: Vec::new(),
                approved: Vec::new(),
            },
        ),
    ]
}
