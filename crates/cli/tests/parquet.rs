//! Parquet in and out, where it is built in: `cargo test --features parquet --test parquet`.
#![cfg(feature = "parquet")]

mod common;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::Int8Type;
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Float64Array, Int64Array, LargeStringArray, RecordBatch, StringArray,
    StringViewArray,
};
use common::{allonym, folder};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let mut writer = ArrowWriter::try_new(File::create(path).expect("a file"), batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("it is written");
    writer.close().expect("it is written");
}

fn read(path: &Path) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("the file")).expect("Parquet");
    let batches: Vec<RecordBatch> = reader.build().expect("a reader").map(|batch| batch.expect("a batch")).collect();
    arrow_select(&batches)
}

fn arrow_select(batches: &[RecordBatch]) -> RecordBatch {
    assert_eq!(batches.len(), 1, "small tables are one batch");
    batches[0].clone()
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = batch.column_by_name(name).unwrap_or_else(|| panic!("no {name}"));
    let column = column.as_any().downcast_ref::<StringArray>().expect("text");
    column.iter().map(|cell| cell.map(str::to_owned)).collect()
}

#[test]
fn columns_of_every_kind_of_text_are_read_and_the_others_stay() {
    let dir = folder();
    let (input, output) = (dir.path().join("in.parquet"), dir.path().join("out.parquet"));
    let names = ["Xankəndi", "Kyiv"];
    let kinds: [(&str, ArrayRef); 4] = [
        ("plain", Arc::new(StringArray::from(names.map(Some).into_iter().chain([None]).collect::<Vec<_>>()))),
        ("large", Arc::new(LargeStringArray::from(vec!["Xankəndi", "Kyiv", ""]))),
        ("view", Arc::new(StringViewArray::from(vec!["Xankəndi", "Kyiv", ""]))),
        ("dictionary", Arc::new(vec!["Xankəndi", "Kyiv", ""].into_iter().collect::<DictionaryArray<Int8Type>>())),
    ];
    let mut columns = vec![("n", Arc::new(Int64Array::from(vec![1, 2, 3])) as ArrayRef)];
    columns.extend(kinds);
    write(&input, columns);
    for name in ["plain", "large", "view", "dictionary"] {
        let args =
            ["normalize", input.to_str().expect("a path"), "--column", name, "-o", output.to_str().expect("a path")];
        allonym(args).done();
        let (before, after) = (read(&input), read(&output));
        assert_eq!(after.num_columns(), before.num_columns() + 9);
        for (n, column) in before.columns().iter().enumerate() {
            assert_eq!(after.column(n).len(), column.len());
        }
        let ids = [Some("gn:146970"), Some("gn:703448"), None].map(|id| id.map(str::to_owned));
        assert_eq!(texts(&after, &format!("{name}_id")), ids, "{name}");
        let lat = after.column_by_name(&format!("{name}_lat")).expect("a column");
        assert_eq!(lat.as_any().downcast_ref::<Float64Array>().expect("numbers").value(0), 39.8177);
        assert!(lat.is_null(2));
    }
}

#[test]
fn names_are_replaced_in_place_and_nulls_stay() {
    let dir = folder();
    let (input, output) = (dir.path().join("in.parquet"), dir.path().join("out.parquet"));
    write(&input, vec![("place", Arc::new(StringArray::from(vec![Some("Kiev"), None, Some("Qqzzxx Xyzzyqwvkk")])))]);
    let files = [input.to_str().expect("a path"), "-o", output.to_str().expect("a path")];
    allonym(["normalize", "--column", "place", "--in-place"].iter().chain(&files).copied().collect::<Vec<_>>()).done();
    let names = [Some("Kyiv"), None, Some("Qqzzxx Xyzzyqwvkk")].map(|name| name.map(str::to_owned));
    assert_eq!(texts(&read(&output), "place"), names);
}

#[test]
fn what_is_no_table_is_refused() {
    let dir = folder();
    let broken = common::file(&dir, "broken.parquet", "place\nBaku\n");
    allonym(["normalize", &broken, "--column", "place"]).refused(1, &["broken.parquet", "Parquet"]);
    let input = dir.path().join("in.parquet");
    write(&input, vec![("place", Arc::new(StringArray::from(vec!["Baku"])))]);
    let input = input.to_str().expect("a path");
    allonym(["normalize", input, "--column", "town"]).refused(2, &["town", "place"]);
    allonym(["normalize", input, "--column", "place", "--country-column", "land"]).refused(2, &["land"]);
}
