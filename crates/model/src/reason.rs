//! The reasons people are told when a product or a credential is chosen for them.

use crate::coded::coded;

coded! {
    /// Why a product or a credential was chosen. The text's key is [`Reason::text_key`].
    pub enum Reason ("reason") {
        /// Employed three months or more.
        Employed = "employed",
        /// On clinical placement for three months or more; the card ends with it.
        Student = "student",
        /// From an agency for three months or more; the card ends with the assignment.
        Hired = "hired",
        /// Consultant for three months or more; the card ends with the assignment.
        Contractor = "contractor",
        /// Short or by the hour, without need of IT: doors only.
        ShortWithoutIt = "short-without-it",
        /// Short or by the hour, with need of IT: a reserve card.
        ShortWithIt = "short-with-it",
        /// Has a coordination number, so level 2.
        CoordinationNumber = "coordination-number",
        /// Has no registered address in Sweden, so nothing can be sent there and the level is 2.
        NoRegisteredAddress = "no-registered-address",
        /// Every card with a chip has a login certificate.
        LoginAlways = "login-always",
        /// Pascal or NPÖ needs signatures.
        SignatureForService = "signature-for-service",
        /// Secure e-mail needs an encryption certificate.
        EncryptionForMail = "encryption-for-mail",
    }
}

impl Reason {
    /// The key of the text that explains it, `product.why.…`.
    #[must_use]
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Employed => "product.why.employed",
            Self::Student => "product.why.student",
            Self::Hired => "product.why.hired",
            Self::Contractor => "product.why.contractor",
            Self::ShortWithoutIt => "product.why.short-without-it",
            Self::ShortWithIt => "product.why.short-with-it",
            Self::CoordinationNumber => "product.why.coordination-number",
            Self::NoRegisteredAddress => "product.why.no-registered-address",
            Self::LoginAlways => "product.why.login-always",
            Self::SignatureForService => "product.why.signature-for-service",
            Self::EncryptionForMail => "product.why.encryption-for-mail",
        }
    }
}
