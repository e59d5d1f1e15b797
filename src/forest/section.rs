//! A section of a model file: a header `KIND NAME COUNT [BIAS]`, then COUNT lines.

use crate::error::{Error, Result};

/// A section, read line by line.
pub(super) struct Section<'a> {
    lines: std::iter::Enumerate<std::str::Lines<'a>>,
    /// The number of the line read last, from 1.
    at: usize,
    header: Vec<&'a str>,
    count: usize,
}

impl<'a> Section<'a> {
    /// Finds the section of a kind and name.
    pub(super) fn find(kind: &str, name: &str, file: &'a str) -> Result<Section<'a>> {
        let mut lines = file.lines().enumerate();
        let is_header = |(_, line): &(usize, &str)| {
            line.strip_prefix(kind)
                .and_then(|rest| rest.strip_prefix(' '))
                .and_then(|rest| rest.strip_prefix(name))
                .is_some_and(|rest| rest.starts_with(' '))
        };
        let Some((at, header)) = lines.find(is_header) else {
            return Err(Error::data(format!("the section '{kind} {name}' is missing")).in_file("the model"));
        };
        let mut section = Section { lines, at: at + 1, header: header.split(' ').collect(), count: 0 };
        let count = section.header.get(2).and_then(|count| count.parse().ok());
        section.count = count.ok_or_else(|| section.error("the header has no count"))?;
        Ok(section)
    }

    /// How many lines follow the header.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The number behind the count.
    pub(super) fn bias(&self) -> Result<f32> {
        let bias = self.header.get(3).and_then(|bias| bias.parse().ok());
        bias.ok_or_else(|| self.error("the header has no bias"))
    }

    /// The next line.
    pub(super) fn line(&mut self) -> Result<&'a str> {
        match self.lines.next() {
            Some((at, line)) => {
                self.at = at + 1;
                Ok(line)
            }
            None => Err(self.error("lines are missing")),
        }
    }

    /// An error at the line read last.
    pub(super) fn error(&self, message: impl Into<String>) -> Error {
        Error::data(message.into()).in_file("the model").on_line(self.at as u64)
    }
}
