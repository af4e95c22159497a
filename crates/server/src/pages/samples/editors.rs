//! The card-type sheet; what readers say of pages, on their side and on the editors'.

use super::*;
use crate::pages::card_types::CardTypes;
use crate::pages::editors::{Editors, PageLine, RemarkLine, Week};
use crate::pages::feedback::{Feedback, FeedbackGiven};

pub(super) fn samples(language: Language) -> Vec<Sample> {
    let thanks = |helped, remark: &str, refusal: Option<Refusal>| Feedback {
        shell: shell(language, Portal::Public, "/feedback"),
        helped,
        action: "/feedback/01KAS000000000000000000001".to_owned(),
        back: "/mine".to_owned(),
        remark: remark.to_owned(),
        holds_number: refusal.is_some(),
        refusal,
    };
    let frame = || Shell {
        who: Some(Who {
            name: "Göran Björk".to_owned(),
            portals: vec![Portal::Editors, Portal::Mine],
        }),
        ..shell(language, Portal::Editors, "/editors")
    };
    let remark = |number: u32, page: &str, text: &str| RemarkLine {
        id: format!("01KAS0000000000000000000{number:02}"),
        page: page.to_owned(),
        language: "sv".to_owned(),
        helped: "no",
        text: text.to_owned(),
        given_at: moment(language),
        action: format!("/editors/01KAS0000000000000000000{number:02}"),
        outcome: String::new(),
        refusal: None,
    };
    let page = |page: &str, weeks: [(i64, i64); 12]| PageLine {
        page: page.to_owned(),
        yes: weeks.iter().map(|week| week.0).sum(),
        no: weeks.iter().map(|week| week.1).sum(),
        weeks: weeks.map(|(yes, no)| Week { yes, no }).to_vec(),
    };
    vec![
        sample(
            "card-types",
            &CardTypes {
                shell: shell(language, Portal::Public, "/card-types"),
                rules: crate::portal_public::card_types::rules(language),
                products: crate::portal_public::card_types::products(language),
            },
        ),
        sample("feedback-yes", &thanks("yes", "", None)),
        sample(
            "feedback-refused",
            &thanks(
                "no",
                "Jag heter O'Brien <b>, 19690714-9923",
                Some(no(
                    "feedback.holds-number",
                    &language.say("refusal-feedback-holds-number"),
                )),
            ),
        ),
        sample(
            "feedback-given",
            &FeedbackGiven {
                shell: shell(
                    language,
                    Portal::Public,
                    "/feedback/01KAS000000000000000000001",
                ),
                back: "/mine".to_owned(),
            },
        ),
        sample(
            "editors",
            &Editors {
                shell: frame(),
                waiting: vec![
                    remark(1, "/mine", "Var hittar jag kortets nummer?\nO'Brien <b>"),
                    RemarkLine {
                        refusal: Some(no(
                            "feedback.empty",
                            &language.say("refusal-feedback-empty"),
                        )),
                        ..remark(2, "/station/cards/*", "Knappen är grå")
                    },
                ],
                pages: vec![
                    page(
                        "/station/cards/*/identity-check",
                        [2, 4, 3, 5, 8, 6, 9, 12, 14, 11, 15, 16].map(|no| (no, no)),
                    ),
                    page(
                        "/mine",
                        [8, 9, 10, 12, 14, 13, 20, 22, 25, 26, 28, 30].map(|yes| (yes, 2)),
                    ),
                ],
                since: day(language),
            },
        ),
        sample(
            "editors-none",
            &Editors {
                shell: frame(),
                waiting: Vec::new(),
                pages: Vec::new(),
                since: day(language),
            },
        ),
    ]
}
