//! Writes one of everything the crate issues into a folder, for other people's tools to judge:
//! `cargo run -p pki --example issue_samples -- FOLDER UNIX_SECONDS KIND KIND`, the kinds of
//! the authorities' keys and of everybody else's (`p256`, `p384`, `rsa2048`, …).

use std::error::Error;
use std::fs;
use std::path::Path;

use pki::certificate::{self, Certificate};
use pki::crl::{CrlBuilder, CrlHead, Reason};
use pki::key::{KeyKind, Signer, SoftwareKey};
use pki::lint::lint;
use pki::name::DistinguishedName;
use pki::ocsp::{self, Answer, IssuerHashes, Responder, Status};
use pki::profile::{
    Addresses, Arc, CertificateRequest, Class, Details, IdentityType, Issuer, Loa, Presence,
    Profile, standard, tbs,
};
use pki::serial::Serial;

type Outcome<T> = Result<T, Box<dyn Error>>;

const DAY: i64 = 86_400;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("which folder?")?;
    let now: i64 = arguments.next().ok_or("which time?")?.parse()?;
    let mut kind = || {
        let code = arguments.next().ok_or("which kind of key?")?;
        KeyKind::parse(&code).ok_or("not a kind of key")
    };
    let (authorities, others) = (kind()?, kind()?);
    write_all(Path::new(&folder), now, authorities, others)
}

struct House {
    now: i64,
    serials: u8,
}

impl House {
    fn serial(&mut self) -> Serial {
        self.serials += 1;
        let mut bytes = [0x5a; 16];
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte ^= u8::try_from(place).unwrap_or(0) ^ self.serials;
        }
        Serial::from_entropy(bytes)
    }

    fn issue(
        &mut self,
        profile: &Profile,
        key: &SoftwareKey,
        issuer: Issuer<'_>,
        signer: &dyn Signer,
        name: &DistinguishedName,
    ) -> Outcome<Certificate> {
        let days = match profile.class {
            Class::Root => 30 * 365,
            Class::Authority | Class::Link => 15 * 365,
            _ => i64::from(profile.longest_days) - 1,
        };
        let ca = if profile.class.is_authority() {
            "root"
        } else {
            "people"
        };
        let addresses = Addresses {
            revocation_list: Some(format!("http://pki.example.se/pki/{ca}.crl")),
            ocsp: Some("http://pki.example.se/ocsp".to_owned()),
            issuer_certificate: Some(format!("http://pki.example.se/pki/{ca}.cer")),
        };
        let personal = profile.class == Class::Person;
        let given = |presence: Presence, value: &'static str| {
            (presence != Presence::Barred).then_some(value)
        };
        let hosts: Vec<String> = given(profile.dns_names, "idp.example.se")
            .map(str::to_owned)
            .into_iter()
            .collect();
        let request = CertificateRequest {
            profile,
            issuer,
            subject: name,
            subject_key: key.public_key(),
            serial: self.serial(),
            not_before: self.now - 300,
            not_after: self.now - 301 + days * DAY,
            details: Details {
                user_principal_name: given(profile.user_principal_name, "asa.oberg@example.se"),
                email: given(profile.email, "asa.oberg@example.se"),
                dns_names: &hosts,
                loa: personal.then_some(Loa::Three),
                identity_type: personal.then_some(IdentityType::HsaId),
                card_number: given(profile.card_number, "9752000100000000017"),
                security_identifier: given(
                    profile.security_identifier,
                    "S-1-5-21-2127521184-1604012920-1887927527-72713",
                ),
            },
            addresses: &addresses,
        };
        let body = tbs(&request)?;
        let linted = lint(&body, profile, issuer).map_err(|findings| {
            let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
            lines.join("\n")
        })?;
        Ok(certificate::sign(linted, signer)?)
    }
}

fn authority(name: &str) -> Outcome<DistinguishedName> {
    Ok(DistinguishedName::new()
        .country("SE")?
        .organisation("Exempelregionen")?
        .common_name(name)?)
}

fn person() -> Outcome<DistinguishedName> {
    Ok(DistinguishedName::new()
        .country("SE")?
        .organisation("Exempelregionen, Vård + Omsorg \"Söder\"")?
        .common_name("Åsa Öberg")?
        .surname("Öberg")?
        .given_name("Åsa")?
        .serial_number("SE2321000016-1AB2")?)
}

/// A full list, the delta list that follows it, and the list of a shard that none of the certificates is in. First the second
/// certificate is held and the third revoked; then the second is released and the first revoked.
fn write_lists(
    folder: &Path,
    issuer: &Certificate,
    signer: &dyn Signer,
    now: i64,
    serials: &[Serial],
) -> Outcome<()> {
    fs::create_dir_all(folder)?;
    let [first, second, third, ..] = serials else {
        return Err("too few certificates".into());
    };
    let head = |number| CrlHead::new(issuer, number, now - 60, now + 2 * DAY);
    let delta_address = "http://pki.example.se/pki/people-delta.crl";
    let mut full = CrlBuilder::with_head(head(8)?.fresher_at(delta_address)?);
    full.revoke(second, now - 3_600, Reason::CertificateHold);
    full.revoke(third, now - 3_600, Reason::KeyCompromise);
    fs::write(folder.join("full.crl"), full.sign(signer)?)?;
    let mut delta = CrlBuilder::with_head(head(9)?.since(7)?);
    delta.revoke(second, now - 3_600, Reason::RemoveFromCrl);
    delta.revoke(first, now - 120, Reason::Superseded);
    fs::write(folder.join("delta.crl"), delta.sign(signer)?)?;
    let shard = head(3)?.at_address("http://pki.example.se/pki/people-2.crl")?;
    let shard = CrlBuilder::with_head(shard).sign(signer)?;
    fs::write(folder.join("other-shard.crl"), shard)?;
    Ok(())
}

fn write_all(folder: &Path, now: i64, authorities: KeyKind, others: KeyKind) -> Outcome<()> {
    fs::create_dir_all(folder)?;
    let mut house = House { now, serials: 0 };
    let root_key = SoftwareKey::generate(authorities)?;
    let people_key = SoftwareKey::generate(authorities)?;
    let root = house.issue(
        &standard::root(Arc::default()),
        &root_key,
        Issuer::Itself,
        &root_key,
        &authority("Sigill Test Root CA v1")?,
    )?;
    let people = house.issue(
        &standard::authority(Arc::default()),
        &people_key,
        Issuer::Authority(&root),
        &root_key,
        &authority("Sigill Test People CA v1")?,
    )?;
    fs::write(folder.join("root.pem"), root.to_pem())?;
    fs::write(folder.join("people.pem"), people.to_pem())?;
    let next_root = SoftwareKey::generate(authorities)?;
    let link = house.issue(
        &standard::link(Arc::default()),
        &next_root,
        Issuer::Authority(&root),
        &root_key,
        &authority("Sigill Test Root CA v2")?,
    )?;
    fs::write(folder.join("link.pem"), link.to_pem())?;

    let issuer = Issuer::Authority(&people);
    let mut issued = Vec::new();
    for profile in standard::all(Arc::default()) {
        if profile.class.is_authority() {
            continue;
        }
        let name = if profile.class == Class::Person {
            person()?
        } else {
            authority(&format!("Sigill Test {}", profile.name))?
        };
        let key = SoftwareKey::generate(others)?;
        let certificate = house.issue(&profile, &key, issuer, &people_key, &name)?;
        fs::write(
            folder.join(format!("{}.pem", profile.name)),
            certificate.to_pem(),
        )?;
        issued.push((certificate, key));
    }

    let address = Some("http://pki.example.se/pki/people.crl");
    for (name, ca, key, revoked, address) in [
        ("root", &root, &root_key, 0, None),
        ("people", &people, &people_key, 2, None),
        ("shard", &people, &people_key, 2, address),
    ] {
        let mut list = CrlBuilder::new(ca, 7, now - 60, now + 2 * DAY)?;
        if let Some(address) = address {
            list = list.at_address(address)?;
        }
        let reasons = [Reason::KeyCompromise, Reason::Unspecified];
        for ((certificate, _), reason) in issued.iter().skip(1).zip(reasons).take(revoked) {
            list.revoke(&certificate.serial(), now - 3_600, reason);
        }
        fs::write(folder.join(format!("{name}.crl")), list.sign(key)?)?;
    }
    let serials: Vec<Serial> = issued.iter().map(|(one, _)| one.serial()).collect();
    write_lists(&folder.join("lists"), &people, &people_key, now, &serials)?;

    let responder = issued.last().ok_or("no responder")?;
    let statuses = [
        Status::Good,
        Status::Revoked {
            at: now - 3_600,
            reason: Reason::KeyCompromise,
        },
        Status::Unknown,
    ];
    for (number, ((certificate, _), status)) in issued.iter().zip(statuses).enumerate() {
        let nonce = [7; 32];
        let request = ocsp::build_request(&people, &certificate.serial(), Some(&nonce));
        let read = ocsp::Request::from_der(&request)?;
        let id = read.entries().first().ok_or("no entry")?;
        if !id.is_issued_by(&IssuerHashes::of(&people)) {
            return Err("the request is about another issuer".into());
        }
        let answer = Answer {
            id: *id,
            status,
            this_update: now - 60,
            next_update: Some(now + 600),
        };
        let response = ocsp::respond(
            &Responder {
                certificate: &responder.0,
                signer: &responder.1,
            },
            &[answer],
            read.nonce(),
            now,
        )?;
        fs::write(folder.join(format!("ocsp{number}.req.der")), &request)?;
        fs::write(folder.join(format!("ocsp{number}.resp.der")), &response)?;
    }
    Ok(())
}
