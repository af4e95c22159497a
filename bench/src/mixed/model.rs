//! What must be true: every certificate that was issued, since when, and since when it is revoked. Answers are held against it.

use std::collections::{HashMap, HashSet};

use pki::crl::{Reason, Revoked};
use pki::ocsp::Status;
use pki::serial::Serial;

/// The promise: a second after an act was confirmed every answer says the new state, in milliseconds.
const GRACE: i64 = 1_000;

/// A moment, in milliseconds of unix time, by the clock that the server reads as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    /// Now.
    pub fn now() -> Self {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// The unix second it is in, as certificates and lists write it.
    pub fn second(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whether whoever asked at this moment may still hear what was true before an act that was confirmed at `confirmed`.
    fn may_hear_what_was_before(self, confirmed: Self) -> bool {
        self.0 < confirmed.0.saturating_add(GRACE)
    }
}

/// Between which moments a question was on its way: sent, and answered.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// When the question was sent.
    pub sent: Moment,
    /// When the answer was there.
    pub answered: Moment,
}

/// An answer that is not true.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A certificate that nobody issued has a status.
    #[error("{0:?}, which nobody issued, is said to be {1:?}")]
    Invented(Serial, Status),
    /// A certificate that was issued is not known.
    #[error("{0:?} is unknown {1} ms after its issuing was confirmed")]
    Forgotten(Serial, i64),
    /// A certificate that is revoked is good.
    #[error("{0:?} is good {1} ms after its revocation was confirmed")]
    StillGood(Serial, i64),
    /// A certificate that nobody revoked is revoked.
    #[error("{0:?} is revoked, which nobody asked for")]
    NotRevoked(Serial),
    /// Revoked for another reason.
    #[error("{0:?} is revoked for {1:?} instead of {2:?}")]
    Reason(Serial, Reason, Reason),
    /// Revoked at another time.
    #[error("{0:?} is revoked at {1}, not between {2} and {3}")]
    Time(Serial, i64, i64, i64),
    /// A certificate that is revoked is not on a list that must have it.
    #[error("{0:?} is not on the list {1} ms after its revocation was confirmed")]
    NotListed(Serial, i64),
    /// A list has a certificate twice.
    #[error("{0:?} is on the list twice")]
    Twice(Serial),
    /// A list with a number below that of a list seen before.
    #[error("list {1} came after list {0}")]
    Backwards(u64, u64),
    /// A serial number that was given out before.
    #[error("{0:?} was issued twice")]
    IssuedTwice(Serial),
}

struct Issued {
    function: usize,
    confirmed: Moment,
    revocation: Option<Revocation>,
}

struct Revocation {
    reason: Reason,
    began: Moment,
    confirmed: Option<Moment>,
}

/// What must be true.
#[derive(Default)]
pub struct Model {
    issued: HashMap<Serial, Issued>,
    in_force: Vec<Serial>,
    /// In the order in which their revocations were confirmed.
    revoked: Vec<Serial>,
    /// The highest number of a full list, and of a delta list.
    numbers: (u64, u64),
}

impl Model {
    /// A certificate was issued to that function; its answer came at that moment.
    ///
    /// # Errors
    /// [`Wrong::IssuedTwice`].
    pub fn issue(
        &mut self,
        serial: Serial,
        function: usize,
        confirmed: Moment,
    ) -> Result<(), Wrong> {
        let issued = Issued {
            function,
            confirmed,
            revocation: None,
        };
        if self.issued.insert(serial, issued).is_some() {
            return Err(Wrong::IssuedTwice(serial));
        }
        self.in_force.push(serial);
        Ok(())
    }

    /// Takes one of those in force, the one that the dice (any number) says, to be revoked; says which function has it.
    pub fn begin_revocation(
        &mut self,
        dice: usize,
        reason: Reason,
        began: Moment,
    ) -> Option<(Serial, usize)> {
        let place = dice.checked_rem(self.in_force.len())?;
        let serial = self.in_force.swap_remove(place);
        let issued = self.issued.get_mut(&serial)?;
        issued.revocation = Some(Revocation {
            reason,
            began,
            confirmed: None,
        });
        Some((serial, issued.function))
    }

    /// The revocation of that certificate was confirmed at that moment.
    pub fn confirm_revocation(&mut self, serial: Serial, confirmed: Moment) {
        if let Some(revocation) = self.revocation_mut(&serial) {
            revocation.confirmed = Some(confirmed);
            self.revoked.push(serial);
        }
    }

    fn revocation_mut(&mut self, serial: &Serial) -> Option<&mut Revocation> {
        self.issued.get_mut(serial)?.revocation.as_mut()
    }

    /// Those in force.
    pub fn in_force(&self) -> &[Serial] {
        &self.in_force
    }

    /// Those whose revocation is confirmed, the latest last.
    pub fn revoked(&self) -> &[Serial] {
        &self.revoked
    }

    /// How many certificates there are.
    pub fn len(&self) -> usize {
        self.issued.len()
    }

    /// Every certificate, in an order that means nothing.
    pub fn all(&self) -> impl Iterator<Item = &Serial> {
        self.issued.keys()
    }

    /// Holds an answer about one certificate against what must be true.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn judge(&self, serial: &Serial, status: Status, asked: Asked) -> Result<(), Wrong> {
        let Some(issued) = self.issued.get(serial) else {
            return match status {
                Status::Unknown => Ok(()),
                _ => Err(Wrong::Invented(*serial, status)),
            };
        };
        match status {
            Status::Unknown if asked.sent.may_hear_what_was_before(issued.confirmed) => Ok(()),
            Status::Unknown => Err(Wrong::Forgotten(*serial, asked.sent.0 - issued.confirmed.0)),
            Status::Good => match issued.revocation.as_ref().and_then(|one| one.confirmed) {
                Some(confirmed) if !asked.sent.may_hear_what_was_before(confirmed) => {
                    Err(Wrong::StillGood(*serial, asked.sent.0 - confirmed.0))
                }
                _ => Ok(()),
            },
            Status::Revoked { at, reason } => {
                let Some(revocation) = issued
                    .revocation
                    .as_ref()
                    .filter(|revocation| revocation.began <= asked.answered)
                else {
                    return Err(Wrong::NotRevoked(*serial));
                };
                if revocation.reason != reason {
                    return Err(Wrong::Reason(*serial, reason, revocation.reason));
                }
                let from = revocation.began.second();
                let until = revocation.confirmed.unwrap_or(asked.answered).second();
                if !(from..=until).contains(&at) {
                    return Err(Wrong::Time(*serial, at, from, until));
                }
                Ok(())
            }
        }
    }

    /// Holds a list against what must be true: whatever is on it is revoked, as it says, and once only; and, when the list is to
    /// be complete, whatever was revoked a second before it was asked for is on it. Says how many entries it has.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn judge_list(
        &self,
        entries: impl Iterator<Item = Revoked>,
        complete: bool,
        asked: Asked,
    ) -> Result<usize, Wrong> {
        let mut listed = HashSet::new();
        for entry in entries {
            let status = Status::Revoked {
                at: entry.revoked_at,
                reason: entry.reason,
            };
            self.judge(&entry.serial, status, asked)?;
            if !listed.insert(entry.serial) {
                return Err(Wrong::Twice(entry.serial));
            }
        }
        let confirmed = |serial| self.issued.get(serial)?.revocation.as_ref()?.confirmed;
        for serial in self.revoked.iter().filter(|_| complete) {
            if let Some(confirmed) = confirmed(serial)
                && !asked.sent.may_hear_what_was_before(confirmed)
                && !listed.contains(serial)
            {
                return Err(Wrong::NotListed(*serial, asked.sent.0 - confirmed.0));
            }
        }
        Ok(listed.len())
    }

    /// Holds the numbers of a full list and of the delta list fetched after it against those seen before: neither goes back, and
    /// the delta list is made with that full list, under one number, or later (RFC 5280 5.2.3). A long full list stays while
    /// delta lists go on, so its number may be below that of a delta list seen before.
    ///
    /// # Errors
    /// [`Wrong::Backwards`].
    pub fn judge_numbers(&mut self, full: u64, delta: u64) -> Result<(), Wrong> {
        for (before, now) in [(self.numbers.0, full), (self.numbers.1.max(full), delta)] {
            if now < before {
                return Err(Wrong::Backwards(before, now));
            }
        }
        self.numbers = (full, delta);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUED: Moment = Moment(1_800_000_000_000);
    const BEGAN: Moment = Moment(1_800_000_010_400);
    const CONFIRMED: Moment = Moment(1_800_000_010_500);
    const AT: i64 = 1_800_000_010;

    fn serial(number: u8) -> Serial {
        Serial::from_bytes(&[0x40, number]).unwrap()
    }

    fn asked(after: Moment, milliseconds: i64) -> Asked {
        Asked {
            sent: Moment(after.0 + milliseconds),
            answered: Moment(after.0 + milliseconds + 2),
        }
    }

    fn revoked(at: i64, reason: Reason) -> Status {
        Status::Revoked { at, reason }
    }

    fn entry(number: u8, revoked_at: i64, reason: Reason) -> Revoked {
        Revoked {
            serial: serial(number),
            revoked_at,
            reason,
        }
    }

    /// 1 is in force, 2 is revoked, 3 is being revoked; nobody issued 4.
    fn model() -> Model {
        let mut model = Model::default();
        for number in [3, 2, 1] {
            model.issue(serial(number), 7, ISSUED).unwrap();
        }
        for (dice, number) in [(1, 2), (0, 3)] {
            let begun = model.begin_revocation(dice, Reason::Superseded, BEGAN);
            assert_eq!(begun, Some((serial(number), 7)));
        }
        model.confirm_revocation(serial(2), CONFIRMED);
        assert_eq!(model.in_force(), [serial(1)]);
        assert_eq!(model.revoked(), [serial(2)]);
        model
    }

    #[test]
    fn what_is_true_passes() {
        let model = model();
        let told = revoked(AT, Reason::Superseded);
        for (number, status, asked) in [
            (1, Status::Good, asked(CONFIRMED, 5_000)),
            // Just issued: either.
            (1, Status::Unknown, asked(ISSUED, 999)),
            // Asked about before anybody revoked it, though the answer is looked at later.
            (2, Status::Good, asked(BEGAN, -2_000)),
            // While it is being revoked, and within the second: either.
            (2, Status::Good, asked(CONFIRMED, 999)),
            (2, told, asked(BEGAN, 0)),
            (2, told, asked(CONFIRMED, 60_000)),
            (3, Status::Good, asked(CONFIRMED, 60_000)),
            (3, told, asked(CONFIRMED, 60_000)),
            (4, Status::Unknown, asked(CONFIRMED, 0)),
        ] {
            assert_eq!(model.judge(&serial(number), status, asked), Ok(()));
        }
    }

    #[test]
    fn a_wrong_answer_is_told_of() {
        let mut model = model();
        let told = revoked(AT, Reason::Superseded);
        for (number, status, asked, wrong) in [
            (
                4,
                Status::Good,
                asked(CONFIRMED, 0),
                Wrong::Invented(serial(4), Status::Good),
            ),
            (
                4,
                told,
                asked(CONFIRMED, 0),
                Wrong::Invented(serial(4), told),
            ),
            (
                1,
                Status::Unknown,
                asked(ISSUED, 1_000),
                Wrong::Forgotten(serial(1), 1_000),
            ),
            (
                2,
                Status::Good,
                asked(CONFIRMED, 1_000),
                Wrong::StillGood(serial(2), 1_000),
            ),
            (
                1,
                told,
                asked(CONFIRMED, 1_000),
                Wrong::NotRevoked(serial(1)),
            ),
            // Revoked before anybody asked for it.
            (2, told, asked(BEGAN, -3), Wrong::NotRevoked(serial(2))),
            (
                2,
                revoked(AT, Reason::KeyCompromise),
                asked(CONFIRMED, 1_000),
                Wrong::Reason(serial(2), Reason::KeyCompromise, Reason::Superseded),
            ),
            (
                2,
                revoked(AT - 1, Reason::Superseded),
                asked(CONFIRMED, 1_000),
                Wrong::Time(serial(2), AT - 1, AT, AT),
            ),
            (
                2,
                revoked(AT + 1, Reason::Superseded),
                asked(CONFIRMED, 1_000),
                Wrong::Time(serial(2), AT + 1, AT, AT),
            ),
        ] {
            assert_eq!(model.judge(&serial(number), status, asked), Err(wrong));
        }
        assert_eq!(
            model.issue(serial(1), 7, CONFIRMED),
            Err(Wrong::IssuedTwice(serial(1)))
        );
    }

    #[test]
    fn a_wrong_list_is_told_of() {
        let model = model();
        let of = |entries: &[Revoked], complete, asked| {
            model.judge_list(entries.iter().copied(), complete, asked)
        };
        let (two, three) = (
            entry(2, AT, Reason::Superseded),
            entry(3, AT, Reason::Superseded),
        );
        let late = asked(CONFIRMED, 1_000);
        assert_eq!(of(&[two], true, late), Ok(1));
        assert_eq!(of(&[two, three], true, late), Ok(2));
        assert_eq!(of(&[], true, asked(CONFIRMED, 999)), Ok(0));
        assert_eq!(of(&[], false, late), Ok(0));
        assert_eq!(
            of(&[three], true, late),
            Err(Wrong::NotListed(serial(2), 1_000))
        );
        assert_eq!(of(&[two, two], true, late), Err(Wrong::Twice(serial(2))));
        let stranger = entry(1, AT, Reason::Superseded);
        assert_eq!(
            of(&[two, stranger], true, late),
            Err(Wrong::NotRevoked(serial(1)))
        );
        let removed = entry(2, AT, Reason::RemoveFromCrl);
        assert!(matches!(of(&[removed], true, late), Err(Wrong::Reason(..))));
    }

    #[test]
    fn a_number_that_goes_back_is_told_of() {
        let mut model = Model::default();
        // Made together; then the full list is long and stays; then it is made anew.
        for (full, delta) in [(4, 4), (4, 6), (4, 7), (9, 9)] {
            assert_eq!(model.judge_numbers(full, delta), Ok(()));
        }
        assert_eq!(model.judge_numbers(8, 9), Err(Wrong::Backwards(9, 8)));
        assert_eq!(model.judge_numbers(9, 8), Err(Wrong::Backwards(9, 8)));
        assert_eq!(model.judge_numbers(11, 10), Err(Wrong::Backwards(11, 10)));
        assert_eq!(model.judge_numbers(10, 12), Ok(()));
    }
}
