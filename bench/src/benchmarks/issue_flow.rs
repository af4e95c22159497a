//! Issuing through the whole flow, 32 at a time: request checked, intention stored, linted, signed, certificate stored, both acts
//! in the log, every commit durable; beside the same without storage. Nothing of HTTP is on either side.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Context as _;
use flows::authorities::Authorities;
use flows::issue::{Wanted as Certified, issue};
use flows::keys::{InMemory, Vault};
use flows::{Call, House, Settings};
use model::card::{Card, CardState};
use model::credential::CredentialKind;
use model::engagement::{Engagement, EngagementKind};
use model::hsa_id::HsaId;
use model::id::{CardId, EngagementId, OrderId, PersonId, RequestId};
use model::identity_number::IdentityNumber;
use model::label::Label;
use model::order::{CardOrder, OrderState};
use model::organisation::Sector;
use model::person::{Name, Person};
use model::product::ProductCode;
use model::role::Actor;
use model::{Date, Timestamp};
use pki::certificate::Certificate;
use pki::key::{KeyKind, Signer as _, SoftwareKey};
use pki::name::DistinguishedName;
use pki::profile::{CertificateRequest, Details, IdentityType, Issuer, Loa, tbs};
use pki::sealed::SealingKey;
use pki::serial::Serial;
use server::process::SystemEntropy;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use store::{Database, StoreError};

use crate::child::cpu_of;
use crate::figure::Figure;
use crate::turns::{Turn, alternate, per_wall_second};
use crate::{Scale, Wanted, explain, print};

/// The figures.
pub const NAMES: &[&str] = &["issue.sqlite", "issue.postgres"];

/// Where the figure on PostgreSQL is measured: a server where a database may be made.
const SERVER: &str = "SIGILL_TEST_POSTGRES";

const AT_ONCE: usize = 32;
const NOW: Timestamp = Timestamp(1_795_000_000);
const KINDS: [CredentialKind; 2] = [CredentialKind::Login, CredentialKind::Signature];

/// Measures.
pub fn run(scale: Scale, wanted: &Wanted) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let count = scale.pick(4_000, 20_000);
    if wanted.has("issue.sqlite") {
        let folder =
            std::env::temp_dir().join(format!("sigill-bench-issue-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let address = format!("sqlite:{}", folder.join("sigill.db").display());
        let outcome = measure("issue.sqlite", &address, &runtime, scale, count);
        // What cannot be removed is in the system's own folder for such things.
        let _ = std::fs::remove_dir_all(&folder);
        outcome?;
    }
    if wanted.has("issue.postgres") {
        let Ok(server) = std::env::var(SERVER) else {
            explain(&format!("issue.postgres is left out: {SERVER} is not set"));
            return Ok(());
        };
        let name = format!("sigill_bench_{}", std::process::id());
        let (address, _) = server
            .rsplit_once('/')
            .with_context(|| format!("{SERVER} names no database"))?;
        runtime.block_on(ask(&server, format!("CREATE DATABASE {name}")))?;
        let outcome = measure(
            "issue.postgres",
            &format!("{address}/{name}"),
            &runtime,
            scale,
            count,
        );
        runtime.block_on(ask(&server, format!("DROP DATABASE {name} WITH (FORCE)")))?;
        outcome?;
    }
    Ok(())
}

async fn ask(server: &str, sql: String) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(server).await?;
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

fn measure(
    name: &'static str,
    address: &str,
    runtime: &tokio::runtime::Runtime,
    scale: Scale,
    count: usize,
) -> anyhow::Result<()> {
    let desk = Arc::new(runtime.block_on(Desk::open(address))?);
    let (ours, limit) = alternate(
        scale.turns(),
        || {
            let cards = runtime.block_on(desk.cards(count / KINDS.len()))?;
            runtime.block_on(turn(&desk, count, Some(Arc::new(cards))))
        },
        || runtime.block_on(turn(&desk, count, None)),
    )?;
    explain(&format!(
        "{name}: {AT_ONCE} at a time; {:.0} certificates a second on the wall, without storage {:.0}",
        per_wall_second(&ours),
        per_wall_second(&limit),
    ));
    print(&Figure::rate(name, &ours, &limit, "certificates/CPU s"));
    runtime.block_on(desk.house.database.close());
    Ok(())
}

/// So many certificates, 32 at a time: for these cards and stored, or for nobody and forgotten.
async fn turn(
    desk: &Arc<Desk>,
    count: usize,
    cards: Option<Arc<Vec<CardId>>>,
) -> anyhow::Result<Turn> {
    let next = Arc::new(AtomicUsize::new(0));
    let (wall, cpu) = (Instant::now(), cpu_of("self")?);
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (desk, next, cards) = (Arc::clone(desk), Arc::clone(&next), cards.clone());
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return Ok::<_, anyhow::Error>(());
                    }
                    let kind = KINDS[number % KINDS.len()];
                    let card = match &cards {
                        Some(cards) => Some(cards.get(number / KINDS.len()).context("a card")?),
                        None => None,
                    };
                    black_box(desk.issue(kind, card).await?);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(Turn {
        done: count as f64,
        cpu: cpu_of("self")? - cpu,
        wall: wall.elapsed().as_secs_f64(),
    })
}

/// A house on a database, and somebody whose cards are being activated.
struct Desk {
    house: House,
    person: Person,
    order: CardOrder,
    subject: DistinguishedName,
    /// What a request says, and its signature.
    request: (Vec<u8>, Vec<u8>),
}

fn call(entropy: &mut SystemEntropy) -> Call<'_> {
    let mut call = Call {
        actor: Actor::System,
        now: NOW,
        entropy,
        request_id: RequestId::new(NOW, [0; 10]),
    };
    call.request_id = RequestId::new(NOW, call.random());
    call
}

impl Desk {
    async fn open(address: &str) -> anyhow::Result<Self> {
        let database = Database::connect(address).await?;
        database.migrate(NOW).await?;
        let settings = Settings::default();
        let mut entropy = SystemEntropy;
        let mut call = call(&mut entropy);
        let vault = Vault::new(SealingKey::new([7; 32]), Box::new(InMemory::default()));
        let authorities = Authorities::open(&database, &settings, vault, &mut call).await?;
        let person = Person {
            id: PersonId::new(NOW, call.random()),
            identity_number: IdentityNumber::from_digits("196907149923")?,
            given_name: Name::parse("Åsa")?,
            family_name: Name::parse("Öberg")?,
            hsa_id: HsaId::parse("SE2321000255-X100001")?,
            email: None,
            mobile: None,
            protected: None,
            security_identifier: None,
        };
        let engagement = Engagement {
            id: EngagementId::new(NOW, call.random()),
            person: person.id.clone(),
            kind: EngagementKind::Employee,
            from: Date::constant(2024, 4, 17),
            to: None,
            employer: Label::parse("Region Exempel")?,
            unit_hsa_id: HsaId::parse("SE2321000255-A1002")?,
            unit_name: Label::parse("Intensivvård")?,
            sector: Sector::Public,
            title: None,
            it_services: std::collections::BTreeSet::new(),
            manager_hsa_id: None,
        };
        let order = CardOrder {
            id: OrderId::new(NOW, call.random()),
            person: person.id.clone(),
            engagement: engagement.id.clone(),
            product: ProductCode::COMPANY,
            credentials: KINDS.to_vec(),
            state: OrderState::Open,
            ordered_by: person.id.clone(),
            ordered_at: NOW,
        };
        store::write!(database, |write| {
            store::person::insert(write, &person, NOW).await?;
            store::engagement::insert(write, &engagement).await?;
            store::card_order::insert(write, &order).await?;
            Ok::<_, StoreError>(())
        })?;
        let holder = SoftwareKey::generate(KeyKind::P256)?;
        let subject = DistinguishedName::new()
            .country("SE")?
            .organisation("Region Exempel")?
            .common_name("Åsa Öberg")?
            .surname("Öberg")?
            .given_name("Åsa")?
            .serial_number(person.hsa_id.as_str())?;
        let said = pki::request::to_be_signed(&subject, holder.public_key());
        let signature = holder.sign(&said)?;
        Ok(Self {
            house: House::new(database, authorities, settings),
            person,
            order,
            subject,
            request: (said, signature),
        })
    }

    /// Cards in the middle of their activation.
    async fn cards(&self, count: usize) -> anyhow::Result<Vec<CardId>> {
        let mut entropy = SystemEntropy;
        let mut call = call(&mut entropy);
        let ids: Vec<CardId> = (0..count)
            .map(|_| CardId::new(NOW, call.random()))
            .collect();
        store::write!(self.house.database, |write| {
            for id in &ids {
                let card = Card {
                    id: id.clone(),
                    order: self.order.id.clone(),
                    person: self.person.id.clone(),
                    product: self.order.product,
                    number: None,
                    state: CardState::PartlyActivated,
                    state_since: NOW,
                    photo: None,
                    batch: None,
                    expires_on: None,
                    guid: None,
                };
                store::card::insert(write, &card).await?;
            }
            Ok::<_, StoreError>(())
        })?;
        Ok(ids)
    }

    /// One certificate: stored for a card, or made and forgotten.
    async fn issue(
        &self,
        kind: CredentialKind,
        card: Option<&CardId>,
    ) -> anyhow::Result<Certificate> {
        let key = pki::request::verify(&self.request.0, &self.request.1)?;
        let house = &self.house;
        let (authority, profile) =
            house
                .authorities
                .issuing(kind.code(), Some(model::Loa::Three), false)?;
        let addresses = flows::authorities::addresses(&house.settings, authority);
        let issuer = Issuer::Authority(&authority.certificate);
        let not_after = Timestamp(NOW.seconds() + 1_000 * 86_400);
        let login = kind == CredentialKind::Login;
        let to_be_signed = |serial: &Serial| {
            tbs(&CertificateRequest {
                profile,
                issuer,
                subject: &self.subject,
                subject_key: &key,
                serial: *serial,
                not_before: NOW.seconds(),
                not_after: not_after.seconds(),
                details: Details {
                    user_principal_name: login.then_some("se2321000255-x100001@example.se"),
                    loa: Some(Loa::Three),
                    identity_type: Some(IdentityType::HsaId),
                    card_number: Some("9752000100000000017"),
                    ..Details::default()
                },
                addresses: &addresses,
            })
        };
        let mut entropy = SystemEntropy;
        let mut call = call(&mut entropy);
        if let Some(card) = card {
            return Ok(issue(
                house,
                &mut call,
                Certified {
                    authority,
                    kind,
                    card: card.clone(),
                    person: self.person.id.clone(),
                    not_after,
                    subject_key: &key,
                    to_be_signed: &to_be_signed,
                },
            )
            .await?);
        }
        let body = to_be_signed(&Serial::at(NOW.seconds(), call.random()))?;
        let linted = pki::lint::lint_of(&key, &body, profile, issuer)
            .map_err(|findings| anyhow::anyhow!("the lint found {} faults", findings.len()))?;
        let der = pki::certificate::sign_der(linted, authority.signer.as_ref())?;
        Ok(Certificate::from_der(&der)?)
    }
}
