//! The holder's codes on the other card.

use piv::{CardError, Host, Pin, PinProblem, StatusWord, UnlockCode};

use super::{OtherCard, PIN, UNLOCK_CODE, pin};

/// How often a new card lets one try each of its codes.
const TRIES: u8 = 3;

fn wrong(tries_left: u8) -> Result<(), PinProblem> {
    Err(PinProblem::Wrong { tries_left })
}

fn works(host: &mut Host<'_>, pin: &Pin) -> anyhow::Result<()> {
    host.forget_pin()?;
    assert_eq!(host.pin_tries_left()?, Some(TRIES));
    host.verify_pin(pin)?;
    assert_eq!(host.pin_tries_left()?, None);
    Ok(())
}

#[test]
fn its_code_is_presented_changed_blocked_and_unblocked() -> anyhow::Result<()> {
    let Some(mut card) = OtherCard::new()? else {
        return Ok(());
    };
    let mut host = Host::new(&mut card);
    host.select()?;
    let (first, second, third) = (pin(PIN)?, pin(b"739164")?, pin(b"28461975")?);
    works(&mut host, &first)?;

    host.forget_pin()?;
    assert_eq!(host.verify_pin(&second), wrong(TRIES - 1));
    assert_eq!(host.pin_tries_left()?, Some(TRIES - 1));
    // To a wrong old code it says no more than that; the driver asks how many tries are left.
    assert_eq!(host.change_pin(&second, &third), wrong(TRIES - 2));
    host.change_pin(&first, &second)?;
    works(&mut host, &second)?;
    // Once it has taken a code, the same is found out all the same.
    assert_eq!(host.change_pin(&first, &third), wrong(TRIES - 1));
    works_after_a_wrong_one(&mut host, &second)?;

    host.forget_pin()?;
    for left in (1..TRIES).rev() {
        assert_eq!(host.verify_pin(&first), wrong(left));
    }
    assert_eq!(host.verify_pin(&first), Err(PinProblem::Blocked));
    assert_eq!(host.pin_tries_left()?, Some(0));
    assert_eq!(host.verify_pin(&second), Err(PinProblem::Blocked));

    let code = UnlockCode::new(UNLOCK_CODE);
    let other = UnlockCode::new(*b"\x00\xFE27a\x80zq");
    assert_eq!(host.reset_pin(&other, &third), wrong(TRIES - 1));
    host.reset_pin(&code, &third)?;
    works(&mut host, &third)
}

fn works_after_a_wrong_one(host: &mut Host<'_>, pin: &Pin) -> anyhow::Result<()> {
    host.verify_pin(pin)?;
    works(host, pin)
}

#[test]
fn its_unlock_code_is_replaced() -> anyhow::Result<()> {
    let Some(mut card) = OtherCard::new()? else {
        return Ok(());
    };
    let mut host = Host::new(&mut card);
    host.select()?;
    let first = UnlockCode::new(UNLOCK_CODE);
    let second = UnlockCode::new(*b"\x00\xFE27a\x80zq");
    // Of a wrong one it tells no tries, and it has no question for them.
    assert!(matches!(
        host.change_unlock_code(&second, &first),
        Err(PinProblem::Card(CardError::Status {
            status: StatusWord::VerificationFailed,
            ..
        }))
    ));
    assert_eq!(host.unlock_code_tries_left()?, None);
    host.change_unlock_code(&first, &second)?;
    let new = pin(b"739164")?;
    assert_eq!(host.reset_pin(&first, &new), wrong(TRIES - 1));
    host.reset_pin(&second, &new)?;
    works(&mut host, &new)
}
