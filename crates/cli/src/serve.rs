//! `allonym serve`.

use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::open;
use super::options::Common;
use allonym::error::{Error, Result};
use allonym_server::{Limits, Options, Server};

/// Serve the gazetteer: OpenRefine's reconciliation service, a JSON API, a page to look at.
///
/// Listens on this machine alone unless --address says otherwise, and answers under `localhost`, addresses in numbers and the names
/// that --allow-host gives: a page of the web cannot reach it under a name of its own. Ctrl-C ends it when the requests under way
/// are answered.
#[derive(Args)]
#[command(after_help = "Examples:
  allonym serve                                       then open http://127.0.0.1:3333/
  allonym --index mine serve --port 8000              a gazetteer of your own
  allonym serve --address 0.0.0.0 --allow-host names.example.org

In OpenRefine: Reconcile > Start reconciling … > Add standard service … > http://127.0.0.1:3333/reconcile")]
pub struct Serve {
    /// The port; 0 takes one that is free.
    #[arg(long, default_value_t = 3333, value_name = "N")]
    port: u16,
    /// The address to listen on; 0.0.0.0 is every one of this machine.
    #[arg(long, default_value = "127.0.0.1", value_name = "IP")]
    address: IpAddr,
    /// A host name that the server answers to; may be given several times.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// The origin whose pages may read the answers, such as https://example.org; * is all of them.
    #[arg(long, default_value = "*", value_name = "ORIGIN")]
    allow_origin: String,
    /// Maximum number of queries in a batch.
    #[arg(long, default_value_t = Limits::default().batch, value_name = "N", help_heading = "Limits")]
    max_batch: usize,
    /// Maximum size of a request in bytes, except for tables.
    #[arg(long, default_value_t = Limits::default().body, value_name = "BYTES", help_heading = "Limits")]
    max_body: usize,
    /// Maximum size of a text to tag in bytes.
    #[arg(long, default_value_t = Limits::default().text, value_name = "BYTES", help_heading = "Limits")]
    max_text: usize,
    /// Maximum size of a posted table in bytes.
    #[arg(long, default_value_t = Limits::default().table, value_name = "BYTES", help_heading = "Limits")]
    max_table: u64,
    /// Maximum time for an answer in seconds.
    #[arg(long, default_value_t = Limits::default().time.as_secs(), value_name = "S", help_heading = "Limits",
        value_parser = clap::value_parser!(u64).range(1..=3600))]
    max_time: u64,
    /// Maximum number of open connections.
    #[arg(long, default_value_t = Limits::default().connections, value_name = "N", help_heading = "Limits")]
    max_connections: usize,
    /// Maximum number of requests in progress per client address.
    #[arg(long, default_value_t = Limits::default().per_client, value_name = "N", help_heading = "Limits")]
    max_per_client: usize,
    /// Maximum number of waiting requests.
    #[arg(long, default_value_t = Limits::default().waiting, value_name = "N", help_heading = "Limits")]
    max_waiting: usize,
}

impl Serve {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        if let Some(name) = self.allow_host.iter().find(|name| name.contains(['/', ':', '*'])) {
            return Err(Error::usage(format!(
                "invalid host name '{name}'; --allow-host takes one such as names.example.org"
            )));
        }
        let usual = |c: char| c.is_ascii_graphic() && c != ',';
        if self.allow_origin.is_empty() || !self.allow_origin.chars().all(usual) {
            return Err(Error::usage(format!(
                "invalid origin '{}'; --allow-origin takes one such as https://example.org",
                self.allow_origin
            )));
        }
        let gazetteer = open::open(common)?;
        let options = Options {
            address: SocketAddr::new(self.address, self.port),
            hosts: self.allow_host,
            origin: self.allow_origin,
            label: common.label(&gazetteer)?,
            limits: Limits {
                body: self.max_body,
                table: self.max_table,
                batch: self.max_batch,
                text: self.max_text,
                time: Duration::from_secs(self.max_time),
                connections: self.max_connections,
                per_client: self.max_per_client,
                workers: common.jobs.map_or(0, usize::from),
                waiting: self.max_waiting,
                ..Limits::default()
            },
        };
        let server = Server::bind(gazetteer, options)?;
        if !common.quiet {
            let address = server.address();
            note!(
                "http://{address}/ is the page, http://{address}/reconcile the address for OpenRefine; Ctrl-C ends it"
            );
        }
        server.run();
        Ok(ExitCode::SUCCESS)
    }
}
