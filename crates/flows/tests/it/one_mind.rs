//! Card, certificates, OCSP, revocation list and sign-in say the same thing, and the log knows all of it.

use std::collections::{BTreeMap, BTreeSet};

use model::card::{Card, CardState};
use model::credential::{CredentialKind, CredentialState};
use model::id::CardId;
use model::role::Actor;
use piv::{Host, ManagementKey, Pin, UnlockCode};
use pki::certificate::Certificate;
use pki::crl::{Crl, DeltaCrl, Reason, Revoked};
use pki::ocsp::{Response, Status};
use pki::serial::Serial;
use store::certificate::CertificateRow;

use crate::desk::{CODE, algorithm, place};
use crate::world::{World, plain_code};

impl World {
    /// What OCSP says of a certificate, its signature and its time checked.
    pub async fn ocsp(&self, row: &CertificateRow) -> Status {
        let issuer = &self
            .house
            .authorities
            .by_name(&row.authority)
            .unwrap()
            .certificate;
        let serial = Serial::from_hex(&row.serial).unwrap();
        let request = pki::ocsp::build_request(issuer, &serial, None);
        let answer =
            flows::ocsp::answer(&self.house, &self.ask(&Actor::Nobody).call(), &request).await;
        let response = Response::from_der(&answer.der).unwrap();
        response.verify(issuer, self.now().seconds()).unwrap();
        response.status_of(issuer, &serial).unwrap()
    }

    /// The list with that file name, its signature and its time checked.
    pub async fn list<T>(
        &self,
        authority: &str,
        file: &str,
        read: impl Fn(&[u8], &Certificate) -> (T, i64, i64),
    ) -> Option<T> {
        let issuer = &self
            .house
            .authorities
            .by_name(authority)
            .unwrap()
            .certificate;
        let row = flows::crl::by_file_name(&self.house, file).await.unwrap()?;
        let der = flows::crl::der(&self.house, &row).await.unwrap();
        assert_eq!(i64::try_from(der.len()).unwrap(), row.octets);
        let (list, this_update, next_update) = read(&der, issuer);
        let now = self.now().seconds();
        assert_eq!(
            (row.this_update.seconds(), row.next_update.seconds()),
            (this_update, next_update)
        );
        assert!(this_update <= now, "a list of the future");
        Some(list)
    }

    /// The full list with that file name.
    pub async fn full_list(&self, authority: &str, file: &str) -> Option<Crl> {
        self.list(authority, file, |der, issuer| {
            let list = Crl::from_der(der).unwrap();
            list.verify(issuer).unwrap();
            let (from, until) = (list.this_update(), list.next_update());
            (list, from, until)
        })
        .await
    }

    /// The delta list of an authority.
    pub async fn delta_list(&self, authority: &str) -> Option<DeltaCrl> {
        self.list(
            authority,
            &format!("{authority}-delta.crl"),
            |der, issuer| {
                let list = DeltaCrl::from_der(der).unwrap();
                list.verify(issuer).unwrap();
                let (from, until) = (list.this_update(), list.next_update());
                (list, from, until)
            },
        )
        .await
    }

    /// What the published lists say of a certificate, and all of them the same: the full list with the delta list laid over it
    /// where that is later, the full list alone when it is short, the list of the shard.
    pub async fn listed(&self, row: &CertificateRow) -> Option<Revoked> {
        let (name, serial) = (&row.authority, Serial::from_hex(&row.serial).unwrap());
        let full = self.full_list(name, &format!("{name}.crl")).await?;
        let delta = self.delta_list(name).await.unwrap();
        let said = if delta.fits(&full) {
            delta.entry_over(&full, &serial)
        } else {
            assert_eq!(delta.number(), full.number(), "made together or after it");
            full.entry(&serial)
        };
        let below = usize::try_from(self.house.settings.crl_at_once_below).unwrap();
        if full.len() < below {
            assert_eq!(
                full.entry(&serial),
                said,
                "a short full list is never behind"
            );
        }
        // A list says nothing of a certificate that has ended, and they let it go one by one.
        let is_over = row.not_after < self.now();
        let certificate = Certificate::from_der(&row.der).unwrap();
        let file = certificate
            .revocation_list_address()
            .and_then(|address| address.rsplit_once('/'))
            .map(|(_, file)| file.to_owned())
            .unwrap();
        if row.shard == 0 {
            assert_eq!(file, format!("{name}.crl"));
        } else {
            assert_eq!(file, format!("{name}-{}.crl", row.shard));
            let shard = self.full_list(name, &file).await.unwrap();
            assert!(is_over || shard.entry(&serial) == said, "{file}");
        }
        said
    }

    /// Whether the published lists stop a certificate.
    pub async fn is_listed(&self, row: &CertificateRow) -> bool {
        self.listed(row).await.is_some()
    }

    async fn ordered_credentials(&self, card: &Card) -> Vec<CredentialKind> {
        let mut read = self.house.database.read().await.unwrap();
        let order = store::card_order::by_id(&mut read, &card.order)
            .await
            .unwrap()
            .unwrap();
        order.credentials
    }

    /// Everybody who is asked about a card says the same.
    pub async fn is_of_one_mind(&mut self, card: &CardId) {
        let row = self.card(card).await;
        let certificates = self.certificates(card).await;
        for certificate in &certificates {
            let (ocsp, listed) = (self.ocsp(certificate).await, self.listed(certificate).await);
            let told = (certificate.state, row.state, ocsp, listed);
            let stopped = matches!(
                certificate.state,
                CredentialState::Revoked | CredentialState::Held
            );
            match certificate.revoked_at.zip(certificate.reason) {
                Some((at, reason)) => {
                    let (at, reason) = (at.seconds(), Reason::from_code(reason.number()).unwrap());
                    assert_eq!(ocsp, Status::Revoked { at, reason }, "{told:?}");
                    assert!(stopped || certificate.state == CredentialState::Expired);
                    match listed {
                        Some(entry) => {
                            assert_eq!((entry.revoked_at, entry.reason), (at, reason), "{told:?}");
                        }
                        None => assert!(certificate.not_after < self.now(), "{told:?}"),
                    }
                }
                None => {
                    assert!(
                        !stopped && ocsp == Status::Good && listed.is_none(),
                        "{told:?}"
                    );
                }
            }
        }
        let live = |kind: CredentialKind| {
            let of_kind = certificates.iter().filter(|row| row.kind == kind);
            of_kind
                .filter(|row| {
                    matches!(
                        row.state,
                        CredentialState::Issued | CredentialState::Active | CredentialState::Held
                    )
                })
                .count()
        };
        let lives: Vec<usize> = CredentialKind::ALL.iter().map(|kind| live(*kind)).collect();
        match row.state {
            CardState::Active => {
                let ordered = self.ordered_credentials(&row).await;
                let expected: Vec<usize> = CredentialKind::ALL
                    .iter()
                    .map(|kind| usize::from(ordered.contains(kind)))
                    .collect();
                assert_eq!(lives, expected, "live certificates of an active card");
                assert!(
                    certificates
                        .iter()
                        .all(|row| row.state != CredentialState::Issued),
                    "{certificates:?}"
                );
            }
            CardState::PartlyActivated => assert!(lives.iter().all(|live| *live <= 1), "{lives:?}"),
            state => assert_eq!(
                lives,
                [0, 0, 0],
                "live certificates of a card that is {state:?}"
            ),
        }
        if self.chips.contains_key(card) {
            let outcome = self.sign_in(card).await;
            let held = certificates
                .iter()
                .any(|row| row.state == CredentialState::Held);
            if held {
                assert_eq!(plain_code(outcome), "sign-in.certificate-held");
            } else if row.state == CardState::Active {
                outcome.unwrap();
            } else {
                let code = plain_code(outcome);
                assert!(
                    code.starts_with("sign-in."),
                    "{code} from a card that is {:?}",
                    row.state
                );
            }
        }
    }

    /// The card is active, the chip holds what the database says, and it works with the codes the house knows.
    pub async fn is_whole(&mut self, card: &CardId) {
        let row = self.card(card).await;
        assert_eq!(row.state, CardState::Active);
        let certificates = self.certificates(card).await;
        let secrets = {
            let mut read = self.house.database.read().await.unwrap();
            store::card::secrets(&mut read, card)
                .await
                .unwrap()
                .unwrap()
        };
        assert_eq!(
            (secrets.management_version, secrets.management_next),
            (1, None)
        );
        assert!(secrets.unlock_code_next.is_none() && secrets.identity_written_at.is_some());
        let number = row.number.clone().unwrap();
        let management = ManagementKey::new(*self.house.authorities.management_key(&number, 1));
        let label = format!("unlock-code:{card}");
        let unlock_code = self
            .house
            .authorities
            .vault()
            .open(&label, &secrets.unlock_code.unwrap())
            .unwrap();
        let chip = self.chips.get_mut(card).unwrap();
        chip.power_off();
        let mut host = Host::new(chip);
        host.select().unwrap();
        assert_eq!(host.chuid().unwrap().unwrap().guid, row.guid.unwrap());
        let challenge = host.management_challenge().unwrap();
        host.management_response(&vcard::answer_challenge(&management, &challenge))
            .unwrap();
        // The unlock code is the card's, and has tries left.
        let pin = Pin::parse(CODE).unwrap();
        host.reset_pin(&UnlockCode::parse(&unlock_code).unwrap(), &pin)
            .unwrap();
        for kind in CredentialKind::ALL {
            let active = certificates
                .iter()
                .find(|row| row.kind == *kind && row.state == CredentialState::Active);
            let held = host.read_certificate(place(kind.slot())).unwrap();
            assert_eq!(held.as_ref(), active.map(|row| &row.der), "{kind:?}");
            let Some(held) = held else { continue };
            let certificate = Certificate::from_der(&held).unwrap();
            let key = certificate.public_key();
            host.verify_pin(&pin).unwrap();
            let signature = host
                .sign(place(kind.slot()), algorithm(key.kind()), b"whole")
                .unwrap();
            key.verify(key.kind().signature_algorithm(), b"whole", &signature)
                .unwrap();
        }
        self.is_of_one_mind(card).await;
    }

    /// What must hold of the whole house at any time: nothing half-issued, every serial number that was ever written down for
    /// signing is a certificate of the database, numbers of lists rise, and the log holds.
    pub async fn is_in_order(&self) {
        let mut read = self.house.database.read().await.unwrap();
        assert!(
            store::issuance::list_unfinished(&mut read)
                .await
                .unwrap()
                .is_empty()
        );
        let mut reserved = BTreeSet::new();
        let mut lists: BTreeMap<String, i64> = BTreeMap::new();
        for row in store::audit::list(&mut read).await.unwrap() {
            let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap();
            match row.event.as_str() {
                "certificate.reserved" => {
                    let serial = detail["serial"].as_str().unwrap().to_owned();
                    let authority = detail["authority"].as_str().unwrap();
                    assert!(
                        store::certificate::by_serial(&mut read, authority, &serial)
                            .await
                            .unwrap()
                            .is_some(),
                        "{serial} may have been signed and is not known"
                    );
                    assert!(reserved.insert(serial), "a serial number came twice");
                }
                "crl.published" => {
                    let number = detail["number"].as_i64().unwrap();
                    let scope = format!("{} {} {}", row.subject, detail["shard"], detail["kind"]);
                    let before = lists.insert(scope, number);
                    assert!(
                        before.is_none_or(|before| before < number),
                        "{} {number}",
                        row.subject
                    );
                }
                _ => {}
            }
        }
        drop(read);
        flows::audit::export(&self.house).await.unwrap();
    }
}
