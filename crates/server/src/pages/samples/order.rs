//! The orderer's pages.

use super::*;
use crate::pages::order;

pub(super) fn samples(language: Language) -> Vec<Sample> {
    let frame = |here| shell(language, Portal::Order, here);
    let found = vec![
        order::FoundPerson {
            href: "/order/people/1".to_owned(),
            person: person(),
            engagement: Some(engagement(language)),
            card: None,
        },
        order::FoundPerson {
            href: "/order/people/2".to_owned(),
            person: protected(),
            engagement: None,
            card: Some(CardLine {
                href: None,
                kind: "reserve".to_owned(),
                state: "active".to_owned(),
                number: None,
            }),
        },
    ];
    let mut list = Vec::new();
    for (name, query, found, refusal) in [
        ("order-search", "", None, None),
        ("order-search-found", "ek", Some(found), None),
        ("order-search-nobody", "\"><script>", Some(Vec::new()), None),
        (
            "order-search-refused",
            "e",
            None,
            Some(no(
                "search.too-short",
                "Skriv minst två bokstäver av namnet.",
            )),
        ),
    ] {
        let more = name == "order-search-found";
        let page = order::Search {
            shell: frame("/order?name=ek"),
            name: query.to_owned(),
            found,
            more,
            refusal,
        };
        list.push(sample(name, &page));
    }
    for (name, offer, cards, problems, refusal) in [
        (
            "order-person",
            product("701", "company", 3, true, language),
            Vec::new(),
            Problems::default(),
            None,
        ),
        (
            "order-person-reserve",
            product("721", "reserve", 3, false, language),
            vec![CardLine {
                href: Some("/order/orders/1".to_owned()),
                kind: "company".to_owned(),
                state: "sent".to_owned(),
                number: Some("9752 2698 0000 0000 018".to_owned()),
            }],
            Problems(vec![problem(
                "confirm",
                "Bekräfta att du har rätt att beställa.",
            )]),
            None,
        ),
        (
            "order-person-nothing",
            order::Offer::Nothing(no(
                "order.engagement-ended",
                "Anställningen är slut. Kontrollera uppgifterna i personregistret.",
            )),
            Vec::new(),
            Problems::default(),
            Some(no(
                "order.card-exists",
                "Personen har redan ett ordinarie kort som fungerar. Spärra det först om det ska ersättas.",
            )),
        ),
    ] {
        list.push(sample(
            name,
            &order::Person {
                shell: frame("/order/people/1"),
                person: if cards.is_empty() {
                    person()
                } else {
                    protected()
                },
                engagements: vec![
                    order::EngagementChoice {
                        id: "1".to_owned(),
                        line: engagement(language),
                        href: "/order/people/1?engagement=1".to_owned(),
                        chosen: true,
                    },
                    order::EngagementChoice {
                        id: "2".to_owned(),
                        line: placement(language),
                        href: "/order/people/1?engagement=2".to_owned(),
                        chosen: false,
                    },
                ],
                offer,
                cards,
                action: "/order/people/1".to_owned(),
                problems,
                refusal,
            },
        ));
    }
    let line = |state: &str| order::OrderLine {
        href: "/order/orders/1".to_owned(),
        name: "Kristina Ek".to_owned(),
        product: "701".to_owned(),
        ordered_at: earlier(language),
        ordered_by: "Göran Björk".to_owned(),
        life: life(language, state),
    };
    for (name, orders, all) in [
        (
            "orders",
            vec![
                line("awaiting-photo"),
                line("in-production"),
                line("sent"),
                line("returned"),
            ],
            false,
        ),
        (
            "orders-all",
            vec![
                line("active"),
                line("cancelled"),
                line("revoked"),
                line("draft"),
            ],
            true,
        ),
        ("orders-none", Vec::new(), false),
    ] {
        let notice = match name {
            "orders" => Some("page-order-placed".to_owned()),
            "orders-all" => Some("page-order-cancelled".to_owned()),
            _ => None,
        };
        let page = order::Orders {
            shell: Shell {
                notice,
                ..frame("/order/orders")
            },
            orders,
            all,
        };
        list.push(sample(name, &page));
    }
    for (name, state, order_state) in [
        ("order-detail", "in-production", "open"),
        ("order-detail-done", "active", "fulfilled"),
        ("order-detail-cancelled", "cancelled", "cancelled"),
    ] {
        list.push(sample(
            name,
            &order::Detail {
                shell: frame("/order/orders/1"),
                order: line(state),
                state: order_state.to_owned(),
                person: person(),
                engagement: engagement(language),
                why: words(&[
                    "product.why.employed",
                    "product.why.login-always",
                    "product.why.signature-for-service",
                ]),
                credentials: words(&["login", "signature"]),
                card_number: (state == "active").then(|| "9752 2698 0000 0000 018".to_owned()),
                events: events(language),
                photo_code: (order_state == "open")
                    .then(|| "/order/orders/1/photo-code".to_owned()),
                cancel: (order_state == "open").then(|| "/order/orders/1/cancel".to_owned()),
                refusal: (order_state == "cancelled")
                    .then(|| no("order.too-late", "Kortet är redan på väg.")),
            },
        ));
    }
    list
}

fn product(code: &str, kind: &str, loa: u8, photo: bool, language: Language) -> order::Offer {
    order::Offer::Product(order::OfferedProduct {
        product: code.to_owned(),
        kind: kind.to_owned(),
        loa,
        why: words(&[
            "product.why.employed",
            "login-always",
            "encryption-for-mail",
        ]),
        credentials: words(&["login", "signature", "encryption"]),
        valid_to: photo.then(|| day(language)),
        photo,
    })
}
