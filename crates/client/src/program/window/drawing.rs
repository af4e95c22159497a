//! What is drawn beside the words: the card, a reader, a key pad, how it ended. None of it says anything that the words do not.

use eframe::egui::{
    Align2, Color32, CornerRadius, FontFamily, FontId, Painter, Pos2, Rect, Sense, Shape, Stroke,
    StrokeKind, Ui, Vec2, pos2, vec2,
};

use super::ends::Ending;
use super::face::awaited;
use super::look::{CARD, Look, SEMI_BOLD};
use super::state::State;

/// ISO/IEC 7810, ID-1: 85.60 by 53.98 mm.
const CARD_WIDTH: f32 = 190.0;
const CARD_HEIGHT: f32 = CARD_WIDTH * 53.98 / 85.60;

/// A place for a drawing.
fn place(ui: &mut Ui, size: Vec2) -> (Rect, Painter) {
    let (_, rect) = ui.allocate_space(size);
    (rect, ui.painter_at(rect.expand(2.0)))
}

/// The card: whose organisation's, for whom, and its number, as far as they are known.
pub(super) fn card(ui: &mut Ui, state: &State) {
    let (rect, painter) = place(ui, vec2(CARD_WIDTH, CARD_HEIGHT));
    let radius = CornerRadius::same(11);
    painter.rect_filled(rect, radius, CARD.face);
    let band = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 34.0), rect.max);
    let lower = CornerRadius {
        nw: 0,
        ne: 0,
        ..radius
    };
    painter.rect_filled(band, lower, CARD.band);
    let strong = FontFamily::Name(SEMI_BOLD.into());
    let words = state.words;
    let inner = rect.width() - 28.0;
    let organisation = state
        .asks
        .as_ref()
        .map_or(words.your_card, |asks| &asks.who_asks);
    line(
        &painter,
        rect.min + vec2(14.0, 12.0),
        inner,
        organisation,
        FontId::new(13.0, strong.clone()),
        CARD.ink,
    );
    chip(
        &painter,
        Rect::from_min_size(rect.min + vec2(14.0, 40.0), vec2(30.0, 24.0)),
    );
    if let Some(name) = state
        .asks
        .as_ref()
        .and_then(|asks| asks.for_whom.as_deref())
    {
        let font = FontId::new(12.5, strong);
        line(
            &painter,
            rect.min + vec2(56.0, 45.0),
            rect.width() - 70.0,
            name,
            font,
            CARD.ink,
        );
    }
    let number = state
        .card
        .as_ref()
        .map(|card| card.number.clone())
        .or_else(|| awaited(state));
    if let Some(number) = number {
        let font = FontId::new(12.0, FontFamily::Proportional);
        line(
            &painter,
            pos2(rect.left() + 14.0, band.center().y - 8.0),
            inner,
            &number,
            font,
            CARD.ink_soft,
        );
    }
}

/// One line, cut off where it would leave the card.
fn line(painter: &Painter, at: Pos2, width: f32, text: &str, font: FontId, ink: Color32) {
    let galley = painter.layout_no_wrap(text.to_owned(), font, ink);
    let within = Rect::from_min_size(at, vec2(width, galley.size().y));
    painter.with_clip_rect(within).galley(at, galley, ink);
}

fn chip(painter: &Painter, rect: Rect) {
    painter.rect_filled(rect, CornerRadius::same(5), CARD.chip);
    let stroke = Stroke::new(1.0, CARD.chip_line);
    let core = rect.shrink2(vec2(10.0, 7.0));
    painter.rect_stroke(core, CornerRadius::same(2), stroke, StrokeKind::Middle);
    for y in [core.top(), core.bottom()] {
        painter.hline(rect.left()..=core.left(), y, stroke);
        painter.hline(core.right()..=rect.right(), y, stroke);
    }
    painter.vline(rect.center().x, rect.top()..=core.top(), stroke);
    painter.vline(rect.center().x, core.bottom()..=rect.bottom(), stroke);
}

/// A reader with a card on its way in.
pub(super) fn reader(ui: &mut Ui, look: &Look) {
    let (rect, painter) = place(ui, vec2(150.0, 124.0));
    let card = Rect::from_min_size(
        pos2(rect.center().x - 34.0, rect.top() + 2.0),
        vec2(68.0, 86.0),
    );
    painter.rect_filled(card, CornerRadius::same(7), CARD.face);
    let chip_place = Rect::from_min_size(
        pos2(card.center().x - 12.0, card.bottom() - 40.0),
        vec2(24.0, 20.0),
    );
    chip(&painter, chip_place);
    let body = Rect::from_min_max(
        pos2(rect.left() + 8.0, rect.top() + 78.0),
        rect.max - vec2(8.0, 2.0),
    );
    painter.rect(
        body,
        CornerRadius::same(10),
        look.surface,
        Stroke::new(1.5, look.line_strong),
        StrokeKind::Inside,
    );
    painter.hline(
        body.left() + 22.0..=body.right() - 22.0,
        body.top() + 10.0,
        Stroke::new(3.0, look.line_strong),
    );
    painter.circle_filled(body.center_bottom() - vec2(0.0, 11.0), 3.0, look.accent);
    ui.add_space(6.0);
}

/// The keys of a reader.
pub(super) fn pad(ui: &mut Ui, look: &Look) {
    let (rect, painter) = place(ui, vec2(148.0, 176.0));
    let outline = Stroke::new(1.5, look.line_strong);
    painter.rect(
        rect,
        CornerRadius::same(12),
        look.surface,
        outline,
        StrokeKind::Inside,
    );
    let display = Rect::from_min_size(rect.min + vec2(14.0, 14.0), vec2(120.0, 26.0));
    painter.rect_filled(display, CornerRadius::same(4), look.accent_soft);
    let font = FontId::new(18.0, FontFamily::Proportional);
    painter.text(
        display.center(),
        Align2::CENTER_CENTER,
        "• • • •",
        font,
        look.accent,
    );
    for (place, sign) in "123456789×0✓".chars().enumerate() {
        let column = f32::from(u8::try_from(place % 3).unwrap_or_default());
        let row = f32::from(u8::try_from(place / 3).unwrap_or_default());
        let at = rect.min + vec2(14.0 + column * 42.0, 50.0 + row * 29.0);
        let key = Rect::from_min_size(at, vec2(36.0, 23.0));
        let fill = match sign {
            '×' => look.bad_soft,
            '✓' => look.good_soft,
            _ => look.paper,
        };
        painter.rect(
            key,
            CornerRadius::same(5),
            fill,
            Stroke::new(1.0, look.line),
            StrokeKind::Inside,
        );
        match sign {
            '×' => cross(&painter, key.center(), 4.0, Stroke::new(2.0, look.bad)),
            '✓' => check(&painter, key.center(), 5.0, Stroke::new(2.0, look.good)),
            digit => {
                let font = FontId::new(13.0, FontFamily::Proportional);
                painter.text(key.center(), Align2::CENTER_CENTER, digit, font, look.ink);
            }
        }
    }
    ui.add_space(6.0);
}

/// That a line is done.
pub(super) fn tick(ui: &mut Ui, ink: Color32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(22.0), Sense::hover());
    check(ui.painter(), rect.center(), 5.0, Stroke::new(2.0, ink));
}

/// How it ended.
pub(super) fn outcome(ui: &mut Ui, ending: &Ending, ink: Color32, ground: Color32) {
    let (rect, painter) = place(ui, Vec2::splat(64.0));
    let middle = rect.center();
    painter.circle_filled(middle, 31.0, ground);
    let stroke = Stroke::new(4.0, ink);
    match ending {
        Ending::Done(_) => check(&painter, middle, 13.0, stroke),
        Ending::Cancelled(_) => {
            let half = vec2(11.0, 0.0);
            painter.line_segment([middle - half, middle + half], stroke);
        }
        Ending::Failed(_) => {
            painter.line_segment([middle - vec2(0.0, 13.0), middle + vec2(0.0, 4.0)], stroke);
            painter.circle_filled(middle + vec2(0.0, 12.0), 2.8, ink);
        }
    }
    ui.add_space(8.0);
}

fn check(painter: &Painter, at: Pos2, size: f32, stroke: Stroke) {
    let points = vec![
        at + vec2(-size, size * 0.05),
        at + vec2(-size * 0.25, size * 0.75),
        at + vec2(size, -size * 0.7),
    ];
    painter.add(Shape::line(points, stroke));
}

fn cross(painter: &Painter, at: Pos2, size: f32, stroke: Stroke) {
    for along in [vec2(size, size), vec2(size, -size)] {
        painter.line_segment([at - along, at + along], stroke);
    }
}
