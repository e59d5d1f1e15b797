//! The options of a server.

use std::net::SocketAddr;

use allonym::label::Label;

use crate::limits::Limits;

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address to listen on; port 0 takes any free one.
    pub address: SocketAddr,
    /// Host names the server answers to, besides `localhost` and IP addresses.
    pub hosts: Vec<String>,
    /// The origin whose pages may read the answers; `*` allows every origin.
    pub origin: String,
    /// Which name stands for an entity.
    pub label: Label,
    /// What a request may cost.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            address: SocketAddr::from(([127, 0, 0, 1], 3333)),
            hosts: Vec::new(),
            origin: "*".to_owned(),
            label: Label::Source,
            limits: Limits::default(),
        }
    }
}
