//! Commands and answers as bytes (ISO/IEC 7816-4 5.3): short and extended lengths, and command chaining.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Instruction, StatusWord};

/// The most data bytes in one short command (ISO/IEC 7816-4 5.3.2).
pub const SHORT_DATA: usize = 255;

/// The class bit that says "more of this command follows" (ISO/IEC 7816-4 5.3.3).
pub const CHAINING: u8 = 0x10;

const NO_DATA: &[u8] = &[];

/// Bytes that are no command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCommand {
    /// Fewer than the four header bytes.
    #[error("the command is shorter than its header")]
    NoHeader,
    /// The length fields do not fit the bytes there are.
    #[error("the length field of the command does not fit its data")]
    WrongLength,
}

/// A command. Its data may be a PIN, so it wipes itself and cannot be printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Command {
    /// CLA.
    pub class: u8,
    /// INS.
    pub instruction: u8,
    /// P1.
    pub p1: u8,
    /// P2.
    pub p2: u8,
    /// The data field.
    pub data: Vec<u8>,
    /// Ne, the most answer bytes wanted (1 to 65536); `None` when no Le field is sent.
    pub expected: Option<u32>,
}

impl Command {
    /// A command of class 00 that takes up to 256 answer bytes at a time.
    #[must_use]
    pub fn new(instruction: Instruction, p1: u8, p2: u8, data: &[u8]) -> Self {
        Self {
            class: 0,
            instruction: instruction.byte(),
            p1,
            p2,
            data: data.to_vec(),
            expected: Some(256),
        }
    }

    /// Parses one command of any of the seven forms of ISO/IEC 7816-4 5.3.2.
    ///
    /// # Errors
    /// [`BadCommand`] when the bytes do not add up.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadCommand> {
        let Some((&[class, instruction, p1, p2], body)) = bytes.split_first_chunk() else {
            return Err(BadCommand::NoHeader);
        };
        let (data, expected) = match *body {
            [] => (NO_DATA, None),
            [le] => (NO_DATA, Some(short_expected(le))),
            [0, high, low] => (NO_DATA, Some(extended_expected(high, low))),
            [0, high, low, ref rest @ ..] => {
                let length = usize::from(u16::from_be_bytes([high, low]));
                let (data, tail) = rest
                    .split_at_checked(length)
                    .ok_or(BadCommand::WrongLength)?;
                match *tail {
                    // Lc is never zero in the extended form: no data means no Lc.
                    _ if length == 0 => return Err(BadCommand::WrongLength),
                    [] => (data, None),
                    [high, low] => (data, Some(extended_expected(high, low))),
                    _ => return Err(BadCommand::WrongLength),
                }
            }
            [length, ref rest @ ..] => {
                let (data, tail) = rest
                    .split_at_checked(usize::from(length))
                    .ok_or(BadCommand::WrongLength)?;
                match *tail {
                    [] => (data, None),
                    [le] => (data, Some(short_expected(le))),
                    _ => return Err(BadCommand::WrongLength),
                }
            }
        };
        Ok(Self {
            class,
            instruction,
            p1,
            p2,
            data: data.to_vec(),
            expected,
        })
    }

    /// The command as one or more short commands: all but the last carry the chaining bit and 255 data bytes
    /// (Part 2, 2.4.5: chaining is how long data reach a PIV card).
    #[must_use]
    pub fn encode_chain(&self) -> Vec<Zeroizing<Vec<u8>>> {
        let mut links = Vec::new();
        let mut chunks = self.data.chunks(SHORT_DATA).peekable();
        loop {
            let chunk = chunks.next().unwrap_or_default();
            let last = chunks.peek().is_none();
            // Room for everything at once: a vector that grows leaves copies of a PIN behind.
            let mut link = Zeroizing::new(Vec::with_capacity(chunk.len() + 6));
            let class = if last {
                self.class
            } else {
                self.class | CHAINING
            };
            link.extend([class, self.instruction, self.p1, self.p2]);
            if !chunk.is_empty() {
                link.push(u8::try_from(chunk.len()).unwrap_or(u8::MAX));
                link.extend_from_slice(chunk);
            }
            if let Some(expected) = self.expected.filter(|_| last) {
                // 256 and more are written 00.
                link.push(u8::try_from(expected).unwrap_or(0));
            }
            links.push(link);
            if last {
                return links;
            }
        }
    }

    /// The command in its extended form, for readers that take it; [`Command::encode_chain`] works with all.
    /// Data above 65535 bytes are cut there.
    #[must_use]
    pub fn encode_extended(&self) -> Zeroizing<Vec<u8>> {
        let data = self.data.get(..0xFFFF).unwrap_or(&self.data);
        let mut out = Zeroizing::new(Vec::with_capacity(data.len() + 9));
        out.extend([self.class, self.instruction, self.p1, self.p2]);
        if !data.is_empty() {
            out.push(0);
            out.extend(u16::try_from(data.len()).unwrap_or(u16::MAX).to_be_bytes());
            out.extend_from_slice(data);
        }
        if let Some(expected) = self.expected {
            if data.is_empty() {
                out.push(0);
            }
            out.extend(u16::try_from(expected).unwrap_or(0).to_be_bytes());
        }
        out
    }
}

fn short_expected(le: u8) -> u32 {
    if le == 0 { 256 } else { u32::from(le) }
}

fn extended_expected(high: u8, low: u8) -> u32 {
    match u16::from_be_bytes([high, low]) {
        0 => 0x1_0000,
        le => u32::from(le),
    }
}

/// An answer: data and status word. Its data may be a shared secret, so it wipes itself and cannot be printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Response {
    /// The data field, empty when there is none.
    pub data: Vec<u8>,
    /// The status word.
    #[zeroize(skip)]
    pub status: StatusWord,
}

impl Response {
    /// Parses an answer; `None` when it has not even a status word.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (data, &[high, low]) = bytes.split_last_chunk()?;
        Some(Self {
            data: data.to_vec(),
            status: StatusWord::parse(u16::from_be_bytes([high, low])),
        })
    }

    /// The answer as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.data.len() + 2);
        out.extend_from_slice(&self.data);
        out.extend(self.status.code().to_be_bytes());
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(hex: &str) -> (Vec<u8>, Option<u32>) {
        let command = Command::decode(&hex::decode(hex).unwrap()).ok().unwrap();
        (command.data.clone(), command.expected)
    }

    #[test]
    fn the_seven_forms() {
        assert_eq!(decoded("00200080"), (vec![], None));
        assert_eq!(decoded("0020008000"), (vec![], Some(256)));
        assert_eq!(decoded("00cb3fff03010203"), (vec![1, 2, 3], None));
        assert_eq!(decoded("00cb3fff0301020308"), (vec![1, 2, 3], Some(8)));
        assert_eq!(decoded("00cb3fff000000"), (vec![], Some(65536)));
        assert_eq!(decoded("00cb3fff000002aabb"), (vec![0xAA, 0xBB], None));
        assert_eq!(
            decoded("00cb3fff000002aabb0100"),
            (vec![0xAA, 0xBB], Some(256))
        );
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        for bad in [
            "00cb3fff0301",
            "00cb3fff030102030405",
            "00cb3fff00000001",
            "00cb3fff000002aabb01",
        ] {
            let bytes = hex::decode(bad).unwrap();
            assert!(
                Command::decode(&bytes).err() == Some(BadCommand::WrongLength),
                "{bad}"
            );
        }
        assert!(Command::decode(&[0, 1, 2]).err() == Some(BadCommand::NoHeader));
    }

    #[test]
    fn long_data_become_a_chain() {
        let command = Command::new(Instruction::PutData, 0x3F, 0xFF, &[7; 600]);
        let links = command.encode_chain();
        let heads: Vec<_> = links
            .iter()
            .map(|link| (link[0], link[4], link.len()))
            .collect();
        assert_eq!(
            heads,
            [(0x10, 255, 260), (0x10, 255, 260), (0x00, 90, 5 + 90 + 1)]
        );
    }

    proptest! {
        #[test]
        fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Command::decode(&bytes);
            let _ = Response::decode(&bytes);
        }

        #[test]
        fn chains_carry_all_data(data in proptest::collection::vec(any::<u8>(), 0..1200)) {
            let command = Command::new(Instruction::PutData, 0x3F, 0xFF, &data);
            let mut carried = Vec::new();
            for link in command.encode_chain() {
                carried.extend_from_slice(&Command::decode(&link).ok().unwrap().data);
            }
            prop_assert!(carried == data);
        }

        #[test]
        fn extended_commands_come_back(
            data in proptest::collection::vec(any::<u8>(), 0..1200),
            expected in proptest::option::of(1_u32..=65536),
        ) {
            let mut command = Command::new(Instruction::GetData, 1, 2, &data);
            command.expected = expected;
            prop_assert!(Command::decode(&command.encode_extended()).ok() == Some(command));
        }
    }
}
