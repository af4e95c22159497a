//! A house with its routes, founded as every installation is: three people hold cards that others ordered and activated.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use flows::approve_photo::approve_photo;
use flows::check_identity::{DocumentShown, check_identity};
use flows::deliver::{Report, report};
use flows::import_staff::{Options, import_staff};
use flows::{Call, Settings, activate, found, grant_role, order, photograph, produce};
use model::Timestamp;
use model::card::Card;
use model::id::{BatchId, CardId, OrderId, PersonId};
use model::identity_check::{CheckPoint, DocumentKind};
use model::role::{Actor, Role};
use server::boot;
use server::config::ProcessRole;
use server::process::{Clock, SystemEntropy};
use server::serve;
use server::web::{Face, Web};
use testkit::FreshDatabase;

use crate::desk;
use crate::people;
use crate::tape::Wire;

/// Where the portals are, as browsers see it.
pub const ADDRESS: &str = "https://kort.example.se";
/// The code of everybody whose code does not matter.
pub const CODE: &str = "271828";

struct Moved(testkit::Clock);

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// A card as its holder has it.
pub struct Plastic {
    pub card: CardId,
    pub chip: vcard::Card,
    pub code: String,
}

pub struct World {
    pub web: Web,
    pub clock: testkit::Clock,
    pub wire: Wire,
    /// Everybody in the export, in its order. The first three are the founders.
    pub people: Vec<PersonId>,
    /// Orders cards.
    pub orderer: Actor,
    /// Photographs, sends to production, activates.
    pub officer: Actor,
    /// The founders' cards, in their order; taken out by who uses one.
    pub founders: Vec<Option<Plastic>>,
    database: FreshDatabase,
}

/// One world a database engine there is to test on.
pub async fn worlds(count: usize) -> Vec<World> {
    let mut worlds = Vec::new();
    for database in testkit::databases().await {
        worlds.push(World::on(database, count).await);
    }
    worlds
}

impl World {
    /// A world on SQLite, for what has nothing to do with the database.
    pub async fn new(count: usize) -> Self {
        Self::on(testkit::sqlite().await, count).await
    }

    async fn on(database: FreshDatabase, count: usize) -> Self {
        let clock = testkit::Clock::default();
        let settings = Settings::default();
        let house = boot::open_in_memory(database.address(), settings, None, &Moved(clock.clone()))
            .await
            .unwrap();
        let web = Web {
            house,
            clock: Arc::new(Moved(clock.clone())),
            face: Arc::new(Face {
                organisation: "Region Prov".to_owned(),
                address: ADDRESS.to_owned(),
                demo: false,
                desk: None,
                people: Vec::new(),
                secure_cookies: true,
                notices: vec!["Ny rot <2027>".to_owned()],
            }),
        };
        let router = serve::router(&web, &[ProcessRole::Portal, ProcessRole::Ocsp]);
        let mut world = Self {
            web,
            clock,
            wire: Wire::new(router),
            people: Vec::new(),
            orderer: Actor::Nobody,
            officer: Actor::Nobody,
            founders: Vec::new(),
            database,
        };
        world.found(count).await;
        world
    }

    async fn found(&mut self, count: usize) {
        let report = self
            .act(&console(), async |call| {
                import_staff(
                    &self.web.house,
                    call,
                    people::export(count).as_bytes(),
                    Options::default(),
                )
                .await
            })
            .await;
        assert!(
            report.unwrap().problems.is_empty(),
            "the tests' own export is spoilt"
        );
        self.people = self
            .act(&console(), async |call| {
                found::candidates(&self.web.house, call).await
            })
            .await
            .unwrap();
        assert_eq!(self.people.len(), count);
        let (first, second, third) = (
            self.people[0].clone(),
            self.people[1].clone(),
            self.people[2].clone(),
        );
        for (person, role) in [
            (&first, Role::Orderer),
            (&second, Role::IdentityOfficer),
            (&third, Role::IdentityOfficer),
            (&third, Role::Orderer),
        ] {
            self.grant(person, role).await;
        }
        self.orderer = self.founder(&first).await;
        self.officer = self.founder(&second).await;
        let colleague = self.founder(&third).await;
        let (orderer, officer) = (self.orderer.clone(), self.officer.clone());
        for (person, orders, serves) in [
            (&first, &colleague, &officer),
            (&second, &orderer, &colleague),
            (&third, &orderer, &officer),
        ] {
            let plastic = self.card_from(person, orders, serves, CODE).await;
            self.founders.push(Some(plastic));
        }
    }

    async fn founder(&self, person: &PersonId) -> Actor {
        self.act(&console(), async |call| {
            found::founder(&self.web.house, call, person).await
        })
        .await
        .unwrap()
    }

    /// Where the database is.
    pub fn database(&self) -> &str {
        self.database.address()
    }

    /// Runs something as an actor, as a request of its own.
    pub async fn act<T>(&self, actor: &Actor, work: impl AsyncFnOnce(&mut Call<'_>) -> T) -> T {
        let mut asking = self.web.asking();
        let mut call = asking.call(actor.clone());
        work(&mut call).await
    }

    pub async fn grant(&self, person: &PersonId, role: Role) {
        self.act(&console(), async |call| {
            grant_role::grant_role(&self.web.house, call, person, role).await
        })
        .await
        .unwrap();
    }

    pub async fn order(&self, person: &PersonId) -> CardId {
        self.order_by(person, &self.orderer).await
    }

    async fn order_by(&self, person: &PersonId, orderer: &Actor) -> CardId {
        let ordered = self
            .act(orderer, async |call| {
                order::order(&self.web.house, call, person).await
            })
            .await;
        ordered.unwrap().card
    }

    pub async fn photograph(&self, card: &CardId) {
        self.photograph_by(card, &self.officer).await;
    }

    async fn photograph_by(&self, card: &CardId, officer: &Actor) {
        let taken = self.take_photo(card, officer).await;
        self.act(officer, async |call| {
            approve_photo(&self.web.house, call, card, &taken.id, None).await
        })
        .await
        .unwrap();
    }

    /// The card of an order.
    pub async fn card_of(&self, order: &OrderId) -> CardId {
        let mut read = self.web.house.database.read().await.unwrap();
        let order = store::card_order::by_id(&mut read, order)
            .await
            .unwrap()
            .unwrap();
        let cards = store::card::list_by_person(&mut read, &order.person)
            .await
            .unwrap();
        cards
            .into_iter()
            .find(|card| card.order == order.id)
            .unwrap()
            .id
    }

    /// A photo that nobody has decided on yet.
    pub async fn take_photo(&self, card: &CardId, officer: &Actor) -> photograph::Taken {
        self.act(officer, async |call| {
            photograph::photograph(&self.web.house, call, card, portrait()).await
        })
        .await
        .unwrap()
    }

    /// Sends a card to production.
    pub async fn send(&self, card: &CardId) -> BatchId {
        let cards = std::slice::from_ref(card);
        self.act(&self.officer, async |call| {
            produce::make_batch(&self.web.house, call, cards).await
        })
        .await
        .unwrap()
    }

    /// The producer makes the one card of a batch and sends it to its holder.
    pub async fn deliver(&self, batch: &BatchId) -> vcard::Card {
        let consignments = self
            .act(&Actor::Producer, async |call| {
                produce::consignments(&self.web.house, call, batch).await
            })
            .await;
        let consignments = consignments.unwrap();
        assert_eq!(consignments.len(), 1);
        let consignment = &consignments[0];
        for what in [Report::Produced, Report::Sent] {
            let reported = self
                .act(&Actor::Producer, async |call| {
                    report(&self.web.house, call, &consignment.number, what).await
                })
                .await;
            reported.unwrap();
        }
        let expires_on = consignment.expires_on.strftime("%Y%m%d").to_string();
        let mut personalisation = vcard::Personalisation::new(
            consignment.number.digits(),
            piv::Day::parse(expires_on.as_bytes()).unwrap(),
            piv::Pin::parse(b"90817263").unwrap(),
            piv::UnlockCode::parse(&consignment.unlock_code).unwrap(),
            piv::ManagementKey::new(*consignment.management_key),
        )
        .unwrap();
        personalisation.guid = Some(consignment.guid);
        vcard::Card::new(&personalisation, |bytes| {
            flows::Entropy::fill(&mut SystemEntropy, bytes)
        })
        .unwrap()
    }

    pub async fn check_identity(&self, card: &CardId, officer: &Actor) {
        let kind = DocumentKind::DrivingLicence;
        let shown = DocumentShown {
            kind,
            number: "19800101".to_owned(),
            expires_on: model::Date::constant(2029, 1, 1),
            answers: CheckPoint::list_for(kind)
                .map(|point| (point, true))
                .collect::<BTreeMap<_, _>>(),
        };
        self.act(officer, async |call| {
            check_identity(&self.web.house, call, card, &shown).await
        })
        .await
        .unwrap();
    }

    /// A card that its holder activated with that code.
    pub async fn card_for(&self, person: &PersonId, code: &str) -> Plastic {
        self.card_from(person, &self.orderer, &self.officer, code)
            .await
    }

    async fn card_from(
        &self,
        person: &PersonId,
        orderer: &Actor,
        officer: &Actor,
        code: &str,
    ) -> Plastic {
        let card = self.order_by(person, orderer).await;
        self.photograph_by(&card, officer).await;
        let cards = std::slice::from_ref(&card);
        let batch = self
            .act(officer, async |call| {
                produce::make_batch(&self.web.house, call, cards).await
            })
            .await
            .unwrap();
        let chip = self.deliver(&batch).await;
        self.check_identity(&card, officer).await;
        let ticket = self
            .act(officer, async |call| {
                activate::begin(&self.web.house, call, &card).await
            })
            .await
            .unwrap();
        let (chip, outcome) = desk::carry_out(&self.wire, chip, &ticket.secret, code).await;
        outcome.unwrap();
        Plastic {
            card,
            chip,
            code: code.to_owned(),
        }
    }

    /// The card as the database has it.
    pub async fn stored(&self, card: &CardId) -> Card {
        let mut read = self.web.house.database.read().await.unwrap();
        store::card::by_id(&mut read, card).await.unwrap().unwrap()
    }

    /// How many rows the log has. Whatever is changed is written there in the same transaction, so a log that did not grow says
    /// that nothing changed.
    pub async fn log_rows(&self) -> usize {
        let mut read = self.web.house.database.read().await.unwrap();
        store::audit::list(&mut read).await.unwrap().len()
    }

    /// Whether the log has more rows than it had.
    pub async fn log_grew(&self, rows: usize) -> bool {
        let mut read = self.web.house.database.read().await.unwrap();
        let sequence = i64::try_from(rows).unwrap();
        !store::audit::list_after(&mut read, sequence, 1)
            .await
            .unwrap()
            .is_empty()
    }
}

/// The console.
pub fn console() -> Actor {
    Actor::Console {
        operator: "prov".to_owned(),
    }
}

/// One invented portrait for everybody: drawing takes long.
pub fn portrait() -> &'static [u8] {
    static PORTRAIT: OnceLock<Vec<u8>> = OnceLock::new();
    PORTRAIT.get_or_init(|| print::portrait::invent(1).unwrap())
}
