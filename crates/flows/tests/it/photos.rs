//! Pictures with known faults: what is right passes, what is wrong is named. All are drawn here; nobody real is in them.

use std::io::Cursor;

use flows::photograph::{PhotographRefusal, faults};
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use model::photo::PhotoFault::{self, *};
use print::portrait::{Eyes, Sitting, Wall, invent, invent_sitting};

/// What is to be said of a picture.
enum Expected {
    /// Nothing.
    Good,
    /// These faults and no others.
    Exactly(Vec<PhotoFault>),
    /// These faults; what else follows from them depends on the picture.
    Among(Vec<PhotoFault>),
    /// That it is no photo at all.
    Refused(PhotographRefusal),
}
use Expected::{Among, Exactly, Good, Refused};

struct Pictures(Vec<(String, Vec<u8>, Expected)>);

impl Pictures {
    fn add(&mut self, name: impl Into<String>, file: Vec<u8>, expected: Expected) {
        self.0.push((name.into(), file, expected));
    }
}

fn drawn(seed: u64, sitting: Sitting) -> RgbImage {
    let jpeg = invent_sitting(seed, sitting).unwrap();
    image::load_from_memory(&jpeg).unwrap().into_rgb8()
}

fn plain(seed: u64) -> RgbImage {
    drawn(seed, Sitting::default())
}

fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = DynamicImage::ImageRgb8(picture.clone());
    picture
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    encoded(picture, ImageFormat::Jpeg)
}

fn shaded(picture: &RgbImage, change: impl Fn(u32, u32, f32) -> f32) -> RgbImage {
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let change = |level: u8| change(x, y, f32::from(level)).clamp(0.0, 255.0) as u8;
        Rgb(picture.get_pixel(x, y).0.map(change))
    })
}

/// A wall with pictures pasted on it: shrunk to a height, with their left upper corner at a place.
fn scene(width: u32, height: u32, people: &[(u64, u32, u32, u32)]) -> RgbImage {
    let mut scene = RgbImage::from_pixel(width, height, Rgb([226, 230, 232]));
    for &(seed, high, left, top) in people {
        let person = imageops::resize(&plain(seed), high * 3 / 4, high, FilterType::Triangle);
        // The banner with the word PÅHITTAD would be a dark bar in the room.
        let person = imageops::crop_imm(&person, 0, 0, high * 3 / 4, high * 15 / 16).to_image();
        imageops::replace(&mut scene, &person, i64::from(left), i64::from(top));
    }
    scene
}

/// A JPEG with an Exif orientation (Exif 2.32, tag 0x0112) and a place in it.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let exif = [
        b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(),
        &[orientation],
        b"\0\0\0\0\0\0GPS 55.60 13.00",
    ]
    .concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

fn good(pictures: &mut Pictures) {
    for seed in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 17, 18, 23, 36] {
        pictures.add(format!("person {seed}"), invent(seed).unwrap(), Good);
    }
    pictures.add("PNG", encoded(&plain(6), ImageFormat::Png), Good);
    pictures.add("WebP", encoded(&plain(9), ImageFormat::WebP), Good);
    for (name, orientation, turned) in [
        ("held upright", 1, plain(6)),
        ("held upside down", 3, imageops::rotate180(&plain(6))),
        ("held on its right side", 6, imageops::rotate270(&plain(6))),
        ("held on its left side", 8, imageops::rotate90(&plain(6))),
    ] {
        pictures.add(name, with_orientation(&jpeg(&turned), orientation), Good);
    }
    let large = imageops::resize(&plain(9), 2400, 3200, FilterType::CatmullRom);
    pictures.add("a telephone's", jpeg(&large), Good);
    let wide = scene(1600, 1000, &[(2, 1000, 425, 60)]);
    pictures.add("a wide one from a web camera", jpeg(&wide), Good);
    let aside = scene(2000, 1200, &[(13, 1000, 150, 200)]);
    pictures.add("one with the person to the left", jpeg(&aside), Good);
    let mut clear = DynamicImage::ImageRgb8(plain(6)).into_rgba8();
    for (_, y, pixel) in clear.enumerate_pixels_mut() {
        pixel.0[3] = if y < 4 { 0 } else { 255 };
    }
    let mut bytes = Vec::new();
    clear
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .unwrap();
    pictures.add("a PNG with transparency", bytes, Good);
    let warm = shaded(&plain(26), |_, _, level| level * 0.82 + 10.0);
    pictures.add("lamp light", jpeg(&warm), Good);
}

fn people(pictures: &mut Pictures) {
    let wall = RgbImage::from_fn(600, 800, |x, y| {
        Rgb([220, ((x + y) / 30 % 20 + 205) as u8, (y / 16 + 180) as u8])
    });
    pictures.add("a wall", jpeg(&wall), Among(vec![NoFace]));
    let tiles = RgbImage::from_fn(600, 800, |x, y| {
        Rgb(if (x / 40 + y / 40) % 2 == 0 {
            [200, 90, 60]
        } else {
            [240; 3]
        })
    });
    pictures.add("tiles", jpeg(&tiles), Among(vec![NoFace, BusyWall]));
    let two = scene(1600, 1000, &[(6, 900, 60, 100), (9, 900, 860, 100)]);
    pictures.add("two people", jpeg(&two), Among(vec![SeveralFaces]));
    let behind = scene(1600, 1000, &[(13, 1000, 300, 30), (9, 500, 1150, 300)]);
    pictures.add("somebody behind", jpeg(&behind), Among(vec![SeveralFaces]));
    for (name, turned) in [
        ("on its left side", imageops::rotate90(&plain(6))),
        ("upside down", imageops::rotate180(&plain(6))),
        ("on its right side", imageops::rotate270(&plain(6))),
    ] {
        pictures.add(name, jpeg(&turned), Exactly(vec![OnItsSide]));
    }
    for (seed, eyes, fault) in [
        (0, Eyes::Closed, EyesClosed),
        (9, Eyes::Closed, EyesClosed),
        (14, Eyes::Closed, EyesClosed),
        (2, Eyes::Closed, EyesClosed),
        (6, Eyes::Hidden, EyesHidden),
        (9, Eyes::Hidden, EyesHidden),
        (17, Eyes::Hidden, EyesHidden),
    ] {
        let sitting = Sitting {
            eyes,
            ..Sitting::default()
        };
        let picture = invent_sitting(seed, sitting).unwrap();
        pictures.add(
            format!("{} {seed}", fault.code()),
            picture,
            Exactly(vec![fault]),
        );
    }
    for (seed, tilt) in [(2, 15.0), (0, 25.0), (14, -20.0), (9, -20.0), (17, 24.0)] {
        let sitting = Sitting {
            tilt,
            ..Sitting::default()
        };
        let picture = invent_sitting(seed, sitting).unwrap();
        pictures.add(
            format!("leaning {seed} {tilt}"),
            picture,
            Exactly(vec![HeadLeans]),
        );
    }
}

fn framing(pictures: &mut Pictures) {
    let cut = |seed, left, top, width, height| {
        jpeg(&imageops::crop_imm(&plain(seed), left, top, width, height).to_image())
    };
    pictures.add("chin cut", cut(9, 0, 0, 600, 480), Among(vec![TooClose]));
    pictures.add("crown cut", cut(6, 0, 230, 600, 560), Among(vec![TooClose]));
    let high = scene(1200, 1600, &[(6, 1200, 150, 0)]);
    let high = imageops::crop_imm(&high, 0, 330, 1200, 1270).to_image();
    pictures.add("too high up", jpeg(&high), Among(vec![OffCentre]));
    pictures.add(
        "at the edge",
        cut(2, 150, 0, 450, 800),
        Among(vec![OffCentre]),
    );
    pictures.add(
        "far too close",
        cut(9, 130, 160, 345, 430),
        Among(vec![TooClose]),
    );
    let far = scene(1200, 1600, &[(6, 420, 450, 500)]);
    pictures.add("far away", jpeg(&far), Exactly(vec![FaceTooSmall]));
    let farther = scene(900, 1200, &[(9, 330, 330, 400)]);
    pictures.add("farther away", jpeg(&farther), Exactly(vec![FaceTooSmall]));
}

fn light(pictures: &mut Pictures) {
    for seed in [2, 6, 17] {
        let blurred = imageops::blur(&plain(seed), 8.0);
        pictures.add(
            format!("blurred {seed}"),
            jpeg(&blurred),
            Exactly(vec![Blurred]),
        );
    }
    let moved = plain(13);
    let moved = RgbImage::from_fn(600, 800, |x, y| {
        let sum = (0..24).fold([0u32; 3], |sum, step| {
            let pixel = moved
                .get_pixel((x + step).min(599), (y + step / 3).min(799))
                .0;
            [0, 1, 2].map(|colour| sum[colour] + u32::from(pixel[colour]))
        });
        Rgb(sum.map(|sum| (sum / 24) as u8))
    });
    pictures.add("moved", jpeg(&moved), Exactly(vec![Blurred]));
    for seed in [6, 9] {
        let dark = shaded(&plain(seed), |_, _, level| level * 0.22);
        pictures.add(format!("dark {seed}"), jpeg(&dark), Among(vec![TooDark]));
        let bright = shaded(&plain(seed), |_, _, level| 236.0 + level * 0.08);
        pictures.add(
            format!("bright {seed}"),
            jpeg(&bright),
            Among(vec![TooBright]),
        );
    }
    let flash = shaded(&plain(13), |_, _, level| level * 1.9);
    pictures.add("burnt out", jpeg(&flash), Among(vec![TooBright]));
    let fog = shaded(&plain(6), |_, _, level| 150.0 + level * 0.12);
    pictures.add("fog", jpeg(&fog), Among(vec![Flat]));
    for seed in [6, 13] {
        let lamp = shaded(&plain(seed), |x, y, level| {
            let on_face = (120..480).contains(&x) && (150..560).contains(&y);
            let darker = if on_face {
                (x as f32 - 260.0) / 80.0
            } else {
                0.0
            };
            level * (1.0 - darker.clamp(0.0, 1.0) * 0.55)
        });
        pictures.add(format!("shadow {seed}"), jpeg(&lamp), Among(vec![Shadow]));
    }
    for seed in [6, 9] {
        let grey = DynamicImage::ImageRgb8(plain(seed)).into_luma8();
        let grey = DynamicImage::ImageLuma8(grey).into_rgb8();
        pictures.add(format!("grey {seed}"), jpeg(&grey), Exactly(vec![Grey]));
    }
    for (seed, wall, fault) in [
        (2, Wall::Shelf, BusyWall),
        (9, Wall::Shelf, BusyWall),
        (18, Wall::Shelf, BusyWall),
        (6, Wall::Dark, DarkWall),
        (9, Wall::Dark, DarkWall),
        (14, Wall::Dark, DarkWall),
    ] {
        let sitting = Sitting {
            wall,
            ..Sitting::default()
        };
        let picture = invent_sitting(seed, sitting).unwrap();
        pictures.add(
            format!("{} {seed}", fault.code()),
            picture,
            Exactly(vec![fault]),
        );
    }
    let many = Sitting {
        eyes: Eyes::Closed,
        wall: Wall::Shelf,
        tilt: 0.0,
    };
    let picture = invent_sitting(0, many).unwrap();
    pictures.add("two faults", picture, Exactly(vec![EyesClosed, BusyWall]));
}

fn files(pictures: &mut Pictures) {
    use PhotographRefusal::{NotAPicture, TooLarge, TooSmall, Unreadable};
    for (name, file) in [
        ("nothing", b"".as_slice()),
        ("a page", b"<!doctype html><title>photo.jpg</title>"),
        (
            "a drawing",
            b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
        ("a document", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj"),
        (
            "a GIF",
            b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
        ),
        ("a bitmap", b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"),
        ("a TIFF", b"II*\0\x08\0\0\0\0\0"),
        ("an archive", b"PK\x03\x04\x14\0\0\0photo.jpg"),
        ("a telephone's HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        ("a program", b"\x7fELF\x02\x01\x01\0"),
    ] {
        pictures.add(name, file.to_vec(), Refused(NotAPicture));
    }
    pictures.add(
        "twelve megabytes",
        vec![0xFF; 12_000_001],
        Refused(TooLarge),
    );
    let whole = jpeg(&plain(6));
    for share in [3, 2] {
        let cut = whole[..whole.len() / share].to_vec();
        pictures.add(format!("a JPEG cut to 1/{share}"), cut, Refused(Unreadable));
    }
    let png = encoded(&plain(6), ImageFormat::Png);
    pictures.add(
        "a PNG cut off",
        png[..png.len() / 2].to_vec(),
        Refused(Unreadable),
    );
    let webp = encoded(&plain(6), ImageFormat::WebP);
    pictures.add(
        "a WebP cut off",
        webp[..webp.len() / 2].to_vec(),
        Refused(Unreadable),
    );
    // The header (PNG 3rd edition, 11.2.2) of a picture that would need gigabytes; its checksum is not looked at before.
    for (name, side) in [("a bomb", 65_000_u32), ("a smaller bomb", 9_500)] {
        let mut bomb = png.clone();
        bomb[16..20].copy_from_slice(&side.to_be_bytes());
        bomb[20..24].copy_from_slice(&side.to_be_bytes());
        pictures.add(name, bomb, Refused(Unreadable));
    }
    // One scan of a JPEG (ITU-T T.81, B.2.3) a hundred times over: few bytes, much work.
    let scan = whole
        .windows(2)
        .position(|pair| pair == [0xFF, 0xDA])
        .unwrap();
    let end = whole.len() - 2;
    let mut scans = whole[..end].to_vec();
    for _ in 0..100 {
        scans.extend(&whole[scan..scan + 400]);
    }
    scans.extend([0xFF, 0xD9]);
    pictures.add("a JPEG of a hundred scans", scans, Refused(Unreadable));
    let small = imageops::resize(&plain(6), 240, 320, FilterType::Triangle);
    pictures.add("a thumbnail", jpeg(&small), Refused(TooSmall));
    let strip = imageops::crop_imm(&plain(6), 0, 0, 600, 200).to_image();
    pictures.add("a strip", jpeg(&strip), Refused(TooSmall));
}

#[test]
fn what_is_right_passes_and_what_is_wrong_is_named() {
    let mut pictures = Pictures(Vec::new());
    good(&mut pictures);
    people(&mut pictures);
    framing(&mut pictures);
    light(&mut pictures);
    files(&mut pictures);
    assert!(pictures.0.len() >= 60, "{} pictures", pictures.0.len());
    let mut wrong = Vec::new();
    for (name, file, expected) in &pictures.0 {
        let said = print::photo::look(file)
            .map(|looked| (faults(&looked.measures), looked))
            .map_err(PhotographRefusal::from);
        let right = match (&said, expected) {
            (Ok((faults, _)), Good) => faults.is_empty(),
            (Ok((faults, _)), Exactly(all)) => faults == all,
            (Ok((faults, _)), Among(some)) => some.iter().all(|fault| faults.contains(fault)),
            (Err(refusal), Refused(expected)) => refusal == expected,
            _ => false,
        };
        if !right {
            let said = said.map(|(faults, looked)| (faults, looked.measures));
            wrong.push(format!("{name}: {said:?}"));
            continue;
        }
        if let Ok((_, looked)) = said {
            let kept = looked.photo.jpeg();
            let picture = image::load_from_memory_with_format(kept, ImageFormat::Jpeg).unwrap();
            assert_eq!((picture.width(), picture.height()), (600, 800), "{name}");
            for trace in [b"Exif".as_slice(), b"GPS", b"ICC_PROFILE", b"http"] {
                let found = kept.windows(trace.len()).any(|bytes| bytes == trace);
                assert!(!found, "{name} kept {trace:?}");
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        pictures.0.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_fault_is_among_the_pictures() {
    let mut pictures = Pictures(Vec::new());
    people(&mut pictures);
    framing(&mut pictures);
    light(&mut pictures);
    let mut named: Vec<_> = pictures
        .0
        .iter()
        .flat_map(|(_, _, expected)| match expected {
            Exactly(faults) | Among(faults) => faults.clone(),
            Good | Refused(_) => Vec::new(),
        })
        .collect();
    named.sort();
    named.dedup();
    assert_eq!(named, PhotoFault::ALL);
}

#[test]
fn the_demos_people_all_pass() {
    for seed in 0..40 {
        let looked = print::photo::look(&invent(seed).unwrap()).unwrap();
        assert_eq!(
            faults(&looked.measures),
            [],
            "{seed}: {:?}",
            looked.measures
        );
    }
}
