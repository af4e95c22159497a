//! The demo's beginning: invented people are read in, three of them are given roles, and the founding officers get their cards
//! exactly as in a real installation: through the acts, never around them.

use anyhow::Context as _;
use flows::function::request::{Wish, request};
use flows::import_staff::{ImportStop, Options, import_staff};
use flows::{found, grant_role};
use model::function::KeyHolder;
use model::id::PersonId;
use model::role::{Actor, Role};

use super::person_line::{CardInHand, PersonLine};
use super::trouble;
use crate::process::Asking;
use crate::web::Web;

/// The people of the demo, as the HR system would export them. Their personal numbers are of the serials 980-999, which the
/// Swedish Tax Agency keeps for tests: no row is a living person.
pub const PEOPLE: &[u8] = include_bytes!("../../demo/people.csv");

/// Who plays which part.
pub struct Cast {
    /// Orders cards for others, answers for the rules and edits the pages.
    pub orderer: PersonId,
    /// Identity officer at the card station.
    pub officer: PersonId,
    /// The other identity officer: nobody activates the own card.
    pub colleague: PersonId,
}

/// The console, as which the demo's founding is done.
#[must_use]
pub fn console() -> Actor {
    Actor::Console {
        operator: "demo".to_owned(),
    }
}

/// Reads the people in.
///
/// # Errors
/// When the file is no staff export or none of its rows is good.
pub async fn import(web: &Web, people: &[u8]) -> anyhow::Result<flows::import_staff::Report> {
    let mut asking = web.asking();
    let mut call = asking.call(console());
    import_staff(&web.house, &mut call, people, Options::default())
        .await
        .map_err(|stop| match stop {
            ImportStop::File(problem) => anyhow::anyhow!("the staff file: {problem}"),
            ImportStop::Stop(stop) => trouble("importing staff", stop),
        })
}

/// Gives the first three employees with a current engagement their parts: orderer, officer, colleague.
///
/// # Errors
/// When there are not three such people.
pub async fn assign(web: &Web) -> anyhow::Result<Cast> {
    let people = {
        let mut asking = web.asking();
        let call = asking.call(console());
        found::candidates(&web.house, &call)
            .await
            .map_err(|stop| trouble("looking for founders", stop))?
    };
    let mut people = people.into_iter();
    let mut next = || {
        people
            .next()
            .context("the demo needs three employees with a registered address")
    };
    let cast = Cast {
        orderer: next()?,
        officer: next()?,
        colleague: next()?,
    };
    for (person, roles) in [
        (
            &cast.orderer,
            &[Role::Orderer, Role::ResponsibleIssuer, Role::WebEditor][..],
        ),
        (
            &cast.officer,
            &[Role::IdentityOfficer, Role::ProtectedIdentityOfficer],
        ),
        (&cast.colleague, &[Role::IdentityOfficer, Role::Orderer]),
    ] {
        for role in roles {
            let mut asking = web.asking();
            let mut call = asking.call(console());
            grant_role::grant_role(&web.house, &mut call, person, *role)
                .await
                .map_err(|stop| trouble("giving a role", stop))?;
        }
    }
    Ok(cast)
}

/// A founder as an actor.
///
/// # Errors
/// When the house is founded already.
pub async fn founder(web: &Web, person: &PersonId) -> anyhow::Result<Actor> {
    let mut asking: Asking = web.asking();
    let call = asking.call(console());
    found::founder(&web.house, &call, person)
        .await
        .map_err(|stop| trouble("founding", stop))
}

/// Founds the house: each officer activates the other's card; the colleague, who may order too, orders the orderer's.
///
/// # Errors
/// When any step is refused: then the demo does not start.
pub async fn found(
    web: &Web,
    line: &mut PersonLine,
    cast: &Cast,
) -> anyhow::Result<Vec<CardInHand>> {
    let orderer = founder(web, &cast.orderer).await?;
    let officer = founder(web, &cast.officer).await?;
    let colleague = founder(web, &cast.colleague).await?;
    Ok(vec![
        line.card_for(&cast.orderer, &colleague, &officer, "271828")
            .await?,
        line.card_for(&cast.officer, &orderer, &colleague, "314159")
            .await?,
        line.card_for(&cast.colleague, &orderer, &officer, "161803")
            .await?,
    ])
}

/// A function that waits for somebody to approve it: the orderer, who is the responsible issuer as well.
///
/// # Errors
/// When it is refused.
pub async fn ask_for_function(web: &Web) -> anyhow::Result<()> {
    let wish = Wish {
        name: "Journalsystemets inloggning".to_owned(),
        profile: "server".to_owned(),
        host_names: vec!["login.journal.example.se".to_owned()],
        hsa_id: None,
        email: "drift@example.se".to_owned(),
        test: false,
        key_holder: KeyHolder::Requester,
        client: None,
    };
    let mut asking = web.asking();
    let mut call = asking.call(console());
    request(&web.house, &mut call, &wish, None)
        .await
        .map(drop)
        .map_err(|stop| trouble("asking for a function", stop))
}
