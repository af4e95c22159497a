//! The frame of a page, and how times, people and cards look in it.

use flows::calendar;
use flows::find::{CardSeen, Credential, Happened, Me, ReceiptFound};
use jiff::civil::DateTime;
use model::card::Card;
use model::engagement::Engagement;
use model::person::Person;
use model::product::CardKind;
use model::{Date, Timestamp};

use crate::csrf;
use crate::pages::{
    CardFace, CardLife, CardLine, CardLink, CredentialLine, EngagementLine, Event, PersonHead,
    Portal, Reached, ReceiptView, Shell, Who,
};
use crate::session::Visit;
use crate::text::{Language, When};
use crate::web::Face;

impl Visit {
    /// The frame of a page in that portal.
    #[must_use]
    pub fn shell(&self, portal: Portal) -> Shell {
        let session = self.session.as_ref();
        Shell {
            language: self.language,
            here: self.here.clone(),
            portal,
            organisation: self.face.organisation.clone(),
            who: session.map(|session| who(&session.me)),
            demo: self.face.demo,
            csrf: session
                .map(|session| csrf::token(&session.secret))
                .unwrap_or_default(),
            notice: self.notice.clone(),
        }
    }
}

fn who(me: &Me) -> Who {
    let portals = [
        (Portal::Order, me.may_order),
        (Portal::Station, me.may_serve),
        (Portal::Functions, me.may_see_functions),
        (Portal::Editors, me.may_edit),
        (Portal::Mine, true),
    ];
    Who {
        name: me.person.full_name(),
        portals: portals
            .into_iter()
            .filter_map(|(portal, open)| open.then_some(portal))
            .collect(),
    }
}

/// The portal that a path belongs to.
#[must_use]
pub fn portal_of(path: &str) -> Portal {
    let first = path.split(['/', '?']).nth(1).unwrap_or_default();
    portal_named(first).unwrap_or(Portal::Public)
}

/// The portal of that code, where one can log in to it.
#[must_use]
pub fn portal_named(code: &str) -> Option<Portal> {
    [
        Portal::Order,
        Portal::Station,
        Portal::Functions,
        Portal::Editors,
        Portal::Mine,
    ]
    .into_iter()
    .find(|portal| portal.code() == code)
}

/// The link that opens the card client with a ticket: the demo's desk in a new tab, or the card client itself. The secret
/// stands here and nowhere else.
#[must_use]
pub fn card_link(face: &Face, secret: &str) -> CardLink {
    match &face.desk {
        Some(desk) => CardLink {
            href: format!("{desk}/act?ticket={secret}"),
            new_tab: true,
            code: secret.to_owned(),
        },
        None => CardLink {
            href: format!(
                "sigill:act?ticket={secret}&server={}",
                escaped(&face.address)
            ),
            new_tab: false,
            code: secret.to_owned(),
        },
    }
}

/// Percent-encodes everything but unreserved characters (RFC 3986 2.3).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// A moment as people in Sweden read it.
#[must_use]
pub fn moment(language: Language, at: Timestamp) -> When {
    let local: Result<DateTime, _> = calendar::swedish_minute(at).parse();
    language.moment(local.unwrap_or_else(|_| calendar::swedish_date(at).at(0, 0, 0, 0)))
}

/// The Swedish date of a moment.
#[must_use]
pub fn day(language: Language, at: Timestamp) -> When {
    language.day(calendar::swedish_date(at))
}

/// A date, if there is one.
#[must_use]
pub fn day_maybe(language: Language, date: Option<Date>) -> Option<When> {
    date.map(|date| language.day(date))
}

/// A person at the top of a page: the number masked.
#[must_use]
pub fn person(person: &Person) -> PersonHead {
    PersonHead {
        name: person.full_name(),
        identity: person.identity_number.masked(),
        hsa_id: person.hsa_id.as_str().to_owned(),
        protected: person.protected.is_some(),
    }
}

/// An engagement in a line.
#[must_use]
pub fn engagement(language: Language, engagement: &Engagement) -> EngagementLine {
    let kind = engagement.kind.code();
    EngagementLine {
        kind: kind.to_owned(),
        title: engagement.title.as_ref().map_or_else(
            || language.coded("engagement-kind", kind),
            |title| title.as_str().to_owned(),
        ),
        unit: engagement.unit_name.as_str().to_owned(),
        employer: engagement.employer.as_str().to_owned(),
        from: language.day(engagement.from),
        to: day_maybe(language, engagement.to),
        services: engagement
            .it_services
            .iter()
            .map(|service| service.code().to_owned())
            .collect(),
    }
}

/// The number of a card in groups of four, once it has one.
#[must_use]
pub fn number(card: &Card) -> Option<String> {
    card.number.as_ref().map(ToString::to_string)
}

/// A card in a line, with the address of its page where the reader has one.
#[must_use]
pub fn card_line(card: &Card, kind: CardKind, href: Option<String>) -> CardLine {
    CardLine {
        href,
        kind: kind.code().to_owned(),
        state: card.state.code().to_owned(),
        number: number(card),
    }
}

/// The front of a card; `photo` is the address of its portrait.
#[must_use]
pub fn face(seen: &CardSeen, photo: Option<String>) -> CardFace {
    CardFace {
        given_name: seen.person.given_name.as_str().to_owned(),
        family_name: seen.person.family_name.as_str().to_owned(),
        number: number(&seen.card),
        photo: photo.filter(|_| seen.card.photo.is_some()),
        kind: seen.kind.code().to_owned(),
        state: seen.card.state.code().to_owned(),
    }
}

/// A card's life as a line of steps.
#[must_use]
pub fn life(language: Language, seen: &CardSeen) -> CardLife {
    CardLife {
        state: seen.card.state.code().to_owned(),
        reached: seen
            .reached
            .iter()
            .map(|(state, at)| Reached {
                state: state.code().to_owned(),
                when: day(language, *at),
            })
            .collect(),
    }
}

/// The certificates of a card.
#[must_use]
pub fn credentials(language: Language, credentials: &[Credential]) -> Vec<CredentialLine> {
    credentials
        .iter()
        .map(|credential| CredentialLine {
            kind: credential.kind.code().to_owned(),
            state: credential.state.code().to_owned(),
            serial: Some(credential.serial.clone()),
            to: Some(day(language, credential.not_after)),
        })
        .collect()
}

/// What has happened, the latest last.
#[must_use]
pub fn events(language: Language, history: &[Happened]) -> Vec<Event> {
    history
        .iter()
        .map(|happened| Event {
            when: moment(language, happened.at),
            code: happened.event.clone(),
            by: happened.by.clone().unwrap_or_default(),
        })
        .collect()
}

/// A receipt as it is shown; `place` is where receipts stand in the portal.
#[must_use]
pub fn receipt(language: Language, place: &str, found: &ReceiptFound) -> ReceiptView {
    let id = &found.row.id;
    let card = &found.seen.card;
    ReceiptView {
        id: id.to_string(),
        person: person(&found.seen.person),
        card_number: number(card).unwrap_or_default(),
        product: card.product.to_string(),
        credentials: credentials(language, &found.credentials),
        document: found
            .document
            .map(|document| document.code().to_owned())
            .unwrap_or_default(),
        officer: found.officer.clone().unwrap_or_default(),
        signed_at: moment(language, found.row.signed_at),
        valid_to: card.expires_on.map_or_else(
            || day(language, found.row.signed_at),
            |date| language.day(date),
        ),
        verified: found.verified,
        file: format!("{place}/{id}/receipt.jws"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo_face(desk: Option<&str>) -> Face {
        Face {
            organisation: "Region Exempel".to_owned(),
            address: "https://kort.example.se".to_owned(),
            demo: desk.is_some(),
            people: Vec::new(),
            desk: desk.map(str::to_owned),
            secure_cookies: false,
            notices: Vec::new(),
        }
    }

    #[test]
    fn a_path_belongs_to_a_portal() {
        assert_eq!(portal_of("/order/people/1"), Portal::Order);
        assert_eq!(portal_of("/station?find=x"), Portal::Station);
        assert_eq!(portal_of("/mine"), Portal::Mine);
        assert_eq!(portal_of("/functions/1"), Portal::Functions);
        assert_eq!(portal_of("/"), Portal::Public);
        assert_eq!(portal_of("/orders"), Portal::Public);
        assert_eq!(portal_named("public"), None);
    }

    #[test]
    fn the_link_opens_the_desk_or_the_client() {
        let link = card_link(&demo_face(Some("http://127.0.0.1:8081")), "00ff");
        assert_eq!(link.href, "http://127.0.0.1:8081/act?ticket=00ff");
        assert!(link.new_tab);
        let link = card_link(&demo_face(None), "00ff");
        assert_eq!(
            link.href,
            "sigill:act?ticket=00ff&server=https%3A%2F%2Fkort.example.se"
        );
        assert!(!link.new_tab);
    }

    #[test]
    fn times_are_swedish() {
        // 2026-11-23 13:05 UTC.
        let when = moment(Language::Swedish, Timestamp(1_795_439_100));
        assert_eq!(when.machine, "2026-11-23T14:05");
        assert_eq!(
            day(Language::English, Timestamp(1_795_439_100)).machine,
            "2026-11-23"
        );
    }
}
