//! The steps, in the order of a card's life.

use anyhow::Context as _;
use axum::Router;
use flows::return_card::{Ending, return_card};
use flows::sign_in::{self, Waiting};
use flows::{activate, audit, end_engagement, find, revoke};
use model::credential::{CredentialKind, LossReason};
use model::id::{CardId, PersonId};
use model::role::Actor;
use piv::{Host, Slot};
use pki::certificate::Certificate;
use pki::chain::{Purpose, verify};
use pki::ocsp::Status;

use super::{Record, public};
use crate::demo::artifacts::Artifacts;
use crate::demo::cast;
use crate::demo::person_line::PersonLine;
use crate::demo::producer::Made;
use crate::demo::stage::{self, Scratch};
use crate::demo::{Options, on_card, trouble};
use crate::web::{Face, Web};

/// The codes that the walk's two invented holders choose.
const CODE: &str = "246813";
const OTHER_CODE: &str = "97531842";

struct Walk<'a> {
    web: Web,
    router: Router,
    line: PersonLine,
    artifacts: &'a Artifacts,
}

pub(super) async fn walk(
    record: &mut Record,
    options: &Options,
    artifacts: &Artifacts,
) -> anyhow::Result<()> {
    let scratch = Scratch::new()?;
    let face = Face {
        organisation: "Region Exempel".to_owned(),
        address: "http://localhost:8080".to_owned(),
        demo: true,
        desk: None,
        people: Vec::new(),
        secure_cookies: false,
        notices: Vec::new(),
    };
    let web = record
        .step("authorities.made", async {
            let web = stage::open(&scratch, options, None, face).await?;
            let count = artifacts.keep_authorities(&web)?;
            Ok((
                web,
                format!("{count} authorities, chain verified, lists published"),
            ))
        })
        .await?;
    let router = stage::machine_routes(&web);
    let line = PersonLine::new(web.clone(), router.clone());
    let mut walk = Walk {
        web,
        router,
        line,
        artifacts,
    };

    record
        .step("staff.imported", async {
            let people = options.people()?;
            let first = cast::import(&walk.web, &people).await?;
            let second = cast::import(&walk.web, &people).await?;
            anyhow::ensure!(
                second.people_added
                    + second.people_changed
                    + second.engagements_added
                    + second.engagements_changed
                    == 0,
                "a second import of the same file changed something"
            );
            Ok((
                (),
                format!(
                    "{} people, {} faults named, a second import changed nothing",
                    first.people_added,
                    first.problems.len()
                ),
            ))
        })
        .await?;
    let cast: (cast::Cast, _) = record
        .step("house.founded", async {
            let cast = cast::assign(&walk.web).await?;
            let cards = cast::found(&walk.web, &mut walk.line, &cast).await?;
            anyhow::ensure!(
                cast::founder(&walk.web, &cast.officer).await.is_err(),
                "the founding did not end"
            );
            let detail = format!(
                "{} cards, each activated by another officer; the founding is over",
                cards.len()
            );
            Ok(((cast, cards), detail))
        })
        .await?;
    let (cast, cards) = cast;
    let staff = record
        .step("staff.signed-in", async {
            let mut staff = Vec::new();
            for hand in cards {
                staff.push(sign_in(&walk, hand.made, &hand.code).await?.1);
            }
            let count = staff.len();
            Ok((staff, format!("{count} people with their own cards")))
        })
        .await?;
    let [orderer, officer, colleague] =
        <[Actor; 3]>::try_from(staff).map_err(|_| anyhow::anyhow!("the cast is three people"))?;
    let (holder, other) = holders(&walk.web, &cast, &orderer).await?;

    let (card, made) =
        first_life(record, &mut walk, &holder, [&orderer, &officer, &colleague]).await?;
    let made = use_and_lose(record, &mut walk, card, made, &officer).await?;
    drop(made);
    second_life(record, &mut walk, &other, &orderer, &officer).await?;

    record
        .step("log.verified", async {
            let export = audit::export(&walk.web.house).await?;
            let key = audit::verification_key(&walk.web.house);
            artifacts.write("audit/log.jsonl", &export.lines)?;
            artifacts.write("audit/checkpoint.txt", &export.checkpoint)?;
            artifacts.write("audit/key.pem", &key)?;
            anyhow::ensure!(
                !export.lines.contains(CODE) && !export.lines.contains(OTHER_CODE),
                "a code stands in the log"
            );
            Ok((
                (),
                format!(
                    "{} rows, one Merkle root, checkpoint signed",
                    export.lines.lines().count()
                ),
            ))
        })
        .await
}

/// Two holders who are not of the cast: one whose services bring all three credentials, and any other.
async fn holders(
    web: &Web,
    cast: &cast::Cast,
    orderer: &Actor,
) -> anyhow::Result<(PersonId, PersonId)> {
    let people = {
        let mut asking = web.asking();
        let call = asking.call(cast::console());
        flows::found::candidates(&web.house, &call).await
    };
    // The founding is over, so candidates are asked for by the console that founded.
    let people = people.map_err(|stop| trouble("looking for holders", stop))?;
    let mut others: Vec<PersonId> = people
        .into_iter()
        .filter(|person| ![&cast.orderer, &cast.officer, &cast.colleague].contains(&person))
        .collect();
    let mut full = None;
    for person in &others {
        let mut asking = web.asking();
        let call = asking.call(orderer.clone());
        if let Ok(suggestion) = flows::order::suggest(&web.house, &call, person).await
            && suggestion.chosen.credentials.len() == CredentialKind::ALL.len()
        {
            full = Some(person.clone());
            break;
        }
    }
    let full = full.context("nobody among the people needs all three credentials")?;
    others.retain(|person| *person != full);
    let other = others
        .into_iter()
        .next()
        .context("the walk needs two holders")?;
    Ok((full, other))
}

async fn first_life(
    record: &mut Record,
    walk: &mut Walk<'_>,
    holder: &PersonId,
    [orderer, officer, colleague]: [&Actor; 3],
) -> anyhow::Result<(CardId, Made)> {
    let card = record
        .step("card.ordered", async {
            let why = {
                let mut asking = walk.web.asking();
                let call = asking.call(orderer.clone());
                let suggestion = flows::order::suggest(&walk.web.house, &call, holder)
                    .await
                    .map_err(|stop| trouble("asking the rule table", stop))?;
                let reasons: Vec<_> = suggestion
                    .chosen
                    .why
                    .iter()
                    .map(|reason| reason.code())
                    .collect();
                format!(
                    "product {}, because {}",
                    suggestion.chosen.product.code,
                    reasons.join(", ")
                )
            };
            let card = walk.line.order(holder, orderer).await?;
            anyhow::ensure!(
                walk.line.order(holder, orderer).await.is_err(),
                "a second ordinary card was ordered"
            );
            Ok((card, why))
        })
        .await?;
    record
        .step("holder.photographed", async {
            walk.line.photograph(&card, officer).await?;
            Ok(((), "quality checked by machine and officer".to_owned()))
        })
        .await?;
    let made = record
        .step("card.produced-and-sent", async {
            let made = walk
                .line
                .produce(std::slice::from_ref(&card), officer)
                .await?
                .pop()
                .context("the producer made nothing")?;
            walk.artifacts.write(
                &format!("cards/{}-front.png", made.number),
                &made.faces.front_png,
            )?;
            walk.artifacts.write(
                &format!("cards/{}-back.png", made.number),
                &made.faces.back_png,
            )?;
            let number = made.number.clone();
            Ok((
                made,
                format!("card {number}, address fetched with the batch, no code on paper"),
            ))
        })
        .await?;
    record.about(&made.number, CODE);
    record
        .step("rule-k3.4.held", async {
            let mut refused = 0;
            for nobody in [orderer, officer] {
                let mut asking = walk.web.asking();
                let mut call = asking.call(nobody.clone());
                // The orderer has no right to; the officer has not checked the identity.
                anyhow::ensure!(
                    activate::begin(&walk.web.house, &mut call, &card)
                        .await
                        .is_err(),
                    "an activation began that must not"
                );
                refused += 1;
            }
            Ok(((), format!("{refused} forbidden activations refused")))
        })
        .await?;
    record
        .step("identity.checked", async {
            walk.line.check_identity(&card, colleague).await?;
            Ok((
                (),
                "driving licence, every point of the checklist".to_owned(),
            ))
        })
        .await?;
    let made = record
        .step("card.activated", async {
            let made = walk.line.activate(made, colleague, CODE).await?;
            walk.artifacts.write(
                &format!("cards/{}.vcard", made.number),
                made.chip.to_json()?.as_bytes(),
            )?;
            Ok((
                made,
                "code chosen, keys made on the card, certificates read back, receipt signed"
                    .to_owned(),
            ))
        })
        .await?;
    Ok((card, made))
}

async fn use_and_lose(
    record: &mut Record,
    walk: &mut Walk<'_>,
    card: CardId,
    mut made: Made,
    officer: &Actor,
) -> anyhow::Result<Made> {
    let root = walk.web.house.authorities.root().certificate.clone();
    let certificates = record
        .step("certificates.verified", async {
            let now = walk.web.clock.now().seconds();
            let mut certificates = Vec::new();
            for (name, slot, purpose) in [
                ("login", Slot::LOGIN, Purpose::client_login()),
                ("signature", Slot::SIGNATURE, Purpose::signature()),
                ("encryption", Slot::ENCRYPTION, Purpose::secure_mail()),
            ] {
                let certificate = on_card(&mut made, slot)?;
                let issuer = public::issuer_of(&walk.router, &certificate).await?;
                verify(
                    &certificate,
                    std::slice::from_ref(&issuer),
                    &root,
                    now,
                    &purpose,
                )?;
                walk.artifacts.write(
                    &format!("certificates/{}-{name}.pem", made.number),
                    certificate.to_pem(),
                )?;
                certificates.push((name, certificate, issuer));
            }
            let count = certificates.len();
            Ok((
                certificates,
                format!("{count} chains verified to the root, read off the card"),
            ))
        })
        .await?;
    let (mut made, holder) = record
        .step("holder.signed-in", async {
            let signed_in = sign_in(walk, made, CODE).await?;
            Ok((
                signed_in,
                "challenge signed by the card, session opened for the asking browser alone"
                    .to_owned(),
            ))
        })
        .await?;
    record
        .step("receipt.verified", async {
            let text = receipt(walk, &holder).await?;
            let verified = pki::jws::verify(&text)?;
            let signer = verified
                .certificates
                .first()
                .context("a receipt without a certificate")?;
            anyhow::ensure!(
                certificates
                    .iter()
                    .any(|(name, login, _)| *name == "login" && login == signer),
                "the receipt was signed by another card"
            );
            walk.artifacts
                .write(&format!("receipts/{}.jws", made.number), &text)?;
            walk.artifacts
                .write(&format!("receipts/{}.json", made.number), &verified.payload)?;
            Ok(((), "signed with the new card, verifies offline".to_owned()))
        })
        .await?;
    record
        .step("status.good", async {
            status_is(walk, &certificates, "good", |status| {
                matches!(status, Status::Good)
            })
            .await?;
            for (_, certificate, issuer) in &certificates {
                anyhow::ensure!(
                    !public::list_of(&walk.router, certificate, issuer)
                        .await?
                        .contains(&certificate.serial()),
                    "on the list"
                );
            }
            unknown_elsewhere(walk, &certificates).await?;
            Ok((
                (),
                "OCSP says good, of another issuer unknown; the list does not have them".to_owned(),
            ))
        })
        .await?;
    record
        .step("wrong-code.counted", async {
            let mut host = Host::new(&mut made.chip);
            host.select()?;
            let wrong = piv::Pin::parse(b"000000")?;
            anyhow::ensure!(host.verify_pin(&wrong).is_err(), "a wrong code was taken");
            let right = piv::Pin::parse(CODE.as_bytes())?;
            host.verify_pin(&right)
                .map_err(|problem| anyhow::anyhow!("{problem}"))?;
            host.forget_pin()?;
            Ok((
                (),
                "a wrong code costs a try, the right one gives them back".to_owned(),
            ))
        })
        .await?;
    record
        .step("card.revoked", async {
            let mut asking = walk.web.asking();
            let mut call = asking.call(holder.clone());
            revoke::revoke(&walk.web.house, &mut call, &card, LossReason::Lost)
                .await
                .map_err(|stop| trouble("revoking", stop))?;
            Ok(((), "by the holder, lost".to_owned()))
        })
        .await?;
    record
        .step("status.revoked", async {
            status_is(walk, &certificates, "revoked", |status| {
                matches!(status, Status::Revoked { .. })
            })
            .await?;
            for (_, certificate, issuer) in &certificates {
                anyhow::ensure!(
                    public::list_of(&walk.router, certificate, issuer)
                        .await?
                        .contains(&certificate.serial()),
                    "not on the list"
                );
            }
            Ok(((), "OCSP and the list say so at once".to_owned()))
        })
        .await?;
    let made = record
        .step("login.refused", async {
            let (made, error) = refused_sign_in(walk, made, CODE).await?;
            anyhow::ensure!(
                error.contains("sign-in.certificate-revoked"),
                "refused for another reason: {error}"
            );
            Ok((made, "the revoked card does not log in".to_owned()))
        })
        .await?;
    record
        .step("card.deregistered", async {
            give_back(walk, &card, officer, Ending::Missing).await?;
            Ok(((), "declared missing".to_owned()))
        })
        .await?;
    Ok(made)
}

async fn second_life(
    record: &mut Record,
    walk: &mut Walk<'_>,
    holder: &PersonId,
    orderer: &Actor,
    officer: &Actor,
) -> anyhow::Result<()> {
    let hand = record
        .step("second-card.activated", async {
            let hand = walk
                .line
                .card_for(holder, orderer, officer, OTHER_CODE)
                .await?;
            Ok((hand, "the same line once more".to_owned()))
        })
        .await?;
    let mut made = hand.made;
    let login = on_card(&mut made, Slot::LOGIN)?;
    let made = record
        .step("engagement.ended", async {
            let mut asking = walk.web.asking();
            let mut call = asking.call(orderer.clone());
            let found = find::person(&walk.web.house, &call, holder)
                .await
                .map_err(|stop| trouble("looking a person up", stop))?;
            let engagement = found.engagement.context("the holder has no engagement")?.id;
            let today = call.today();
            end_engagement::end_engagement(&walk.web.house, &mut call, &engagement, today)
                .await
                .map_err(|stop| trouble("ending the engagement", stop))?;
            let issuer = public::issuer_of(&walk.router, &login).await?;
            let status = public::ocsp(
                &walk.router,
                walk.artifacts,
                "ended-login",
                &login,
                &issuer,
                walk.web.clock.now().seconds(),
            )
            .await?;
            anyhow::ensure!(
                matches!(status, Status::Revoked { .. }),
                "the card goes on after the engagement"
            );
            walk.artifacts.write(
                &format!("certificates/{}-login.pem", made.number),
                login.to_pem(),
            )?;
            let (made, error) = refused_sign_in(walk, made, OTHER_CODE).await?;
            Ok((
                made,
                format!("certificates stopped by themselves, login refused ({error})"),
            ))
        })
        .await?;
    record
        .step("card.returned", async {
            give_back(walk, &hand.card, officer, Ending::Cut).await?;
            anyhow::ensure!(
                flows::card_state::of_number(
                    &walk.web.house,
                    &model::card::CardNumber::parse(&made.number)?
                )
                .await
                .map_err(|fault| anyhow::anyhow!(fault.chain()))?
                    == Some(model::card::CardState::Deregistered),
                "the returned card is not deregistered"
            );
            keep_lists(walk).await?;
            Ok(((), "cut in two at the station, deregistered".to_owned()))
        })
        .await
}

/// The lists as they stand at the end.
async fn keep_lists(walk: &Walk<'_>) -> anyhow::Result<()> {
    for authority in walk.web.house.authorities.all() {
        let row = flows::crl::latest(&walk.web.house, &authority.name)
            .await
            .map_err(|fault| anyhow::anyhow!(fault.chain()))?;
        let row = row.with_context(|| format!("{} has no list", authority.name))?;
        let der = flows::crl::der(&walk.web.house, &row)
            .await
            .map_err(|fault| anyhow::anyhow!(fault.chain()))?;
        walk.artifacts
            .write(&format!("crl/{}.crl", authority.name), &der)?;
    }
    Ok(())
}

async fn status_is(
    walk: &Walk<'_>,
    certificates: &[(&str, Certificate, Certificate)],
    word: &str,
    expected: impl Fn(&Status) -> bool,
) -> anyhow::Result<()> {
    for (name, certificate, issuer) in certificates {
        let now = walk.web.clock.now().seconds();
        let status = public::ocsp(
            &walk.router,
            walk.artifacts,
            &format!("{name}-{word}"),
            certificate,
            issuer,
            now,
        )
        .await?;
        anyhow::ensure!(expected(&status), "OCSP says {status:?} of {name}");
    }
    Ok(())
}

/// Asks about the login certificate as if another authority had issued it, which knows no such number (RFC 6960 2.2).
async fn unknown_elsewhere(
    walk: &Walk<'_>,
    certificates: &[(&str, Certificate, Certificate)],
) -> anyhow::Result<()> {
    let (name, login, issuer) = certificates.first().context("no certificate")?;
    let authorities = &walk.web.house.authorities;
    let other = authorities
        .all()
        .map(|authority| &authority.certificate)
        .find(|other| *other != issuer && **other != authorities.root().certificate)
        .context("no other authority")?;
    let asked = [(*name, login.clone(), other.clone())];
    status_is(walk, &asked, "unknown", |status| {
        matches!(status, Status::Unknown)
    })
    .await
}

async fn receipt(walk: &Walk<'_>, holder: &Actor) -> anyhow::Result<String> {
    let mut asking = walk.web.asking();
    let call = asking.call(holder.clone());
    let cards = find::my_cards(&walk.web.house, &call)
        .await
        .map_err(|stop| trouble("reading the own cards", stop))?;
    let id = cards
        .into_iter()
        .find_map(|card| card.receipt)
        .context("no receipt")?;
    let found = find::receipt(&walk.web.house, &call, &id)
        .await
        .map_err(|stop| trouble("reading the receipt", stop))?;
    anyhow::ensure!(found.verified, "the receipt does not verify");
    Ok(found.row.jws)
}

/// Logs in as a browser and a card client do; says who that makes of the holder.
async fn sign_in(walk: &Walk<'_>, made: Made, code: &str) -> anyhow::Result<(Made, Actor)> {
    let begun = begin_sign_in(walk).await?;
    let made = walk
        .line
        .at_the_desk(made, &begun.ticket.secret, code)
        .await?;
    let mut asking = walk.web.asking();
    let mut call = asking.call(Actor::Nobody);
    let house = &walk.web.house;
    let stranger = sign_in::waiting(house, &call, &begun.ticket.id, "another browser")
        .await
        .map_err(|stop| trouble("asking", stop))?;
    anyhow::ensure!(stranger == Waiting::Over, "another browser may enter");
    let entered = sign_in::enter(house, &mut call, &begun.ticket.id, &begun.browser)
        .await
        .map_err(|stop| trouble("entering", stop))?;
    let (actor, _) = sign_in::actor(house, call.now, &entered.secret)
        .await
        .map_err(|stop| trouble("using the session", stop))?;
    anyhow::ensure!(
        actor.person() == Some(&entered.person),
        "the session is somebody else's"
    );
    Ok((made, actor))
}

async fn begin_sign_in(walk: &Walk<'_>) -> anyhow::Result<sign_in::Begun> {
    let mut asking = walk.web.asking();
    let mut call = asking.call(Actor::Nobody);
    sign_in::begin(&walk.web.house, &mut call, "mine")
        .await
        .map_err(|stop| trouble("beginning a login", stop))
}

/// The same with a card that must be refused; gives the card back and the reason.
async fn refused_sign_in(
    walk: &Walk<'_>,
    made: Made,
    code: &str,
) -> anyhow::Result<(Made, String)> {
    let begun = begin_sign_in(walk).await?;
    let (made, outcome) = walk
        .line
        .try_at_the_desk(made, &begun.ticket.secret, code)
        .await?;
    let error = outcome.err().context("a revoked card logged in")?;
    Ok((made, error.to_string()))
}

async fn give_back(
    walk: &Walk<'_>,
    card: &CardId,
    officer: &Actor,
    ending: Ending,
) -> anyhow::Result<()> {
    let mut asking = walk.web.asking();
    let mut call = asking.call(officer.clone());
    return_card(&walk.web.house, &mut call, card, ending)
        .await
        .map_err(|stop| trouble("taking the card back", stop))
}
