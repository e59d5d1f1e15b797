//! A posted table normalized: it waits on disk, its answer is streamed.
//!
//! `POST /api/normalize?column=…` takes the table itself, or a form (`multipart/form-data`) with the files `table` and, where there
//! are any, `decisions`. `reply=doubts` gives the doubts instead of the table.

use std::fs::File;
use std::io::{self, Cursor, Seek, Write};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, Multipart, Request, State as Has};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use crate::input::{self, Fields, cut};
use crate::limiter::{Deadline, Permit};
use crate::refusal::Refusal;
use crate::state::Shared;
use crate::state::State;
use allonym::error::{Error, ErrorKind};
use allonym::table::{self, ContextScope, Decisions, Options, Review, Summary};

/// Pieces of an answer on their way to a client.
const PIECES: usize = 8;
/// Bytes of such a piece.
const PIECE: usize = 64 << 10;
/// Doubts that come back at most; a table of more is for the command line.
const DOUBTS: usize = 2000;

/// What was posted.
struct Posted {
    table: File,
    decisions: Vec<u8>,
    fields: Fields,
}

/// `POST /api/normalize`.
pub async fn normalize(Has(state): Has<Shared>, request: Request) -> Result<Response, Refusal> {
    let posted = receive(&state, request).await?;
    let options = options(&state, &posted.fields)?;
    let (permit, deadline) = state.limiter.acquire().await?;
    match posted.fields.get("reply") {
        None | Some("table") => stream(state, posted, options, permit, deadline).await,
        Some("doubts") => doubts(state, posted, options, permit, deadline).await,
        Some(other) => Err(Refusal::bad(format!("reply takes table or doubts, not '{}'", cut(other)))),
    }
}

/// Puts what is posted on disk, in the time and up to the size that are allowed.
async fn receive(state: &State, request: Request) -> Result<Posted, Refusal> {
    let time = state.options.limits.time * 4;
    match tokio::time::timeout(time, read(state, request)).await {
        Ok(posted) => posted,
        Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "the table took too long to come")),
    }
}

async fn read(state: &State, request: Request) -> Result<Posted, Refusal> {
    let mut posted = Posted { table: file()?, decisions: Vec::new(), fields: Fields::of(&request) };
    let most = state.options.limits.table;
    let broken = || Refusal::bad("the request broke off, or is not a form");
    if input::content_type(request.headers()) != "multipart/form-data" {
        let mut parts = request.into_body().into_data_stream();
        let mut size = 0;
        while let Some(part) = parts.next().await {
            posted.table = keep(posted.table, part.map_err(|_| broken())?, &mut size, most).await?;
        }
        return posted.ready();
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
    let mut size = 0;
    while let Some(mut part) = form.next_field().await.map_err(|_| broken())? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "table" {
            while let Some(piece) = part.chunk().await.map_err(|_| broken())? {
                posted.table = keep(posted.table, piece, &mut size, most).await?;
            }
            continue;
        }
        let mut value = Vec::new();
        while let Some(piece) = part.chunk().await.map_err(|_| broken())? {
            if value.len() + piece.len() > state.options.limits.body {
                return Err(Refusal::large(format!("the part '{}' of the form is too large", cut(&name))));
            }
            value.extend_from_slice(&piece);
        }
        match name.as_str() {
            "decisions" => posted.decisions = value,
            _ => posted.fields.push(name, input::text(value)?),
        }
    }
    posted.ready()
}

impl Posted {
    fn ready(mut self) -> Result<Posted, Refusal> {
        self.table.rewind().map_err(|e| disk(&e))?;
        Ok(self)
    }
}

fn file() -> Result<File, Refusal> {
    tempfile::tempfile().map_err(|e| disk(&e))
}

fn disk(cause: &io::Error) -> Refusal {
    eprintln!("allonym: a posted table could not be kept: {cause}");
    Refusal::new(StatusCode::INSUFFICIENT_STORAGE, "there is no room for the table")
}

/// Writes a piece behind the others, off the reactor.
async fn keep(mut file: File, piece: Bytes, size: &mut u64, most: u64) -> Result<File, Refusal> {
    *size += piece.len() as u64;
    if *size > most {
        let reason = format!("the table is larger than {most} bytes; 'allonym normalize' takes tables of any size");
        return Err(Refusal::large(reason));
    }
    let written = tokio::task::spawn_blocking(move || file.write_all(&piece).map(|()| file)).await;
    written.map_err(|_| Refusal::bad("the request broke off"))?.map_err(|e| disk(&e))
}

fn options(state: &State, fields: &Fields) -> Result<Options, Refusal> {
    let columns: Vec<String> = fields.all("column").map(str::to_owned).collect();
    if columns.is_empty() {
        return Err(Refusal::bad("no column is named; say which one holds the names, as column"));
    }
    let one = |name: &str| fields.get(name).map(str::to_owned);
    let many = |name| fields.all(name).map(str::to_owned).collect();
    let letter = |name: &str| match fields.get(name) {
        None => Ok(None),
        Some("tab") => Ok(Some(b'\t')),
        Some(text) if text.len() == 1 && text.is_ascii() && !matches!(text, "\n" | "\r" | "\"") => {
            Ok(Some(text.as_bytes()[0]))
        }
        Some(text) => Err(Refusal::bad(format!("'{}' can be no {name}; give one letter, or tab", cut(text)))),
    };
    Ok(Options {
        country_columns: many("country_column"),
        admin_columns: many("admin_column"),
        lat_column: one("lat_column"),
        lon_column: one("lon_column"),
        type_column: one("type_column"),
        types: fields.list("types").iter().map(|kind| kind.parse()).collect::<Result<_, Error>>()?,
        prefix: one("prefix"),
        delimiter: letter("delimiter")?,
        encoding: one("encoding"),
        flexible: fields.get("flexible") == Some("yes"),
        label: state.label().clone(),
        in_place: fields.get("in_place") == Some("yes"),
        add: fields.list("add").iter().map(|field| field.parse()).collect::<Result<_, Error>>()?,
        candidates: fields.number("candidates", 1, 50)?.max(1),
        multi: fields.get("multi") == Some("yes"),
        context: match fields.get("context") {
            None | Some("column") => ContextScope::Column,
            Some("row") => ContextScope::Row,
            Some(text) => return Err(Refusal::bad(format!("invalid context '{}'; expected column or row", cut(text)))),
        },
        group_column: one("group"),
        columns,
        ..Options::new("")
    })
}

/// Hands on what is written, piece by piece; stops the work when nobody takes it any more or its time is over.
struct Pipe {
    to: Sender<Result<Bytes, Refusal>>,
    piece: Vec<u8>,
    deadline: Deadline,
}

impl Pipe {
    fn send(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE)));
        self.to.blocking_send(Ok(piece)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.deadline.is_over() {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}

/// Takes everything, as long as there is time.
struct Nowhere(Deadline);

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.is_over() {
            true => Err(io::Error::from(io::ErrorKind::TimedOut)),
            false => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn decided(state: &State, posted: &Posted) -> Result<Decisions, Refusal> {
    match posted.decisions.trim_ascii().is_empty() {
        true => Ok(Decisions::default()),
        false => Ok(Decisions::read(Cursor::new(&posted.decisions), &state.gazetteer)?),
    }
}

fn refused(error: Error, deadline: Deadline) -> Refusal {
    match deadline.check() {
        Err(late) => late,
        Ok(()) if error.kind() == ErrorKind::Io => Refusal::bad("the table cannot be read"),
        Ok(()) => error.into(),
    }
}

async fn stream(
    state: Shared,
    posted: Posted,
    options: Options,
    permit: Permit,
    deadline: Deadline,
) -> Result<Response, Refusal> {
    let (to, mut from) = channel(PIECES);
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let mut pipe = Pipe { to: to.clone(), piece: Vec::with_capacity(PIECE), deadline };
        let done = decided(&state, &posted).and_then(|decisions| {
            let gazetteer = &state.gazetteer;
            table::normalize_reviewed(gazetteer, posted.table, &mut pipe, &options, &decisions, None, |_, _| {})
                .map_err(|e| refused(e, deadline))
        });
        if let Err(refusal) = done {
            // Before the first piece it is the answer; behind it, the answer breaks off, which every client notices.
            let _ = to.blocking_send(Err(refusal));
        }
    });
    let first = match from.recv().await {
        Some(Err(refusal)) => return Err(refusal),
        Some(Ok(piece)) => piece,
        None => Bytes::new(),
    };
    let rest = ReceiverStream::new(from).map(|piece| piece.map_err(|refusal| io::Error::other(refusal.reason)));
    let lines = first.starts_with(b"{");
    let (kind, name) = match lines {
        true => ("application/x-ndjson", "attachment; filename=\"normalized.jsonl\""),
        false => ("text/csv; charset=utf-8", "attachment; filename=\"normalized.csv\""),
    };
    let head = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)];
    Ok((head, Body::from_stream(tokio_stream::once(Ok(first)).chain(rest))).into_response())
}

async fn doubts(
    state: Shared,
    posted: Posted,
    options: Options,
    permit: Permit,
    deadline: Deadline,
) -> Result<Response, Refusal> {
    let work = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let decisions = decided(&state, &posted)?;
        let (mut nowhere, mut review) = (Nowhere(deadline), Vec::new());
        let doubts: Option<&mut dyn Write> = Some(&mut review);
        let gazetteer = &state.gazetteer;
        let summary =
            table::normalize_reviewed(gazetteer, posted.table, &mut nowhere, &options, &decisions, doubts, |_, _| {})
                .map_err(|e| refused(e, deadline))?;
        told(&summary, &review)
    });
    let fault = |_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "a fault of the program or of the index");
    Ok(Json(work.await.map_err(fault)??).into_response())
}

/// The counts and the doubts as JSON.
fn told(summary: &Summary, review: &[u8]) -> Result<Value, Refusal> {
    let review = Review::read(review)?;
    let doubt = |number: usize| {
        let open = review.doubt(number);
        let [count, row, status, reason] = open.about;
        let candidate = |[id, label, feature, place, score]: [String; 5]| json!({ "id": id, "label": label, "feature": feature, "where": place, "score": score });
        let context: Vec<Value> =
            open.context.into_iter().map(|(column, cell)| json!({ "column": column, "cell": cell })).collect();
        json!({
            "value": open.value, "context": context, "count": count, "row": row, "status": status, "reason": reason,
            "candidates": open.candidates.into_iter().map(candidate).collect::<Vec<_>>(),
        })
    };
    let shown: Vec<Value> = (0..review.len().min(DOUBTS)).map(doubt).collect();
    Ok(json!({ "summary": summary, "count": review.len(), "doubts": shown }))
}
