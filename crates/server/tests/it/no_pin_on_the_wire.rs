//! The server never sees a code. A holder chooses one, activates a card with it and signs in with it, while everything is
//! recorded that reaches the server or leaves it, that it writes to its log and to its database.

use std::path::Path;

use crate::browser::Browser;
use crate::traces::Bytes;
use crate::world::World;
use crate::{logs, people};

/// A code that fills a card's eight bytes, and one that is padded.
const CODES: [&str; 2] = ["73051948", "840697"];

#[tokio::test]
async fn no_pin_on_the_wire() {
    logs::listen();
    let mut world = World::new(5).await;
    // The founders' own codes are no business of this test.
    world.wire.take();
    let mut said = Vec::new();
    for (person, code) in world.people[3..].to_vec().iter().zip(CODES) {
        let plastic = world.card_for(person, code).await;
        let plastic = Browser::new(&world.wire).sign_in(plastic).await;
        let mut holder = Browser::new(&world.wire);
        holder.sign_in(plastic).await;
        for page in ["/mine", "/mine/logins"] {
            assert!(holder.get(page).await.status.is_success());
        }
        said.push(world.wire.take());
    }
    // Somebody at the station looks at everything there is about the cards.
    let officer = world.founders[1].take().unwrap();
    let mut station = Browser::new(&world.wire);
    station.sign_in(officer).await;
    for person in &world.people[3..] {
        let cards = {
            let mut read = world.web.house.database.read().await.unwrap();
            store::card::list_by_person(&mut read, person)
                .await
                .unwrap()
        };
        for page in ["", "/activated", "/identity-check"] {
            station
                .get(&format!("/station/cards/{}{page}", cards[0].id))
                .await;
        }
    }
    said.push(world.wire.take());
    let log = Bytes::new(&logs::heard());
    let kept = Bytes::new(&kept(world.database()));
    let said: Vec<(String, Bytes)> = said
        .iter()
        .flatten()
        .map(|exchange| (exchange.address.clone(), Bytes::new(&exchange.bytes)))
        .collect();

    let mut problems = Vec::new();
    for code in CODES {
        let wire = said
            .iter()
            .map(|(address, bytes)| (address.as_str(), bytes));
        for (place, bytes) in wire.chain([("the log", &log), ("the database", &kept)]) {
            for form in bytes.hold_code(code) {
                problems.push(format!("{code} stands in {place}: {form}"));
            }
        }
    }
    for index in 0..world.people.len() {
        problems.extend(numbers_out_of_place(index, &said, &log));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // The test heard what it listened to: otherwise it proves nothing.
    assert!(
        said.iter().any(|(_, bytes)| bytes.hold(b"code-chosen")),
        "no code was chosen"
    );
    assert!(
        said.iter()
            .any(|(_, bytes)| bytes.hold(people::given_name(3).as_bytes())),
        "no page was read"
    );
    assert!(log.hold(b"sqlx"), "the database's own log was not heard");
    assert!(
        kept.hold(people::personal_number(4).as_bytes()),
        "the database was not read"
    );
}

/// A personal identity number stands in the database and nowhere else: in no address, no log, and on pages without its end.
fn numbers_out_of_place(index: usize, said: &[(String, Bytes)], log: &Bytes) -> Vec<String> {
    let twelve = people::personal_number(index);
    let (long, end) = twelve.split_at(8);
    let short = &long[2..];
    let forms = [
        format!("{long}{end}"),
        format!("{long}-{end}"),
        format!("{short}{end}"),
        format!("{short}-{end}"),
    ];
    let mut problems = Vec::new();
    for form in &forms {
        for (address, bytes) in said {
            if bytes.hold(form.as_bytes()) {
                problems.push(format!(
                    "a personal number stands in what was said at {address}"
                ));
            }
        }
        if log.hold(form.as_bytes()) {
            problems.push(format!("a personal number stands in the log: {form}"));
        }
    }
    problems
}

/// Every byte of the database: the file, and what is not yet moved into it.
fn kept(address: &str) -> Vec<u8> {
    let file = address.strip_prefix("sqlite:").unwrap();
    let folder = Path::new(file).parent().unwrap();
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    bytes
}
