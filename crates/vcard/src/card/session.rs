//! What a card knows only while it has power.

use piv::{Command, Response, StatusWord, algorithm::ManagementAlgorithm};
use zeroize::Zeroizing;

/// A command whose links are still coming.
pub(super) struct Chain {
    instruction: u8,
    p1: u8,
    p2: u8,
    pub data: Zeroizing<Vec<u8>>,
}

impl Chain {
    pub(super) fn new(first: &Command) -> Self {
        Self {
            instruction: first.instruction,
            p1: first.p1,
            p2: first.p2,
            data: Zeroizing::new(Vec::new()),
        }
    }

    pub(super) fn continues_with(&self, next: &Command) -> bool {
        (self.instruction, self.p1, self.p2) == (next.instruction, next.p1, next.p2)
    }
}

/// A challenge of the management authentication under way (Part 2, A.1).
pub(super) struct Challenge {
    pub algorithm: ManagementAlgorithm,
    /// The bytes the host must come back with: for the host's proof the encrypted challenge, for the mutual proof the
    /// witness in the clear.
    pub wanted: Zeroizing<Vec<u8>>,
    /// Whether it is the witness of a mutual authentication.
    pub mutual: bool,
}

/// The state that power loss wipes.
#[derive(Default)]
pub(super) struct Session {
    /// The PIN was presented.
    pub verified: bool,
    /// The PIN was presented and no key used since.
    pub fresh: bool,
    /// The management key was proven.
    pub managed: bool,
    pub challenge: Option<Challenge>,
    pub chain: Option<Chain>,
    rest: Zeroizing<Vec<u8>>,
}

impl Session {
    /// An answer cut to what the host can take; the rest waits for GET RESPONSE.
    pub(super) fn answer(&mut self, data: Vec<u8>, expected: Option<u32>) -> Response {
        self.rest = Zeroizing::new(data);
        self.part(expected)
    }

    /// GET RESPONSE.
    pub(super) fn next_part(&mut self, expected: Option<u32>) -> Response {
        if self.rest.is_empty() {
            return Response {
                data: Vec::new(),
                status: StatusWord::ConditionsNotSatisfied,
            };
        }
        self.part(expected)
    }

    pub(super) fn forget_rest(&mut self) {
        self.rest = Zeroizing::default();
    }

    fn part(&mut self, expected: Option<u32>) -> Response {
        // No Le means that the host reads what comes, in short answers.
        let limit = usize::try_from(expected.unwrap_or(256)).unwrap_or(256);
        let end = limit.min(self.rest.len());
        let (now, later) = self.rest.split_at(end);
        let status = match later.len() {
            0 => StatusWord::Success,
            waiting => StatusWord::MoreData(u8::try_from(waiting).unwrap_or(0)),
        };
        let data = now.to_vec();
        let later = Zeroizing::new(later.to_vec());
        self.rest = later;
        Response { data, status }
    }
}
