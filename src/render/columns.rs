//! Mentions as Arrow columns, one row each: the fields of [`Line`] with those of the matched name beside the others.

use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Float64Builder, Int16Builder, Int32Builder, Int64Builder, ListBuilder, StringBuilder,
    StructBuilder, UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};

use super::mention::Line;
use crate::entity::Claim;
use crate::error::{Error, Result};

/// Columns of text, in the order in which [`Columns::push`] fills them.
const TEXTS: [&str; 12] =
    ["surface", "verdict", "id", "label", "name", "lang", "script", "kind", "how", "type", "feature", "country"];
/// Columns of places in the text.
const PLACES: [&str; 4] = ["start", "end", "byte_start", "byte_end"];

/// The columns, in their order: `doc` (of the type of the documents' ids), `start`, `end` (code points), `byte_start`,
/// `byte_end` (UTF-8), `surface`, `verdict`, `demonym`, then the likeliest candidate: `id`, `label`, `score`, `name`, `lang`,
/// `script`, `kind`, `how`, `distance`, `type`, `feature`, `country`, `admin`, `lat`, `lon`, `population`, `claims`,
/// `same_as`; null where nothing is known by such a name.
pub fn schema(doc: DataType) -> SchemaRef {
    let list = |item: DataType| DataType::List(Arc::new(Field::new_list_field(item, true)));
    let kind = |name: &str| match name {
        "start" | "end" | "byte_start" | "byte_end" | "distance" => DataType::Int32,
        "population" => DataType::Int64,
        "demonym" => DataType::Boolean,
        "score" | "lat" | "lon" => DataType::Float64,
        "admin" | "same_as" => list(DataType::Utf8),
        "claims" => list(DataType::Struct(claim())),
        _ => DataType::Utf8,
    };
    let always = ["start", "end", "byte_start", "byte_end", "surface", "verdict", "demonym"];
    let field = |name: &&str| Field::new(*name, kind(name), !always.contains(name));
    Arc::new(Schema::new([vec![Field::new("doc", doc, true)], ORDER.iter().map(field).collect()].concat()))
}

const ORDER: [&str; 25] = [
    "start",
    "end",
    "byte_start",
    "byte_end",
    "surface",
    "verdict",
    "demonym",
    "id",
    "label",
    "score",
    "name",
    "lang",
    "script",
    "kind",
    "how",
    "distance",
    "type",
    "feature",
    "country",
    "admin",
    "lat",
    "lon",
    "population",
    "claims",
    "same_as",
];

fn claim() -> Fields {
    let field = |name: &str, kind: DataType| Field::new(name, kind, true);
    Fields::from(vec![
        field("party", DataType::Utf8),
        field("role", DataType::Utf8),
        field("since", DataType::Int16),
        field("until", DataType::Int16),
        field("note", DataType::Utf8),
    ])
}

/// Mentions on their way into a batch.
pub struct Columns {
    rows: UInt64Builder,
    places: [Int32Builder; PLACES.len()],
    texts: [StringBuilder; TEXTS.len()],
    demonym: BooleanBuilder,
    degrees: [Float64Builder; 3],
    distance: Int32Builder,
    population: Int64Builder,
    lists: [ListBuilder<StringBuilder>; 2],
    claims: ListBuilder<StructBuilder>,
}

impl Columns {
    /// Empty, with room for this many rows.
    pub fn new(capacity: usize) -> Columns {
        Columns {
            rows: UInt64Builder::with_capacity(capacity),
            places: std::array::from_fn(|_| Int32Builder::with_capacity(capacity)),
            texts: std::array::from_fn(|_| StringBuilder::with_capacity(capacity, capacity * 8)),
            demonym: BooleanBuilder::with_capacity(capacity),
            degrees: std::array::from_fn(|_| Float64Builder::with_capacity(capacity)),
            distance: Int32Builder::with_capacity(capacity),
            population: Int64Builder::with_capacity(capacity),
            lists: std::array::from_fn(|_| ListBuilder::new(StringBuilder::new())),
            claims: ListBuilder::new(StructBuilder::from_fields(claim(), 0)),
        }
    }

    /// Adds a mention of the document in a row of the batch that [`finish`](Self::finish) gets the ids of.
    pub fn push(&mut self, row: usize, line: &Line<'_>) {
        let best = line.best.as_ref();
        self.rows.append_value(row as u64);
        let places = [line.start, line.end, line.byte_start, line.byte_end];
        // A text is no longer than `Tagger::MAX_TEXT`.
        self.places.iter_mut().zip(places).for_each(|(column, place)| column.append_value(place as i32));
        let kind = best.map(|b| b.matched.kind.to_string());
        let texts: [Option<&str>; TEXTS.len()] = [
            Some(line.surface),
            Some(line.verdict.as_str()),
            best.map(|b| b.id),
            best.map(|b| &*b.label),
            best.map(|b| b.matched.name),
            best.and_then(|b| b.matched.lang),
            best.map(|b| &*b.matched.script),
            kind.as_deref(),
            best.map(|b| b.matched.how.as_str()),
            best.map(|b| b.kind),
            best.map(|b| &*b.feature),
            best.and_then(|b| b.country.as_deref()),
        ];
        self.texts.iter_mut().zip(texts).for_each(|(column, text)| column.append_option(text));
        self.demonym.append_value(line.demonym);
        let degrees = [best.map(|b| b.score), best.and_then(|b| b.lat), best.and_then(|b| b.lon)];
        self.degrees.iter_mut().zip(degrees).for_each(|(column, number)| column.append_option(number));
        self.distance.append_option(best.map(|b| b.matched.distance.into()));
        self.population.append_option(best.map(|b| b.population.into()));
        let [admin, same_as] = &mut self.lists;
        best.into_iter().flat_map(|b| &b.admin).for_each(|name| admin.values().append_value(name));
        admin.append(best.is_some());
        best.into_iter().flat_map(|b| &b.same_as).for_each(|id| same_as.values().append_value(id));
        same_as.append(best.is_some());
        best.into_iter().flat_map(|b| &b.claims).for_each(|claim| push_claim(self.claims.values(), claim));
        self.claims.append(best.is_some());
    }

    /// The batch, with the ids of the documents by the rows that mentions were added for.
    ///
    /// # Errors
    /// Where a row has no id.
    pub fn finish(mut self, ids: &ArrayRef) -> Result<RecordBatch> {
        let wrong = |e: arrow_schema::ArrowError| Error::data("the mentions cannot be put together").because(e);
        let doc = arrow_select::take::take(ids, &self.rows.finish(), None).map_err(wrong)?;
        let mut columns = vec![doc];
        for name in ORDER {
            let builder: &mut dyn ArrayBuilder = match name {
                "demonym" => &mut self.demonym,
                "score" => &mut self.degrees[0],
                "lat" => &mut self.degrees[1],
                "lon" => &mut self.degrees[2],
                "distance" => &mut self.distance,
                "population" => &mut self.population,
                "admin" => &mut self.lists[0],
                "same_as" => &mut self.lists[1],
                "claims" => &mut self.claims,
                name => match PLACES.iter().position(|place| *place == name) {
                    Some(at) => &mut self.places[at],
                    None => &mut self.texts[TEXTS.iter().position(|text| *text == name).unwrap_or_default()],
                },
            };
            columns.push(builder.finish());
        }
        RecordBatch::try_new(schema(ids.data_type().clone()), columns).map_err(wrong)
    }
}

fn push_claim(out: &mut StructBuilder, claim: &Claim) {
    for (at, text) in [(0, &claim.party), (1, &claim.role), (4, &claim.note)] {
        if let Some(column) = out.field_builder::<StringBuilder>(at) {
            column.append_option(Some(text).filter(|text| !text.is_empty()));
        }
    }
    for (at, year) in [(2, claim.since), (3, claim.until)] {
        if let Some(column) = out.field_builder::<Int16Builder>(at) {
            column.append_option(year);
        }
    }
    out.append(true);
}
