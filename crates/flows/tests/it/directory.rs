//! What directories are told, and what the staff export tells of accounts.

use std::collections::BTreeSet;

use flows::directory::{Change, changes_after, of_person};
use flows::import_staff::{Options, import_staff};
use model::hsa_id::HsaId;
use model::role::{Actor, Scope};
use model::security_identifier::SecurityIdentifier;
use pki::certificate::Certificate;
use proptest::prelude::*;

use crate::staff::{Row, export};
use crate::world::{World, code, console, done, on_each_engine};

const ACCOUNT: &str = "S-1-5-21-2127521184-1604012920-1887927527-72713";

/// The export with one more column, in which every row says the same.
fn telling(rows: &[Row], account: &str) -> Vec<u8> {
    let text = String::from_utf8(export(rows)).unwrap();
    let mut lines = text.lines();
    let mut told = format!("{};security_identifier\n", lines.next().unwrap());
    for line in lines {
        told.push_str(&format!("{line};{account}\n"));
    }
    told.into_bytes()
}

impl World {
    async fn take_in(&self, file: &[u8]) {
        let mut asking = self.ask(&console());
        let call = &mut asking.call();
        let report = import_staff(&self.house, call, file, Options::default()).await;
        assert!(report.unwrap().problems.is_empty());
    }

    async fn account(&self, name: &str) -> Option<String> {
        let mut read = self.house.database.read().await.unwrap();
        let person = store::person::by_id(&mut read, &self.person(name)).await;
        let account = person.unwrap().unwrap().security_identifier;
        account.map(|account| account.to_string())
    }
}

#[tokio::test]
async fn the_account_of_the_export_stands_in_login_certificates() {
    on_each_engine(async |mut world| {
        let rows = [Row::new(10, "Holder").services("pascal,npo,secure-mail,e-mail")];
        assert_eq!(world.account("Holder").await, None);
        world.take_in(&telling(&rows, ACCOUNT)).await;
        assert_eq!(world.account("Holder").await.as_deref(), Some(ACCOUNT));
        // An export without the column says nothing of it; an empty cell takes it away.
        world.take_in(&export(&rows)).await;
        assert_eq!(world.account("Holder").await.as_deref(), Some(ACCOUNT));
        let card = world.active_card("Holder").await;
        for row in world.certificates(&card).await {
            let told = row
                .der
                .windows(ACCOUNT.len())
                .any(|octets| octets == ACCOUNT.as_bytes());
            let login = row.kind == model::credential::CredentialKind::Login;
            assert_eq!(told, login, "{:?}", row.kind);
        }
        world.take_in(&telling(&rows, "")).await;
        assert_eq!(world.account("Holder").await, None);
    })
    .await;
}

#[tokio::test]
async fn the_feed_tells_the_value_of_every_login_certificate() {
    on_each_engine(async |mut world| {
        let reader = Actor::Client {
            client: model::id::ApiClientId::new(world.now(), [1; 10]),
            scopes: BTreeSet::from([Scope::Directory]),
        };
        let card = world.active_card("Holder").await;
        let rows = world.certificates(&card).await;
        let login = rows
            .iter()
            .find(|row| row.kind == model::credential::CredentialKind::Login)
            .unwrap();
        let certificate = Certificate::from_der(&login.der).unwrap();
        let mut asking = world.ask(&reader);
        let call = asking.call();
        let feed = done(changes_after(&world.house, &call, 0, 100).await);
        let [change] = &feed.changes[..] else {
            panic!("{feed:?}")
        };
        assert_eq!((change.change, feed.more), (Change::Add, false));
        let mapping = &change.mapping;
        assert_eq!(mapping.serial, certificate.serial().to_hex());
        // The serial's octets from the last to the first (domain dossier 4.5).
        let mut octets = hex::decode(&mapping.serial).unwrap();
        octets.reverse();
        let value = format!(
            "X509:<I>C=SE,O=Region Exempel,CN=Sigill Exempel Person 3 CA v1<SR>{}",
            hex::encode(octets)
        );
        assert_eq!(mapping.value, value);
        assert_eq!(
            mapping.user_principal_name.as_deref(),
            Some("se2321000255-t1010@example.se")
        );
        // The feed goes on from where it ended, and the log has said the same when it happened.
        let again = done(changes_after(&world.house, &call, feed.next, 100).await);
        assert_eq!((again.changes.len(), again.next), (0, feed.next));
        let log = {
            let mut read = world.house.database.read().await.unwrap();
            store::audit::list(&mut read).await.unwrap()
        };
        let told = log
            .iter()
            .find(|row| row.sequence == change.number)
            .unwrap();
        let detail: serde_json::Value = serde_json::from_str(&told.detail).unwrap();
        assert_eq!(detail["alt_security_identities"], value);

        let hsa_id = HsaId::parse("SE2321000255-T1010").unwrap();
        assert_eq!(
            done(of_person(&world.house, &call, &hsa_id).await),
            std::slice::from_ref(mapping)
        );
        world.clock.set(login.not_after);
        world.clock.advance_days(1);
        let mut asking = world.ask(&reader);
        let call = asking.call();
        assert_eq!(done(of_person(&world.house, &call, &hsa_id).await), []);
        let mut asking = world.ask(&Actor::Nobody);
        let refused = changes_after(&world.house, &asking.call(), 0, 1).await;
        assert_eq!(code(refused), "policy.not-signed-in");
    })
    .await;
}

proptest! {
    /// What is taken in as an account's identifier can stand in a certificate.
    #[test]
    fn the_import_and_the_profile_agree(text in "S-1-[0-9]{1,2}(-[0-9]{1,11}){0,17}|S-1(-[0-9+a]{0,3}){0,4}") {
        let known = SecurityIdentifier::parse(&text).is_ok();
        prop_assert_eq!(known, pki::profile::is_security_identifier(&text));
    }
}
