//! `allonym normalize`.
use std::process::ExitCode;
use clap::Args;
use super::Common;
use crate::error::Result;
/// x
#[derive(Args)]
pub struct Normalize {}
impl Normalize {
    pub fn run(self, _: &Common) -> Result<ExitCode> {
        Ok(ExitCode::SUCCESS)
    }
}
