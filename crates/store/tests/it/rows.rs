//! Rows that other rows stand on.

use std::collections::BTreeSet;

use model::card::{Card, CardState};
use model::credential::{CredentialKind, CredentialState};
use model::engagement::{Engagement, EngagementKind, ItService};
use model::hsa_id::HsaId;
use model::id::{CardId, EngagementId, OrderId, PersonId};
use model::identity_number::IdentityNumber;
use model::label::Label;
use model::order::{CardOrder, OrderState};
use model::organisation::Sector;
use model::person::{Email, Mobile, Name, Person};
use model::product::ProductCode;
use model::security_identifier::SecurityIdentifier;
use model::{Date, Timestamp};
use store::certificate::CertificateRow;
use store::{Database, StoreError};
use testkit::{Entropy, START};

/// Identifiers, one after the other.
pub(crate) struct Ids(Entropy);

impl Ids {
    pub(crate) fn new() -> Self {
        Self(Entropy::seeded(1))
    }

    pub(crate) fn next<T>(&mut self, make: fn(Timestamp, [u8; 10]) -> T) -> T {
        make(START, self.0.bytes())
    }
}

/// The three of them have numbers that the Tax Agency keeps for tests.
pub(crate) fn sören(ids: &mut Ids) -> Person {
    Person {
        id: ids.next(PersonId::new),
        identity_number: IdentityNumber::from_digits("196907149923").unwrap(),
        given_name: Name::parse("Sören").unwrap(),
        family_name: Name::parse("Nilsson").unwrap(),
        hsa_id: HsaId::parse("SE2321000255-W100000").unwrap(),
        email: Some(Email::parse("soren.nilsson@example.se").unwrap()),
        mobile: Some(Mobile::parse("0783960310").unwrap()),
        security_identifier: Some(
            SecurityIdentifier::parse("S-1-5-21-2127521184-1604012920-1887927527-72713").unwrap(),
        ),
        protected: None,
    }
}

pub(crate) fn göran(ids: &mut Ids) -> Person {
    Person {
        id: ids.next(PersonId::new),
        identity_number: IdentityNumber::from_digits("196702089878").unwrap(),
        given_name: Name::parse("Göran Åke").unwrap(),
        family_name: Name::parse("Björk").unwrap(),
        hsa_id: HsaId::parse("SE2321000255-X100001").unwrap(),
        email: None,
        mobile: None,
        security_identifier: None,
        protected: Some(Timestamp(START.seconds() - 5)),
    }
}

pub(crate) fn kristina(ids: &mut Ids) -> Person {
    Person {
        id: ids.next(PersonId::new),
        identity_number: IdentityNumber::from_digits("197211089912").unwrap(),
        given_name: Name::parse("Kristina").unwrap(),
        family_name: Name::parse("Ek").unwrap(),
        hsa_id: HsaId::parse("SE2321000255-X100002").unwrap(),
        email: None,
        mobile: None,
        security_identifier: None,
        protected: None,
    }
}

pub(crate) fn engagement(ids: &mut Ids, person: &Person) -> Engagement {
    Engagement {
        id: ids.next(EngagementId::new),
        person: person.id.clone(),
        kind: EngagementKind::Employee,
        from: Date::constant(2024, 4, 17),
        to: None,
        employer: Label::parse("Skånes universitetssjukhus Malmö").unwrap(),
        unit_hsa_id: HsaId::parse("SE2321000255-A1002").unwrap(),
        unit_name: Label::parse("Skånes universitetssjukhus Malmö, Intensivvård").unwrap(),
        sector: Sector::Public,
        title: Some(Label::parse("Läkare").unwrap()),
        it_services: BTreeSet::from([ItService::Npo, ItService::Email]),
        manager_hsa_id: None,
    }
}

pub(crate) fn order(ids: &mut Ids, engagement: &Engagement, orderer: &Person) -> CardOrder {
    CardOrder {
        id: ids.next(OrderId::new),
        person: engagement.person.clone(),
        engagement: engagement.id.clone(),
        product: ProductCode::COMPANY,
        credentials: vec![CredentialKind::Login, CredentialKind::Signature],
        state: OrderState::Open,
        ordered_by: orderer.id.clone(),
        ordered_at: START,
    }
}

pub(crate) fn draft(ids: &mut Ids, order: &CardOrder) -> Card {
    Card {
        id: ids.next(CardId::new),
        order: order.id.clone(),
        person: order.person.clone(),
        product: order.product,
        number: None,
        state: CardState::Draft,
        state_since: START,
        photo: None,
        batch: None,
        expires_on: None,
        guid: None,
    }
}

pub(crate) fn certificate(card: &Card, serial: &str) -> CertificateRow {
    CertificateRow {
        authority: "issuing".to_owned(),
        serial: serial.to_owned(),
        kind: CredentialKind::Login,
        state: CredentialState::Issued,
        shard: 0,
        card: card.id.clone(),
        person: card.person.clone(),
        not_before: START,
        not_after: Timestamp(START.seconds() + 1_000),
        der: vec![0x30, 0x03, 0x02, 0x01, 0x05],
        issued_at: START,
        installed_at: None,
        revoked_at: None,
        reason: None,
    }
}

/// Sören, for whom Göran has ordered a card, which is a draft.
pub(crate) struct Ordered {
    pub(crate) ids: Ids,
    pub(crate) holder: Person,
    pub(crate) orderer: Person,
    pub(crate) engagement: Engagement,
    pub(crate) order: CardOrder,
    pub(crate) card: Card,
}

pub(crate) async fn ordered(database: &Database) -> Ordered {
    let mut ids = Ids::new();
    let (holder, orderer) = (sören(&mut ids), göran(&mut ids));
    let engagement = engagement(&mut ids, &holder);
    let order = order(&mut ids, &engagement, &orderer);
    let card = draft(&mut ids, &order);
    store::write!(database, |write| {
        store::person::insert(write, &holder, START).await?;
        store::person::insert(write, &orderer, START).await?;
        store::engagement::insert(write, &engagement).await?;
        store::card_order::insert(write, &order).await?;
        store::card::insert(write, &card).await?;
        Ok::<_, StoreError>(())
    })
    .unwrap();
    Ordered {
        ids,
        holder,
        orderer,
        engagement,
        order,
        card,
    }
}

/// That many seconds after the start.
pub(crate) fn later(seconds: i64) -> Timestamp {
    Timestamp(START.seconds() + seconds)
}
