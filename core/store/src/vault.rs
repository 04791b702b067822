//! Sealing: XChaCha20-Poly1305, with the row's identity as associated data, so that a sealed record moved to another
//! row does not open. Look-ups by phone go through HMAC-SHA-256 under a key of their own.

use std::io::{self, Write};

use chacha20poly1305::aead::{Aead, AeadInPlace, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use guidebook_domain::Phone;
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::StoreError;

const NONCE_BYTES: usize = 24;
/// As long as most members' rows are, sealed; a page of a thousand of them is held at once.
const USUAL_BYTES: usize = 1_024;

/// The key of a book: 32 random bytes, kept by the system's key store. Zeroed when dropped.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// A key from the system's key store; `None` unless it has 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Key(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// A fresh key from the system's randomness.
    pub fn random() -> Result<Self, StoreError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|_| StoreError::NoRandomness)?;
        Ok(Key(bytes))
    }

    /// The bytes, for the system's key store.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut mac = keyed(&self.0);
        mac.update(purpose.as_bytes());
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    <Hmac<Sha256> as Mac>::new_from_slice(key).expect("an HMAC key has any length")
}

/// Seals and opens the records of one book.
pub(crate) struct Vault {
    cipher: XChaCha20Poly1305,
    lookup: Zeroizing<[u8; 32]>,
}

impl Vault {
    pub fn new(key: &Key) -> Self {
        let sealing = key.derive("guidebook.store.seal.v1");
        Vault { cipher: XChaCha20Poly1305::new((&*sealing).into()), lookup: key.derive("guidebook.store.lookup.v1") }
    }

    /// Seals `record` as row `id` of `table`.
    pub fn seal<T: Serialize>(&self, table: &'static str, id: &str, record: &T) -> Result<Vec<u8>, StoreError> {
        let mut nonce = XNonce::default();
        getrandom::fill(&mut nonce).map_err(|_| StoreError::NoRandomness)?;
        // Written out behind the nonce, and sealed where it lies.
        let mut row = WipedBytes(Zeroizing::new(Vec::with_capacity(USUAL_BYTES)));
        row.write_all(&nonce).and_then(|()| Ok(serde_json::to_writer(&mut row, record)?)).map_err(|_| StoreError::Damaged(table))?;
        let aad = identity(table, id);
        let tag = self.cipher.encrypt_in_place_detached(&nonce, &aad, &mut row.0[NONCE_BYTES..]).map_err(|_| StoreError::Damaged(table))?;
        let mut sealed = std::mem::take(&mut *row.0);
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }

    /// Opens row `id` of `table`.
    pub fn open<T: DeserializeOwned>(&self, table: &'static str, id: &str, sealed: &[u8]) -> Result<T, StoreError> {
        let (nonce, msg) = sealed.split_at_checked(NONCE_BYTES).ok_or(StoreError::Damaged(table))?;
        let payload = Payload { msg, aad: &identity(table, id) };
        let plain = self.cipher.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| StoreError::Damaged(table))?;
        serde_json::from_slice(&Zeroizing::new(plain)).map_err(|_| StoreError::Damaged(table))
    }

    /// What stands for a phone number in the file.
    pub fn phone_hash(&self, phone: &Phone) -> [u8; 16] {
        let mut mac = keyed(&self.lookup);
        mac.update(phone.expose().as_bytes());
        let full: [u8; 32] = mac.finalize().into_bytes().into();
        full[..16].try_into().expect("16 of 32 bytes")
    }
}

/// Bytes that leave nothing behind where they grow.
struct WipedBytes(Zeroizing<Vec<u8>>);

impl WipedBytes {
    #[cold]
    fn grow(&mut self, more: usize) {
        let mut larger = Zeroizing::new(Vec::with_capacity((self.0.len() + more) * 2));
        larger.extend_from_slice(&self.0);
        self.0 = larger;
    }
}

impl Write for WipedBytes {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    // JSON comes in pieces of a few bytes.
    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.0.capacity() - self.0.len() < bytes.len() {
            self.grow(bytes.len());
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens row `id` of `table` as any JSON; for whoever tries damaged rows.
#[cfg(feature = "failpoints")]
pub fn open_sealed(key: &Key, table: &'static str, id: &str, sealed: &[u8]) -> Result<serde_json::Value, StoreError> {
    Vault::new(key).open(table, id, sealed)
}

fn identity(table: &str, id: &str) -> Vec<u8> {
    [table.as_bytes(), b"\0", id.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_opens_only_in_its_own_row_and_with_its_own_key() {
        let vault = Vault::new(&Key::from_bytes(&[1; 32]).unwrap());
        let sealed = vault.seal("member", "M1", &"张三丰").unwrap();
        assert_eq!(vault.open::<String>("member", "M1", &sealed).unwrap(), "张三丰");
        assert!(vault.open::<String>("member", "M2", &sealed).is_err());
        assert!(vault.open::<String>("setting", "M1", &sealed).is_err());
        assert!(Vault::new(&Key::from_bytes(&[2; 32]).unwrap()).open::<String>("member", "M1", &sealed).is_err());
        assert!(vault.open::<String>("member", "M1", &sealed[..10]).is_err());
    }

    #[test]
    fn a_record_of_any_length_comes_back() {
        let vault = Vault::new(&Key::from_bytes(&[1; 32]).unwrap());
        for length in [0, 1, USUAL_BYTES - NONCE_BYTES - 3, USUAL_BYTES, 50_000] {
            let text = "x".repeat(length);
            let sealed = vault.seal("member", "M1", &text).unwrap();
            assert_eq!(sealed.len(), length + 2 + NONCE_BYTES + 16);
            assert_eq!(vault.open::<String>("member", "M1", &sealed).unwrap(), text);
        }
    }

    #[test]
    fn the_same_record_never_looks_the_same_twice() {
        let vault = Vault::new(&Key::from_bytes(&[1; 32]).unwrap());
        assert_ne!(vault.seal("member", "M1", &1).unwrap(), vault.seal("member", "M1", &1).unwrap());
    }
}
