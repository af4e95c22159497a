//! The views, drawn. Beside what is seen, each says to assistive technology what its parts are: headings are headings, a field has its
//! label for a name, and what is wrong is announced.

use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    Align, Align2, Button, CentralPanel, Color32, Context, CornerRadius, FontFamily, FontId, Frame,
    Id, Key, Margin, Modifiers, Response, RichText, ScrollArea, Spinner, Stroke, StrokeKind,
    TextEdit, Ui, Vec2, accesskit_root_id,
};
use wire::Act;

use super::drawing;
use super::ends::{CodeAsked, Ending, Question};
use super::look::{EDGE, GAP, Look, SEMI_BOLD, TOUCH};
use super::state::{State, View};
use crate::code_rules::CodeRules;
use crate::program::card_choice::grouped;
use crate::program::holder::{CardPlace, NoCard};
use crate::program::words::{Language, fill};

/// The least width that card and words share.
const SIDE_BY_SIDE: f32 = 400.0;
/// How many steps that are done are still shown.
const LATEST: usize = 4;
/// The dots of a code.
const DOT_SIZE: f32 = 22.0;

/// What the holder did in a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Did {
    Nothing,
    GoOn,
    Cancel,
    Choose(usize),
    Close,
}

/// Draws the window and carries out what the holder does in it; true when it may close now.
pub(super) fn draw(ui: &mut Ui, state: &mut State, language: Language) -> bool {
    let context = ui.ctx().clone();
    let look = Look::of(context.theme());
    let frame = Frame::new().fill(look.paper);
    let did = CentralPanel::default()
        .frame(frame)
        .show(ui, |ui| {
            ScrollArea::vertical()
                .auto_shrink([false, false])
                .show(ui, |ui| {
                    who_asks(ui, state, look);
                    let around = Frame::new().inner_margin(Margin::same(EDGE));
                    around.show(ui, |ui| view(ui, state, look)).inner
                })
                .inner
        })
        .inner;
    state.is_fresh = false;
    name_window(&context, &state.title(), language);
    let escaped = context.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    match did {
        Did::GoOn => state.go_on(),
        Did::Choose(place) => state.choose(place),
        Did::Cancel => state.cancel(),
        Did::Close => return true,
        Did::Nothing if escaped && state.may_close() => return true,
        Did::Nothing if escaped => state.cancel(),
        Did::Nothing => return false,
    }
    context.request_repaint();
    false
}

fn name_window(context: &Context, title: &str, language: Language) {
    context.accesskit_node_builder(accesskit_root_id(), |window| {
        window.set_label(title);
        window.set_language(language.code());
    });
}

/// Who asks, through which server, for whom, with which card: above every view.
fn who_asks(ui: &mut Ui, state: &State, look: &Look) {
    let frame = Frame::new()
        .fill(look.surface)
        .inner_margin(Margin::symmetric(EDGE, EDGE - 6));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        // A narrow window, or large text, puts the words below the card.
        if ui.available_width() < SIDE_BY_SIDE {
            drawing::card(ui, state);
            ui.add_space(8.0);
            facts(ui, state, look);
        } else {
            ui.horizontal_top(|ui| {
                drawing::card(ui, state);
                ui.add_space(8.0);
                ui.vertical(|ui| facts(ui, state, look));
            });
        }
    });
    let edge = shown.response.rect;
    ui.painter()
        .hline(edge.x_range(), edge.bottom(), Stroke::new(1.0, look.line));
}

fn facts(ui: &mut Ui, state: &State, look: &Look) {
    let words = state.words;
    ui.spacing_mut().item_spacing.y = 4.0;
    match &state.asks {
        Some(asks) => {
            soft(ui, look, words.asked_by);
            strong(ui, &asks.who_asks, 19.0);
            if let Some(server) = &state.through {
                soft(ui, look, &fill(words.through, &[("server", server)]));
            }
            if let Some(name) = &asks.for_whom {
                ui.add_space(6.0);
                ui.label(fill(words.for_whom, &[("name", name)]));
            }
        }
        None => {
            soft(ui, look, words.at_this_computer);
            strong(ui, words.title, 19.0);
        }
    }
    ui.add_space(6.0);
    if let Some(card) = &state.card {
        soft(ui, look, &fill(words.card_in, &values(card)));
    } else if let Some(number) = awaited(state) {
        soft(ui, look, &fill(words.about_card, &[("number", &number)]));
    }
}

/// The number of the card that must be used, as it is printed.
pub(super) fn awaited(state: &State) -> Option<String> {
    let asks = state.asks.as_ref()?;
    asks.card_number.as_deref().map(grouped)
}

fn values(card: &CardPlace) -> [(&str, &str); 2] {
    [("number", &card.number), ("reader", &card.reader)]
}

fn view(ui: &mut Ui, state: &mut State, look: &Look) -> Did {
    let words = state.words;
    let view = std::mem::replace(&mut state.view, View::Starting);
    let did = match &view {
        View::Starting => {
            heading(ui, state, words.head_starting);
            busy(ui, state, look)
        }
        View::Waiting(why) => waiting(ui, state, look, why),
        View::Asking(_) if state.warns_of_last_try(&view) => {
            heading(ui, state, words.head_last_try);
            notice(ui, look.warn, look.warn_soft, words.last_try, "last-try");
            // Nobody uses the last try by pressing Enter once more.
            let focus = state.is_fresh;
            let (stop, risk) = (words.button_stop, words.button_try);
            buttons(ui, look, focus, (stop, Did::Cancel), (risk, Did::GoOn))
        }
        View::Asking(question) => asking(ui, state, look, question),
        View::AtPad(asked) => {
            heading(ui, state, words.head_pad);
            problem(ui, state, look);
            signed_text(ui, state, look, asked);
            drawing::pad(ui, look);
            let text = if asked.old {
                words.change_at_pad
            } else {
                words.at_pad
            };
            announced(ui, text, "at-pad", Live::Polite);
            soft(ui, look, words.pad_cancel);
            Did::Nothing
        }
        View::Working => {
            heading(ui, state, words.head_working);
            busy(ui, state, look)
        }
        View::Ended(ending) => ended(ui, state, look, ending),
    };
    state.view = view;
    did
}

fn waiting(ui: &mut Ui, state: &mut State, look: &Look, why: &NoCard) -> Did {
    let words = state.words;
    match why {
        NoCard::Inserted(_) => {
            heading(ui, state, words.head_insert);
            drawing::reader(ui, look);
            announced(ui, words.insert, "waiting", Live::Polite);
        }
        NoCard::Usable(text) => {
            heading(ui, state, words.head_reader);
            notice(ui, look.warn, look.warn_soft, text, "waiting");
            soft(ui, look, words.goes_on_itself);
        }
    }
    ui.add_space(GAP);
    one_button(ui, state, look, words.button_cancel, Did::Cancel)
}

fn asking(ui: &mut Ui, state: &mut State, look: &Look, question: &Question) -> Did {
    let words = state.words;
    match question {
        Question::Ticket => {
            heading(ui, state, words.head_ticket);
            problem(ui, state, look);
            let label = ui.label(words.ticket).id;
            let field = TextEdit::singleline(&mut state.ticket).id(field_id(words.ticket));
            let had_focus = has_focus(ui, words.ticket);
            let field = ui.add(dressed(field, look)).labelled_by(label);
            let entered = field_events(ui, look, &field, had_focus, state.is_fresh);
            let pressed = go_on_or_cancel(ui, state, look, words.button_go_on, false);
            if entered { Did::GoOn } else { pressed }
        }
        Question::WhichCard(cards) => {
            heading(ui, state, words.head_which_card);
            let mut did = Did::Nothing;
            for (place, card) in cards.iter().enumerate() {
                let text = fill(words.card_in, &values(card));
                let button = Button::new(text).wrap();
                let button = button.min_size(Vec2::new(ui.available_width(), TOUCH + 8.0));
                let button = ui.add(button);
                ring(ui, look, &button);
                if place == 0 && state.is_fresh {
                    button.request_focus();
                }
                if button.clicked() {
                    did = Did::Choose(place);
                }
            }
            ui.add_space(GAP);
            let cancel = button(ui, look, words.button_cancel, false);
            if cancel.clicked() { Did::Cancel } else { did }
        }
        Question::Agree => agree(ui, state, look),
        Question::LastTry => Did::Nothing,
        Question::Code(asked) => enter_code(ui, state, look, asked),
        Question::NewCode { rules, .. } => new_code(ui, state, look, *rules),
    }
}

fn agree(ui: &mut Ui, state: &mut State, look: &Look) -> Did {
    let words = state.words;
    let act = state.asks.as_ref().map(|asks| asks.act);
    heading(
        ui,
        state,
        match act {
            Some(Act::SignIn) => words.head_sign_in,
            Some(Act::Activate) => words.head_activate,
            Some(Act::Unlock) => words.head_unlock,
            _ => words.head_agree,
        },
    );
    if let Some(asks) = &state.asks {
        ui.label(&asks.purpose);
    }
    if state.asks.as_ref().is_some_and(|asks| asks.taken_up) {
        soft(ui, look, words.taken_up);
    }
    if act == Some(Act::SignIn) {
        ui.add_space(4.0);
        notice(
            ui,
            look.warn,
            look.warn_soft,
            words.only_yours,
            "only-yours",
        );
    }
    go_on_or_cancel(ui, state, look, words.button_go_on, state.is_fresh)
}

fn enter_code(ui: &mut Ui, state: &mut State, look: &Look, asked: &CodeAsked) -> Did {
    let words = state.words;
    let (head, label, go_on) = match (&asked.text, asked.old) {
        (Some(_), _) => (words.head_sign, words.label_code, words.button_sign),
        (None, true) => (
            words.head_old_code,
            words.label_old_code,
            words.button_go_on,
        ),
        (None, false) => (words.head_code, words.label_code, words.button_go_on),
    };
    heading(ui, state, head);
    signed_text(ui, state, look, asked);
    if let (None, Some(asks)) = (&asked.text, &state.asks) {
        ui.label(&asks.purpose);
    }
    problem(ui, state, look);
    let entered = code_field(ui, look, label, &mut state.code, state.is_fresh);
    digits_only(state);
    soft(ui, look, words.code_stays);
    let pressed = go_on_or_cancel(ui, state, look, go_on, false);
    if state.is_fresh {
        // What is signed may be longer than the window.
        ui.scroll_to_cursor(Some(Align::BOTTOM));
    }
    if entered { Did::GoOn } else { pressed }
}

fn new_code(ui: &mut Ui, state: &mut State, look: &Look, rules: CodeRules) -> Did {
    let words = state.words;
    heading(ui, state, words.head_new_code);
    let (min, max) = (rules.minimum().to_string(), rules.maximum().to_string());
    soft(
        ui,
        look,
        &fill(words.code_rules, &[("min", &min), ("max", &max)]),
    );
    problem(ui, state, look);
    let first = code_field(
        ui,
        look,
        words.label_new_code,
        &mut state.code,
        state.is_fresh,
    );
    let second = code_field(ui, look, words.label_again, &mut state.again, false);
    if first {
        // Not sooner: what was typed in this frame is for the first field alone.
        ui.memory_mut(|memory| memory.request_focus(field_id(words.label_again)));
    }
    digits_only(state);
    soft(ui, look, words.code_stays);
    let pressed = go_on_or_cancel(ui, state, look, words.button_save_code, false);
    if second { Did::GoOn } else { pressed }
}

/// Tells whoever types a letter that nothing came of it.
fn digits_only(state: &mut State) {
    if state.code.took_other() | state.again.took_other() {
        state.problem = Some(state.words.not_digits.to_owned());
    }
}

/// What the code is the signature of, in full.
fn signed_text(ui: &mut Ui, state: &State, look: &Look, asked: &CodeAsked) {
    let Some(text) = &asked.text else { return };
    ui.label(state.words.you_sign);
    let frame = Frame::new()
        .fill(look.surface)
        .stroke(Stroke::new(1.0, look.line))
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::same(14));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(text);
    });
}

fn busy(ui: &mut Ui, state: &State, look: &Look) -> Did {
    let words = state.words;
    if let Some((now, before)) = state.done.split_last() {
        let latest = before.len().saturating_sub(LATEST);
        for line in before.iter().skip(latest) {
            ui.horizontal(|ui| {
                drawing::tick(ui, look.good);
                soft(ui, look, line);
            });
        }
        ui.horizontal(|ui| {
            spinner(ui, look);
            announced(ui, now, "doing", Live::Polite);
        });
    } else {
        spinner(ui, look);
    }
    ui.add_space(4.0);
    if state.is_leaving {
        notice(ui, look.warn, look.warn_soft, words.leaving, "leaving");
        return Did::Nothing;
    }
    if !state.done.is_empty() {
        soft(ui, look, words.leave_in);
    }
    ui.add_space(GAP);
    let cancel = button(ui, look, words.button_cancel, false);
    if cancel.clicked() {
        Did::Cancel
    } else {
        Did::Nothing
    }
}

fn spinner(ui: &mut Ui, look: &Look) {
    ui.add(Spinner::new().size(22.0).color(look.accent));
}

fn ended(ui: &mut Ui, state: &mut State, look: &Look, ending: &Ending) -> Did {
    let words = state.words;
    let (head, text, ink, soft_ink) = match ending {
        Ending::Done(text) if state.signs_in() => {
            (words.head_signed_in, text, look.good, look.good_soft)
        }
        Ending::Done(text) => (words.head_done, text, look.good, look.good_soft),
        Ending::Cancelled(text) => (words.head_cancelled, text, look.warn, look.warn_soft),
        Ending::Failed(text) => (words.head_failed, text, look.bad, look.bad_soft),
    };
    drawing::outcome(ui, ending, ink, soft_ink);
    heading(ui, state, head);
    announced(ui, text, "ended", Live::Assertive);
    if state.signs_in() && matches!(ending, Ending::Done(_)) {
        soft(ui, look, words.closes_itself);
    }
    ui.add_space(GAP);
    one_button(ui, state, look, words.button_close, Did::Close)
}

fn heading(ui: &mut Ui, state: &mut State, text: &'static str) {
    state.heading = text;
    let heading = ui.heading(text);
    ui.ctx().accesskit_node_builder(heading.id, |node| {
        node.set_role(Role::Heading);
        node.set_level(1);
    });
    ui.add_space(4.0);
}

fn soft(ui: &mut Ui, look: &Look, text: &str) {
    ui.label(RichText::new(text).small().color(look.ink_soft));
}

fn strong(ui: &mut Ui, text: &str, size: f32) {
    let family = FontFamily::Name(SEMI_BOLD.into());
    ui.label(RichText::new(text).size(size).family(family));
}

/// Text that is read out when it changes. The name keeps it one thing while its text changes.
fn announced(ui: &mut Ui, text: &str, name: &str, live: Live) {
    let label = ui.push_id(name, |ui| ui.label(text)).inner;
    ui.ctx().accesskit_node_builder(label.id, |node| {
        node.set_role(if live == Live::Assertive {
            Role::Alert
        } else {
            Role::Status
        });
        node.set_live(live);
    });
}

/// A text on a ground of its own, announced.
fn notice(ui: &mut Ui, ink: Color32, ground: Color32, text: &str, name: &str) {
    ui.add_space(4.0);
    let frame = Frame::new()
        .fill(ground)
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::symmetric(14, 12));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.visuals_mut().override_text_color = Some(ink);
        announced(ui, text, name, Live::Assertive);
    });
    let edge = shown.response.rect;
    let bar = edge.with_max_x(edge.left() + 4.0);
    ui.painter().rect_filled(bar, CornerRadius::same(2), ink);
    ui.add_space(4.0);
}

fn problem(ui: &mut Ui, state: &State, look: &Look) {
    if let Some(text) = &state.problem {
        notice(ui, look.bad, look.bad_soft, text, "problem");
    }
}

fn field_id(label: &str) -> Id {
    Id::unique(("field", label))
}

/// A field for a code; true when Enter was pressed in it.
fn code_field(
    ui: &mut Ui,
    look: &Look,
    label: &str,
    code: &mut super::typed::Typed,
    is_first: bool,
) -> bool {
    ui.add_space(6.0);
    let name = ui.label(label).id;
    let field = TextEdit::singleline(code)
        .id(field_id(label))
        .password(true)
        .font(FontId::new(DOT_SIZE, FontFamily::Proportional));
    let had_focus = has_focus(ui, label);
    let field = ui
        .add(dressed(field, look).desired_width(230.0))
        .labelled_by(name);
    field_events(ui, look, &field, had_focus, is_first)
}

fn dressed<'a>(field: TextEdit<'a>, look: &Look) -> TextEdit<'a> {
    field
        .text_color(look.ink)
        .margin(Margin::symmetric(12, 10))
        .min_size(Vec2::new(0.0, TOUCH))
        .align(Align2::LEFT_CENTER)
}

fn has_focus(ui: &Ui, label: &str) -> bool {
    ui.memory(|memory| memory.has_focus(field_id(label)))
}

/// Whether Enter was pressed in a field, which gives up its focus then.
fn field_events(
    ui: &mut Ui,
    look: &Look,
    field: &Response,
    had_focus: bool,
    is_first: bool,
) -> bool {
    if is_first {
        field.request_focus();
    }
    ring(ui, look, field);
    // Whatever is focused next is not to hear the same Enter.
    had_focus && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter))
}

/// Shows where the keyboard is (WCAG 2.2, 2.4.13).
fn ring(ui: &Ui, look: &Look, widget: &Response) {
    if widget.has_focus() {
        let around = widget.rect.expand(3.0);
        let stroke = Stroke::new(2.5, look.focus);
        ui.painter()
            .rect_stroke(around, CornerRadius::same(10), stroke, StrokeKind::Inside);
    }
}

fn button(ui: &mut Ui, look: &Look, text: &str, is_first: bool) -> Response {
    let family = FontFamily::Name(SEMI_BOLD.into());
    let text = RichText::new(text).family(family);
    let button = if is_first {
        Button::new(text.color(look.on_accent))
            .fill(look.accent)
            .stroke(Stroke::new(1.0, look.accent))
    } else {
        Button::new(text.color(look.ink)).stroke(Stroke::new(1.0, look.line_strong))
    };
    let button = ui.add(button.min_size(Vec2::new(0.0, TOUCH)));
    ring(ui, look, &button);
    button
}

/// Goes on or cancels. Where a view has no field, the first button is focused, so that Enter presses it.
fn go_on_or_cancel(ui: &mut Ui, state: &State, look: &Look, go_on: &str, focus: bool) -> Did {
    let cancel = state.words.button_cancel;
    buttons(ui, look, focus, (go_on, Did::GoOn), (cancel, Did::Cancel))
}

fn buttons(ui: &mut Ui, look: &Look, focus: bool, first: (&str, Did), second: (&str, Did)) -> Did {
    ui.add_space(GAP);
    let mut did = Did::Nothing;
    ui.horizontal(|ui| {
        let main = button(ui, look, first.0, true);
        if focus {
            main.request_focus();
        }
        if main.clicked() {
            did = first.1;
        }
        if button(ui, look, second.0, false).clicked() {
            did = second.1;
        }
    });
    did
}

fn one_button(ui: &mut Ui, state: &State, look: &Look, text: &str, does: Did) -> Did {
    let button = button(ui, look, text, does == Did::Close);
    if state.is_fresh && does == Did::Close {
        button.request_focus();
    }
    if button.clicked() { does } else { Did::Nothing }
}
