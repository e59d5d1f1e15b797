//! The page in a browser: Debian's `chromium` without a window. Where there is none, nothing is tried, and that is said.

mod common;

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use allonym::Gazetteer;
use allonym_server::{Options, Server};
use common::{allonym, file, folder, skip};

/// The first browser that is there.
fn browser() -> Option<&'static str> {
    let there = |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|out| out.status.success());
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find(there)
}

fn server() -> &'static str {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    ADDRESS.get_or_init(|| {
        let options = Options { address: ([127, 0, 0, 1], 0).into(), ..Options::default() };
        let server = Server::bind(Gazetteer::bundled().expect("the gazetteer opens"), options).expect("an address");
        let address = format!("http://{}", server.address());
        std::thread::spawn(|| server.run_until(std::future::pending()));
        address
    })
}

/// What a page is after its scripts have run; none where there is no browser.
fn shown(address: &str, profile: &Path) -> Option<String> {
    let output = Command::new(browser()?)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--virtual-time-budget=8000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(address)
        .output()
        .expect("the browser starts");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn what_is_typed_is_found_in_any_script() {
    let profile = folder();
    for (typed, id) in
        [("Xank%C9%99ndi", "gn:146970"), ("%D8%B4%D9%88%D8%B4%D8%A7", "gn:147105"), ("%E5%9F%BA%E8%BC%94", "gn:703448")]
    {
        let Some(page) = shown(&format!("{}/?q={typed}", server()), profile.path()) else {
            return skip("the page", "no chromium is here");
        };
        assert!(page.contains(&format!("/id/{}", id.replace(':', "%3A"))), "{typed} is not found: {page}");
        assert!(page.contains("role=\"option\""), "{page}");
    }
}

#[test]
fn an_entity_shows_its_names_with_their_languages_in_words() {
    let profile = folder();
    let Some(page) = shown(&format!("{}/id/gn:147105?format=html", server()), profile.path()) else {
        return skip("the page of an entity", "no chromium is here");
    };
    for part in ["Շուշի", "Armenian", "Azerbaijani", "<svg", "Cyrillic"] {
        assert!(page.contains(part), "'{part}' is not shown: {page}");
    }
}

#[test]
fn a_marked_text_is_one_file_that_a_browser_shows() {
    let dir = folder();
    let text = file(&dir, "news.txt", "From Shusha and Şuşa to تبليسي.\n<script>document.title = 'caught'</script>");
    let page = allonym(["tag", &text, "--format", "html"]).done();
    assert!(!page.contains("http://") && !page.contains("src="), "something is loaded from outside: {page}");
    let path = file(&dir, "news.html", &page);
    let profile = folder();
    let Some(shown) = shown(&format!("file://{path}"), profile.path()) else {
        return skip("a marked text in a browser", "no chromium is here");
    };
    assert!(shown.contains("<title>Places in the text</title>"), "a text was run as a script: {shown}");
    assert!(shown.matches("class=\"al-mark").count() >= 2 && shown.contains("class=\"al-dot"), "{shown}");
}
