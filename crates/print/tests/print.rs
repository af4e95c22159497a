//! Cards and photos as the acts use them: the hard names, the hostile files.
#![expect(clippy::expect_used, reason = "a failed step fails the test")]

use image::{ImageFormat, Rgb, RgbImage};
use print::{CardFace, CardLook, Photo, PhotoProblem, PrintError, card_face, photo, portrait};

fn face<'a>(given_name: &'a str, family_name: &'a str, photo: Option<&'a Photo>) -> CardFace<'a> {
    CardFace {
        organisation: "Region Exempel",
        title: "E-tjänstekort",
        look: CardLook::Ordinary,
        given_name,
        family_name,
        photo,
        valid_through: "2031-11-22",
        card_number: "9752000000000000126",
        product_code: "701",
        return_to: &["Region Exempel", "Box 1", "291 89 Exempelstad"],
    }
}

fn pixels(png: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(png, ImageFormat::Png)
        .expect("a PNG")
        .into_rgb8()
}

fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("written");
    bytes.into_inner()
}

/// The part of the front where a name may stand must hold ink, and the margins around it none.
fn name_stays_inside(front: &RgbImage) {
    let dark = |x: u32, y: u32| front.get_pixel(x, y).0.iter().all(|shade| *shade < 90);
    let scale = |tenths: f32| (tenths * 638.0 / 539.8).round() as u32;
    let (left, right) = (scale(40.0) - 2, scale(500.0) + 1);
    let (top, bottom) = (scale(512.0), scale(628.0));
    let mut ink = 0;
    for y in top..bottom {
        for x in 0..638 {
            if dark(x, y) {
                ink += 1;
                assert!((left..=right).contains(&x), "ink at {x}, {y}");
            }
        }
    }
    assert!(ink > 200, "no name was drawn");
    for y in scale(630.0)..scale(760.0) {
        for x in scale(185.0)..scale(295.0) {
            assert!(!dark(x, y), "ink under the contacts at {x}, {y}");
        }
    }
}

#[test]
fn every_storable_name_stays_inside_its_space() {
    let photo = check(&portrait::invent(3).expect("drawn")).expect("a photo");
    let names = [
        ("Sören", "Nilsson"),
        ("Katarzyna", "Kovačević-Mårtensson"),
        (
            "Maria Magdalena Anna-Karin Elisabeth Charlotta Filippa Josefina",
            "von Essen-Mårtensson af Klercker",
        ),
        (&"W".repeat(64), &"Ẃ".repeat(64)),
        (&"i".repeat(64), &"Ä-".repeat(32)),
        ("Наталія", "Щербаківська"),
        ("Ελένη", "Παπαδοπούλου"),
        ("N\u{303}o\u{308}e\u{301}", "O’Brien"),
        ("A", "B"),
        ("Thảo Nguyên", "Ðurđević-Šćepanović"),
    ];
    for (given_name, family_name) in names {
        let faces = card_face(&face(given_name, family_name, Some(&photo))).expect(family_name);
        let front = pixels(&faces.front_png);
        assert_eq!(front.dimensions(), (638, 1011));
        name_stays_inside(&front);
    }
}

#[test]
fn a_name_is_text_and_never_markup() {
    let plain = card_face(&face("Robert", "Ek", None)).expect("drawn");
    let hostile = card_face(&face(
        "</text><rect width=\"999\" height=\"999\"/>",
        "Ek & <Ek>",
        None,
    ))
    .expect("drawn");
    let (plain, hostile) = (pixels(&plain.front_png), pixels(&hostile.front_png));
    assert_eq!(
        plain.get_pixel(5, 1000),
        hostile.get_pixel(5, 1000),
        "a rectangle was drawn over the card"
    );
}

#[test]
fn what_cannot_be_printed_is_refused() {
    let refused = |face: &CardFace<'_>| match card_face(face) {
        Err(problem) => problem,
        Ok(_) => panic!("a card was drawn"),
    };
    assert!(matches!(
        refused(&face("李", "Ek", None)),
        PrintError::NoSuchLetter { letter: '李' }
    ));
    assert!(matches!(
        refused(&face("Eva\u{202E}", "Ek", None)),
        PrintError::NoSuchLetter { letter: '\u{202E}' }
    ));
    assert!(matches!(
        refused(&face("", "Ek", None)),
        PrintError::Missing {
            what: "the given name"
        }
    ));
    for number in [
        "",
        "123",
        "97520000000000001260",
        "975200000000000012X",
        "9752 0000 0000 0000 126",
    ] {
        let bad = CardFace {
            card_number: number,
            ..face("Eva", "Ek", None)
        };
        assert!(
            matches!(refused(&bad), PrintError::BadCardNumber),
            "{number}"
        );
    }
    let endless = CardFace {
        valid_through: "2031-11-22 or thereabouts",
        ..face("Eva", "Ek", None)
    };
    assert!(matches!(refused(&endless), PrintError::TooLong { .. }));
    let nowhere = CardFace {
        return_to: &[],
        ..face("Eva", "Ek", None)
    };
    assert!(matches!(refused(&nowhere), PrintError::Missing { .. }));
    assert!(
        refused(&face("李", "Ek", None))
            .to_string()
            .contains("U+674E")
    );
}

#[test]
fn the_same_card_is_the_same_picture() {
    let photo = check(&portrait::invent(3).expect("drawn")).expect("a photo");
    let (one, two) = (
        card_face(&face("Eva", "Ek", Some(&photo))).expect("drawn"),
        card_face(&face("Eva", "Ek", Some(&photo))).expect("drawn"),
    );
    assert!(one.front_png == two.front_png && one.back_png == two.back_png);
}

#[test]
fn a_long_address_and_organisation_fit() {
    let photo = check(&portrait::invent(3).expect("drawn")).expect("a photo");
    let long = CardFace {
        organisation: "Kommunalförbundet Sjukvård och omsorg i Norra Exempelbygden med omnejd",
        return_to: &[
            "Kommunalförbundet Sjukvård och omsorg i Norra Exempelbygden",
            "Enheten för elektronisk identitet och behörighet",
            "Västra Storgatan 1234, hus 17, plan 3",
            "SE-291 89 Exempelstad",
            "Telefon dygnet runt: 020-12 34 56",
        ],
        ..face("Eva", "Ek", Some(&photo))
    };
    card_face(&long).expect("drawn");
}

fn check(file: &[u8]) -> Result<Photo, PhotoProblem> {
    photo::look(file).map(|looked| looked.photo)
}

/// A picture with edges: stripes and a gradient, as sharp as a picture can be.
fn sharp(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let shade = if (x / 16 + y / 16) % 2 == 0 { 40 } else { 200 };
        Rgb([shade, shade, shade.saturating_add(20)])
    })
}

#[test]
fn photos_are_kept_in_one_shape() {
    for (width, height, format) in [
        (600, 800, ImageFormat::Jpeg),
        (1280, 720, ImageFormat::Png),
        (640, 480, ImageFormat::Jpeg),
        (900, 1700, ImageFormat::Png),
    ] {
        let photo = check(&encoded(&sharp(width, height), format)).expect("a photo");
        let kept =
            image::load_from_memory_with_format(photo.jpeg(), ImageFormat::Jpeg).expect("a JPEG");
        assert_eq!((kept.width(), kept.height()), (photo::WIDTH, photo::HEIGHT));
        assert!(Photo::kept(photo.jpeg().to_vec()).expect("kept") == photo);
    }
}

#[test]
fn too_few_pixels_are_told() {
    assert_eq!(
        check(&encoded(&sharp(300, 400), ImageFormat::Png)).err(),
        Some(PhotoProblem::TooSmall {
            width: 300,
            height: 400
        })
    );
    assert_eq!(
        check(&encoded(&sharp(2100, 300), ImageFormat::Png)).err(),
        Some(PhotoProblem::TooSmall {
            width: 225,
            height: 300
        })
    );
}

#[test]
fn the_face_decides_what_is_cut() {
    let person = image::load_from_memory(&portrait::invent(9).expect("drawn"))
        .expect("a JPEG")
        .into_rgb8();
    let eyes = |picture: &RgbImage| {
        // The darkest place in the upper half of a light-skinned face before a light wall is an eye or a brow.
        let looked = photo::look(&encoded(picture, ImageFormat::Png)).expect("a photo");
        assert_eq!(looked.measures.faces, 1);
        image::load_from_memory(looked.photo.jpeg())
            .expect("a JPEG")
            .into_rgb8()
    };
    let alone = eyes(&person);
    let mut room = RgbImage::from_pixel(1900, 1100, Rgb([226, 232, 236]));
    let person = image::imageops::crop_imm(&person, 0, 0, 600, 740).to_image();
    image::imageops::replace(&mut room, &person, 1150, 250);
    let in_room = eyes(&room);
    // The same face in the same place of the card: half the pixels differ by little.
    let mut differences: Vec<u8> = (200..400)
        .flat_map(|x| (250..500).map(move |y| (x, y)))
        .map(|(x, y)| alone.get_pixel(x, y).0[1].abs_diff(in_room.get_pixel(x, y).0[1]))
        .collect();
    differences.sort_unstable();
    let median = differences[differences.len() / 2];
    assert!(median < 12, "{median}");
}

#[test]
fn hostile_files_are_refused() {
    assert_eq!(check(b"").err(), Some(PhotoProblem::NotAPicture));
    assert_eq!(
        check(b"GIF89a\x01\x00\x01\x00").err(),
        Some(PhotoProblem::NotAPicture)
    );
    assert_eq!(
        check(b"<svg xmlns='http://www.w3.org/2000/svg'/>").err(),
        Some(PhotoProblem::NotAPicture)
    );
    assert_eq!(
        check(&vec![0xFF; 12_000_001]).err(),
        Some(PhotoProblem::TooManyBytes { bytes: 12_000_001 })
    );
    // A PNG that promises 4,000 million pixels in a few bytes.
    let mut bomb = Vec::new();
    let mut encoder = png::Encoder::new(&mut bomb, 65_000, 65_000);
    encoder.set_color(png::ColorType::Rgb);
    drop(encoder.write_header().expect("a header"));
    assert_eq!(check(&bomb).err(), Some(PhotoProblem::Unreadable));
    assert_eq!(Photo::kept(bomb).err(), Some(PhotoProblem::NotKept));
    let whole = encoded(&sharp(320, 426), ImageFormat::Jpeg);
    check(&whole).expect("the whole picture");
    for end in (0..whole.len()).step_by(997) {
        assert!(check(&whole[..end]).is_err(), "cut at {end}");
    }
    let mut spoilt = whole.clone();
    for at in (2..whole.len()).step_by(331) {
        spoilt[at] ^= 0x55;
        let _ = check(&spoilt);
    }
}

#[test]
fn a_telephone_held_upright_is_turned() {
    // Exif orientation 6: the camera lay on its side. The APP1 segment holds one TIFF entry.
    let lying = RgbImage::from_fn(800, 600, |x, y| {
        let shade = if (x / 20 + y / 20) % 2 == 0 { 60 } else { 210 };
        if x < 200 {
            Rgb([shade, 0, 0])
        } else {
            Rgb([0, shade, shade])
        }
    });
    let plain = encoded(&lying, ImageFormat::Jpeg);
    let exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let mut turned = plain[..2].to_vec();
    turned.extend([0xFF, 0xE1]);
    turned.extend(u16::try_from(exif.len() + 2).expect("short").to_be_bytes());
    turned.extend(exif);
    turned.extend(&plain[2..]);
    let photo = check(&turned).expect("a photo");
    let kept = image::load_from_memory(photo.jpeg())
        .expect("a JPEG")
        .into_rgb8();
    let red = |x, y| {
        let Rgb([red, green, _]) = *kept.get_pixel(x, y);
        i16::from(red) - i16::from(green)
    };
    assert!(
        (0..600).map(|x| i32::from(red(x, 60))).sum::<i32>() > 0,
        "the left of the lying picture is on top"
    );
    assert!((0..600).map(|x| i32::from(red(x, 700))).sum::<i32>() < 0);
    assert!(
        !photo.jpeg().windows(4).any(|bytes| bytes == b"Exif"),
        "metadata was kept"
    );
}
