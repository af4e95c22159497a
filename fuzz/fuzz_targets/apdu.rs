//! Commands and answers: either form of a command reads back as the command, and its links together hold its data.

#![no_main]

use libfuzzer_sys::fuzz_target;
use piv::apdu::CHAINING;
use piv::{Command, Response};

fuzz_target!(|data: &[u8]| {
    if let Some(response) = Response::decode(data) {
        assert_eq!(response.encode(), data);
    }
    let Ok(command) = Command::decode(data) else {
        return;
    };
    let again = Command::decode(&command.encode_extended());
    assert!(again.is_ok_and(|again| again == command));
    let mut gathered = Vec::new();
    let links = command.encode_chain();
    for (number, link) in links.iter().enumerate() {
        let link = Command::decode(link).expect("a link is no command");
        let last = number + 1 == links.len();
        let class = if last {
            command.class
        } else {
            command.class | CHAINING
        };
        assert_eq!(link.class, class);
        assert_eq!(link.instruction, command.instruction);
        assert_eq!((link.p1, link.p2), (command.p1, command.p2));
        assert!(last || link.expected.is_none());
        gathered.extend_from_slice(&link.data);
    }
    assert_eq!(gathered, command.data);
});
