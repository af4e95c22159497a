//! The commands a PIV card knows (Part 2, table 2, and the extensions that YubiKeys brought).

/// One instruction byte with its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Instruction {
    /// 20 VERIFY (Part 2, 3.2.1).
    Verify,
    /// 24 CHANGE REFERENCE DATA (Part 2, 3.2.2).
    ChangeReferenceData,
    /// 2C RESET RETRY COUNTER (Part 2, 3.2.3).
    ResetRetryCounter,
    /// 47 GENERATE ASYMMETRIC KEY PAIR (Part 2, 3.3.2).
    Generate,
    /// 87 GENERAL AUTHENTICATE (Part 2, 3.2.4).
    GeneralAuthenticate,
    /// A4 SELECT (Part 2, 3.1.1).
    Select,
    /// C0 GET RESPONSE (ISO/IEC 7816-4 11.7.1).
    GetResponse,
    /// CB GET DATA (Part 2, 3.1.2).
    GetData,
    /// DB PUT DATA (Part 2, 3.3.1).
    PutData,
    /// F7 metadata of a key or code (extension).
    Metadata,
    /// F8 serial number (extension).
    Serial,
    /// F9 attestation of a key (extension).
    Attest,
    /// FA number of PIN and unlock-code tries (extension).
    SetRetries,
    /// FB reset of the PIV application (extension).
    Reset,
    /// FD version of the card's program (extension).
    Version,
    /// FE import of a private key (extension).
    Import,
    /// FF change of the management key (extension).
    SetManagementKey,
}

impl Instruction {
    /// Every instruction, in the order of its byte.
    pub const ALL: [Self; 17] = [
        Self::Verify,
        Self::ChangeReferenceData,
        Self::ResetRetryCounter,
        Self::Generate,
        Self::GeneralAuthenticate,
        Self::Select,
        Self::GetResponse,
        Self::GetData,
        Self::PutData,
        Self::Metadata,
        Self::Serial,
        Self::Attest,
        Self::SetRetries,
        Self::Reset,
        Self::Version,
        Self::Import,
        Self::SetManagementKey,
    ];

    /// The instruction byte (INS).
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Verify => 0x20,
            Self::ChangeReferenceData => 0x24,
            Self::ResetRetryCounter => 0x2C,
            Self::Generate => 0x47,
            Self::GeneralAuthenticate => 0x87,
            Self::Select => 0xA4,
            Self::GetResponse => 0xC0,
            Self::GetData => 0xCB,
            Self::PutData => 0xDB,
            Self::Metadata => 0xF7,
            Self::Serial => 0xF8,
            Self::Attest => 0xF9,
            Self::SetRetries => 0xFA,
            Self::Reset => 0xFB,
            Self::Version => 0xFD,
            Self::Import => 0xFE,
            Self::SetManagementKey => 0xFF,
        }
    }

    /// Whether YubiKeys brought it: SP 800-73-4 does not have it.
    #[must_use]
    pub fn is_extension(self) -> bool {
        matches!(
            self,
            Self::Metadata
                | Self::Serial
                | Self::Attest
                | Self::SetRetries
                | Self::Reset
                | Self::Version
                | Self::Import
                | Self::SetManagementKey
        )
    }

    /// The instruction of an INS byte, if it is one of these.
    #[must_use]
    pub fn parse(byte: u8) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|instruction| instruction.byte() == byte)
    }
}
