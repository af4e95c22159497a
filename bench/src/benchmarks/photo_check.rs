//! "Will this photo do?": everything a station does with a picture before somebody sees it, decoding, the search for faces, the crop,
//! the measures, the rules and the photo written anew, beside decoding the same file alone. What the house adds costs the same
//! whatever the camera, so the ratio is told for two: a computer's, and a telephone's, whose picture takes longer to decode.

use std::hint::black_box;
use std::io::Cursor;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use image::imageops::FilterType;

use crate::child::cpu_of;
use crate::figure::Figure;
use crate::turns::{Turn, alternate, per_wall_second};
use crate::{Scale, Wanted, explain, print};

/// The figures.
pub const NAMES: &[&str] = &["photo.check", "photo.check.large"];

/// Measures.
pub fn run(scale: Scale, wanted: &Wanted) -> anyhow::Result<()> {
    let time = Duration::from_millis(scale.pick(1_000, 3_000));
    for (name, width, height) in [
        ("photo.check", 900, 1_200),
        ("photo.check.large", 3_000, 4_000),
    ] {
        if !wanted.has(name) {
            continue;
        }
        let files = taken(width, height)?;
        let (ours, limit) = alternate(
            scale.turns(),
            || {
                turn(time, &files, |file| {
                    let looked = print::photo::look(file)?;
                    anyhow::ensure!(flows::photograph::faults(&looked.measures).is_empty());
                    black_box(looked.photo);
                    Ok(())
                })
            },
            || {
                turn(time, &files, |file| {
                    black_box(image::load_from_memory(file)?);
                    Ok(())
                })
            },
        )?;
        explain(&format!(
            "{name}: {width} by {height} pixels; {:.1} photos a second on the wall, {:.1} decoded alone",
            per_wall_second(&ours),
            per_wall_second(&limit)
        ));
        print(&Figure::rate(name, &ours, &limit, "photos/CPU s"));
    }
    Ok(())
}

/// Portraits of invented people as a camera of that size would take them.
fn taken(width: u32, height: u32) -> anyhow::Result<Vec<Vec<u8>>> {
    [2, 6, 9, 14]
        .into_iter()
        .map(|seed| {
            let drawn = image::load_from_memory(&print::portrait::invent(seed)?)?;
            let large = drawn.resize_exact(width, height, FilterType::CatmullRom);
            let mut file = Cursor::new(Vec::new());
            large
                .write_to(&mut file, image::ImageFormat::Jpeg)
                .context("writing a picture")?;
            Ok(file.into_inner())
        })
        .collect()
}

/// Looks at one picture after the other for about `time`.
fn turn(
    time: Duration,
    files: &[Vec<u8>],
    mut one: impl FnMut(&[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<Turn> {
    let (began, cpu) = (Instant::now(), cpu_of("self")?);
    let mut done = 0.0;
    for file in files.iter().cycle() {
        one(black_box(file))?;
        done += 1.0;
        if began.elapsed() >= time {
            break;
        }
    }
    Ok(Turn {
        done,
        cpu: cpu_of("self")? - cpu,
        wall: began.elapsed().as_secs_f64(),
    })
}
