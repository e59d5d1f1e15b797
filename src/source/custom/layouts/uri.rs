//! URIs of gazetteers and the short ids that stand for them.

use crate::source::custom::fields::prefixed;

/// Parts of the URIs of known gazetteers, and the prefixes of their ids.
const GAZETTEERS: [(&str, &str); 13] = [
    ("geonames.org/", "gn"),
    ("wikidata.org/entity/", "wd"),
    ("wikidata.org/wiki/", "wd"),
    ("whgazetteer.org/places/", "whg"),
    ("pleiades.stoa.org/places/", "pl"),
    ("vocab.getty.edu/tgn/", "tgn"),
    ("vocab.getty.edu/page/tgn/", "tgn"),
    ("viaf.org/viaf/", "viaf"),
    ("d-nb.info/gnd/", "gnd"),
    ("id.loc.gov/authorities/names/", "loc"),
    ("id.loc.gov/authorities/subjects/", "loc"),
    ("spelunker.whosonfirst.org/id/", "wof"),
    ("data.cerl.org/thesaurus/", "cerl"),
];

/// Ends the part of a URI that all records of one file share.
const SEPARATORS: [char; 3] = ['/', '#', '='];

/// The id of a record that a URI identifies: that of a known gazetteer, or else the URI's last part with the prefix of
/// the file.
pub(super) fn record_id(uri: &str, prefix: &str) -> String {
    let uri = uri.trim();
    if !uri.contains("//") {
        return prefixed(uri, prefix);
    }
    gazetteer_id(uri).unwrap_or_else(|| format!("{prefix}:{}", split(uri).1))
}

/// The id behind a link from a record: that of a known gazetteer, that of another record of the same file, or else the
/// URI itself.
pub(super) fn linked_id(uri: &str, record: &str, prefix: &str) -> String {
    let uri = uri.trim();
    if !uri.contains("//") {
        return prefixed(uri, prefix);
    }
    let is_same_file = || split(uri).0 == split(record.trim()).0;
    gazetteer_id(uri).unwrap_or_else(|| if is_same_file() { record_id(uri, prefix) } else { uri.to_owned() })
}

/// Whether a URI is the usual one of an id, so that it says nothing more.
pub(super) fn is_usual(uri: &str, id: &str) -> bool {
    match id.split_once(':') {
        Some(("gn", rest)) => uri == format!("https://www.geonames.org/{rest}"),
        Some(("wd", rest)) => uri == format!("http://www.wikidata.org/entity/{rest}"),
        _ => false,
    }
}

fn gazetteer_id(uri: &str) -> Option<String> {
    let (_, rest) = uri.split_once("//")?;
    GAZETTEERS.iter().find_map(|(part, prefix)| {
        let at = rest.find(part)? + part.len();
        let id = rest[at..].split(['/', '#', '?']).next().filter(|id| !id.is_empty())?;
        Some(format!("{prefix}:{id}"))
    })
}

/// A URI's base and its last part.
fn split(uri: &str) -> (&str, &str) {
    let uri = uri.trim_end_matches(['/', '#']);
    uri.rfind(SEPARATORS).map_or(("", uri), |at| (&uri[..at], &uri[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_get_short_ids() {
        for (uri, id) in [
            ("http://www.geonames.org/146970/khankendi.html", "gn:146970"),
            ("https://sws.geonames.org/146970/", "gn:146970"),
            ("http://www.wikidata.org/entity/Q244165", "wd:Q244165"),
            ("https://pleiades.stoa.org/places/423025#this", "pl:423025"),
            ("http://vocab.getty.edu/page/tgn/7007227", "tgn:7007227"),
            ("http://example.org/gazetteer/place/12", "atlas:12"),
            ("wd:Q1", "wd:Q1"),
            ("12", "atlas:12"),
        ] {
            assert_eq!(record_id(uri, "atlas"), id, "{uri}");
        }
    }

    #[test]
    fn links_lead_to_known_gazetteers_the_same_file_or_elsewhere() {
        let record = "http://example.org/place/7";
        for (uri, id) in [
            ("http://www.geonames.org/2657780/", "gn:2657780"),
            ("http://example.org/place/12/", "atlas:12"),
            ("http://somegaz.org/places/39847", "http://somegaz.org/places/39847"),
            ("tgn:7011944", "tgn:7011944"),
            ("12", "atlas:12"),
        ] {
            assert_eq!(linked_id(uri, record, "atlas"), id, "{uri}");
        }
    }
}
