//! Staff exports of invented people.

/// One row of an export. The personal numbers are of the serials 980 to 999, which the Swedish Tax Agency keeps for tests.
#[derive(Clone)]
pub struct Row {
    pub number: String,
    pub given: String,
    pub family: String,
    pub hsa_id: String,
    pub email: String,
    pub address: [String; 3],
    pub protected: bool,
    pub kind: String,
    pub unit: String,
    pub from: String,
    pub to: String,
    pub services: String,
}

const HEADER: &str = "personal_number;given_name;family_name;hsa_id;email;mobile;street;postal_code;town;protected_identity;\
                      engagement;employer;unit_hsa_id;unit_name;sector;title;from;to;it_services;manager_hsa_id";

impl Row {
    /// An employee until further notice with a login, a registered address and a number of their own.
    pub fn new(index: u32, given: &str) -> Self {
        let birth = format!("19{:02}0{}14", 60 + index % 39, 1 + index % 9);
        Self {
            number: personal_number(&birth, 980 + index % 20),
            given: given.to_owned(),
            family: "Testsson".to_owned(),
            hsa_id: format!("SE2321000255-T{:04}", 1_000 + index),
            email: format!("{}@example.se", given.to_lowercase()),
            address: ["Storgatan 1", "222 22", "Lund"].map(str::to_owned),
            protected: false,
            kind: "employee".to_owned(),
            unit: "SE2321000255-A1001".to_owned(),
            from: "2020-01-01".to_owned(),
            to: String::new(),
            services: "e-mail".to_owned(),
        }
    }

    pub fn kind(mut self, kind: &str) -> Self {
        kind.clone_into(&mut self.kind);
        self
    }

    pub fn until(mut self, last_day: &str) -> Self {
        last_day.clone_into(&mut self.to);
        self
    }

    pub fn from(mut self, first_day: &str) -> Self {
        first_day.clone_into(&mut self.from);
        self
    }

    pub fn unit(mut self, hsa_id: &str) -> Self {
        hsa_id.clone_into(&mut self.unit);
        self
    }

    pub fn services(mut self, services: &str) -> Self {
        services.clone_into(&mut self.services);
        self
    }

    pub fn protected(mut self) -> Self {
        self.protected = true;
        self.without_address()
    }

    pub fn without_address(mut self) -> Self {
        self.address = Default::default();
        self
    }

    fn line(&self) -> String {
        let [street, postal_code, town] = &self.address;
        [
            self.number.as_str(),
            &self.given,
            &self.family,
            &self.hsa_id,
            &self.email,
            "",
            street,
            postal_code,
            town,
            if self.protected { "yes" } else { "no" },
            &self.kind,
            "Sjukhuset",
            &self.unit,
            "Sjukhuset, Medicin",
            "public",
            "",
            &self.from,
            &self.to,
            &self.services,
            "",
        ]
        .join(";")
    }
}

/// The export that holds these rows.
pub fn export(rows: &[Row]) -> Vec<u8> {
    let mut text = HEADER.to_owned();
    for row in rows {
        text.push('\n');
        text.push_str(&row.line());
    }
    text.push('\n');
    text.into_bytes()
}

/// The number with its check digit (Luhn, over the ten digits after the century).
pub fn personal_number(birth: &str, serial: u32) -> String {
    let digits = format!("{birth}{serial:03}");
    let sum: u32 = digits[2..]
        .bytes()
        .enumerate()
        .map(|(place, digit)| {
            let doubled = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
            doubled / 10 + doubled % 10
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}
