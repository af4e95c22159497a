//! Issuing a certificate to an approved function: by a request that proves possession of the key (PKCS #10, RFC 2986), or with
//! a key in the system's own vault.

use model::function::{Function, FunctionCertificateState, FunctionState, HostName, KeyHolder};
use model::id::FunctionId;
use model::policy::{Act, may};
use pki::certificate::Certificate;
use pki::request::{Request, RequestError, WishedName};
use store::function_certificate::FunctionCertificateRow;

use super::issue::{self, Certified};
use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::once::{Known, Once};
use crate::refusal::{Fault, Refuse, Stop, refusals};

refusals! {
    /// Why a function gets no certificate.
    CertifyFunctionRefusal {
        /// No function with that identifier.
        FunctionUnknown = "certify-function.function-unknown",
        /// The function is not approved, or no longer.
        NotApproved = "certify-function.not-approved",
        /// Not a certification request.
        RequestUnreadable = "certify-function.request-unreadable",
        /// The request does not prove possession of its key.
        KeyUnproven = "certify-function.key-unproven",
        /// The key is of a kind that the profile does not take.
        KeyKindUnfit = "certify-function.key-kind-unfit",
        /// The request wishes for a name that was not approved.
        NameNotApproved = "certify-function.name-not-approved",
        /// Longer than the profile allows, or not a day.
        DaysUnfit = "certify-function.days-unfit",
        /// The system holds the key: there is nothing to request.
        KeyHeldBySystem = "certify-function.key-held-by-system",
        /// The idempotency key was used for something else.
        KeyReused = "certify-function.key-reused",
    }
}

/// A refusal, with the name it is about when it is about one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertifyNo {
    /// Why.
    pub refusal: CertifyFunctionRefusal,
    /// The name that was not approved, as the request wrote it.
    pub name: Option<String>,
}

impl Refuse for CertifyNo {
    fn code(&self) -> &'static str {
        self.refusal.code()
    }
}

impl From<CertifyFunctionRefusal> for Stop<CertifyNo> {
    fn from(refusal: CertifyFunctionRefusal) -> Self {
        Self::Refused(CertifyNo {
            refusal,
            name: None,
        })
    }
}

/// Issues a certificate for the key of a certification request, PEM or DER. It says what was approved, whatever part of that the request
/// wishes for; a request that wishes for another name is refused. It holds for `days`, or as long as the profile allows.
///
/// # Errors
/// When the function is not approved, the request proves nothing or wishes for too much, or the actor may not.
pub async fn certify(
    house: &House,
    call: &mut Call<'_>,
    id: &FunctionId,
    request: &[u8],
    days: Option<u32>,
    once: Option<Once<'_>>,
) -> Result<Certified, Stop<CertifyNo>> {
    let outcome = certified(house, call, id, request, days, once).await;
    audit::refused(
        house,
        call,
        "certify-function",
        &super::subject_of(id),
        outcome,
    )
    .await
}

async fn certified(
    house: &House,
    call: &mut Call<'_>,
    id: &FunctionId,
    request: &[u8],
    days: Option<u32>,
    once: Option<Once<'_>>,
) -> Result<Certified, Stop<CertifyNo>> {
    let function = {
        let mut read = house.database.read().await?;
        store::function::by_id(&mut read, id)
            .await?
            .ok_or(CertifyFunctionRefusal::FunctionUnknown)?
    };
    may(&call.actor, Act::CertifyFunction, &super::facts(&function))?;
    if function.state != FunctionState::Approved {
        return Err(CertifyFunctionRefusal::NotApproved.into());
    }
    if function.key_holder == KeyHolder::System {
        return Err(CertifyFunctionRefusal::KeyHeldBySystem.into());
    }
    let request = Request::from_pem_or_der(request).map_err(|error| match error {
        RequestError::Key(_) => CertifyFunctionRefusal::KeyUnproven,
        _ => CertifyFunctionRefusal::RequestUnreadable,
    })?;
    if let Some(stranger) = stranger(&function, request.names()) {
        return Err(Stop::Refused(CertifyNo {
            refusal: CertifyFunctionRefusal::NameNotApproved,
            name: Some(stranger.text().to_owned()),
        }));
    }
    let (_, profile) = issue::issuing(house, &function)?;
    if !profile.keys.contains(&request.public_key().kind()) {
        return Err(CertifyFunctionRefusal::KeyKindUnfit.into());
    }
    let days = days.unwrap_or(profile.longest_days);
    if !(1..=profile.longest_days).contains(&days) {
        return Err(CertifyFunctionRefusal::DaysUnfit.into());
    }
    let intention = issue::intention(house, call, &function, request.public_key(), days, None)?;
    match reserve(house, call, &intention, once).await? {
        None => {
            let key = Some(request.public_key());
            Ok(issue::complete(house, call, &intention, &function.profile, key).await?)
        }
        Some(before) => made_before(house, call, &function, before).await,
    }
}

/// A wished-for name that is not among the approved ones.
fn stranger<'r>(function: &Function, names: &'r [WishedName]) -> Option<&'r WishedName> {
    let is_host =
        |name: &str| HostName::parse(name).is_ok_and(|name| function.host_names.contains(&name));
    names.iter().find(|name| !match name {
        WishedName::Common(text) => {
            text.is_empty() || text == function.name.as_str() || is_host(text)
        }
        WishedName::Host(text) => is_host(text),
        WishedName::Email(text) => text.eq_ignore_ascii_case(function.email.as_str()),
        WishedName::Other(_) => false,
    })
}

/// Writes the intention down, or finds what was made before under the same key.
async fn reserve(
    house: &House,
    call: &Call<'_>,
    intention: &FunctionCertificateRow,
    once: Option<Once<'_>>,
) -> Result<Option<FunctionCertificateRow>, Stop<CertifyNo>> {
    store::write!(house.database, |write| {
        if let Some(once) = &once {
            let made = format!("{} {}", intention.authority, intention.serial);
            match once.settle(write, &call.actor, &made, call.now).await? {
                Known::New => {}
                Known::Other => return Err(CertifyFunctionRefusal::KeyReused.into()),
                Known::Made(made) => {
                    let (authority, serial) = made.split_once(' ').ok_or(Fault::Impossible(
                        "a certificate made before without a name",
                    ))?;
                    return Ok(Some(
                        store::function_certificate::by_serial(write, authority, serial)
                            .await?
                            .ok_or(Fault::Impossible("a certificate made before that is gone"))?,
                    ));
                }
            }
        }
        if !issue::reserve(write, call, intention).await? {
            return Err(CertifyFunctionRefusal::NotApproved.into());
        }
        Ok::<_, Stop<CertifyNo>>(None)
    })
}

/// The answer given before; what a dead process began under the key is finished first.
async fn made_before(
    house: &House,
    call: &Call<'_>,
    function: &Function,
    row: FunctionCertificateRow,
) -> Result<Certified, Stop<CertifyNo>> {
    if row.state == FunctionCertificateState::Reserved {
        return Ok(issue::complete(house, call, &row, &function.profile, None).await?);
    }
    Ok(Certified {
        certificate: Certificate::from_der(&row.der)
            .map_err(Fault::doing("reading a certificate of ours"))?,
        authority: row.authority,
    })
}
