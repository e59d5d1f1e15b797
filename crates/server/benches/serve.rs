//! How much the server answers: batches over two connections, single lookups at a fixed rate, memory over a longer run. Server and
//! clients share this machine.
//!
//! `cargo bench --bench serve`, or with how many seconds each part takes: `cargo bench --bench serve -- 60`.
//!
//! The names come from the service itself: some as they are, some with a letter left out.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use allonym::Gazetteer;
use allonym_server::{Options, Server};
use serde_json::{Value, json};

/// Queries of a batch.
const BATCH: usize = 100;
/// Connections that send batches.
const CLIENTS: usize = 2;
/// Single lookups a second.
const RATE: u32 = 200;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let seconds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(10);
    let seconds = Duration::from_secs(seconds);
    let options = Options { address: ([127, 0, 0, 1], 0).into(), ..Options::default() };
    let server = Server::bind(Gazetteer::bundled()?, options)?;
    let address = server.address().to_string();
    std::thread::spawn(|| server.run());
    let names = names(&address)?;
    println!("{} different names; {} MB of memory", names.len(), memory());
    for (what, every) in
        [("known names", 0), ("one in ten with a letter missing", 10), ("all with a letter missing", 1)]
    {
        let rate = batches(&address, &names, every, seconds)?;
        println!("batches of {BATCH}, {what}: {rate:.0} queries a second; {} MB of memory", memory());
    }
    for (what, every) in [("known names", 0), ("one in ten with a letter missing", 10)] {
        let times = singles(&address, &names, every, seconds)?;
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        let (middle, most, last) = (at(0.5), at(0.99), at(1.0));
        println!(
            "single lookups, {RATE} a second, {what}: median {middle:.2} ms, p99 {most:.2} ms, longest {last:.2} ms"
        );
    }
    println!("{} MB of memory at the end", memory());
    Ok(())
}

/// Resident memory of this process that is its own, in MB; 0 where the system does not say.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Names of many places: what the service suggests for all beginnings of two letters.
fn names(address: &str) -> Outcome<Vec<String>> {
    let mut client = Client::new(address)?;
    let mut names = Vec::new();
    for a in b'a'..=b'z' {
        for b in b'a'..=b'z' {
            let path = format!("/api/suggest?limit=24&q={}{}", a as char, b as char);
            for item in client.get(&path)?.as_array().into_iter().flatten() {
                names.extend(item["name"].as_str().map(str::to_owned));
            }
        }
    }
    names.sort();
    names.dedup();
    // Neighbours in the alphabet should not be neighbours in a batch.
    let mut order: Vec<(u64, String)> = names.into_iter().map(|name| (mixed(name.as_bytes()), name)).collect();
    order.sort();
    Ok(order.into_iter().map(|(_, name)| name).collect())
}

/// A number that looks like chance and is always the same (FNV-1a).
fn mixed(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// The name itself, or without its middle letter.
fn written(name: &str, n: usize, every: usize) -> String {
    if every == 0 || !n.is_multiple_of(every) {
        return name.to_owned();
    }
    let middle = name.chars().count() / 2;
    name.chars().enumerate().filter(|(at, _)| *at != middle).map(|(_, c)| c).collect()
}

fn batches(address: &str, names: &[String], every: usize, time: Duration) -> Outcome<f64> {
    let begin = Instant::now();
    let one = |client: usize| -> Outcome<usize> {
        let mut connection = Client::new(address)?;
        let (mut done, mut next) = (0, client * names.len() / CLIENTS);
        while begin.elapsed() < time {
            let queries: serde_json::Map<String, Value> = (0..BATCH)
                .map(|n| {
                    let name = &names[(next + n) % names.len()];
                    (format!("q{n}"), json!({ "query": written(name, next + n, every), "limit": 3 }))
                })
                .collect();
            next += BATCH;
            let answer = connection.post("/reconcile", &Value::Object(queries).to_string())?;
            done += answer.as_object().map_or(0, serde_json::Map::len);
        }
        Ok(done)
    };
    let done: Outcome<usize> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|client| scope.spawn(move || one(client))).collect();
        clients.into_iter().map(|client| client.join().unwrap_or_else(|_| Err("a client failed".into()))).sum()
    });
    Ok(done? as f64 / begin.elapsed().as_secs_f64())
}

/// How long each lookup took, from when it was due: a late server is not spared the lookups that it held up.
fn singles(address: &str, names: &[String], every: usize, time: Duration) -> Outcome<Vec<Duration>> {
    const CONNECTIONS: u32 = 8;
    let begin = Instant::now();
    let one = |offset: u32| -> Outcome<Vec<Duration>> {
        let mut connection = Client::new(address)?;
        let mut times = Vec::new();
        let mut n = offset;
        loop {
            let due = Duration::from_secs(1) * n / RATE;
            if due > time {
                return Ok(times);
            }
            std::thread::sleep(due.saturating_sub(begin.elapsed()));
            let name = written(&names[n as usize % names.len()], n as usize, every);
            connection.get(&format!("/api/lookup?q={}", escaped(&name)))?;
            times.push(begin.elapsed() - due);
            n += CONNECTIONS;
        }
    };
    let mut all = Vec::new();
    let parts: Vec<Outcome<Vec<Duration>>> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS).map(|offset| scope.spawn(move || one(offset))).collect();
        clients.into_iter().map(|client| client.join().unwrap_or_else(|_| Err("a client failed".into()))).collect()
    });
    for part in parts {
        all.extend(part?);
    }
    all.sort();
    Ok(all)
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// One connection, kept open.
struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    fn new(address: &str) -> Outcome<Client> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Client { stream: BufReader::new(stream) })
    }

    fn get(&mut self, path: &str) -> Outcome<Value> {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))
    }

    fn post(&mut self, path: &str, body: &str) -> Outcome<Value> {
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    fn ask(&mut self, request: &str) -> Outcome<Value> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut line, mut length) = (String::new(), 0);
        self.stream.read_line(&mut line)?;
        if !line.contains(" 200 ") {
            return Err(format!("the server said {}", line.trim()).into());
        }
        while line.trim() != "" {
            line.clear();
            self.stream.read_line(&mut line)?;
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(serde_json::from_slice(&body)?)
    }
}
