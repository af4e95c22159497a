//! How the window looks: the colours of the portals (`server/static/site.css`), the typeface of the cards.

use std::sync::Arc;

use eframe::egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Stroke, Style,
    TextStyle, Theme, Vec2, Visuals,
};

/// The heavier cut.
pub(super) const SEMI_BOLD: &str = "semi-bold";

/// Room between the parts of a view, and around it, in points.
pub(super) const GAP: f32 = 16.0;
pub(super) const EDGE: i8 = 28;
/// Buttons and fields are as high at least (WCAG 2.2, 2.5.8, asks for 24).
pub(super) const TOUCH: f32 = 44.0;

/// The colours of one scheme.
pub(super) struct Look {
    pub paper: Color32,
    pub surface: Color32,
    pub ink: Color32,
    pub ink_soft: Color32,
    pub line: Color32,
    pub line_strong: Color32,
    pub accent: Color32,
    pub accent_soft: Color32,
    pub on_accent: Color32,
    pub good: Color32,
    pub good_soft: Color32,
    pub warn: Color32,
    pub warn_soft: Color32,
    pub bad: Color32,
    pub bad_soft: Color32,
    pub focus: Color32,
}

/// The card's own colours are the same in both schemes, as a card's are.
pub(super) struct CardLook {
    pub face: Color32,
    pub band: Color32,
    pub ink: Color32,
    pub ink_soft: Color32,
    pub chip: Color32,
    pub chip_line: Color32,
}

pub(super) static CARD: CardLook = CardLook {
    face: Color32::from_rgb(0x0b, 0x55, 0x63),
    band: Color32::from_rgb(0x07, 0x3d, 0x48),
    ink: Color32::from_rgb(0xff, 0xff, 0xff),
    ink_soft: Color32::from_rgb(0xdf, 0xed, 0xee),
    chip: Color32::from_rgb(0xe0, 0xc1, 0x7a),
    chip_line: Color32::from_rgb(0x8d, 0x71, 0x2f),
};

static LIGHT: Look = Look {
    paper: Color32::from_rgb(0xf6, 0xf4, 0xef),
    surface: Color32::from_rgb(0xff, 0xfe, 0xfb),
    ink: Color32::from_rgb(0x1c, 0x26, 0x2e),
    ink_soft: Color32::from_rgb(0x4b, 0x56, 0x61),
    line: Color32::from_rgb(0xd8, 0xd4, 0xc9),
    line_strong: Color32::from_rgb(0x77, 0x80, 0x8a),
    accent: Color32::from_rgb(0x0b, 0x55, 0x63),
    accent_soft: Color32::from_rgb(0xdf, 0xed, 0xee),
    on_accent: Color32::from_rgb(0xff, 0xff, 0xff),
    good: Color32::from_rgb(0x1d, 0x6a, 0x3a),
    good_soft: Color32::from_rgb(0xe0, 0xf0, 0xe4),
    warn: Color32::from_rgb(0x7d, 0x4c, 0x00),
    warn_soft: Color32::from_rgb(0xfb, 0xef, 0xd6),
    bad: Color32::from_rgb(0xa0, 0x23, 0x20),
    bad_soft: Color32::from_rgb(0xfa, 0xe5, 0xe2),
    focus: Color32::from_rgb(0x1b, 0x4f, 0xd0),
};

static DARK: Look = Look {
    paper: Color32::from_rgb(0x11, 0x17, 0x1b),
    surface: Color32::from_rgb(0x19, 0x21, 0x26),
    ink: Color32::from_rgb(0xeb, 0xe8, 0xe1),
    ink_soft: Color32::from_rgb(0xb5, 0xbe, 0xc4),
    line: Color32::from_rgb(0x30, 0x3b, 0x42),
    line_strong: Color32::from_rgb(0x8b, 0x97, 0xa0),
    accent: Color32::from_rgb(0x7c, 0xc9, 0xd3),
    accent_soft: Color32::from_rgb(0x16, 0x34, 0x3b),
    on_accent: Color32::from_rgb(0x06, 0x25, 0x2c),
    good: Color32::from_rgb(0x8e, 0xd6, 0xa4),
    good_soft: Color32::from_rgb(0x15, 0x32, 0x1f),
    warn: Color32::from_rgb(0xf1, 0xc2, 0x6a),
    warn_soft: Color32::from_rgb(0x38, 0x29, 0x0c),
    bad: Color32::from_rgb(0xf4, 0xa3, 0x9b),
    bad_soft: Color32::from_rgb(0x42, 0x1b, 0x19),
    focus: Color32::from_rgb(0x9a, 0xb8, 0xff),
};

impl Look {
    pub(super) fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }

    fn style(&self, theme: Theme) -> Style {
        let mut style = Style::default();
        let mut visuals = match theme {
            Theme::Light => Visuals::light(),
            Theme::Dark => Visuals::dark(),
        };
        visuals.override_text_color = Some(self.ink);
        visuals.panel_fill = self.paper;
        visuals.extreme_bg_color = self.surface;
        visuals.text_edit_bg_color = Some(self.surface);
        visuals.selection.bg_fill = self.accent_soft;
        visuals.selection.stroke = Stroke::new(2.0, self.accent);
        visuals.text_cursor.stroke = Stroke::new(2.0, self.ink);
        let radius = CornerRadius::same(8);
        for widget in [
            &mut visuals.widgets.noninteractive,
            &mut visuals.widgets.inactive,
            &mut visuals.widgets.hovered,
            &mut visuals.widgets.active,
            &mut visuals.widgets.open,
        ] {
            widget.corner_radius = radius;
            widget.expansion = 0.0;
            widget.bg_fill = self.surface;
            widget.weak_bg_fill = self.surface;
            widget.bg_stroke = Stroke::new(1.0, self.line_strong);
            widget.fg_stroke = Stroke::new(1.0, self.ink);
        }
        visuals.widgets.hovered.weak_bg_fill = self.accent_soft;
        visuals.widgets.active.weak_bg_fill = self.accent_soft;
        style.visuals = visuals;
        let body = FontFamily::Proportional;
        let strong = FontFamily::Name(SEMI_BOLD.into());
        style.text_styles = [
            (TextStyle::Heading, FontId::new(25.0, strong.clone())),
            (TextStyle::Body, FontId::new(16.0, body.clone())),
            (TextStyle::Button, FontId::new(16.0, strong)),
            (TextStyle::Small, FontId::new(14.0, body.clone())),
            (TextStyle::Monospace, FontId::new(16.0, body)),
        ]
        .into();
        style.spacing.item_spacing = Vec2::new(12.0, 8.0);
        style.spacing.button_padding = Vec2::new(20.0, 10.0);
        style.spacing.interact_size.y = TOUCH;
        // A label that can be selected would be announced as something to press.
        style.interaction.selectable_labels = false;
        style
    }
}

/// Gives a context our fonts and both schemes. Where the system says nothing of light or dark, it is light.
pub(super) fn dress(context: &Context) {
    let mut fonts = FontDefinitions::empty();
    let cuts: [(&str, &'static [u8]); 2] = [
        (
            "regular",
            include_bytes!("../../../../print/fonts/Inter-Regular.otf"),
        ),
        (
            SEMI_BOLD,
            include_bytes!("../../../../print/fonts/Inter-SemiBold.otf"),
        ),
    ];
    for (name, bytes) in cuts {
        let font = Arc::new(FontData::from_static(bytes));
        fonts.font_data.insert(name.to_owned(), font);
    }
    for (family, name) in [
        (FontFamily::Proportional, "regular"),
        (FontFamily::Monospace, "regular"),
        (FontFamily::Name(SEMI_BOLD.into()), SEMI_BOLD),
    ] {
        fonts.families.insert(family, vec![name.to_owned()]);
    }
    context.set_fonts(fonts);
    context.options_mut(|options| options.fallback_theme = Theme::Light);
    for theme in [Theme::Light, Theme::Dark] {
        context.set_style_of(theme, Look::of(theme).style(theme));
    }
}
