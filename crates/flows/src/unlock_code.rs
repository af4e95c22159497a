//! The unlock code (PUK) of a card: eight random digits, kept sealed, known to nobody, replaced by every act that uses it.

use model::id::CardId;
use zeroize::Zeroizing;

use crate::call::Call;
use crate::desk::Ask;
use crate::house::House;
use crate::refusal::Fault;

/// What a sealed unlock code is bound to, so that one card's cannot be passed off as another's.
pub(crate) fn label(card: &CardId) -> String {
    format!("unlock-code:{card}")
}

/// Eight random decimal digits as ASCII. Bytes of 250 and above are thrown away, so that every digit is equally likely.
pub(crate) fn invent(call: &mut Call<'_>) -> Zeroizing<Vec<u8>> {
    let mut digits = Zeroizing::new(Vec::with_capacity(8));
    while digits.len() < 8 {
        let bytes = Zeroizing::new(call.random::<8>());
        digits.extend(
            bytes
                .iter()
                .filter(|byte| **byte < 250)
                .map(|byte| b'0' + byte % 10),
        );
    }
    digits.truncate(8);
    digits
}

/// Writes down the unlock code that is to come, then asks the desk to let the holder choose a code: every unlock code that the
/// card may hold, and the one it holds afterwards, each sealed to the act. Nothing when `act_key` is no key.
///
/// A card may be torn out between "the card has changed" and "we were told", so the later code is written down before it is sent,
/// and both are tried at the next insertion.
pub(crate) async fn ask_for_new_code(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
    act_key: &[u8],
) -> Result<Option<Ask>, Fault> {
    let secrets = {
        let mut read = house.database.read().await?;
        store::card::secrets(&mut read, card)
            .await?
            .ok_or(Fault::Impossible("a card without secrets"))?
    };
    let vault = house.authorities.vault();
    let label = label(card);
    let seal = |plain: &[u8]| pki::envelope::seal_to(act_key, plain).ok();
    let current = secrets
        .unlock_code
        .as_ref()
        .ok_or(Fault::Impossible("a produced card without an unlock code"))?;
    let mut unlock_codes = Vec::new();
    // After a tear the card may already hold the code written down last time.
    for sealed in [Some(current), secrets.unlock_code_next.as_ref()]
        .into_iter()
        .flatten()
    {
        let Some(candidate) = seal(&vault.open(&label, sealed)?) else {
            return Ok(None);
        };
        unlock_codes.push(candidate);
    }
    let next = match &secrets.unlock_code_next {
        // The same later code again: a third would make three candidates of two.
        Some(sealed) => vault.open(&label, sealed)?,
        None => {
            let fresh = invent(call);
            let sealed = vault.seal(call, &label, &fresh)?;
            store::write!(house.database, |write| {
                store::card::set_unlock_code_next(write, card, &sealed).await?;
                Ok::<_, Fault>(())
            })?;
            fresh
        }
    };
    Ok(seal(&next).map(|new_unlock_code| Ask::ChooseCode {
        unlock_codes,
        new_unlock_code,
    }))
}
