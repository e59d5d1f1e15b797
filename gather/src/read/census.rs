//! names: the lists of first and last names of the United States census of 1990.

use anyhow::{Context, Result};

use crate::package::Package;

pub const CODE: &str = "census";

/// A name in small letters, and how many of 100,000 people bear it.
pub struct Share {
    pub name: String,
    pub share: u32,
}

pub fn given(package: &Package) -> Result<Vec<Share>> {
    let mut names = list(package, "names/dist.female.first")?;
    names.extend(list(package, "names/dist.male.first")?);
    Ok(names)
}

pub fn surnames(package: &Package) -> Result<Vec<Share>> {
    list(package, "names/dist.all.last")
}

/// `SMITH          1.006  1.006      1`: name, percentage, sum of percentages, rank.
fn list(package: &Package, path: &str) -> Result<Vec<Share>> {
    package
        .text(path)?
        .lines()
        .map(|line| {
            let mut cells = line.split_whitespace();
            let name = cells.next().with_context(|| format!("{path} has an empty line"))?.to_lowercase();
            let percent: f64 = cells.next().with_context(|| format!("{path}: {line:?}"))?.parse()?;
            Ok(Share { name, share: (percent * 1000.0).round().max(1.0) as u32 })
        })
        .collect()
}
