//! LP-TSV 0.5: one row for each entity.

use std::io::Write;

use super::{Writer, refused};
use crate::error::Result;
use crate::index::places::EntityRef;

/// The header.
const HEADER: &str =
    "id\ttitle\ttitle_source\tfclasses\tccodes\tmatches\tvariants\tparent_name\tparent_id\tlon\tlat\tstart\tend\n";

pub struct LpTsv<'w>(&'w mut (dyn Write + Send));

impl<'w> LpTsv<'w> {
    pub fn new(out: &'w mut (dyn Write + Send)) -> Result<LpTsv<'w>> {
        out.write_all(HEADER.as_bytes()).map_err(refused)?;
        Ok(LpTsv(out))
    }
}

/// A text without the characters that separate cells and rows.
fn cell(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

impl Writer for LpTsv<'_> {
    fn entity(&mut self, entity: &EntityRef<'_>) -> Result<u64> {
        let details = entity.details();
        let mut left_out = 0;
        let mut variants: Vec<String> = Vec::new();
        let mut label = None;
        for (at, name) in entity.names().enumerate() {
            if at == 0 {
                label = Some(name);
                if name.lang().is_empty() {
                    continue;
                }
            } else if name.is_machine() {
                left_out += 1;
                continue;
            }
            if name.text().contains([';', '|', '@']) {
                left_out += u64::from(at > 0);
                continue;
            }
            variants.push(match name.lang() {
                "" => cell(name.text()),
                lang => format!("{}@{lang}", cell(name.text())),
            });
        }
        let year = |year: Option<i16>| year.map(|year| year.to_string()).unwrap_or_default();
        let point = entity.point();
        let cells = [
            entity.id().to_owned(),
            cell(entity.label()),
            label.map_or("", |name| name.source()).to_owned(),
            entity.feature().class().map(String::from).unwrap_or_default(),
            entity.country().map(|country| country.to_string()).unwrap_or_default(),
            cell(&[details.same_as, details.close_match].concat().join(";")),
            variants.join(";"),
            entity.parent().map(|parent| cell(parent.label())).unwrap_or_default(),
            entity.parent().map(|parent| parent.id().to_owned()).unwrap_or_default(),
            point.map(|point| point.lon.to_string()).unwrap_or_default(),
            point.map(|point| point.lat.to_string()).unwrap_or_default(),
            year(label.and_then(|name| name.since())),
            year(label.and_then(|name| name.until())),
        ];
        writeln!(self.0, "{}", cells.join("\t")).map_err(refused)?;
        Ok(left_out)
    }

    fn finish(&mut self) -> Result<()> {
        self.0.flush().map_err(refused)
    }
}
