//! Our mark and the fine lines behind it. Drawn by formula, so no picture file has to be kept.

use std::f32::consts::TAU;
use std::fmt::Write as _;

use crate::error::PrintError;

/// Lobes around the edge of the seal, as pressed wax has.
const LOBES: f32 = 18.0;

/// The seal: a scalloped disk with an S pressed into it. `radius` is to the middle of the lobes.
pub(crate) fn seal(centre: (f32, f32), radius: f32, wax: &str, pressed: &str) -> String {
    let (x, y) = centre;
    let edge = closed_curve(centre, 180, |angle| {
        radius * (1.0 + 0.035 * (LOBES * angle).cos())
    });
    let bend = radius * 0.3;
    let line = radius * 0.13;
    format!(
        concat!(
            r#"<path d="{edge}" fill="{wax}"/>"#,
            r#"<circle cx="{x}" cy="{y}" r="{ring:.2}" fill="none" stroke="{pressed}" stroke-width="{thin:.2}"/>"#,
            r#"<path d="M{right:.2} {top:.2}C{right_in:.2} {above:.2} {left:.2} {above:.2} {left:.2} {upper:.2}S{right:.2} {y:.2} {right:.2} {lower:.2}S{left_in:.2} {below:.2} {left:.2} {bottom:.2}" "#,
            r#"fill="none" stroke="{pressed}" stroke-width="{line:.2}" stroke-linecap="round" stroke-linejoin="round"/>"#,
        ),
        edge = edge,
        wax = wax,
        pressed = pressed,
        x = x,
        y = y,
        ring = radius * 0.76,
        thin = radius * 0.055,
        line = line,
        right = x + bend,
        left = x - bend,
        right_in = x + bend * 0.55,
        left_in = x - bend * 0.55,
        above = y - bend * 1.72,
        top = y - bend * 0.95,
        upper = y - bend * 0.62,
        lower = y + bend * 0.62,
        bottom = y + bend * 0.95,
        below = y + bend * 1.72,
    )
}

/// A rosette of fine lines, as on papers of value: many turns of one wave around a centre.
pub(crate) fn rosette(centre: (f32, f32), radius: f32, colour: &str) -> String {
    let mut svg = format!(r#"<g fill="none" stroke="{colour}" stroke-width="1.1">"#);
    for (waves, inner, swing, turns) in [
        (12.0, 0.78, 0.17, 8_u8),
        (9.0, 0.47, 0.13, 6),
        (6.0, 0.22, 0.09, 5),
    ] {
        for turn in 0..turns {
            let shift = TAU * f32::from(turn) / f32::from(turns);
            let curve = closed_curve(centre, 240, |angle| {
                radius * (inner + swing * (waves * angle + shift).cos())
            });
            // Writing to a String cannot fail.
            let _ = write!(svg, r#"<path d="{curve}"/>"#);
        }
    }
    svg.push_str("</g>");
    svg
}

/// A closed line around a centre, its distance given for every angle.
fn closed_curve(centre: (f32, f32), steps: u16, distance: impl Fn(f32) -> f32) -> String {
    let mut path = String::new();
    for step in 0..steps {
        let angle = TAU * f32::from(step) / f32::from(steps);
        let (sine, cosine) = angle.sin_cos();
        let far = distance(angle);
        let letter = if step == 0 { 'M' } else { 'L' };
        // Writing to a String cannot fail.
        let _ = write!(
            path,
            "{letter}{:.1} {:.1}",
            centre.0 + far * cosine,
            centre.1 + far * sine
        );
    }
    path.push('Z');
    path
}

/// A QR code (ISO/IEC 18004, error correction level Q) of the digits as one path, `side` long without its quiet zone.
pub(crate) fn qr_code(
    digits: &str,
    corner: (f32, f32),
    side: f32,
    colour: &str,
) -> Result<String, PrintError> {
    let code = qrcode::QrCode::with_error_correction_level(digits, qrcode::EcLevel::Q)?;
    let modules = code.width();
    #[expect(
        clippy::cast_precision_loss,
        reason = "a QR code has at most 177 modules a side"
    )]
    let scale = side / modules as f32;
    let mut path = String::new();
    for (row, line) in code.to_colors().chunks(modules).enumerate() {
        for (column, module) in line.iter().enumerate() {
            if *module == qrcode::Color::Dark {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{column} {row}h1v1h-1z");
            }
        }
    }
    Ok(format!(
        r#"<path d="{path}" fill="{colour}" shape-rendering="crispEdges" transform="translate({:.2} {:.2}) scale({scale:.5})"/>"#,
        corner.0, corner.1,
    ))
}
