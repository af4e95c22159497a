//! A DER tree to be changed at will: how the tests make bodies that no writer of ours would.

use der::asn1::AnyRef;
use der::{Decode, Encode, Reader, SliceReader};

/// One element: its tag octet and its content, or what it is made of.
#[derive(Clone, Debug)]
pub struct Node {
    pub tag: u8,
    pub content: Vec<u8>,
    pub parts: Vec<Node>,
}

impl Node {
    pub fn new(tag: u8, content: &[u8]) -> Self {
        Self {
            tag,
            content: content.to_vec(),
            parts: Vec::new(),
        }
    }

    pub fn of(tag: u8, parts: Vec<Self>) -> Self {
        Self {
            tag,
            content: Vec::new(),
            parts,
        }
    }

    pub fn oid(text: &str) -> Self {
        let oid = pki::ObjectIdentifier::new(text).unwrap();
        Self::new(6, oid.as_bytes())
    }

    /// Reads one element; constructed ones are taken apart.
    pub fn read(der: &[u8]) -> Self {
        let any = AnyRef::from_der(der).unwrap();
        let tag = der[0];
        if tag & 0x20 == 0 {
            return Self::new(tag, any.value());
        }
        let mut reader = SliceReader::new(any.value()).unwrap();
        let mut parts = Vec::new();
        while !reader.is_finished() {
            parts.push(Self::read(reader.tlv_bytes().unwrap()));
        }
        Self::of(tag, parts)
    }

    pub fn write(&self) -> Vec<u8> {
        let mut content = self.content.clone();
        for part in &self.parts {
            content.extend(part.write());
        }
        let mut der = vec![self.tag];
        der.extend(
            der::Length::try_from(content.len())
                .unwrap()
                .to_der()
                .unwrap(),
        );
        der.extend(content);
        der
    }

    /// The part that stands there, counted from 0 at every level.
    pub fn at(&mut self, path: &[usize]) -> &mut Self {
        path.iter()
            .fold(self, |node, place| &mut node.parts[*place])
    }
}

/// A `TBSCertificate` (RFC 5280 4.1.2) taken apart.
pub struct Body(pub Node);

impl Body {
    pub const SERIAL: usize = 1;
    pub const ALGORITHM: usize = 2;
    pub const ISSUER: usize = 3;
    pub const VALIDITY: usize = 4;
    pub const SUBJECT: usize = 5;
    pub const KEY: usize = 6;

    pub fn read(tbs: &[u8]) -> Self {
        Self(Node::read(tbs))
    }

    pub fn write(&self) -> Vec<u8> {
        self.0.write()
    }

    pub fn extensions(&mut self) -> &mut Vec<Node> {
        &mut self.0.at(&[7, 0]).parts
    }

    /// The extension with that identifier.
    pub fn extension(&mut self, oid: &str) -> &mut Node {
        let wanted = Node::oid(oid).content;
        self.extensions()
            .iter_mut()
            .find(|extension| extension.parts[0].content == wanted)
            .unwrap()
    }

    pub fn remove(&mut self, oid: &str) {
        let wanted = Node::oid(oid).content;
        self.extensions()
            .retain(|extension| extension.parts[0].content != wanted);
    }

    /// Puts other DER into an extension.
    pub fn set(&mut self, oid: &str, value: &Node) {
        let value = value.write();
        self.extension(oid).parts.last_mut().unwrap().content = value;
    }

    pub fn add(&mut self, oid: &str, critical: bool, value: &Node) {
        let mut parts = vec![Node::oid(oid)];
        if critical {
            parts.push(Node::new(1, &[0xff]));
        }
        parts.push(Node::new(4, &value.write()));
        self.extensions().push(Node::of(0x30, parts));
    }

    /// Marks an extension critical.
    pub fn make_critical(&mut self, oid: &str) {
        self.extension(oid).parts.insert(1, Node::new(1, &[0xff]));
    }
}
