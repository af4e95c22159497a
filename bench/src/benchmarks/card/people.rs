//! A house on SQLite in a folder of its own, an orderer, an officer, and as many people as there are cards to activate.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use flows::approve_photo::approve_photo;
use flows::check_identity::{DocumentShown, check_identity};
use flows::deliver::{Report, report};
use flows::import_staff::{Options, import_staff};
use flows::produce::{Consignment, consignments, make_batch};
use flows::sign_in::{self, Begun};
use flows::{activate, grant_role, order, photograph};
use model::hsa_id::HsaId;
use model::id::{CardId, PersonId};
use model::identity_check::{CheckPoint, DocumentKind};
use model::role::{Actor, Authentication, Method, Role};
use piv::{Day, ManagementKey, Pin, UnlockCode};
use server::config::{Config, ProcessRole};
use server::process::{SystemClock, SystemEntropy};
use server::web::{Face, Web};
use server::{boot, serve};
use tokio::runtime::Runtime;

use crate::mixed::site::done;

const HEADER: &str = "personal_number;given_name;family_name;hsa_id;email;mobile;street;postal_code;town;protected_identity;\
                      engagement;employer;unit_hsa_id;unit_name;sector;title;from;to;it_services;manager_hsa_id";

/// A card at the station, its holder's identity checked.
pub struct Carded {
    pub card: CardId,
    pub chip: vcard::Card,
}

/// The house and the one thread that all of it runs on, but for the database's.
pub struct House {
    pub runtime: Runtime,
    pub router: Router,
    web: Web,
    folder: PathBuf,
    orderer: Actor,
    officer: Actor,
    portrait: Vec<u8>,
    people: usize,
}

impl House {
    pub fn make() -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let folder = std::env::temp_dir().join(format!("sigill-bench-card-{}", std::process::id()));
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let config = Config {
            data: folder.clone(),
            roles: vec![ProcessRole::Portal],
            ..Config::default()
        };
        let house = runtime.block_on(boot::open(&config, &SystemClock))?;
        let web = Web {
            house,
            clock: Arc::new(SystemClock),
            face: Arc::new(Face {
                organisation: config.organisation.clone(),
                address: config.address.clone(),
                demo: false,
                desk: None,
                people: Vec::new(),
                secure_cookies: config.secure_cookies,
                notices: Vec::new(),
            }),
        };
        let mut house = Self {
            router: serve::router(&web, &config.roles),
            orderer: Actor::Nobody,
            officer: Actor::Nobody,
            portrait: print::portrait::invent(1)?,
            people: 0,
            runtime,
            web,
            folder,
        };
        let staff = house.import(2)?;
        let [orderer, officer] = staff.as_slice() else {
            anyhow::bail!("no staff");
        };
        house.orderer = house.employ(orderer, Role::Orderer)?;
        house.officer = house.employ(officer, Role::IdentityOfficer)?;
        Ok(house)
    }

    fn employ(&self, person: &PersonId, role: Role) -> anyhow::Result<Actor> {
        let mut asking = self.web.asking();
        let mut call = asking.call(console());
        let granted = grant_role::grant_role(&self.web.house, &mut call, person, role);
        done(self.runtime.block_on(granted))?;
        Ok(Actor::Person {
            person: person.clone(),
            roles: [role].into(),
            authentication: Authentication {
                method: Method::Card,
                loa: model::Loa::Three,
            },
        })
    }

    /// So many new people.
    fn import(&mut self, count: usize) -> anyhow::Result<Vec<PersonId>> {
        let numbers = self.people..self.people + count;
        self.people = numbers.end;
        let lines: Vec<String> = numbers.clone().map(line).collect();
        let export = format!("{HEADER}\n{}\n", lines.join("\n"));
        let mut asking = self.web.asking();
        let mut call = asking.call(console());
        let house = &self.web.house;
        self.runtime.block_on(async {
            let imported =
                import_staff(house, &mut call, export.as_bytes(), Options::default()).await;
            imported.map_err(|stop| anyhow::anyhow!("the staff was not imported: {stop:?}"))?;
            let mut read = house.database.read().await?;
            let mut people = Vec::with_capacity(count);
            for number in numbers {
                let id = HsaId::parse(&hsa_id(number))?;
                let person = store::person::by_hsa_id(&mut read, &id).await?;
                people.push(person.context("somebody was not imported")?.id);
            }
            Ok(people)
        })
    }

    /// So many cards, ordered, made and sent, whose holders stand at the station.
    pub fn cards(&mut self, count: usize) -> anyhow::Result<Vec<Carded>> {
        let people = self.import(count)?;
        let (house, web) = (&self.web.house, &self.web);
        let (orderer, officer) = (&self.orderer, &self.officer);
        self.runtime.block_on(async {
            let mut ordered = Vec::with_capacity(count);
            for person in &people {
                let mut asking = web.asking();
                let mut call = asking.call(orderer.clone());
                let card = done(order::order(house, &mut call, person).await)?.card;
                let mut call = asking.call(officer.clone());
                let photo = photograph::photograph(house, &mut call, &card, &self.portrait);
                let photo = done(photo.await)?.id;
                done(approve_photo(house, &mut call, &card, &photo, None).await)?;
                ordered.push(card);
            }
            let mut asking = web.asking();
            let batch = make_batch(house, &mut asking.call(officer.clone()), &ordered).await;
            let mut call = asking.call(Actor::Producer);
            let made = done(consignments(house, &mut call, &done(batch)?).await)?;
            let mut cards = Vec::with_capacity(count);
            for consignment in &made {
                for what in [Report::Produced, Report::Sent] {
                    let mut call = asking.call(Actor::Producer);
                    done(report(house, &mut call, &consignment.number, what).await)?;
                }
                let mut call = asking.call(officer.clone());
                let shown = licence(call.today().tomorrow()?);
                let checked = check_identity(house, &mut call, &consignment.card, &shown);
                done(checked.await)?;
                cards.push(Carded {
                    card: consignment.card.clone(),
                    chip: chip(consignment)?,
                });
            }
            Ok(cards)
        })
    }

    /// The ticket of an activation.
    pub fn begin_activation(&self, card: &CardId) -> anyhow::Result<String> {
        let mut asking = self.web.asking();
        let mut call = asking.call(self.officer.clone());
        let begun = activate::begin(&self.web.house, &mut call, card);
        Ok(done(self.runtime.block_on(begun))?.secret)
    }

    pub fn begin_login(&self) -> anyhow::Result<Begun> {
        let mut asking = self.web.asking();
        let mut call = asking.call(Actor::Nobody);
        let begun = sign_in::begin(&self.web.house, &mut call, "mine");
        done(self.runtime.block_on(begun))
    }

    /// Lets a browser in whose card has signed.
    pub fn enter(&self, begun: &Begun) -> anyhow::Result<()> {
        let mut asking = self.web.asking();
        let mut call = asking.call(Actor::Nobody);
        let entered = sign_in::enter(&self.web.house, &mut call, &begun.ticket.id, &begun.browser);
        done(self.runtime.block_on(entered)).map(drop)
    }

    /// Whether an activated card has as many certificates as the limit makes.
    pub fn has_three_certificates(&self, card: &CardId) -> anyhow::Result<()> {
        self.runtime.block_on(async {
            let mut read = self.web.house.database.read().await?;
            let certificates = store::certificate::list_by_card(&mut read, card).await?;
            anyhow::ensure!(
                certificates.len() == 3,
                "{} certificates on a card, not 3",
                certificates.len()
            );
            Ok(())
        })
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // What cannot be removed is in the system's own folder for such things.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn console() -> Actor {
    Actor::Console {
        operator: "bench".to_owned(),
    }
}

fn hsa_id(number: usize) -> String {
    format!("SE2321000255-B{number:06}")
}

/// Somebody's row. The personal numbers are of the serials 980 to 999, which the Swedish Tax Agency keeps for tests.
fn line(number: usize) -> String {
    let (year, month, day) = (
        40 + number % 60,
        1 + number / 60 % 12,
        1 + number / 720 % 28,
    );
    let birth = format!("{year:02}{month:02}{day:02}{}", 980 + number / 20_160 % 20);
    let sum: usize = birth
        .bytes()
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, weight)| {
            let product = usize::from(digit - b'0') * weight;
            product / 10 + product % 10
        })
        .sum();
    let check = (10 - sum % 10) % 10;
    format!(
        "19{birth}{check};Anna;Testsson;{};p{number}@example.se;;Storgatan 1;222 22;Lund;no;employee;Sjukhuset;SE2321000255-A1001;\
         Sjukhuset, Medicin;public;;2020-01-01;;pascal,npo,secure-mail,e-mail;",
        hsa_id(number)
    )
}

/// A driving licence that is in order.
fn licence(expires_on: model::Date) -> DocumentShown {
    let kind = DocumentKind::DrivingLicence;
    DocumentShown {
        kind,
        number: "19800101".to_owned(),
        expires_on,
        answers: CheckPoint::list_for(kind)
            .map(|point| (point, true))
            .collect::<BTreeMap<_, _>>(),
    }
}

/// The chip of a card, as its producer makes it.
fn chip(consignment: &Consignment) -> anyhow::Result<vcard::Card> {
    let last_day = consignment.expires_on.strftime("%Y%m%d").to_string();
    let mut personalisation = vcard::Personalisation::new(
        consignment.number.digits(),
        Day::parse(last_day.as_bytes())?,
        Pin::parse(b"00000000")?,
        UnlockCode::parse(&consignment.unlock_code)?,
        ManagementKey::new(*consignment.management_key),
    )?;
    personalisation.guid = Some(consignment.guid);
    Ok(vcard::Card::new(&personalisation, |bytes| {
        flows::Entropy::fill(&mut SystemEntropy, bytes);
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_there_to_be_activated() {
        let mut house = House::make().unwrap();
        for card in house.cards(2).unwrap() {
            assert!(!house.begin_activation(&card.card).unwrap().is_empty());
        }
    }
}
