//! Digests that mean the same on every machine.

use xxhash_rust::xxh3::xxh3_64;

/// The XXH3 digest of `bytes` in hexadecimal, 16 digits.
pub(crate) fn hash(bytes: &[u8]) -> String {
    format!("{:016x}", xxh3_64(bytes))
}
