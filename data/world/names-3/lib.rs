//! Part 3 of 3 of the names that [allonym](https://docs.rs/allonym) bundles; use that crate.
#![no_std]

/// A part of the table `names.tsv`, compressed with zstd.
pub const NAMES: &[u8] = include_bytes!("names.tsv.zst");
