//! The server: the reconciliation service against its schemas and as OpenRefine uses it, the JSON API, what strangers may send.

#[path = "../../../tests/common/mod.rs"]
mod common;
#[path = "../../../tests/common/http.rs"]
mod http;

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use allonym::Gazetteer;
use allonym_server::{Limits, Options, Server};
use common::{Faults, folder, skip};
use http::{Reply, raw, send};
use proptest::prelude::*;
use serde_json::{Value, json};

fn get(path: &str) -> Reply {
    send(bundled(), "GET", path, "", b"")
}

fn post(path: &str, kind: &str, body: &[u8]) -> Reply {
    send(bundled(), "POST", path, &format!("Content-Type: {kind}\r\n"), body)
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// Posts a field of a form to `/reconcile`, as OpenRefine does.
fn form(field: &str, value: &Value) -> Reply {
    post("/reconcile", FORM, format!("{field}={}", escaped(&value.to_string())).as_bytes())
}

/// Starts a server for the time of the tests.
fn start(gazetteer: Gazetteer, limits: Limits) -> SocketAddr {
    let options = Options { address: ([127, 0, 0, 1], 0).into(), limits, ..Options::default() };
    let server = Server::bind(gazetteer, options).expect("an address is free");
    let address = server.address();
    std::thread::spawn(|| server.run_until(std::future::pending()));
    address
}

/// The server of the bundled gazetteer.
fn bundled() -> SocketAddr {
    static ADDRESS: OnceLock<SocketAddr> = OnceLock::new();
    *ADDRESS.get_or_init(|| start(Gazetteer::bundled().expect("the bundled gazetteer opens"), Limits::default()))
}

/// A server of the small gazetteer; the folder of its index is kept.
fn small(limits: Limits) -> SocketAddr {
    let dir = folder().keep();
    common::small_index(&dir);
    start(Gazetteer::open(&dir).expect("the small index opens"), limits)
}

/// The folder of a version's schemas and examples, where it is at hand.
fn specs(version: &str) -> Option<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recon-specs").join(version);
    dir.is_dir().then_some(dir)
}

/// A schema with what it refers to in other files put in its place.
fn schema(version: &str, name: &str) -> Option<jsonschema::Validator> {
    fn inlined(dir: &Path, value: &Value, depth: usize) -> Value {
        let other = value.get("$ref").and_then(Value::as_str).filter(|other| !other.starts_with('#'));
        match (other, value) {
            // Types refer to themselves; what authentication may be is none of ours.
            (Some(other), _) if depth > 2 || other.contains("://") => json!({}),
            (Some(other), _) => inlined(dir, &read(&dir.join(other)), depth + 1),
            (None, Value::Object(fields)) => {
                let kept = fields.iter().filter(|(name, _)| !["$schema", "$id"].contains(&name.as_str()));
                kept.map(|(name, value)| (name.clone(), inlined(dir, value, depth))).collect()
            }
            (None, Value::Array(items)) => items.iter().map(|item| inlined(dir, item, depth)).collect(),
            (None, other) => other.clone(),
        }
    }
    let dir = specs(version)?.join("schemas");
    let schema = inlined(&dir, &read(&dir.join(format!("{name}.json"))), 0);
    Some(jsonschema::draft7::new(&schema).unwrap_or_else(|e| panic!("{name}: {e}")))
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What is wrong with a reply by the schema of its version; nothing where the schemas are not at hand.
fn check(faults: &mut Faults, version: &str, name: &str, what: &str, reply: &Value) {
    let Some(schema) = schema(version, name) else { return };
    for error in schema.iter_errors(reply) {
        faults.add(format!("{version} {name}, {what}: {error} at {}", error.instance_path()));
    }
}

fn examples(version: &str, name: &str, sort: &str) -> Vec<(String, Value)> {
    let Some(dir) = specs(version) else { return Vec::new() };
    let dir = dir.join("examples").join(name).join(sort);
    let Ok(entries) = fs::read_dir(&dir) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.map(|path| (path.display().to_string(), read(&path))).collect()
}

#[test]
fn every_example_of_the_specification_is_answered_as_it_should_be() {
    if specs("0.2").is_none() {
        return skip("conformance", "the schemas of the reconciliation API are not at hand");
    }
    let mut faults = Faults::default();
    let mut tried = 0;
    let mut each = |version: &str, name: &str, reply_name: &str, ask: &dyn Fn(&Value) -> Reply| {
        for (path, example) in examples(version, name, "valid") {
            let reply = ask(&example);
            faults.check(reply.status == 200, || format!("{path}: {} {}", reply.status, reply.text()));
            check(&mut faults, version, reply_name, &path, &reply.json());
            tried += 1;
        }
        for (path, example) in examples(version, name, "invalid") {
            let reply = ask(&example);
            let reason = reply.json()["reason"].as_str().map(str::len);
            faults.check(reply.status == 400 && reason > Some(10), || {
                format!("{path}: {} {}", reply.status, reply.text())
            });
            tried += 1;
        }
    };
    each("0.2", "reconciliation-query-batch", "reconciliation-result-batch", &|example| form("queries", example));
    each("0.2", "data-extension-query", "data-extension-response", &|example| form("extend", example));
    each("1.0-draft", "reconciliation-query-batch", "reconciliation-result-batch", &|example| {
        post("/reconcile/v1/match", JSON, example.to_string().as_bytes())
    });
    each("1.0-draft", "data-extension-query", "data-extension-response", &|example| {
        post("/reconcile/v1/extend", JSON, example.to_string().as_bytes())
    });
    assert!(tried >= 19, "only {tried} examples");
    faults.report();
}

#[test]
fn manifests_and_suggestions_are_as_their_schemas_say() {
    let mut faults = Faults::default();
    for (version, path, name) in [
        ("0.2", "/reconcile", "manifest"),
        ("1.0-draft", "/reconcile/v1", "manifest"),
        ("0.2", "/reconcile/suggest/entity?prefix=Sh", "suggest-entities-response"),
        ("0.2", "/reconcile/suggest/entity?prefix=%D8%B4%D9%88%D8%B4", "suggest-entities-response"),
        ("0.2", "/reconcile/suggest/property?prefix=co&type=P", "suggest-properties-response"),
        ("0.2", "/reconcile/suggest/type?prefix=riv", "suggest-types-response"),
        ("0.2", "/reconcile/propose?type=P&limit=3", "data-extension-property-proposal"),
        ("1.0-draft", "/reconcile/v1/suggest/entity?prefix=", "suggest-entities-response"),
        ("1.0-draft", "/reconcile/v1/suggest/entity?prefix=Shush&limit=3&offset=1", "suggest-entities-response"),
        ("1.0-draft", "/reconcile/v1/suggest/property?prefix=", "suggest-properties-response"),
        ("1.0-draft", "/reconcile/v1/suggest/type?prefix=", "suggest-types-response"),
        ("1.0-draft", "/reconcile/v1/extend/propose", "data-extension-property-proposal"),
    ] {
        let reply = get(path);
        faults.check(reply.status == 200, || format!("{path}: {}", reply.status));
        faults.check(reply.has("access-control-allow-origin: *"), || format!("{path}: no CORS"));
        check(&mut faults, version, name, path, &reply.json());
    }
    faults.report();
    if specs("0.2").is_none() {
        skip("schemas of replies", "the schemas of the reconciliation API are not at hand");
    }
    let first = |path: &str| get(path).json()["result"][0].clone();
    for typed in ["Xank", "%D0%A1%D1%82%D0%B5%D0%BF%D0%B0%D0%BD%D0%B0"] {
        let all = get(&format!("/reconcile/suggest/entity?prefix={typed}")).json();
        let early = all["result"].as_array().is_some_and(|all| all.iter().take(5).any(|one| one["id"] == "gn:146970"));
        assert!(early, "{typed}: {all}");
    }
    assert_eq!(first("/reconcile/suggest/type?prefix=riv")["id"], "H.STM");
    let v1 = first("/reconcile/v1/suggest/entity?prefix=%D8%B4%D9%88%D8%B4%D8%A7");
    assert_eq!(v1["id"], "gn:147105");
    assert_eq!(v1["dir"], "ltr", "{v1}");
}

/// What OpenRefine sends one after the other: it adds the service, guesses types, reconciles, shows, extends.
#[test]
fn a_conversation_with_openrefine() {
    let manifest = get("/reconcile").done();
    assert_eq!(manifest["versions"], json!(["0.1", "0.2"]));
    // It falls back on JSONP where the first request fails.
    let jsonp = get("/reconcile?callback=jQuery1_2");
    assert!(jsonp.has("content-type: application/javascript"), "{}", jsonp.head);
    let called = jsonp.text();
    let inner = called.strip_prefix("/**/jQuery1_2(").and_then(|rest| rest.strip_suffix(");")).expect("a call");
    assert_eq!(serde_json::from_str::<Value>(inner).expect("JSON"), manifest);
    get("/reconcile?callback=alert(1)//").refused(400, "no name of a function");

    // Ten values of the column, to guess types.
    let values = ["Xankəndi", "Шуша", "Lachin", "Ağdərə", "Bakı", "Tbilisi", "Yerevan", "Kyiv", "Paris", "Zzyzzyxq"];
    let guess: Value =
        values.iter().enumerate().map(|(n, v)| (format!("q{n}"), json!({ "query": v, "limit": 3 }))).collect();
    let guessed = form("queries", &guess).done();
    for n in 0..values.len() {
        assert!(guessed[format!("q{n}")]["result"].is_array(), "q{n} is missing: {guessed}");
    }
    assert_eq!(guessed["q0"]["result"][0]["id"], "gn:146970");
    assert_eq!(guessed["q7"]["result"][0]["match"], true);
    assert_eq!(guessed["q9"]["result"], json!([]));
    let types: Vec<&str> =
        guessed["q6"]["result"][0]["type"].as_array().expect("types").iter().filter_map(|t| t["id"].as_str()).collect();
    assert_eq!(types, ["P.PPLC", "P", "place"]);

    // The batch itself: a type that should fit, other columns as properties.
    let batch = json!({
        "q0": { "query": "Stepanakert", "type": "P", "type_strict": "should",
                "properties": [{ "pid": "country", "v": "Azerbaijan" }] },
        "q1": { "query": "Paris", "type": "P", "type_strict": "should",
                "properties": [{ "pid": "admin1", "v": "Texas" }, { "pid": "country", "v": { "id": "gn:6252001", "name": "US" } }] },
        "q2": { "query": "Springfield", "type": "P", "type_strict": "should" },
        "q3": { "query": "Paris", "properties": [{ "pid": "coordinates", "v": "33.66,-95.55" }, { "pid": "unheard of", "v": 1 }] },
    });
    let answers = form("queries", &batch).done();
    let best = |q: &str| answers[q]["result"][0].clone();
    assert_eq!((best("q0")["id"].clone(), best("q0")["match"].clone()), (json!("gn:146970"), json!(true)));
    assert_eq!((best("q1")["id"].clone(), best("q1")["match"].clone()), (json!("gn:4717560"), json!(true)));
    assert_eq!(best("q2")["match"], false, "nobody knows which Springfield: {}", best("q2"));
    assert_eq!(best("q3")["id"], "gn:4717560");
    let scores: Vec<f64> =
        answers["q2"]["result"].as_array().expect("candidates").iter().filter_map(|c| c["score"].as_f64()).collect();
    assert!(scores.len() > 1 && scores.windows(2).all(|pair| pair[0] >= pair[1]) && scores[0] <= 100.0, "{scores:?}");

    // Somebody points at a candidate, and searches for another.
    let view = manifest["view"]["url"].as_str().expect("a view").replace("{{id}}", "gn:147105");
    assert!(view.starts_with("http://localhost/id/"), "{view}");
    let preview = get("/reconcile/preview?id=gn:147105");
    assert!(
        preview.status == 200 && preview.has("frame-ancestors *") && preview.text().contains("Շուշի"),
        "{}",
        preview.text()
    );
    let flyout = get("/reconcile/flyout/entity?id=gn:147105&callback=cb");
    assert!(flyout.text().starts_with("/**/cb({"), "{}", flyout.text());
    let typed = get("/reconcile/suggest/entity?prefix=Shush").json();
    assert!(
        typed["result"].as_array().is_some_and(|all| all.iter().take(4).any(|one| one["id"] == "gn:147105")),
        "{typed}"
    );

    // More columns from what was matched.
    let proposed = get("/reconcile/propose?type=P").done();
    assert!(proposed["properties"].as_array().is_some_and(|all| all.len() > 20));
    let extend = json!({
        "ids": ["gn:146970", "gn:999999999"],
        "properties": [
            { "id": "names", "settings": { "lang": "hy", "limit": "1" } }, { "id": "name:ru" }, { "id": "country" },
            { "id": "coordinates" }, { "id": "matched_variant" }, { "id": "match_explanation" }, { "id": "nonsense" },
            { "id": "population" }, { "id": "containers", "settings": { "content": "id" } },
        ],
    });
    let extended = form("extend", &extend).done();
    let row = &extended["rows"]["gn:146970"];
    assert_eq!(row["names"].as_array().map(Vec::len), Some(1));
    assert_eq!(row["country"][0]["name"], "Azerbaijan");
    let variants: Vec<&str> =
        row["matched_variant"].as_array().expect("variants").iter().filter_map(|v| v["str"].as_str()).collect();
    assert!(variants.contains(&"Stepanakert") && variants.contains(&"Xankəndi"), "{variants:?}");
    assert!(row["match_explanation"][0]["str"].as_str().is_some_and(|why| why.contains("exact")), "{row}");
    assert_eq!(row["nonsense"], json!([]));
    assert_eq!(extended["rows"]["gn:999999999"]["country"], json!([]));
    let mut faults = Faults::default();
    check(&mut faults, "0.2", "reconciliation-result-batch", "a batch", &answers);
    check(&mut faults, "0.2", "data-extension-response", "an extension", &extended);
    faults.report();
}

#[test]
fn a_cell_gives_the_answer_that_normalize_gives() {
    let rows = [
        ("Xankəndi", "", "", ""),
        ("Paris", "US", "Texas", ""),
        ("Lachin district", "Azerbaijan", "", ""),
        ("Khankandi", "", "", ""),
        ("Stepanakert (Khankendi)", "", "", ""),
        ("Springfield", "United States", "", "city"),
        ("near Aleppo", "Syria", "", ""),
        ("Kura", "Azerbaijan", "", "river"),
        ("Shusha", "Poland", "", ""),
    ];
    let mut table = String::from("place,country,region,type\n");
    rows.iter().for_each(|(a, b, c, d)| table.push_str(&format!("{a},{b},{c},{d}\n")));
    // A service answers one cell at a time.
    let query = "column=place&country_column=country&admin_column=region&type_column=type&context=row";
    let normalized = post(&format!("/api/normalize?{query}"), "text/csv", table.as_bytes());
    assert_eq!(normalized.status, 200, "{}", normalized.text());
    let mut reader = csv::Reader::from_reader(&normalized.body[..]);
    let cells: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a row")).collect();
    let batch: Value = rows
        .iter()
        .enumerate()
        .map(|(n, (place, country, region, kind))| {
            let said = [("country", country), ("admin1", region), ("type", kind)];
            let said: Vec<Value> =
                said.iter().filter(|(_, v)| !v.is_empty()).map(|(pid, v)| json!({ "pid": pid, "v": v })).collect();
            (n.to_string(), json!({ "query": place, "properties": said }))
        })
        .collect();
    let answers = form("queries", &batch).done();
    let mut faults = Faults::default();
    for (n, cells) in cells.iter().enumerate() {
        let best = &answers[n.to_string()]["result"][0];
        let (id, status) = (&cells[4], &cells[6]);
        faults.check(best["id"].as_str().unwrap_or_default() == id, || format!("{:?}: {id}, but {best}", rows[n]));
        let sure = best["match"].as_bool().unwrap_or_default();
        faults.check(sure == (status == "resolved"), || format!("{:?}: {status}, but {best}", rows[n]));
    }
    faults.report();
}

#[test]
fn ids_dates_languages_and_types_are_understood() {
    let queries = json!({
        "id": { "query": "gn:147105" },
        "address": { "query": "http://127.0.0.1:3333/id/gn:147105" },
        "property": { "properties": [{ "pid": "geonames", "v": 147105 }] },
        "nobody": { "properties": [{ "pid": "geonames", "v": "999999999" }] },
        "strict": { "query": "Khankendi", "type": "organization", "type_strict": "any" },
        "strange": { "query": "Tbilisi", "type": "DifferentiatedPerson" },
        "both": { "query": "Tbilisi", "type": ["P", "P.PPLC"], "type_strict": "all" },
        "empty": { "query": "" },
    });
    let answers = form("queries", &queries).done();
    for key in ["id", "address", "property"] {
        let best = &answers[key]["result"][0];
        assert_eq!(
            (&best["id"], &best["match"], &best["score"]),
            (&json!("gn:147105"), &json!(true), &json!(100.0)),
            "{key}"
        );
    }
    for key in ["nobody", "strict", "strange", "empty"] {
        assert_eq!(answers[key]["result"], json!([]), "{key}");
    }
    assert_eq!(answers["both"]["result"][0]["id"], "gn:611717");
    let single = get("/reconcile?query=Tbilisi").done();
    assert_eq!(single["result"][0]["id"], "gn:611717");

    let query = json!({ "queries": [
        { "conditions": [{ "matchType": "name", "propertyValue": "Shusha" }], "lang": "hy", "limit": 1 },
        { "conditions": [{ "matchType": "id", "propertyValue": "gn:611717" }] },
    ] });
    let answer = post("/reconcile/v1/match", JSON, query.to_string().as_bytes()).done();
    let first = &answer["results"][0]["candidates"][0];
    assert_eq!(
        (&first["name"], &first["lang"], &first["dir"]),
        (&json!("Շուշի"), &json!("hy"), &json!("ltr")),
        "{first}"
    );
    assert_eq!(answer["results"][1]["candidates"][0]["id"], "gn:611717");
    post("/reconcile/v1/match", FORM, b"queries=x").refused(415, "application/json");
}

#[test]
fn the_api_looks_up_tags_and_lists_variants() {
    let lookup = get("/api/lookup?q=Xank%C9%99ndi&q=Zzyzzyxq&limit=2").done();
    assert_eq!(lookup[0]["candidates"][0]["id"], "gn:146970");
    assert_eq!(lookup[1]["verdict"], "unmatched");

    let text = "Reports from Shusha and 🏔 Şuşa, then Tbilisi.";
    let tagged = post("/api/tag", "text/plain", text.as_bytes()).done();
    let mentions = tagged["mentions"].as_array().expect("mentions");
    assert_eq!(mentions.len(), 3, "{tagged}");
    let as_json = post("/api/tag", JSON, json!({ "text": text }).to_string().as_bytes()).done();
    assert_eq!(as_json, tagged);
    post("/api/tag?lang=english", "text/plain", text.as_bytes()).refused(400, "invalid language");
    assert_eq!(post("/api/tag?lang=en", "text/plain", text.as_bytes()).done(), tagged);
    let features = post("/api/tag?format=geojson", "text/plain", text.as_bytes()).done();
    assert_eq!(features["features"].as_array().map(Vec::len), Some(mentions.len()));

    let variants = get("/api/variants/gn:147105?script=Armn").done();
    assert!(
        variants
            .as_array()
            .is_some_and(|all| all.iter().any(|v| v["name"] == "Շուշի") && all.iter().all(|v| v["script"] == "Armn"))
    );
    get("/api/variants/gn:0").refused(404, "gn:0");
    get("/api/lookup").refused(400, "no name");
    get("/api/lookup?q=a&limit=x").refused(400, "limit");
    get("/api/lookup?q=a&near=1").refused(400, "near");
    get("/api/lookup?q=a&country=Nowhereland").refused(400, "Nowhereland");
}

#[test]
fn an_entity_comes_as_page_as_json_and_as_linked_places() {
    let accept = |kind: &str| send(bundled(), "GET", "/id/gn:147105", &format!("Accept: {kind}\r\n"), b"");
    let page = accept("text/html,application/xhtml+xml");
    assert!(
        page.has("content-type: text/html") && page.has("content-security-policy: default-src 'none'"),
        "{}",
        page.head
    );
    for name in ["Shusha", "Şuşa", "Шуша", "Շուշի", "شوشا"] {
        assert!(page.text().contains(name), "{name} is not shown");
    }
    let entity = accept("application/json").done();
    assert_eq!(entity["id"], "gn:147105");
    assert!(entity["names"].as_array().is_some_and(|names| names.len() > 20));
    let linked = accept("application/ld+json").done();
    let feature = &linked["features"][0];
    assert_eq!((&linked["type"], &feature["@id"]), (&json!("FeatureCollection"), &json!("gn:147105")));
    assert!(
        feature["names"]
            .as_array()
            .is_some_and(|names| names.iter().any(|name| name["toponym"] == "Շուշի" && name["lang"] == "hy"))
    );
    assert_eq!(feature["geometry"]["coordinates"][0], entity["lon"], "longitude first: {feature}");
    get("/id/gn:0").refused(404, "gn:0");
    get("/id/gn:147105?format=xml").refused(400, "format");
    assert_eq!(send(bundled(), "GET", "/id/gn:0", "Accept: text/html\r\n", b"").status, 404);
}

/// A form of several parts, as browsers send it.
fn parts(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut body = String::new();
    for (name, value) in parts {
        let file = if ["table", "decisions"].contains(name) { "; filename=\"x.csv\"" } else { "" };
        body.push_str(&format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n"));
    }
    format!("{body}--cut--\r\n").into_bytes()
}

const PARTS: &str = "multipart/form-data; boundary=cut";

#[test]
fn a_posted_table_comes_back_as_the_library_writes_it_and_its_doubts_can_be_decided() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/places.csv");
    let table = fs::read_to_string(path).expect("an example");
    let mut options = allonym::table::Options::new("place");
    options.country_columns = vec!["country".to_owned()];
    let mut written = Vec::new();
    allonym::table::normalize(common::bundled(), table.as_bytes(), &mut written, &options).expect("a table");
    let written = String::from_utf8(written).expect("UTF-8");
    let query = "/api/normalize?column=place&country_column=country";
    assert_eq!(post(query, "text/csv", table.as_bytes()).text(), written);
    let fields = [("column", "place"), ("country_column", "country"), ("table", &table)];
    assert_eq!(post("/api/normalize", PARTS, &parts(&fields)).text(), written);

    let doubts = post(&format!("{query}&reply=doubts"), "text/csv", table.as_bytes()).done();
    let springfield = doubts["doubts"]
        .as_array()
        .expect("doubts")
        .iter()
        .find(|d| d["value"] == "Springfield")
        .expect("Springfield is in doubt");
    assert!(springfield["candidates"].as_array().is_some_and(|all| all.len() > 1), "{springfield}");
    let decisions = "value,country,choose\n\"Paris\",\"United States\",\"gn:4303602\"\n";
    let decided = post("/api/normalize", PARTS, &parts(&[("decisions", decisions), fields[0], fields[1], fields[2]]));
    assert!(decided.text().contains("5,Paris,United States,2023-09-21,gn:4303602,"), "{}", decided.text());

    post("/api/normalize", "text/csv", table.as_bytes()).refused(400, "column");
    post("/api/normalize?column=nothing", "text/csv", table.as_bytes()).refused(400, "nothing");
    post("/api/normalize?column=place&add=colour", "text/csv", table.as_bytes()).refused(400, "colour");
    post("/api/normalize?column=place", PARTS, b"--cut\r\nbroken").refused(400, "form");
    post("/api/normalize?column=a", "text/csv", b"a,b\n1,2,3\n").refused(400, "row");
}

#[test]
fn what_is_too_much_is_refused_with_a_reason() {
    let limits = Limits { body: 20_000, table: 50_000, batch: 3, text: 1000, ..Limits::default() };
    let address = small(limits);
    let post =
        |path: &str, kind: &str, body: &[u8]| send(address, "POST", path, &format!("Content-Type: {kind}\r\n"), body);
    let batch: Value = (0..4).map(|n| (n.to_string(), json!({ "query": "Testopolis" }))).collect();
    post("/reconcile", FORM, format!("queries={}", escaped(&batch.to_string())).as_bytes()).refused(413, "4 queries");
    post("/reconcile", FORM, "x".repeat(30_000).as_bytes()).refused(413, "20000 bytes");
    post("/api/tag", "text/plain", "x".repeat(2000).as_bytes()).refused(413, "1000 bytes");
    post("/api/normalize?column=a", "text/csv", &b"a\nTestopolis\n".repeat(9000)).refused(413, "50000 bytes");
    let ids = json!({ "ids": ["a", "b", "c", "d"], "properties": [] });
    post("/reconcile/v1/extend", JSON, ids.to_string().as_bytes()).refused(413, "4 ids");
    // A body without an end is refused as soon as it is too large.
    let endless = format!(
        "POST /reconcile HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n7530\r\n{}",
        "x".repeat(0x7530)
    );
    assert_eq!(raw(address, endless.as_bytes()).status, 413);
    let manifest = send(address, "GET", "/reconcile", "", b"").done();
    assert_eq!(manifest["batchSize"], 3);
}

#[test]
fn slow_and_silent_clients_cost_a_connection_for_a_moment_and_no_more() {
    let limits =
        Limits { head: Duration::from_millis(400), time: Duration::from_secs(1), connections: 8, ..Limits::default() };
    let address = small(limits);
    let silent: Vec<TcpStream> = (0..6)
        .map(|n| {
            let mut stream = TcpStream::connect(address).expect("a connection");
            if n % 2 == 0 {
                stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").expect("half a head");
            }
            stream
        })
        .collect();
    for mut stream in silent {
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
        let mut said = Vec::new();
        // It ends: by the server, not by our patience.
        let ended = stream.read_to_end(&mut said);
        assert!(ended.is_ok() || ended.is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset));
    }
    let half =
        b"POST /reconcile HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nConnection: close\r\n\r\nqueries=";
    assert_eq!(raw(address, half).status, 408);
    assert_eq!(send(address, "GET", "/reconcile", "", b"").status, 200);
}

#[test]
fn one_connection_too_many_is_told_so() {
    let address = small(Limits { connections: 2, ..Limits::default() });
    let _held: Vec<TcpStream> = (0..2).map(|_| TcpStream::connect(address).expect("a connection")).collect();
    // Until the two are counted.
    let refused = (0..100).find_map(|_| {
        let reply = send(address, "GET", "/reconcile", "", b"");
        std::thread::sleep(Duration::from_millis(20));
        (reply.status == 503).then_some(reply)
    });
    refused.expect("the third is refused").refused(503, "connections");
}

#[test]
fn one_client_with_too_many_requests_is_told_so() {
    let address = small(Limits { per_client: 0, ..Limits::default() });
    let reply = send(address, "GET", "/reconcile", "", b"");
    reply.refused(429, "wait for their answers");
    assert!(reply.has("retry-after: 1"));
}

#[test]
fn strange_requests_are_refused() {
    let ask = |request: &str| raw(bundled(), request.as_bytes());
    for host in ["evil.example", "evil.example:3333", "localhost.evil.example", "127.0.0.1.evil.example"] {
        ask(&format!("GET /reconcile HTTP/1.0\r\nHost: {host}\r\n\r\n")).refused(421, "--allow-host");
    }
    ask("GET /reconcile HTTP/1.0\r\n\r\n").refused(400, "Host");
    ask("GET /reconcile HTTP/1.0\r\nHost: localhost\r\nHost: evil.example\r\n\r\n").refused(400, "Host");
    for host in ["127.0.0.1:3333", "[::1]", "LOCALHOST"] {
        assert_eq!(ask(&format!("GET /reconcile HTTP/1.0\r\nHost: {host}\r\n\r\n")).status, 200, "{host}");
    }
    get("/../../etc/passwd").refused(404, "openapi.json");
    get("/page/..%2f..%2fCargo.toml").refused(404, "no such file");
    assert_eq!(send(bundled(), "DELETE", "/reconcile", "", b"").status, 405);
    let preflight = send(bundled(), "OPTIONS", "/reconcile", "Origin: https://refine.example\r\n", b"");
    assert!(
        preflight.status == 204 && preflight.has("access-control-allow-methods: GET, POST, OPTIONS"),
        "{}",
        preflight.head
    );
    form("queries", &json!([1])).refused(400, "queries");
    form("extend", &json!({})).refused(400, "extension");
    post("/reconcile", FORM, b"something=1").refused(400, "something");
}

#[test]
fn the_document_of_the_api_lists_every_route_and_no_other() {
    let document = get("/openapi.json").done();
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("the routes");
    let routes = source.split(".route(\"").skip(1).filter_map(|rest| rest.split_once("\", "));
    let mut faults = Faults::default();
    let mut known = Vec::new();
    for (path, rest) in routes {
        let handler = rest.split("\n").next().unwrap_or_default();
        known.push(path.to_owned());
        for method in ["get", "post"] {
            let serves = handler.contains(&format!("{method}("));
            let tells = document["paths"][path].get(method).is_some();
            faults.check(serves == tells, || format!("{method} {path}: served {serves}, in the document {tells}"));
        }
    }
    let paths = document["paths"].as_object().expect("paths");
    paths.keys().filter(|path| !known.contains(path)).for_each(|path| faults.add(format!("{path} is not served")));
    // What the document promises of parameters, the routes take: each example below names only documented ones.
    for (path, query) in [
        ("/api/lookup", "q=Tbilisi&limit=1&country=GE&near=41,44&class=P&type=place&within=gn:614540&fuzzy=1"),
        ("/api/suggest", "q=Tb&limit=1&type=P"),
        ("/reconcile/suggest/entity", "prefix=Tb&limit=1&cursor=0&type=P"),
    ] {
        let told: Vec<&str> = document["paths"][path]["get"]["parameters"]
            .as_array()
            .expect("parameters")
            .iter()
            .filter_map(|p| p["name"].as_str())
            .collect();
        for pair in query.split('&') {
            let name = pair.split('=').next().unwrap_or_default();
            faults.check(told.contains(&name), || format!("{path}: {name} is not in the document"));
        }
        faults.check(get(&format!("{path}?{query}")).status == 200, || format!("{path}?{query} is refused"));
    }
    faults.report();
    assert!(known.len() > 20, "only {} routes are found", known.len());
    // Replies are what the document says of them.
    for (path, reply) in [("/api/lookup", get("/api/lookup?q=Shusha")), ("/api/suggest", get("/api/suggest?q=Shu"))] {
        let mut schema = document["paths"][path]["get"]["responses"]["200"]["content"][JSON]["schema"].clone();
        schema["components"] = document["components"].clone();
        let schema = jsonschema::draft202012::new(&schema).expect("a schema");
        let errors: Vec<String> = schema.iter_errors(&reply.done()).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
    }
}

#[test]
fn names_that_are_markup_are_shown_as_they_are_and_do_nothing() {
    let places = "id\tfeature\tcountry\tparent\tlat\tlon\tpoint\tpopulation\tsame_as\n\
                  t:1\tP.PPL\tAZ\t\t40\t47\t\t1000\twd:Q1\n";
    let names = "id\tname\tlang\tkind\tflags\tsource\n\
                 t:1\t<script>alert(1)</script>\ten\texonym\t\ttest\n\
                 t:1\tOb\"'>ville\ten\texonym\t\ttest\n";
    let dir = folder().keep();
    let data = common::data(places, names, "word\tsense\tweight\tsource\n");
    allonym::gazetteer::build(&data, &dir, &|_| {}).expect("the index is built");
    let address = start(Gazetteer::open(&dir).expect("it opens"), Limits::default());
    for (method, path, body) in [
        ("GET", "/id/t:1?format=html", ""),
        ("GET", "/reconcile/preview?id=t:1", ""),
        ("POST", "/api/tag?format=html", "From Ob\"'>ville & <script>alert(2)</script> on"),
        ("GET", "/id/%3Cscript%3Ealert(3)?format=html", ""),
    ] {
        let reply = send(address, method, path, "Content-Type: text/plain\r\n", body.as_bytes());
        let text = reply.text();
        assert!(!text.contains("<script>alert") && !text.contains("Ob\"'>"), "{path}: {text}");
        assert!(text.contains("&lt;script&gt;alert"), "{path}: {text}");
    }
}

/// Text that people and machines may send: JSON that is nearly right, and noise.
fn nearly() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |n| n.is_finite().then(|| json!(n))),
        "\\PC{0,20}".prop_map(Value::from),
        "(gn:[0-9]{1,7}|POINT\\([0-9. -]{0,9}\\)|-?[0-9]{1,6}|Shu.{0,3})".prop_map(Value::from),
    ];
    let key = prop_oneof![
        "(q0|query|queries|type|limit|properties|pid|v|id|ids|settings|conditions|matchType|propertyValue|lang|country|date|coordinates)",
        "\\PC{0,8}",
    ];
    let value = leaf.prop_recursive(4, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..6).prop_map(|all| all.into_iter().collect::<Value>()),
        ]
    });
    prop_oneof![3 => value.prop_map(|value| value.to_string()), 1 => "\\PC{0,60}"]
}

fn served(reply: &Reply) -> Result<(), TestCaseError> {
    prop_assert!((200..500).contains(&reply.status) && reply.status != 408, "{} {}", reply.status, reply.text());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    #[test]
    fn no_batch_is_too_strange(text in nearly()) {
        for field in ["queries", "extend", "query"] {
            served(&post("/reconcile", FORM, format!("{field}={}", escaped(&text)).as_bytes()))?;
        }
        served(&post("/reconcile", JSON, text.as_bytes()))?;
        served(&post("/reconcile/v1/match", JSON, text.as_bytes()))?;
        served(&post("/reconcile/v1/extend", JSON, text.as_bytes()))?;
    }

    #[test]
    fn no_property_is_too_strange(pid in "(country|admin1|parent|coordinates|lat|lon|type|date|geonames|id)", v in nearly(), limit in any::<f64>()) {
        let value: Value = serde_json::from_str(&v).unwrap_or(json!(v));
        let limit = if limit.is_finite() { json!(limit) } else { json!(1) };
        let query = json!({ "q": { "query": "Shusha", "limit": limit, "properties": [{ "pid": pid, "v": value }] } });
        served(&form("queries", &query))?;
        let v1 = json!({ "queries": [{ "conditions": [{ "matchType": "property", "propertyId": pid, "propertyValue": value }] }] });
        served(&post("/reconcile/v1/match", JSON, v1.to_string().as_bytes()))?;
    }

    #[test]
    fn no_text_or_query_is_too_strange(text in "\\PC{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        served(&post("/api/tag?format=html", "text/plain", text.as_bytes()))?;
        served(&post("/api/tag?format=geojson", "text/plain", &bytes))?;
        served(&get(&format!("/api/lookup?q={}", escaped(&text))))?;
        served(&get(&format!("/api/suggest?q={}", escaped(&text))))?;
        served(&get(&format!("/id/{}?format=html", escaped(&text))))?;
        served(&get(&format!("/reconcile/suggest/entity?prefix={}&cursor={}", escaped(&text), escaped(&text))))?;
    }

    #[test]
    fn no_table_is_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "[a,\"\n\\PC]{0,120}", column in "\\PC{1,5}") {
        for body in [&bytes[..], text.as_bytes(), &[b"a,b\n", text.as_bytes()].concat()] {
            served(&post("/api/normalize?column=a", "text/csv", body))?;
            served(&post(&format!("/api/normalize?column={}&reply=doubts", escaped(&column)), PARTS, body))?;
        }
        served(&post("/api/normalize", PARTS, &parts(&[("column", "a"), ("decisions", &text), ("table", "a\nShusha\n")])))?;
    }

    #[test]
    fn no_head_is_too_strange(host in "[!-~]{0,30}", rest in prop::collection::vec(any::<u8>(), 0..80)) {
        let reply = raw(bundled(), format!("GET /reconcile HTTP/1.0\r\nHost: {host}\r\n\r\n").as_bytes());
        prop_assert!(reply.status < 500, "{}", reply.head);
        let noise = raw(bundled(), &[&rest[..], b"\r\n\r\n"].concat());
        prop_assert!(noise.status < 500, "{}", noise.head);
    }
}
