//! How the house feels: authorities, their lists, the database, the responder. Open to everybody, so nothing of it names anybody.

use model::Timestamp;
use pki::certificate::Certificate;
use store::database::Engine;

use crate::call::Call;
use crate::house::House;

/// One authority and its list.
#[derive(Clone, Debug)]
pub struct AuthorityHealth {
    /// Its name in addresses.
    pub name: String,
    /// Its certificate.
    pub certificate: Certificate,
    /// Its newest list: number, when it was made, when the next is promised.
    pub list: Option<(i64, Timestamp, Timestamp)>,
}

/// How the house feels.
#[derive(Clone, Debug)]
pub struct Health {
    /// The authorities, the root first.
    pub authorities: Vec<AuthorityHealth>,
    /// Which engine answered, `SQLite` or `PostgreSQL`; nothing when the database is away.
    pub database: Option<&'static str>,
    /// The responder answered a question about an authority, and its signature holds.
    pub responder: bool,
    /// Jobs that wait for their turn, and those given up.
    pub jobs: Option<(i64, usize)>,
}

/// Looks at everything. A part that is away is told as such, never a fault of the page.
pub async fn health(house: &House, call: &Call<'_>) -> Health {
    let mut authorities = Vec::new();
    for authority in house.authorities.all() {
        let list = crate::crl::latest(house, &authority.name)
            .await
            .ok()
            .flatten();
        authorities.push(AuthorityHealth {
            name: authority.name.clone(),
            certificate: authority.certificate.clone(),
            list: list.map(|row| (row.key.number, row.this_update, row.next_update)),
        });
    }
    let jobs = jobs(house).await.ok();
    Health {
        authorities,
        database: jobs.is_some().then(|| match house.database.engine() {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }),
        responder: responder_answers(house, call).await,
        jobs,
    }
}

async fn jobs(house: &House) -> Result<(i64, usize), store::StoreError> {
    let mut read = house.database.read().await?;
    let open = store::job::count_open(&mut read).await?;
    let given_up = store::job::list_given_up(&mut read, 100).await?.len();
    Ok((open, given_up))
}

/// Asks our own responder about our own issuing authority, as anybody would.
async fn responder_answers(house: &House, call: &Call<'_>) -> bool {
    let root = house.authorities.root();
    let Some(asked) = house
        .authorities
        .all()
        .find(|authority| authority.plan.level.is_some())
    else {
        return false;
    };
    let serial = asked.certificate.serial();
    let request = pki::ocsp::build_request(&root.certificate, &serial, None);
    let answer = crate::ocsp::answer(house, call, &request).await;
    pki::ocsp::Response::from_der(&answer.der).is_ok_and(|response| {
        response
            .verify(&root.certificate, call.now.seconds())
            .is_ok()
    })
}
