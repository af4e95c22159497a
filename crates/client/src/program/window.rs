//! The window: for whoever comes from a browser and has no terminal, and for whoever would rather not have one.
//!
//! The act runs on a thread of its own and speaks with the window over a line ([`ends`]); what the window shows and what keys do is
//! one value ([`state`]), drawn by [`face`]. So all of it is tried without a display.

mod drawing;
mod ends;
mod face;
mod held_keys;
mod look;
mod state;
#[cfg(test)]
mod tests;
mod typed;

use std::sync::mpsc::{Receiver, channel};
use std::thread::Builder;

use eframe::egui::{
    Context, IconData, RawInput, Theme, ThemePreference, Ui, Vec2, ViewportBuilder, ViewportCommand,
};
use eframe::{App, CreationContext, Frame, NativeOptions};

use self::ends::{Asker, line};
use self::held_keys::HeldKeys;
use self::state::State;
use super::words::fill;
use super::{Appearance, Holder, Language, Trouble};

/// How long a window stays that has nothing left to say, in seconds.
const FAREWELL: f64 = 4.0;

/// Opens the window and carries out an act in it, on another thread; comes back when the window is closed, with how the act ended.
///
/// # Errors
/// [`Trouble`], which the window has shown; or why there is no window.
pub fn open(
    language: Language,
    appearance: Appearance,
    act: impl FnOnce(&mut dyn Holder) -> Result<(), Trouble> + Send + 'static,
) -> Result<(), Trouble> {
    let words = language.words();
    let viewport = ViewportBuilder::default()
        .with_title(words.title)
        .with_app_id("sigill-card")
        // Without one of ours, the toolkit would show its own.
        .with_icon(IconData::default())
        .with_inner_size(Vec2::new(560.0, 760.0))
        .with_min_inner_size(Vec2::new(320.0, 320.0));
    let options = NativeOptions {
        viewport,
        centered: true,
        ..NativeOptions::default()
    };
    let (tell, outcome) = channel();
    eframe::run_native(
        "sigill-card",
        options,
        Box::new(move |creation| {
            let (asker, state) = begin(creation, language, appearance);
            Builder::new().name("act".to_owned()).spawn(move || {
                let mut asker = asker;
                let ended = act(&mut asker);
                let text = ended.clone().map_err(|trouble| trouble.0);
                // Whoever waits for the outcome may have gone with the window.
                let _ = tell.send(ended);
                asker.end(text);
            })?;
            Ok(Box::new(Window {
                state,
                language,
                keys: HeldKeys::default(),
                title: words.title.to_owned(),
                ended_at: None,
            }))
        }),
    )
    .map_err(|error| Trouble(fill(words.no_window, &[("why", &error.to_string())])))?;
    told(&outcome, words.cancelled_here)
}

/// The act has told by the time the window may close, unless its thread is gone.
fn told(outcome: &Receiver<Result<(), Trouble>>, gone: &str) -> Result<(), Trouble> {
    outcome
        .recv()
        .unwrap_or_else(|_| Err(Trouble(gone.to_owned())))
}

fn begin(
    creation: &CreationContext<'_>,
    language: Language,
    appearance: Appearance,
) -> (Asker, State) {
    let context = creation.egui_ctx.clone();
    look::dress(&context);
    context.set_theme(match appearance {
        Appearance::System => ThemePreference::System,
        Appearance::Light => Theme::Light.into(),
        Appearance::Dark => Theme::Dark.into(),
    });
    let (asker, teller) = line(Box::new(move || context.request_repaint()));
    (asker, State::new(language.words(), teller))
}

struct Window {
    state: State,
    language: Language,
    keys: HeldKeys,
    /// As the window bears it.
    title: String,
    /// When the act ended, as far as the toolkit's clock tells.
    ended_at: Option<f64>,
}

impl App for Window {
    fn raw_input_hook(&mut self, context: &Context, input: &mut RawInput) {
        self.keys.pass(&mut input.events);
        if self.keys.are_held() {
            context.request_repaint();
        }
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut Frame) {
        self.state.listen();
        let context = ui.ctx().clone();
        if context.input(|input| input.viewport().close_requested()) && !self.state.may_close() {
            // The card is let go of at a safe place first.
            context.send_viewport_cmd(ViewportCommand::CancelClose);
            self.state.leave();
        }
        let may_close = face::draw(ui, &mut self.state, self.language);
        let title = self.state.title();
        if title != self.title {
            context.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
        if may_close || self.state.is_left() || self.is_over(&context) {
            context.send_viewport_cmd(ViewportCommand::Close);
        }
    }
}

impl Window {
    /// Whether the window has been read for long enough to close by itself.
    fn is_over(&mut self, context: &Context) -> bool {
        if !self.state.closes_itself() {
            return false;
        }
        let now = context.input(|input| input.time);
        let ended_at = *self.ended_at.get_or_insert(now);
        context.request_repaint_after_secs(0.5);
        now - ended_at > FAREWELL
    }
}
