//! People for the tests, as an HR system exports them. Their personal numbers have serials that the Swedish Tax Agency keeps for
//! tests, so no row is a living person.

/// The columns of a staff export.
pub const COLUMNS: &str = "personal_number;given_name;family_name;hsa_id;email;mobile;street;postal_code;town;\
    protected_identity;engagement;employer;unit_hsa_id;unit_name;sector;title;from;to;it_services;manager_hsa_id\n";

/// Names enough for everybody, with the letters that break things.
const FAMILY_NAMES: [&str; 6] = [
    "Provsson",
    "Ek",
    "O'Brien",
    "Kovačević-Åström",
    "von Reis",
    "Al-Hassan",
];

/// The personal number of the person with that index, twelve digits.
pub fn personal_number(index: usize) -> String {
    let ten = format!(
        "80{:02}{:02}98{}",
        index / 28 + 1,
        index % 28 + 1,
        index % 10
    );
    let sum: u32 = ten
        .bytes()
        .enumerate()
        .map(|(place, digit)| {
            let product = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
            product / 10 + product % 10
        })
        .sum();
    format!("19{ten}{}", (10 - sum % 10) % 10)
}

/// The HSA-id of the person with that index; they sort as the indexes do.
pub fn hsa_id(index: usize) -> String {
    format!("SE2321000255-T{:04}", 1000 + index)
}

/// The given name of the person with that index.
pub fn given_name(index: usize) -> String {
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
    format!("Ann{}{}", letter(index / 26), letter(index))
}

/// One row.
pub fn row(index: usize) -> String {
    format!(
        "{number};{given};{family};{hsa};person{index}@example.se;0701740{index:03};Provgatan {index};211 34;Malmö;no;employee;\
         Region Prov;SE2321000255-D1001;Region Prov, Akutmottagning;public;Sjuksköterska;2019-03-01;;\
         melior,npo,pascal,secure-mail;\n",
        number = personal_number(index),
        given = given_name(index),
        family = FAMILY_NAMES[index % FAMILY_NAMES.len()],
        hsa = hsa_id(index),
    )
}

/// An export with that many employees, each of whom gets a card with all three credentials.
pub fn export(count: usize) -> String {
    let rows: String = (0..count).map(row).collect();
    format!("{COLUMNS}{rows}")
}
