//! Keys that come faster than the window is drawn. A frame hands all its keys to whichever field has the focus, so the digits after an
//! Enter or a Tab would be lost, or go to the wrong field. They wait for the next frame.

use eframe::egui::{Event, Key};

/// What was typed behind a key that moves on.
#[derive(Default)]
pub(super) struct HeldKeys(Vec<Event>);

impl HeldKeys {
    /// Takes the events of a frame and gives back those that it may have.
    pub(super) fn pass(&mut self, events: &mut Vec<Event>) {
        let mut all = std::mem::take(&mut self.0);
        all.append(events);
        let end = all.iter().position(moves_on).map_or(all.len(), |at| at + 1);
        self.0 = all.split_off(end);
        *events = all;
    }

    pub(super) fn are_held(&self) -> bool {
        !self.0.is_empty()
    }
}

fn moves_on(event: &Event) -> bool {
    matches!(
        event,
        Event::Key {
            key: Key::Enter | Key::Tab | Key::Escape,
            pressed: true,
            ..
        }
    )
}
