//! The gazetteer served over HTTP: OpenRefine's reconciliation service, a JSON API, a page to look at.
//!
//! A client of the library like the command line. [`reconcile`] and [`reconcile_v1`] speak the two versions of the
//! Reconciliation Service API over one way to answer ([`ask`]); [`types`] and [`extend`] say what can be asked about and asked
//! for; [`suggest`] completes, [`preview`] shows; [`api`] has the verbs as JSON, [`id`] one entity, [`page`] the files of the
//! page. Before any of them, [`guard`] looks at who asks, and [`limits`] at how much; [`listen`] holds the connections.

mod api;
mod ask;
mod extend;
mod guard;
mod id;
mod input;
mod limiter;
mod limits;
mod listen;
mod normalize;
mod options;
mod page;
mod preview;
mod properties;
mod recent;
mod reconcile;
mod reconcile_v1;
mod refusal;
mod reply;
mod state;
mod suggest;
mod types;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use tokio::runtime::Runtime;

use allonym::error::{Error, Result};
use allonym::gazetteer::Gazetteer;
pub use limits::Limits;
use listen::listen;
pub use options::Options;
use state::{Shared, State};

/// A server that holds its address and does not answer yet.
pub struct Server {
    state: Shared,
    runtime: Runtime,
    listener: tokio::net::TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes the address.
    ///
    /// # Errors
    /// Returns an error if the address is taken or does not belong to this machine.
    pub fn bind(gazetteer: Gazetteer, options: Options) -> Result<Server> {
        let refused = |e| Error::stream(&format!("listen on {}", options.address), e);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .max_blocking_threads(512)
            .thread_keep_alive(std::time::Duration::from_secs(60))
            .build()
            .map_err(|e| Error::stream("start the threads of the server", e))?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind(options.address)).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Server { state: Arc::new(State::new(gazetteer, options)), runtime, listener, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is there, then lets requests under way end.
    pub fn run_until(self, stop: impl Future<Output = ()>) {
        let app = app(self.state.clone());
        // Completion needs a second of preparation: it should be over before somebody types.
        let state = self.state.clone();
        self.runtime.spawn_blocking(move || state.prepare());
        self.runtime.block_on(listen(self.listener, app, &self.state.options.limits, stop));
        self.runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    }

    /// Answers until the process is asked to end (Ctrl-C, SIGTERM), then lets requests under way end.
    pub fn run(self) {
        self.run_until(asked_to_end());
    }
}

async fn asked_to_end() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

/// Every route: a method and a path, as the OpenAPI document has them.
fn app(state: Shared) -> Router {
    Router::new()
        .route("/", get(page::home))
        .route("/page/{file}", get(page::file))
        .route("/openapi.json", get(page::openapi))
        .route("/id/{id}", get(id::id))
        .route("/reconcile", get(reconcile::get).post(reconcile::post))
        .route("/reconcile/suggest/entity", get(suggest::entity))
        .route("/reconcile/suggest/property", get(suggest::property))
        .route("/reconcile/suggest/type", get(suggest::kind))
        .route("/reconcile/flyout/{what}", get(preview::flyout))
        .route("/reconcile/propose", get(extend::propose))
        .route("/reconcile/preview", get(preview::preview))
        .route("/reconcile/v1", get(reconcile_v1::manifest))
        .route("/reconcile/v1/match", post(reconcile_v1::batch))
        .route("/reconcile/v1/suggest/entity", get(suggest::entity_v1))
        .route("/reconcile/v1/suggest/property", get(suggest::property_v1))
        .route("/reconcile/v1/suggest/type", get(suggest::kind_v1))
        .route("/reconcile/v1/preview", get(preview::preview))
        .route("/reconcile/v1/extend", post(extend::extend_v1))
        .route("/reconcile/v1/extend/propose", get(extend::propose))
        .route("/api/lookup", get(api::lookup))
        .route("/api/suggest", get(api::suggest))
        .route("/api/tag", post(api::tag))
        .route("/api/variants/{id}", get(api::variants))
        .route("/api/normalize", post(normalize::normalize))
        .fallback(page::nothing)
        .method_not_allowed_fallback(page::wrong_method)
        // The handlers have limits of their own, which tables exceed.
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(axum::middleware::from_fn_with_state(state.clone(), guard::guard))
        .with_state(state)
}
