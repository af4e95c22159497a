//! What may not leak.

use piv::{Command, ManagementKey, Pin, Response, UnlockCode};
use zeroize::ZeroizeOnDrop;

fn wipes_itself<T: ZeroizeOnDrop>() {}

#[test]
fn secrets_and_what_carries_them_wipe_themselves() {
    wipes_itself::<Pin>();
    wipes_itself::<UnlockCode>();
    wipes_itself::<ManagementKey>();
    wipes_itself::<Command>();
    wipes_itself::<Response>();
}

/// A method that a type with `Debug` has and one without lacks: the inherent one wins where its bound holds.
struct Probe<T>(std::marker::PhantomData<T>);

trait Silent {
    fn speaks(&self) -> bool {
        false
    }
}

impl<T> Silent for Probe<T> {}

impl<T: std::fmt::Debug> Probe<T> {
    fn speaks(&self) -> bool {
        true
    }
}

#[test]
fn secrets_cannot_be_printed() {
    use std::marker::PhantomData;
    assert!(Probe::<u8>(PhantomData).speaks());
    assert!(!Probe::<Pin>(PhantomData).speaks());
    assert!(!Probe::<UnlockCode>(PhantomData).speaks());
    assert!(!Probe::<ManagementKey>(PhantomData).speaks());
    assert!(!Probe::<Command>(PhantomData).speaks());
    assert!(!Probe::<Response>(PhantomData).speaks());
}
