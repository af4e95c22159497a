//! A code while it is typed.
//!
//! The toolkit copies the text of a field freely: for undoing, for drawing, for what a screen reader hears. So it never gets the
//! text: the field shows this buffer, which hands out one dot a digit and keeps the digits in an array that is wiped.
//!
//! What cannot be wiped: each key press on its own, on its way here through the display server, the input method and the
//! toolkit's list of events, where it stays for a frame. Nothing but the whole list would give the code away.

use std::ops::Range;

use eframe::egui::TextBuffer;
use eframe::egui::text::CharIndex;
use piv::Pin;
use zeroize::{Zeroize as _, Zeroizing};

use crate::code_rules::MOST;

/// As many digits as any card takes.
const ROOM: usize = MOST as usize;
/// One a digit: three octets each in UTF-8.
const DOTS: &str = "••••••••";
const DOT_OCTETS: usize = '•'.len_utf8();

/// Up to eight digits. Has no `Debug`.
#[derive(Default)]
pub(super) struct Typed {
    digits: Zeroizing<[u8; ROOM]>,
    length: usize,
    /// Whether something other than a digit was typed since the last look.
    took_other: bool,
}

impl Typed {
    pub(super) fn digits(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }

    /// The code, when a card can take it.
    pub(super) fn code(&self) -> Option<Pin> {
        Pin::parse(self.digits()).ok()
    }

    pub(super) fn wipe(&mut self) {
        self.digits.zeroize();
        self.length = 0;
        self.took_other = false;
    }

    /// Whether something other than a digit was typed since this was last asked.
    pub(super) fn took_other(&mut self) -> bool {
        std::mem::take(&mut self.took_other)
    }

    fn insert(&mut self, digit: u8, place: usize) -> bool {
        if self.length == ROOM || place > self.length {
            return false;
        }
        if let Some(tail) = self.digits.get_mut(place..=self.length) {
            tail.rotate_right(1);
        }
        if let Some(slot) = self.digits.get_mut(place) {
            *slot = digit;
        }
        self.length += 1;
        true
    }
}

impl TextBuffer for Typed {
    fn is_mutable(&self) -> bool {
        true
    }

    fn as_str(&self) -> &str {
        DOTS.get(..self.length * DOT_OCTETS).unwrap_or_default()
    }

    /// Takes digits, and passes over everything else: also the dots that undoing would put back.
    fn insert_text(&mut self, text: &str, char_index: CharIndex) -> usize {
        let mut taken = 0;
        for sign in text.bytes() {
            if sign.is_ascii_digit() {
                if !self.insert(sign, char_index.0 + taken) {
                    break;
                }
                taken += 1;
            } else if sign.is_ascii_graphic() {
                self.took_other = true;
            }
        }
        taken
    }

    fn delete_char_range(&mut self, char_range: Range<CharIndex>) {
        let end = char_range.end.0.min(self.length);
        let start = char_range.start.0.min(end);
        let gone = end - start;
        if let Some(tail) = self.digits.get_mut(start..self.length) {
            tail.rotate_left(gone);
        }
        let left = self.length - gone;
        if let Some(rest) = self.digits.get_mut(left..) {
            rest.zeroize();
        }
        self.length = left;
    }

    fn type_id(&self) -> std::any::TypeId {
        std::any::TypeId::of::<Self>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Typed {
        let mut typed = Typed::default();
        typed.insert_text(text, CharIndex(0));
        typed
    }

    #[test]
    fn digits_are_kept_and_dots_are_shown() {
        let mut code = typed("739184");
        assert_eq!((code.digits(), code.as_str()), (&b"739184"[..], "••••••"));
        assert_eq!(code.insert_text("55", CharIndex(2)), 2);
        assert_eq!(code.digits(), b"73559184");
        assert_eq!(code.insert_text("1", CharIndex(0)), 0);
        code.delete_char_range(CharIndex(1)..CharIndex(4));
        assert_eq!((code.digits(), code.as_str()), (&b"79184"[..], "•••••"));
        // Nothing is left behind the end.
        assert_eq!(*code.digits, *b"79184\0\0\0");
    }

    #[test]
    fn nothing_else_is_taken() {
        let mut code = typed("7a3 9\n1•84x");
        assert_eq!(code.digits(), b"739184");
        assert!(code.took_other() && !code.took_other());
        assert_eq!(code.insert_text("••", CharIndex(9)), 0);
        assert!(!code.took_other());
        code.delete_char_range(CharIndex(4)..CharIndex(99));
        assert_eq!(code.digits(), b"7391");
        assert_eq!(code.take(), "••••");
        assert_eq!(*code.digits, [0; ROOM]);
    }

    #[test]
    fn wiping_leaves_nothing() {
        let mut code = typed("739184");
        assert!(code.code().is_some());
        code.wipe();
        assert_eq!((code.digits(), *code.digits), (&b""[..], [0; ROOM]));
        assert!(code.code().is_none());
    }
}
