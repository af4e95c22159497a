//! PIN and unlock code through the driver.

use piv::{Host, PinProblem, UnlockCode};

use crate::fixture::{card, pin, transport_pin, transport_unlock_code};

#[test]
fn changing_the_pin() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    let new = pin("24681357");
    assert_eq!(
        host.change_pin(&pin("000000"), &new),
        Err(PinProblem::Wrong { tries_left: 2 })
    );
    assert_eq!(host.pin_tries_left(), Ok(Some(2)));
    assert_eq!(host.change_pin(&transport_pin(), &new), Ok(()));
    // Part 2, 3.2.2: a PIN just changed counts as presented, with all its tries.
    assert_eq!(host.pin_tries_left(), Ok(None));
    host.forget_pin().unwrap();
    assert_eq!(host.pin_tries_left(), Ok(Some(3)));
    assert_eq!(host.verify_pin(&new), Ok(()));
    assert_eq!(
        host.verify_pin(&transport_pin()),
        Err(PinProblem::Wrong { tries_left: 2 })
    );
}

#[test]
fn a_blocked_pin_is_reset_with_the_unlock_code() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    for tries_left in [2, 1, 0] {
        let wrong = host.verify_pin(&pin("000000"));
        assert_eq!(wrong, Err(PinProblem::Wrong { tries_left }));
    }
    assert_eq!(host.verify_pin(&transport_pin()), Err(PinProblem::Blocked));
    assert_eq!(
        host.change_pin(&transport_pin(), &pin("123456")),
        Err(PinProblem::Blocked)
    );
    assert_eq!(host.pin_tries_left(), Ok(Some(0)));
    assert_eq!(
        host.reset_pin(&UnlockCode::new(*b"00000000"), &pin("135790")),
        Err(PinProblem::Wrong { tries_left: 9 })
    );
    assert_eq!(
        host.reset_pin(&transport_unlock_code(), &pin("135790")),
        Ok(())
    );
    assert_eq!(host.verify_pin(&pin("135790")), Ok(()));
}

#[test]
fn a_blocked_unlock_code_is_the_end() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    let wrong = UnlockCode::new(*b"00000000");
    for tries_left in (0..10).rev() {
        assert_eq!(
            host.change_unlock_code(&wrong, &wrong),
            Err(PinProblem::Wrong { tries_left })
        );
    }
    let right = transport_unlock_code();
    assert_eq!(
        host.reset_pin(&right, &pin("135790")),
        Err(PinProblem::Blocked)
    );
    assert_eq!(
        host.change_unlock_code(&right, &wrong),
        Err(PinProblem::Blocked)
    );
    // The PIN itself still works: only its way back is gone.
    assert_eq!(host.verify_pin(&transport_pin()), Ok(()));
}

#[test]
fn the_unlock_code_can_be_changed() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    let new = UnlockCode::new([0, 1, 2, 0xFF, 4, 5, 6, 7]);
    assert_eq!(
        host.change_unlock_code(&transport_unlock_code(), &new),
        Ok(())
    );
    assert_eq!(host.reset_pin(&new, &pin("135790")), Ok(()));
}
