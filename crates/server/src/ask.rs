//! One question of the reconciliation service, whatever its version: a name with what is known beside it becomes candidates.
//!
//! The name is read as a cell of a table is, so that the same cell with the same context gives the same answer as
//! `allonym normalize`.

use serde::Serialize;
use serde_json::Value;

use crate::input;
use crate::recent::Match;
use crate::refusal::Refusal;
use crate::state::State;
use crate::types::{self, Type};
use allonym::entity::{EntityType, NameKind, Point};
use allonym::index::places::EntityRef;
use allonym::rank::{Candidate, MatchKind, Verdict};
use allonym::table::{Asker, Context};

/// Candidates of a question where it asks for no number.
const USUAL: usize = 5;
/// Candidates that a question may ask for.
const MOST: usize = 50;

/// A question.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The name; may be empty where there is an id.
    pub text: String,
    /// Ids here or elsewhere that the entity should have.
    pub ids: Vec<String>,
    /// Types, by their ids.
    pub types: Vec<String>,
    /// Whether entities of other types are excluded.
    pub strict: bool,
    /// Whether it must be of all of them.
    pub every: bool,
    /// What is known beside the name.
    pub context: Context,
    /// In which year the name is said to be in use.
    pub year: Option<i16>,
    /// How many candidates are wanted.
    pub limit: Option<usize>,
    /// The languages in which names should come back, best first.
    pub langs: Vec<String>,
}

/// What was found for a question.
pub struct Found<'g> {
    /// The likeliest first.
    pub candidates: Vec<Candidate<'g>>,
    /// Whether the first can be relied on.
    pub sure: bool,
}

/// A reason for or against a candidate, as a number or a truth.
#[derive(Clone, Debug, Serialize)]
pub struct Feature {
    /// What it is called.
    pub id: &'static str,
    /// In words.
    pub name: &'static str,
    /// What it is here.
    pub value: Value,
}

impl Ask {
    /// Takes in what a property says; properties that are not known say nothing.
    pub fn property(&mut self, state: &State, id: &str, values: &[Said]) {
        let Some(value) = values.iter().find(|value| !value.text.trim().is_empty()) else { return };
        let text = || value.label(state);
        match id {
            "country" => self.context.countries.extend(values.iter().map(|value| value.country(state))),
            "admin1" => self.context.units.insert(0, text()),
            "admin2" | "admin" | "parent" => self.context.units.push(text()),
            "lat" => self.context.lat = text(),
            "lon" => self.context.lon = text(),
            "coordinates" => {
                if let Some((lat, lon)) = coordinates(&value.text) {
                    (self.context.lat, self.context.lon) = (lat, lon);
                }
            }
            "type" | "featureClass" | "feature" => self.context.kind = value.text.clone(),
            "date" | "year" => self.year = year(&value.text),
            "id" => self.ids.extend(values.iter().map(|value| value.text.trim().to_owned())),
            "geonames" => self.ids.extend(values.iter().map(|value| format!("gn:{}", digits(&value.text)))),
            "wikidata" => self.ids.extend(values.iter().map(|value| format!("wd:{}", last(&value.text)))),
            "iso" => self.ids.extend(values.iter().map(|value| format!("iso:{}", last(&value.text).to_uppercase()))),
            "pcode" => self.ids.extend(values.iter().map(|value| format!("pcode:{}", last(&value.text)))),
            _ => {}
        }
    }

    /// Answers.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn answer<'g>(&self, state: &'g State) -> Result<Found<'g>, Refusal> {
        let named: Vec<EntityRef<'g>> = self.ids.iter().filter_map(|id| state.entity(id)).collect();
        if !self.ids.is_empty() {
            return Ok(by_id(named));
        }
        if let Some(entity) = as_id(&self.text).and_then(|id| state.entity(id)) {
            return Ok(by_id(vec![entity]));
        }
        let general: Vec<EntityType> = self.types.iter().filter_map(|id| id.parse().ok()).collect();
        let special: Vec<&String> = self.types.iter().filter(|id| id.parse::<EntityType>().is_err()).collect();
        let mut context = self.context.clone();
        if let [only] = special[..]
            && general.is_empty()
            && context.kind.is_empty()
            && types::is_known(only)
        {
            context.kind.clone_from(only);
        }
        let kinds = if special.is_empty() { &general[..] } else { &[] };
        let wanted = self.limit.unwrap_or(USUAL).clamp(1, MOST);
        let answer = Asker::new(&state.gazetteer, kinds).answer(self.text.trim(), &context, wanted)?;
        let mut candidates = answer.candidates;
        let mut sure = answer.verdict == Verdict::Resolved;
        let mut reason = answer.reason;
        if self.strict && !self.types.is_empty() {
            let first = candidates.first().map(|c| c.entity.number());
            let is = |c: &Candidate<'_>, id: &String| types::is(&c.entity, id);
            candidates.retain(|c| match self.every {
                true => self.types.iter().all(|id| is(c, id)),
                false => self.types.iter().any(|id| is(c, id)),
            });
            sure &= candidates.first().map(|c| c.entity.number()) == first;
        }
        if let Some(year) = self.year
            && candidates.iter().any(|c| !is_in_use(c, year))
        {
            let first = candidates.first().map(|c| c.entity.number());
            candidates.iter_mut().filter(|c| !is_in_use(c, year)).for_each(Candidate::out_of_use);
            candidates.sort_by(|a, b| b.score().total_cmp(&a.score()));
            let best = candidates.first();
            sure &= best.is_some_and(|c| is_in_use(c, year)) && best.map(|c| c.entity.number()) == first;
            if !sure && reason.is_empty() {
                reason = format!("the name was not in use in {year}");
            }
        }
        candidates.truncate(wanted);
        if let Some(best) = candidates.first() {
            state.recent.keep(best.entity.number(), kept(&self.text, best, &reason));
        }
        Ok(Found { candidates, sure })
    }

    /// What speaks for a candidate.
    pub fn features(&self, candidate: &Candidate<'_>) -> Vec<Feature> {
        let exact = matches!(candidate.how, MatchKind::Exact | MatchKind::Folded);
        let mut features = vec![
            Feature {
                id: "name_similarity",
                name: "how alike the names are",
                value: rounded(candidate.similarity).into(),
            },
            Feature { id: "known_name", name: "the name is known, but for case and marks", value: exact.into() },
            Feature { id: "letters_changed", name: "letters that differ", value: candidate.distance.into() },
            Feature {
                id: "historical_name",
                name: "the name is no longer in use",
                value: (candidate.name.kind() == NameKind::Historical || candidate.name.until().is_some()).into(),
            },
            Feature {
                id: "inhabitants",
                name: "inhabitants, 0 where unknown",
                value: candidate.entity.population().into(),
            },
        ];
        let asked = Point::parse(&self.context.lat, &self.context.lon).ok();
        if let Some(km) = asked.zip(candidate.entity.point()).map(|(asked, there)| asked.distance(&there)) {
            features.push(Feature {
                id: "distance_km",
                name: "kilometres from the coordinates",
                value: km.round().into(),
            });
        }
        if let Some(year) = self.year {
            let in_use = is_in_use(candidate, year);
            features.push(Feature { id: "in_use", name: "the name was in use then", value: in_use.into() });
        }
        features
    }
}

/// A score from 0 to 100, with one decimal.
pub fn percent(score: f64) -> f64 {
    (score * 1000.0).round() / 10.0
}

fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

fn by_id(entities: Vec<EntityRef<'_>>) -> Found<'_> {
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    for entity in entities {
        let Some(name) = entity.names().next() else { continue };
        if candidates.iter().all(|known| known.entity.number() != entity.number()) {
            candidates.push(Candidate::identified(entity, name));
        }
    }
    let sure = candidates.len() == 1;
    Found { candidates, sure }
}

fn kept(query: &str, best: &Candidate<'_>, reason: &str) -> Match {
    let name = best.name;
    let lang = if name.lang().is_empty() { String::new() } else { format!("{}, ", name.lang()) };
    let mut why = format!(
        "'{}' found as {} ({lang}{}), {}, {:.2}",
        input::cut(query),
        name.text(),
        name.kind(),
        best.how.as_str(),
        best.score()
    );
    if !reason.is_empty() {
        why.push_str(&format!("; {reason}"));
    }
    Match { query: input::cut(query), variant: name.text().to_owned(), why }
}

/// Whether nothing is known that speaks against a name's being in use in a year.
fn is_in_use(candidate: &Candidate<'_>, year: i16) -> bool {
    candidate.name.since().is_none_or(|since| since <= year) && candidate.name.until().is_none_or(|until| year <= until)
}

/// One value of a property.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// A text, a number or an id.
    pub text: String,
    /// Whether it is an id, and the name that stands beside it.
    pub name: Option<String>,
}

impl Said {
    /// A value as JSON has it: text, number, truth, `{id, name}`, or a list of them.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn read(value: &Value) -> Result<Vec<Said>, String> {
        let one = |value: &Value| match value {
            Value::String(text) => Ok(Said { text: text.clone(), name: None }),
            Value::Number(number) => Ok(Said { text: number.to_string(), name: None }),
            Value::Bool(truth) => Ok(Said { text: truth.to_string(), name: None }),
            Value::Object(fields) => match (fields.get("id"), fields.get("name")) {
                (Some(Value::String(id)), None) => Ok(Said { text: id.clone(), name: Some(String::new()) }),
                (Some(Value::String(id)), Some(Value::String(name))) => {
                    Ok(Said { text: id.clone(), name: Some(name.clone()) })
                }
                _ => Err("an object as a value has an id and may have a name, both texts".to_owned()),
            },
            Value::Null | Value::Array(_) => {
                Err("a value is a text, a number, true, false, an object with an id, or a list of those".to_owned())
            }
        };
        match value {
            Value::Array(values) => values.iter().map(one).collect(),
            value => one(value).map(|said| vec![said]),
        }
    }

    /// The name of what is said: that of the entity, where it is one.
    fn label(&self, state: &State) -> String {
        let Some(name) = &self.name else { return self.text.clone() };
        match state.entity(&self.text) {
            Some(entity) => entity.label().to_owned(),
            None if name.is_empty() => self.text.clone(),
            None => name.clone(),
        }
    }

    /// The country of what is said.
    fn country(&self, state: &State) -> String {
        let entity = self.name.as_ref().and_then(|_| state.entity(&self.text));
        match entity.and_then(|entity| entity.country()) {
            Some(country) => country.as_str().to_owned(),
            None => self.label(state),
        }
    }
}

/// Latitude and longitude of `39.8,46.75` or of `POINT(46.75 39.8)`.
pub fn coordinates(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    let pair = |a: &str, b: &str| Point::parse(a, b).ok().map(|_| (a.trim().to_owned(), b.trim().to_owned()));
    let upper = text.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("point"));
    if upper {
        let inner = text[5..].trim().strip_prefix('(')?.strip_suffix(')')?.trim();
        let (lon, lat) = inner.split_once(char::is_whitespace)?;
        return pair(lat, lon);
    }
    let (lat, lon) = text.split_once([',', ';']).or_else(|| text.split_once(char::is_whitespace))?;
    pair(lat, lon)
}

/// The year of a date: `1987`, `1987-05-12T…`, `-44`.
pub fn year(text: &str) -> Option<i16> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let goes_on = digits[end..].starts_with(['-', 'T', '/']) || digits[end..].is_empty();
    digits[..end].parse::<i16>().ok().filter(|_| goes_on).map(|year| sign * year)
}

/// The id that a text is, or that an address of ours ends with.
fn as_id(text: &str) -> Option<&str> {
    let text = text.trim();
    let id = match text.starts_with("http://") || text.starts_with("https://") {
        true => last(text),
        false => text,
    };
    let item = id.len() > 1 && id.starts_with('Q') && id[1..].bytes().all(|b| b.is_ascii_digit());
    let prefixed = id.split_once(':').is_some_and(|(prefix, rest)| {
        !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_lowercase()) && !rest.is_empty() && !rest.contains(' ')
    });
    (item || prefixed).then_some(id)
}

/// What stands behind the last slash.
fn last(text: &str) -> &str {
    let text = text.trim().trim_end_matches('/');
    text.rsplit('/').next().unwrap_or(text)
}

/// The first number of a text.
fn digits(text: &str) -> String {
    text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect()
}

/// A candidate with what all versions say of it.
pub struct Described {
    /// The name that stands for it, in its language where that is known.
    pub name: String,
    /// That language, BCP 47.
    pub lang: Option<String>,
    /// What it is, where, and as what it was found.
    pub description: String,
    /// Its types, the most special one first.
    pub types: Vec<Type>,
}

/// Describes a candidate to somebody who reads these languages.
pub fn describe(state: &State, candidate: &Candidate<'_>, text: &str, langs: &[String]) -> Described {
    let entity = candidate.entity;
    let (name, lang) = state.named(entity, text, langs);
    let types = types::of(&entity);
    let mut parts = vec![types[0].name.clone()];
    let above: Vec<&str> =
        entity.containers().filter(|c| c.feature().class() == Some('A')).map(|c| c.label()).collect();
    if !above.is_empty() {
        parts.push(above.join(", "));
    }
    if candidate.name.text() != name {
        parts.push(format!("found as {}", candidate.name.text()));
    }
    Described { name, lang, description: parts.join(" · "), types }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_and_years_are_read_as_people_write_them() {
        let there = Some(("39.8".to_owned(), "46.75".to_owned()));
        for text in ["39.8,46.75", " 39.8; 46.75", "39.8 46.75", "POINT(46.75 39.8)", "point (46.75 39.8)"] {
            assert_eq!(coordinates(text), there, "{text}");
        }
        assert!(["", "x", "100,0", "POINT(1)", "POINT", "poinт(1 2)"].iter().all(|text| coordinates(text).is_none()));
        assert_eq!(year("1987"), Some(1987));
        assert_eq!(year("1987-05-12T00:00:00Z"), Some(1987));
        assert_eq!(year("-44"), Some(-44));
        assert!(["", "May 1987", "1987x", "99999"].iter().all(|text| year(text).is_none()));
    }

    #[test]
    fn ids_are_told_from_names() {
        assert_eq!(as_id("gn:147105"), Some("gn:147105"));
        assert_eq!(as_id("http://127.0.0.1:3333/id/gn:147105"), Some("gn:147105"));
        assert_eq!(as_id("https://www.wikidata.org/wiki/Q244165"), Some("Q244165"));
        assert!(["Q", "Quba", "Shusha", "Note: Shusha", "a: b", ":1"].iter().all(|text| as_id(text).is_none()));
    }
}
