//! Setting the stage: a temporary house, the people, the founders' cards; then pages and desk until Ctrl-C.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use flows::Settings;
use model::card::CardNumber;
use model::role::Role;
use pki::key::KeyKind;

use super::artifacts::Artifacts;
use super::cast::{self, PEOPLE};
use super::desk::{self, Desk};
use super::person_line::{CardInHand, PersonLine};
use super::{producer, say};
use crate::config::{KeysSection, ProcessRole};
use crate::hatch::Hatch;
use crate::pages::Portal;
use crate::pages::public::DemoPerson;
use crate::process::SystemClock;
use crate::web::{Face, Web};
use crate::{boot, card_client, pki_public, serve};

/// How often the demo's producer looks for new batches.
const PRODUCER_ROUND: Duration = Duration::from_secs(2);

/// How the demo is started.
pub struct Options {
    /// Where the portals listen; the desk takes the next port.
    pub listen: SocketAddr,
    /// Other people than the demo's own.
    pub people: Option<PathBuf>,
    /// The token for the demo's signing keys, when they are not to be in memory.
    pub keys: Option<KeysSection>,
    /// Where what is made is left for other tools.
    pub artifacts: Option<PathBuf>,
    /// The kind of key made on cards.
    pub card_key: KeyKind,
}

impl Options {
    /// The staff export to read in.
    pub(super) fn people(&self) -> anyhow::Result<Vec<u8>> {
        match &self.people {
            Some(path) => {
                std::fs::read(path).with_context(|| format!("reading {}", path.display()))
            }
            None => Ok(PEOPLE.to_vec()),
        }
    }
}

/// A folder that goes with the demo.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> anyhow::Result<Self> {
        let mut random = [0u8; 8];
        flows::Entropy::fill(&mut crate::process::SystemEntropy, &mut random);
        let path = std::env::temp_dir().join(format!("sigill-demo-{}", hex::encode(random)));
        std::fs::create_dir(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is in the system's own folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A demo's house over a database of its own. `public_url` stands in its certificates; without one, where nobody listens.
pub(super) async fn open(
    scratch: &Scratch,
    options: &Options,
    public_url: Option<String>,
    face: Face,
) -> anyhow::Result<Web> {
    let usual = Settings::default();
    let settings = Settings {
        organisation: face.organisation.clone(),
        authority_prefix: "Sigill Demo".to_owned(),
        public_url: public_url.unwrap_or_else(|| usual.public_url.clone()),
        card_key: options.card_key,
        ..usual
    };
    let clock = Arc::new(SystemClock);
    let address = format!("sqlite:{}", scratch.path().join("sigill.db").display());
    let house =
        boot::open_in_memory(&address, settings, options.keys.as_ref(), clock.as_ref()).await?;
    Ok(Web {
        house,
        clock,
        face: Arc::new(face),
    })
}

/// The routes the card client and relying parties use.
pub(super) fn machine_routes(web: &Web) -> Router {
    Router::new()
        .merge(card_client::routes())
        .merge(pki_public::routes())
        .with_state(web.clone())
}

/// Runs the demo until it is told to stop.
///
/// # Errors
/// When an address is taken or the people cannot be read.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let desk_address = SocketAddr::new(
        options.listen.ip(),
        options
            .listen
            .port()
            .checked_add(1)
            .context("no port is left for the desk")?,
    );
    let scratch = Scratch::new()?;
    let face = Face {
        organisation: "Region Exempel".to_owned(),
        address: format!("http://localhost:{}", options.listen.port()),
        demo: true,
        desk: Some(format!("http://localhost:{}", desk_address.port())),
        people: Vec::new(),
        secure_cookies: false,
        notices: Vec::new(),
    };
    say("Sigill demo: invented people, virtual cards, nothing is kept.");
    let artifacts = Artifacts::open(options.artifacts.clone())?;
    // Lists and answers are where the certificates say.
    let public_url = Some(face.address.clone());
    let mut web = open(&scratch, options, public_url, face.clone()).await?;
    let report = cast::import(&web, &options.people()?).await?;
    say(&format!(
        "  {} people read in, {} faults in the file",
        report.people_added,
        report.problems.len()
    ));
    let cast = cast::assign(&web).await?;
    let mut line = PersonLine::new(web.clone(), machine_routes(&web));
    let cards = cast::found(&web, &mut line, &cast).await?;
    cast::ask_for_function(&web).await?;
    let csrf = {
        let mut asking = web.asking();
        asking.call(model::role::Actor::Nobody).secret()
    };
    let desk = Desk::new(web.clone(), machine_routes(&web), &csrf);
    introduce(&cast, &cards);
    web.face = Arc::new(Face {
        people: cards.iter().map(|card| part_of(&cast, card)).collect(),
        ..face
    });
    artifacts.keep_authorities(&web)?;
    for mut card in cards {
        artifacts.keep_card(&mut card.made)?;
        desk.add(card.made, Some(card.code.to_string()));
    }
    tokio::spawn(produce_for_ever(web.clone(), desk.clone(), artifacts));
    tokio::spawn(serve::rounds(web.clone()));
    tokio::spawn(serve::follow(web.clone()));
    say(&format!(
        "\n  Open {}   (the desk with the virtual reader: {})",
        web.face.address,
        web.face.desk.as_deref().unwrap_or_default()
    ));
    say("  Stop with Ctrl-C.\n");
    let handle = axum_server::Handle::new();
    tokio::spawn(serve::stop_when_told(handle.clone()));
    let roles = [ProcessRole::Portal, ProcessRole::Ocsp];
    let portals = serve::listen(
        options.listen,
        serve::router(&web, &roles),
        Hatch::new(&web, &roles),
        handle.clone(),
    );
    let desk = serve::listen(desk_address, desk::routes(desk), Hatch::closed(), handle);
    tokio::try_join!(portals, desk)?;
    drop(scratch);
    Ok(())
}

/// The start page's line for a founder: try the demo as this person, at this door, with this code.
fn part_of(cast: &cast::Cast, card: &CardInHand) -> DemoPerson {
    let (part, portal) = if card.person == cast.orderer {
        (Role::Orderer, Portal::Order)
    } else {
        (Role::IdentityOfficer, Portal::Station)
    };
    DemoPerson {
        name: card.made.name.clone(),
        part: part.code().to_owned(),
        portal,
        code: card.code.to_string(),
    }
}

fn introduce(cast: &cast::Cast, cards: &[CardInHand]) {
    for card in cards {
        let part = if card.person == cast.orderer {
            "orderer (chef)"
        } else {
            "identity officer (ID-administratör)"
        };
        let number = CardNumber::parse(&card.made.number)
            .map_or_else(|_| card.made.number.clone(), |number| number.to_string());
        say(&format!(
            "  {:<22} {:<36} card {}  code {}",
            card.made.name,
            part,
            number,
            card.code.as_str()
        ));
    }
}

/// The demo's producer: makes what is sent to production and puts the cards into the desk's drawer, as the post would.
async fn produce_for_ever(web: Web, desk: Desk, artifacts: Artifacts) {
    let mut ticks = tokio::time::interval(PRODUCER_ROUND);
    loop {
        ticks.tick().await;
        let batches = {
            let mut asking = web.asking();
            let call = asking.call(model::role::Actor::Producer);
            flows::produce::waiting(&web.house, &call).await
        };
        let batches = match batches {
            Ok(batches) => batches,
            Err(stop) => {
                tracing::error!(cause = %super::trouble("looking for batches", stop), "the demo's producer");
                continue;
            }
        };
        for batch in batches {
            match producer::produce(&web, &batch).await {
                Ok(made) => {
                    for made in made {
                        if let Err(error) = artifacts.keep_chip(&made) {
                            tracing::error!(cause = %error, "the demo's producer");
                        }
                        desk.add(made, None);
                    }
                }
                Err(error) => tracing::error!(cause = %error, "the demo's producer"),
            }
        }
    }
}
