//! Keys made on the card and the certificates for them: possession proven, issued, written, read back, compared.

use model::credential::{CredentialAct, CredentialKind, CredentialState, RevocationReason};
use model::security_identifier::SecurityIdentifier;
use pki::certificate::Certificate;
use pki::key::PublicKey;
use pki::profile::{CertificateRequest, Details, IdentityType, Issuer, Presence, Profile};
use serde_json::json;

use super::{ActivateRefusal, Activation, Asked, Refused};
use crate::audit;
use crate::authorities::Authority;
use crate::call::Call;
use crate::desk::Ask;
use crate::house::House;
use crate::issue::{Wanted, issue};
use crate::refusal::Fault;

fn kind_of(code: &str) -> Result<CredentialKind, Fault> {
    CredentialKind::parse(code).map_err(Fault::doing("reading what an act remembers"))
}

/// Asks the card to sign a certification request for its new key (RFC 2986 4.1).
pub(super) fn ask_possession(
    house: &House,
    act: &Activation,
    kind: &str,
    public_key: &[u8],
) -> Result<(Asked, Ask), Refused> {
    let credential = kind_of(kind)?;
    let key = PublicKey::from_der(public_key).map_err(|_| ActivateRefusal::KeyUnproven)?;
    if key.kind() != house.settings.card_key {
        return Err(ActivateRefusal::KeyUnproven.into());
    }
    let subject = subject(house, act, credential)?;
    let info = pki::request::to_be_signed(&subject, &key);
    let asked = Asked::Possession {
        kind: kind.to_owned(),
        request: hex::encode(&info),
    };
    Ok((
        asked,
        Ask::Sign {
            slot: credential.slot(),
            kind: key.kind(),
            message: info,
            text: None,
        },
    ))
}

/// Who issues that credential of a card, and under which profile.
fn issuing(house: &House, credential: CredentialKind) -> Result<(&Authority, &Profile), Fault> {
    house
        .authorities
        .issuing(credential.code(), Some(model::Loa::Three), false)
}

fn subject(
    house: &House,
    act: &Activation,
    credential: CredentialKind,
) -> Result<pki::name::DistinguishedName, Fault> {
    let (given, family) = (
        act.holder.given_name.as_str(),
        act.holder.family_name.as_str(),
    );
    let (authority, _) = issuing(house, credential)?;
    let identifier = match authority.plan.identity_type {
        Some(IdentityType::PersonalNumber) => act.holder.identity_number.digits(),
        _ => act.holder.hsa_id.as_str(),
    };
    pki::name::DistinguishedName::new()
        .country("SE")
        .and_then(|name| name.organisation(&house.settings.organisation))
        .and_then(|name| name.common_name(&pki::name::person_common_name(given, family)))
        .and_then(|name| name.surname(family))
        .and_then(|name| name.given_name(given))
        .and_then(|name| name.serial_number(identifier))
        .map_err(Fault::doing("making a subject name"))
}

/// Checks the possession proof and issues the certificate.
pub(super) async fn certify(
    house: &House,
    call: &mut Call<'_>,
    act: &Activation,
    kind: &str,
    request: &str,
    signature: &[u8],
) -> Result<Certificate, Refused> {
    let credential = kind_of(kind)?;
    let info =
        hex::decode(request).map_err(|_| Fault::Impossible("an act remembers no request"))?;
    let key = pki::request::verify(&info, signature).map_err(|_| ActivateRefusal::KeyUnproven)?;
    let (authority, profile) = issuing(house, credential)?;
    let not_before = call.now;
    let last_day = act
        .card
        .expires_on
        .ok_or(Fault::Impossible("a produced card without a last day"))?;
    let not_after = crate::calendar::end_of_day(last_day);
    let number = act
        .card
        .number
        .as_ref()
        .ok_or(Fault::Impossible("a produced card without a number"))?;
    let upn = format!(
        "{}@{}",
        act.holder.hsa_id.as_str().to_ascii_lowercase(),
        house.settings.upn_domain
    );
    let subject = subject(house, act, credential)?;
    let addresses = crate::authorities::addresses(&house.settings, authority);
    let allowed = |presence: Presence| presence != Presence::Barred;
    let details = Details {
        user_principal_name: allowed(profile.user_principal_name).then_some(upn.as_str()),
        email: act
            .holder
            .email
            .as_ref()
            .map(model::person::Email::as_str)
            .filter(|_| allowed(profile.email)),
        card_number: allowed(profile.card_number).then_some(number.digits()),
        security_identifier: act
            .holder
            .security_identifier
            .as_ref()
            .map(SecurityIdentifier::as_str)
            .filter(|_| allowed(profile.security_identifier)),
        loa: Some(pki::profile::Loa::Three),
        identity_type: authority.plan.identity_type,
        ..Details::default()
    };
    let request = |serial: &pki::serial::Serial| {
        // A certificate names the list of its own shard.
        let shard = crate::crl::shard_of(&house.settings, serial);
        let mut addresses = addresses.clone();
        if shard > 0 {
            addresses.revocation_list =
                Some(crate::crl::address(&house.settings, &authority.name, shard));
        }
        pki::profile::tbs(&CertificateRequest {
            profile,
            subject: &subject,
            subject_key: &key,
            issuer: Issuer::Authority(&authority.certificate),
            serial: *serial,
            not_before: not_before.seconds(),
            not_after: not_after.seconds(),
            details,
            addresses: &addresses,
        })
    };
    let wanted = Wanted {
        authority,
        kind: credential,
        card: act.card.id.clone(),
        person: act.card.person.clone(),
        not_after,
        subject_key: &key,
        to_be_signed: &request,
    };
    Ok(issue(house, call, wanted).await?)
}

/// What the card holds must be what we wrote.
pub(super) async fn compare(
    house: &House,
    act: &Activation,
    serial: &str,
    read_back: &[u8],
) -> Result<(), Refused> {
    let row = row(house, act, serial).await?;
    if row.der != read_back {
        return Err(ActivateRefusal::CertificateDiffers.into());
    }
    Ok(())
}

async fn row(
    house: &House,
    act: &Activation,
    serial: &str,
) -> Result<store::certificate::CertificateRow, Refused> {
    let mut read = house.database.read().await?;
    let rows = store::certificate::list_by_card(&mut read, &act.card.id).await?;
    Ok(rows
        .into_iter()
        .find(|row| row.serial == serial)
        .ok_or(Fault::Impossible("an act remembers no certificate"))?)
}

/// After a tear: before an earlier certificate counts as installed, the card proves that it holds its key.
pub(super) fn ask_proof(
    house: &House,
    call: &mut Call<'_>,
    kind: &str,
    serial: &str,
) -> Result<(Asked, Ask), Refused> {
    let credential = kind_of(kind)?;
    let message = format!("sigill proof of possession\n{serial}\n{}", call.secret());
    let asked = Asked::Proof {
        kind: kind.to_owned(),
        serial: serial.to_owned(),
        message: message.clone(),
    };
    Ok((
        asked,
        Ask::Sign {
            slot: credential.slot(),
            kind: house.settings.card_key,
            message: message.into_bytes(),
            text: None,
        },
    ))
}

/// Judges that proof. A card that holds another key gets a new one: the certificate is revoked and the plan starts over.
pub(super) async fn prove(
    house: &House,
    call: &mut Call<'_>,
    act: &Activation,
    serial: &str,
    message: &str,
    signature: &[u8],
) -> Result<(), Refused> {
    let row = row(house, act, serial).await?;
    let certificate =
        Certificate::from_der(&row.der).map_err(Fault::doing("reading a certificate of ours"))?;
    let key = certificate.public_key();
    if key
        .verify(
            key.kind().signature_algorithm(),
            message.as_bytes(),
            signature,
        )
        .is_ok()
    {
        return install(house, call, act, serial).await;
    }
    discard(house, call, act, &row).await
}

/// A certificate that cannot come into use is revoked, and the plan starts over with a new key.
async fn discard(
    house: &House,
    call: &Call<'_>,
    act: &Activation,
    row: &store::certificate::CertificateRow,
) -> Result<(), Refused> {
    let serial = row.serial.as_str();
    store::write!(house.database, |write| {
        store::certificate::revoke(
            write,
            &row.authority,
            serial,
            RevocationReason::Superseded,
            call.now,
        )
        .await?;
        let detail = json!({
            "authority": row.authority,
            "serial": serial,
            "reason": RevocationReason::Superseded.code(),
        });
        audit::event(
            write,
            call,
            "certificate.revoked",
            &format!("card:{}", act.card.id),
            detail,
        )
        .await?;
        Ok::<_, Refused>(())
    })?;
    crate::crl::publish_now(house, call).await;
    Ok(())
}

/// Whether the certificate bears the signature of its authority. Not every signature is verified as it is made (see
/// [`pki::certificate::sign_der`]), but each is before anybody can use it.
fn is_signed(house: &House, row: &store::certificate::CertificateRow) -> Result<bool, Fault> {
    let authority = house
        .authorities
        .by_name(&row.authority)
        .ok_or(Fault::Impossible(
            "a certificate of an authority that is not ours",
        ))?;
    Ok(Certificate::from_der(&row.der).is_ok_and(|certificate| {
        authority
            .certificate
            .public_key()
            .verify(
                certificate.signature_algorithm(),
                certificate.tbs(),
                certificate.signature(),
            )
            .is_ok()
    }))
}

/// Written, read back, compared, its signature verified: only now is the certificate installed.
pub(super) async fn install(
    house: &House,
    call: &Call<'_>,
    act: &Activation,
    serial: &str,
) -> Result<(), Refused> {
    let row = row(house, act, serial).await?;
    if !is_signed(house, &row)? {
        return discard(house, call, act, &row).await;
    }
    let next = row
        .state
        .after(CredentialAct::Activate)
        .map_err(|_| ActivateRefusal::AnswerUnexpected)?;
    store::write!(house.database, |write| {
        if !store::certificate::set_state(
            write,
            &row.authority,
            serial,
            CredentialState::Issued,
            next,
            call.now,
        )
        .await?
        {
            return Err(ActivateRefusal::AnswerUnexpected.into());
        }
        let detail = json!({ "serial": serial, "kind": row.kind.code() });
        audit::event(
            write,
            call,
            "certificate.installed",
            &format!("card:{}", act.card.id),
            detail,
        )
        .await?;
        Ok::<_, Refused>(())
    })
}
