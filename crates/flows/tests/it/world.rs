//! A house with invented people in it, on every engine, with a clock moved by hand and randomness from a seed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use flows::authorities::Authorities;
use flows::house::Seams;
use flows::import_staff::{Options, Report, import_staff};
use flows::keys::{InMemory, KeyBox, Vault};
use flows::refusal::Refuse;
use flows::{Call, House, PlainStop, Settings, Stop};
use hsm::{Pin, Place, Token};
use model::id::{CardId, PersonId, RequestId};
use model::role::{Actor, Authentication, Method, Role};
use model::{Loa, Timestamp};
use pki::sealed::SealingKey;
use testkit::{Clock, Entropy, FreshDatabase, FreshToken};

use crate::staff::{Row, export};

/// Seeded randomness that everything in a world draws from.
#[derive(Clone)]
pub struct Dice(Arc<Mutex<Entropy>>);

impl Dice {
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Entropy::seeded(seed))))
    }

    /// A number below `sides`.
    pub fn roll(&self, sides: usize) -> usize {
        let number = u64::from_be_bytes(self.0.lock().unwrap().bytes());
        usize::try_from(number % u64::try_from(sides).unwrap()).unwrap()
    }
}

impl flows::Entropy for Dice {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill(bytes);
    }
}

/// Keys that outlive a process: a sealed box, and perhaps a token.
#[derive(Clone)]
pub struct KeptKeys {
    sealed: Arc<InMemory>,
    token: Option<Token>,
}

impl Default for KeptKeys {
    fn default() -> Self {
        Self {
            sealed: Arc::default(),
            token: fresh_token(),
        }
    }
}

impl KeyBox for KeptKeys {
    fn load(&self, name: &str) -> std::io::Result<Option<Vec<u8>>> {
        self.sealed.load(name)
    }

    fn keep(&self, name: &str, sealed: &[u8]) -> std::io::Result<()> {
        self.sealed.keep(name, sealed)
    }
}

/// A token of its own when this process keeps its worlds' signing keys in tokens.
fn fresh_token() -> Option<Token> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    // SoftHSM stops the process when a token is made while somebody lists them: both count the new one in.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    testkit::keys_in_a_token().then(|| {
        let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let fresh = FreshToken::new(&format!("world {number}"));
        let place = Place {
            module: fresh.module,
            token: fresh.label,
            sessions: 4,
        };
        Token::open(place, Pin::new(testkit::PIN).unwrap()).unwrap()
    })
}

/// Who asks, when, and with which randomness: what a [`Call`] borrows from.
pub struct Asking {
    actor: Actor,
    now: Timestamp,
    dice: Dice,
    request: RequestId,
}

impl Asking {
    pub fn call(&mut self) -> Call<'_> {
        Call {
            actor: self.actor.clone(),
            now: self.now,
            entropy: &mut self.dice,
            request_id: self.request.clone(),
        }
    }
}

/// The house, its people and their chips.
pub struct World {
    pub house: House,
    pub clock: Clock,
    pub dice: Dice,
    /// The chips the producer has made.
    pub chips: BTreeMap<CardId, vcard::Card>,
    people: BTreeMap<String, PersonId>,
    keys: KeptKeys,
    pub database: FreshDatabase,
}

/// Runs a test's body in a world on each engine.
pub async fn on_each_engine(body: impl AsyncFn(World)) {
    for database in testkit::databases().await {
        body(World::open(database).await).await;
    }
}

/// A vault over these keys, with the sealing key of every world.
pub fn vault(keys: &KeptKeys) -> Vault {
    let vault = Vault::new(SealingKey::new([7; 32]), Box::new(keys.clone()));
    match &keys.token {
        Some(token) => vault.with_home(Box::new(token.clone())),
        None => vault,
    }
}

impl World {
    /// A house with the usual people in it; nobody has a card.
    pub async fn open(database: FreshDatabase) -> Self {
        let mut world = Self::empty(database).await;
        world.import(&cast()).await;
        for (name, roles) in PARTS {
            for role in *roles {
                world.grant(name, *role).await;
            }
        }
        world
    }

    /// A house with nobody in it.
    pub async fn empty(database: FreshDatabase) -> Self {
        let keys = KeptKeys::default();
        let (clock, dice) = (Clock::default(), Dice::seeded(1));
        let settings = Settings::default();
        let mut asking = asking(&clock, &dice, &Actor::System);
        let authorities = Authorities::open(&database, &settings, vault(&keys), &mut asking.call())
            .await
            .unwrap();
        let house = House::new((*database).clone(), authorities, settings);
        Self {
            house,
            clock,
            dice,
            chips: BTreeMap::new(),
            people: BTreeMap::new(),
            keys,
            database,
        }
    }

    /// The process starts again, as at boot: keys and database are what is left; says how many certificates it finished.
    pub async fn restart(&mut self) -> usize {
        let settings = self.house.settings.clone();
        let authorities = Authorities::open(
            &self.database,
            &settings,
            vault(&self.keys),
            &mut self.ask(&Actor::System).call(),
        )
        .await
        .unwrap();
        self.house = House::new((*self.database).clone(), authorities, settings);
        let finished =
            flows::issue::unfinished(&self.house, &self.ask(&Actor::System).call()).await;
        flows::crl::publish_due(&self.house, &self.ask(&Actor::System).call())
            .await
            .unwrap();
        finished.unwrap()
    }

    /// Whether the signing key of that name rests in the sealed box.
    pub fn is_sealed(&self, name: &str) -> bool {
        self.keys.load(name).unwrap().is_some()
    }

    /// The house as another process has it open: the same database and keys, everything in memory its own.
    pub async fn another_node(&self) -> House {
        let database = store::Database::connect(self.database.address())
            .await
            .unwrap();
        let settings = self.house.settings.clone();
        let authorities = Authorities::open(
            &database,
            &settings,
            vault(&self.keys),
            &mut self.ask(&Actor::System).call(),
        )
        .await
        .unwrap();
        House::new(database, authorities, settings)
    }

    /// The same house from now on stops where `stop` says so.
    pub fn stop_at(&mut self, stop: Seams) {
        self.house = self.house.clone().with_seams(stop);
    }

    /// Reads these rows in and remembers the people by their given names.
    pub async fn import(&mut self, rows: &[Row]) -> Report {
        let report = import_staff(
            &self.house,
            &mut self.ask(&console()).call(),
            &export(rows),
            Options::default(),
        )
        .await
        .unwrap();
        let mut read = self.house.database.read().await.unwrap();
        for row in rows {
            let hsa_id = model::hsa_id::HsaId::parse(&row.hsa_id).unwrap();
            if let Some(person) = store::person::by_hsa_id(&mut read, &hsa_id).await.unwrap() {
                self.people.insert(row.given.clone(), person.id);
            }
        }
        report
    }

    pub async fn grant(&self, name: &str, role: Role) {
        flows::grant_role::grant_role(
            &self.house,
            &mut self.ask(&console()).call(),
            &self.person(name),
            role,
        )
        .await
        .unwrap();
    }

    pub fn person(&self, name: &str) -> PersonId {
        self.people[name].clone()
    }

    /// Somebody signed in with a card, with the roles they have now.
    pub async fn actor(&self, name: &str) -> Actor {
        let person = self.person(name);
        let mut read = self.house.database.read().await.unwrap();
        let roles = store::role_grant::roles_of(&mut read, &person)
            .await
            .unwrap();
        signed_in(person, &roles, Loa::Three)
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn ask(&self, actor: &Actor) -> Asking {
        asking(&self.clock, &self.dice, actor)
    }
}

fn asking(clock: &Clock, dice: &Dice, actor: &Actor) -> Asking {
    let now = clock.now();
    let mut random = [0; 10];
    flows::Entropy::fill(&mut dice.clone(), &mut random);
    Asking {
        actor: actor.clone(),
        now,
        dice: dice.clone(),
        request: RequestId::new(now, random),
    }
}

/// The first officers, an orderer, and people who get cards.
pub fn cast() -> Vec<Row> {
    vec![
        Row::new(1, "Orderer"),
        Row::new(2, "Officer"),
        Row::new(3, "Colleague"),
        Row::new(4, "Issuer"),
        Row::new(5, "Guardian").services("e-mail,npo"),
        Row::new(10, "Holder").services("pascal,npo,secure-mail,e-mail"),
        Row::new(11, "Other"),
        Row::new(12, "Student")
            .kind("student")
            .from("2026-09-01")
            .until("2027-05-31"),
        Row::new(13, "Hidden").protected(),
    ]
}

/// Who may do what. The colleague both orders and identifies, which K3.4 has to hold apart.
const PARTS: &[(&str, &[Role])] = &[
    ("Orderer", &[Role::Orderer]),
    ("Officer", &[Role::IdentityOfficer]),
    ("Colleague", &[Role::Orderer, Role::IdentityOfficer]),
    ("Issuer", &[Role::ResponsibleIssuer]),
    (
        "Guardian",
        &[
            Role::IdentityOfficer,
            Role::Orderer,
            Role::ProtectedIdentityOfficer,
        ],
    ),
];

/// Somebody signed in.
pub fn signed_in(person: PersonId, roles: &[Role], loa: Loa) -> Actor {
    Actor::Person {
        person,
        roles: roles.iter().copied().collect(),
        authentication: Authentication {
            method: Method::Card,
            loa,
        },
    }
}

pub fn console() -> Actor {
    Actor::Console {
        operator: "test".to_owned(),
    }
}

/// The code of a refusal.
///
/// # Panics
/// When it was no refusal.
#[track_caller]
pub fn code<T, R: Refuse>(outcome: Result<T, Stop<R>>) -> &'static str {
    match outcome {
        Ok(_) => panic!("it was not refused"),
        Err(stop) => plain_code(Err::<(), _>(stop.plain())),
    }
}

/// The same for an outcome that has forgotten its act.
#[track_caller]
pub fn plain_code<T>(outcome: Result<T, PlainStop>) -> &'static str {
    match outcome {
        Ok(_) => panic!("it was not refused"),
        Err(PlainStop::Refused(code)) => code,
        Err(PlainStop::Fault(fault)) => panic!("a fault, not a refusal: {}", fault.chain()),
    }
}

/// What came of an act that must succeed.
#[track_caller]
pub fn done<T, R: Refuse>(outcome: Result<T, Stop<R>>) -> T {
    match outcome.map_err(Stop::plain) {
        Ok(value) => value,
        Err(PlainStop::Refused(code)) => panic!("refused: {code}"),
        Err(PlainStop::Fault(fault)) => panic!("a fault: {}", fault.chain()),
    }
}
