//! From SVG to pixels, and from pixels to PNG.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg;

use crate::error::PrintError;
use crate::typeface;

/// Printers of plastic cards print 300 dots per inch; PNG counts them per metre (PNG 3rd edition, 11.3.4.3).
const DOTS_PER_METRE: u32 = 11_811;

/// A drawing as opaque pixels, three bytes each.
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgb: Vec<u8>,
}

/// Draws the SVG on white, stretched to so many pixels.
#[expect(
    clippy::cast_precision_loss,
    reason = "pictures are a few thousand pixels wide"
)]
pub(crate) fn render(svg: &str, width: u32, height: u32) -> Result<Picture, PrintError> {
    let tree = usvg::Tree::from_str(svg, &typeface::options()).map_err(PrintError::Drawing)?;
    let mut pixels = Pixmap::new(width, height).ok_or(PrintError::Canvas { width, height })?;
    pixels.fill(resvg::tiny_skia::Color::WHITE);
    let scale = Transform::from_scale(
        width as f32 / tree.size().width(),
        height as f32 / tree.size().height(),
    );
    resvg::render(&tree, scale, &mut pixels.as_mut());
    let rgb = pixels
        .pixels()
        .iter()
        .flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
        .collect();
    Ok(Picture { width, height, rgb })
}

impl Picture {
    /// PNG with its size on plastic: 300 dots per inch, sRGB.
    pub(crate) fn to_png(&self) -> Result<Vec<u8>, PrintError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: DOTS_PER_METRE,
            yppu: DOTS_PER_METRE,
            unit: png::Unit::Meter,
        }));
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgb)?;
        writer.finish()?;
        Ok(bytes)
    }

    /// JPEG of the given quality, 1 to 100, without any metadata.
    pub(crate) fn to_jpeg(&self, quality: u8) -> Result<Vec<u8>, PrintError> {
        let mut bytes = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality)
            .encode(
                &self.rgb,
                self.width,
                self.height,
                image::ExtendedColorType::Rgb8,
            )
            .map_err(PrintError::Jpeg)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_reads_no_file() {
        let file = std::env::temp_dir().join(format!("sigill-print-{}.png", std::process::id()));
        let red = Picture {
            width: 1,
            height: 1,
            rgb: vec![255, 0, 0],
        };
        std::fs::write(&file, red.to_png().unwrap()).unwrap();
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><image href="{}" width="4" height="4"/></svg>"#,
            file.display()
        );
        let picture = render(&svg, 4, 4).unwrap();
        std::fs::remove_file(&file).unwrap();
        assert!(
            picture.rgb.iter().all(|byte| *byte == 255),
            "the file was drawn"
        );
    }

    #[test]
    fn the_png_says_how_large_it_is_on_plastic() {
        let picture = Picture {
            width: 2,
            height: 1,
            rgb: vec![0; 6],
        };
        let decoder = png::Decoder::new(std::io::Cursor::new(picture.to_png().unwrap()));
        let reader = decoder.read_info().unwrap();
        let dims = reader.info().pixel_dims.unwrap();
        assert_eq!(
            (dims.xppu, dims.yppu, dims.unit),
            (11_811, 11_811, png::Unit::Meter)
        );
    }
}
