//! Options as Python gives them: JSON objects, whose fields are the flags of the command line.

use allonym::table::{ContextScope, Field, Level};
use allonym::{EntityType, Error, Fuzzy, Gazetteer, Label, Point, Query, Result, filter, table, tag};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// One text or several.
#[derive(Deserialize, Default)]
#[serde(untagged, expecting = "what takes a text or a list of texts was given something else")]
enum Texts {
    #[default]
    None,
    One(String),
    Many(Vec<String>),
}

impl Texts {
    fn all(self) -> Vec<String> {
        match self {
            Texts::None => Vec::new(),
            Texts::One(text) => vec![text],
            Texts::Many(texts) => texts,
        }
    }

    fn types(self) -> Result<Vec<EntityType>> {
        self.all().iter().map(|text| text.parse()).collect()
    }
}

fn read<T: DeserializeOwned>(options: &str) -> Result<T> {
    serde_json::from_str(options).map_err(|e| {
        // What serde says first is enough: the place in the JSON means nothing to whoever wrote Python.
        let sentence = e.to_string();
        let sentence = sentence.split(" at line ").next().unwrap_or_default();
        Error::usage(format!("an option is wrong: {}", sentence.replace('`', "'")))
    })
}

/// Degrees north and east.
#[derive(Deserialize)]
#[serde(untagged, expecting = "near takes degrees north and degrees east, such as (39.8, 46.7)")]
enum Near {
    Point(f64, f64),
}

fn near(point: Option<Near>) -> Result<Option<Point>> {
    point.map(|Near::Point(lat, lon)| filter::point(&format!("{lat},{lon}"))).transpose()
}

fn least_one(name: &str, count: usize) -> Result<usize> {
    match count {
        0 => Err(Error::usage(format!("{name} takes a number from 1 on, not 0"))),
        count => Ok(count),
    }
}

fn label(text: Option<String>, gazetteer: &Gazetteer) -> Result<Label> {
    text.map_or(Ok(Label::Source), |text| filter::label(gazetteer, &text))
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "fuzzy takes \"auto\", 0, 1 or 2")]
enum Letters {
    Count(u8),
    Word(String),
}

/// Options of `lookup`.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct LookupGiven {
    country: Texts,
    classes: Texts,
    types: Texts,
    within: Texts,
    near: Option<Near>,
    fuzzy: Option<Letters>,
    limit: Option<usize>,
    label: Option<String>,
}

impl LookupGiven {
    pub fn read(options: &str) -> Result<LookupGiven> {
        read(options)
    }

    /// A query without its text, and which name stands for what is found.
    pub fn query(self, gazetteer: &Gazetteer) -> Result<(Query<'static>, Label)> {
        let mut query = Query::new("");
        query.countries = filter::countries(gazetteer, &self.country.all())?;
        query.classes = self.classes.all().iter().map(|text| filter::class(text)).collect::<Result<_>>()?;
        query.types = self.types.types()?;
        let within = self.within.all();
        query.within = within.iter().map(|id| filter::container(gazetteer, id)).collect::<Result<_>>()?;
        query.near = near(self.near)?;
        query.limit = least_one("limit", self.limit.unwrap_or(query.limit))?;
        query.fuzzy = match self.fuzzy {
            None => Fuzzy::Auto,
            Some(Letters::Word(word)) if word == "auto" => Fuzzy::Auto,
            Some(Letters::Count(count @ 0..=2)) => Fuzzy::Within(count),
            Some(_) => return Err(Error::usage("fuzzy takes \"auto\", 0, 1 or 2")),
        };
        Ok((query, label(self.label, gazetteer)?))
    }
}

/// Options of `variants`.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct VariantsGiven {
    lang: Texts,
    script: Texts,
    kind: Texts,
}

impl VariantsGiven {
    pub fn read(options: &str) -> Result<VariantsGiven> {
        read(options)
    }

    pub fn wanted(self) -> Result<allonym::render::names::Wanted> {
        let kinds = self.kind.all().iter().map(|kind| kind.parse()).collect::<Result<_>>()?;
        Ok(allonym::render::names::Wanted { langs: self.lang.all(), scripts: self.script.all(), kinds })
    }
}

/// Options of `tag` and `resolve`.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct TagGiven {
    types: Texts,
    demonyms: Option<bool>,
    country: Texts,
    lang: Option<String>,
    near: Option<Near>,
    min_score: Option<f64>,
    candidates: Option<usize>,
    nested: bool,
    explain: bool,
    label: Option<String>,
}

impl TagGiven {
    pub fn read(options: &str) -> Result<TagGiven> {
        read(options)
    }

    /// What to look for, and which name stands for what is found.
    pub fn options(self, gazetteer: &Gazetteer) -> Result<(tag::Options, Label)> {
        let usual = tag::Options::default();
        if let Some(least) = self.min_score.filter(|least| !(0.0..=1.0).contains(least)) {
            return Err(Error::usage(format!("min_score takes a number from 0 to 1, not {least}")));
        }
        let options = tag::Options {
            types: match self.types {
                Texts::None => usual.types,
                types => types.types()?,
            },
            demonyms: self.demonyms.unwrap_or(usual.demonyms),
            countries: filter::countries(gazetteer, &self.country.all())?,
            lang: self.lang.as_deref().map(filter::language).transpose()?,
            near: near(self.near)?,
            min_score: self.min_score,
            candidates: least_one("candidates", self.candidates.unwrap_or(usual.candidates))?,
            nested: self.nested,
            explain: self.explain,
        };
        Ok((options, label(self.label, gazetteer)?))
    }
}

/// Options of `normalize`.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct NormalizeGiven {
    columns: Texts,
    country: Texts,
    admin: Texts,
    lat: Option<String>,
    lon: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    types: Texts,
    level: Option<String>,
    context: Option<String>,
    group: Option<String>,
    prefix: Option<String>,
    add: Texts,
    candidates: Option<usize>,
    in_place: bool,
    multi: bool,
    label: Option<String>,
}

impl NormalizeGiven {
    pub fn read(options: &str) -> Result<NormalizeGiven> {
        read(options)
    }

    pub fn options(self, gazetteer: &Gazetteer) -> Result<table::Options> {
        if self.lat.is_some() != self.lon.is_some() {
            return Err(Error::usage("lat and lon are the names of two columns; give both or none"));
        }
        Ok(table::Options {
            columns: self.columns.all(),
            country_columns: self.country.all(),
            admin_columns: self.admin.all(),
            lat_column: self.lat,
            lon_column: self.lon,
            type_column: self.kind,
            types: self.types.types()?,
            prefix: self.prefix,
            add: self.add.all().iter().map(|field| field.parse()).collect::<Result<Vec<Field>>>()?,
            candidates: least_one("candidates", self.candidates.unwrap_or(1))?,
            in_place: self.in_place,
            multi: self.multi,
            label: label(self.label, gazetteer)?,
            level: self.level.as_deref().map(level).transpose()?,
            context: self.context.as_deref().map_or(Ok(ContextScope::default()), scope)?,
            group_column: self.group,
            ..table::Options::new("")
        })
    }
}

fn level(word: &str) -> Result<Level> {
    Ok(match word {
        "country" => Level::Country,
        "admin1" => Level::Admin1,
        "admin2" => Level::Admin2,
        "place" => Level::Place,
        _ => return Err(Error::usage(format!("invalid level '{word}'; expected country, admin1, admin2 or place"))),
    })
}

fn scope(word: &str) -> Result<ContextScope> {
    match word {
        "column" => Ok(ContextScope::Column),
        "row" => Ok(ContextScope::Row),
        _ => Err(Error::usage(format!("invalid context '{word}'; expected column or row"))),
    }
}
