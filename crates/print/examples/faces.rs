//! Draws sample cards and portraits into a folder, to be looked at: `cargo run -p print --example faces -- OUT`.
#![expect(clippy::print_stdout, reason = "a tool for looking at the templates")]

use std::path::PathBuf;

use print::{CardFace, CardLook, PrintError, card_face, photo, portrait};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("a folder is missing")?);
    std::fs::create_dir_all(&folder)?;
    let people = [
        (
            "plain",
            CardLook::Ordinary,
            "E-tjänstekort",
            "Sören",
            "Nilsson",
            Some(3),
        ),
        (
            "accents",
            CardLook::Ordinary,
            "E-tjänstekort",
            "Katarzyna",
            "Kovačević-Mårtensson",
            Some(5),
        ),
        (
            "long",
            CardLook::Ordinary,
            "E-tjänstekort",
            "Maria Magdalena Anna-Karin Elisabeth Charlotta",
            "von Essen-Mårtensson af Klercker Wollstonecraft-Godwin",
            Some(8),
        ),
        (
            "reserve",
            CardLook::Reserve,
            "Reservkort",
            "Наталія",
            "Щербаківська",
            None,
        ),
        (
            "door",
            CardLook::Door,
            "Nyckelkort",
            "Ελένη",
            "Παπαδοπούλου",
            Some(12),
        ),
        (
            "widest",
            CardLook::Door,
            "Nyckelkort utan foto",
            &"W".repeat(64),
            &"Ẃ".repeat(64),
            None,
        ),
    ];
    for (name, look, title, given_name, family_name, face) in people {
        let photo = match face {
            Some(seed) => Some(photo::look(&portrait::invent(seed)?)?.photo),
            None => None,
        };
        let faces = card_face(&CardFace {
            organisation: "Region Exempel",
            title,
            look,
            given_name,
            family_name,
            photo: photo.as_ref(),
            valid_through: "2031-11-22",
            card_number: "9752000000000000126",
            product_code: "701",
            return_to: &[
                "Region Exempel",
                "Kortservice",
                "Box 1",
                "291 89 Exempelstad",
            ],
        })?;
        std::fs::write(folder.join(format!("{name}-front.png")), faces.front_png)?;
        std::fs::write(folder.join(format!("{name}-back.png")), faces.back_png)?;
    }
    (0..24).try_for_each(|seed| -> Result<(), PrintError> {
        let _ = std::fs::write(
            folder.join(format!("portrait-{seed:02}.jpg")),
            portrait::invent(seed)?,
        );
        Ok(())
    })?;
    println!("{}", folder.display());
    Ok(())
}
