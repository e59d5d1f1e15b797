//! `allonym tag`.
use std::process::ExitCode;
use clap::Args;
use super::Common;
use crate::error::Result;
/// x
#[derive(Args)]
pub struct Tag {}
impl Tag {
    pub fn run(self, _: &Common) -> Result<ExitCode> {
        Ok(ExitCode::SUCCESS)
    }
}
