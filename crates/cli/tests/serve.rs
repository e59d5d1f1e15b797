//! `allonym serve`: starting, stopping, and the same answers as the command line.

mod common;
#[path = "../../../tests/common/http.rs"]
mod http;

use std::net::SocketAddr;
use std::time::Duration;

use common::{BINARY, folder};
use http::send;

/// The command itself, told to end while it answers.
#[cfg(unix)]
#[test]
fn the_command_says_where_it_is_and_ends_when_it_is_told_to() {
    use std::io::BufRead as _;
    let mut child = std::process::Command::new(BINARY)
        .args(["serve", "--port", "0"])
        .env_remove("ALLONYM_INDEX")
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = String::new();
    std::io::BufReader::new(child.stderr.take().expect("its messages")).read_line(&mut said).expect("a line");
    let address = said.strip_prefix("http://").and_then(|rest| rest.split('/').next()).expect("an address");
    let address: SocketAddr = address.parse().expect("an address in numbers");
    assert!(address.ip().is_loopback());
    let page = send(address, "GET", "/", "", b"");
    assert!(page.status == 200 && page.text().contains("Every place by every name"));
    let table = "place\n".to_owned() + &"Shusha\nTbilisi\n".repeat(20_000);
    let asked = std::thread::spawn(move || send(address, "POST", "/api/normalize?column=place", "", table.as_bytes()));
    std::thread::sleep(Duration::from_millis(100));
    let told = std::process::Command::new("kill").arg(child.id().to_string()).status().expect("kill");
    assert!(told.success());
    assert!(child.wait().expect("it ends").success());
    let reply = asked.join().expect("an answer");
    assert!(reply.status == 0 || reply.text().lines().count() == 40_001, "half an answer: {}", reply.body.len());
}

#[test]
fn an_address_that_is_taken_or_wrong_is_said_in_one_sentence() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = taken.local_addr().expect("an address").port().to_string();
    common::allonym(["serve", "--port", &port]).refused(1, &["listen on 127.0.0.1", "in use"]);
    common::allonym(["serve", "--allow-host", "http://x/"]).refused(2, &["--allow-host"]);
    common::allonym(["serve", "--allow-origin", "a b"]).refused(2, &["--allow-origin"]);
}

#[test]
fn the_api_answers_what_the_command_line_answers() {
    let options = allonym_server::Options { address: ([127, 0, 0, 1], 0).into(), ..Default::default() };
    let gazetteer = allonym::Gazetteer::bundled().expect("the bundled gazetteer opens");
    let server = allonym_server::Server::bind(gazetteer, options).expect("an address is free");
    let address = server.address();
    std::thread::spawn(|| server.run_until(std::future::pending()));

    let lookup = send(address, "GET", "/api/lookup?q=Xank%C9%99ndi&limit=2", "", b"").done();
    let line = common::allonym(["lookup", "Xankəndi", "--limit", "2", "--format", "json"]).json();
    assert_eq!(lookup[0], line[0]);

    let text = "Reports from Shusha and 🏔 Şuşa, then Tbilisi.";
    let tagged = send(address, "POST", "/api/tag", "Content-Type: text/plain\r\n", text.as_bytes()).done();
    let lines = common::with_input(["tag", "--format", "jsonl"], text).lines();
    let mut mentions = tagged["mentions"].clone();
    mentions.as_array_mut().expect("mentions").iter_mut().for_each(|mention| mention["doc"] = "-".into());
    assert_eq!(mentions, serde_json::json!(lines));

    let path = common::root().join("examples/places.csv");
    let table = std::fs::read(&path).expect("an example");
    let posted = send(
        address,
        "POST",
        "/api/normalize?column=place&country_column=country",
        "Content-Type: text/csv\r\n",
        &table,
    );
    let path = path.to_str().expect("a path in UTF-8");
    let written =
        common::allonym(["normalize", path, "--column", "place", "--country-column", "country", "--quiet"]).done();
    assert_eq!(posted.text(), written);
}

#[test]
fn a_page_of_a_marked_text_shows_markup_as_it_is() {
    let dir = folder();
    let places = "id\tfeature\tcountry\tparent\tlat\tlon\tpoint\tpopulation\tsame_as\n\
                  t:1\tP.PPL\tAZ\t\t40\t47\t\t1000\twd:Q1\n";
    let names = "id\tname\tlang\tkind\tflags\tsource\n\
                 t:1\tOb\"'>ville\ten\texonym\t\ttest\n";
    let data = common::data(places, names, "word\tsense\tweight\tsource\n");
    let index = dir.path().join("index");
    allonym::gazetteer::build(&data, &index, &|_| {}).expect("the index is built");
    let text = common::file(&dir, "<b>.txt", "From Ob\"'>ville & <script>alert(2)</script>");
    let page = common::with_index(&index, ["tag", &text, "--format", "html"]).done();
    assert!(!page.contains("<script>alert") && !page.contains("<b>.txt"), "{page}");
}
