//! The modulus-10 check digit ("Luhn") of personal numbers and card numbers, ISO/IEC 7812-1 annex B.

/// The check digit that belongs after these digits (each 0–9, most significant first).
pub(crate) fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| {
            // The digit next to the check digit is doubled, then every second one.
            let weighted = u32::from(digit) * if place % 2 == 0 { 2 } else { 1 };
            weighted / 10 + weighted % 10
        })
        .sum();
    u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::check_digit;

    fn check(digits: &str, expected: u8) {
        let digits: Vec<u8> = digits.bytes().map(|byte| byte - b'0').collect();
        assert_eq!(check_digit(&digits), expected, "{digits:?}");
    }

    #[test]
    fn known_numbers() {
        check("7992739871", 3); // the example of the modulus-10 literature
        check("811218987", 6); // the example of the Swedish Tax Agency
        check("670919953", 0);
        check("", 0);
        check("0000", 0);
    }
}
