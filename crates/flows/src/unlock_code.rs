//! The unlock code (PUK) of a card: eight random digits, kept sealed, known to nobody, replaced by every act that uses it.

use model::id::CardId;
use zeroize::Zeroizing;

use crate::call::Call;

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
