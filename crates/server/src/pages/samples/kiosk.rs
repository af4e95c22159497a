//! The photo kiosk, and the code one brings to it.

use model::photo::PhotoFault;

use super::*;
use crate::pages::kiosk::{Camera, Code, Done, Kiosks, OpenKiosk, PhotoCode, Taken};
use crate::pages::station::PhotoCheck;

pub(super) fn samples(language: Language) -> Vec<Sample> {
    let frame = || Shell {
        who: None,
        ..shell(language, Portal::Public, "/kiosk")
    };
    let station = || shell(language, Portal::Station, "/station/kiosks");
    let camera = |faults: &[PhotoFault], name: Option<&str>| {
        let mut checks = PhotoCheck::all(faults);
        checks.retain(|check| !check.faults.is_empty());
        Camera {
            shell: frame(),
            name: name.map(str::to_owned),
            code: "1234 5678".to_owned(),
            checks,
            refusal: None,
        }
    };
    let wrong = no(
        "kiosk.code-wrong",
        "Koden stämmer inte. Se efter på lappen eller i Mina sidor och försök igen.",
    );
    vec![
        sample(
            "kiosk-code",
            &Code {
                shell: frame(),
                refusal: None,
            },
        ),
        sample(
            "kiosk-code-wrong",
            &Code {
                shell: frame(),
                refusal: Some(wrong),
            },
        ),
        sample("kiosk-camera", &camera(&[], Some("Kristina E"))),
        sample(
            "kiosk-camera-bad",
            &camera(&[PhotoFault::HeadLeans, PhotoFault::Shadow], None),
        ),
        sample(
            "kiosk-taken",
            &Taken {
                shell: frame(),
                photo: "/static/mark.svg".to_owned(),
                id: "01KAS5D3JQ8Z7V9M0000000003".to_owned(),
                code: "1234 5678".to_owned(),
            },
        ),
        sample("kiosk-done", &Done { shell: frame() }),
        sample(
            "station-kiosks",
            &Kiosks {
                shell: station(),
                open: vec![OpenKiosk {
                    place: "Entrén, Lunds sjukhus".to_owned(),
                    since: moment(language),
                    until: moment(language),
                    close: "/station/kiosks/1/close".to_owned(),
                }],
                problems: Problems::default(),
                refusal: None,
            },
        ),
        sample(
            "station-kiosks-none",
            &Kiosks {
                shell: station(),
                open: Vec::new(),
                problems: Problems(vec![problem("place", "Skriv var kiosken står.")]),
                refusal: None,
            },
        ),
        sample(
            "order-photo-code",
            &PhotoCode {
                shell: shell(language, Portal::Order, "/order/orders/1/photo-code"),
                name: "Kristina Ek".to_owned(),
                code: "1234 5678".to_owned(),
                until: day(language),
                back: "/order/orders/1".to_owned(),
            },
        ),
    ]
}
