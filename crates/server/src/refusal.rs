//! Why a request is not answered: a status, a reason in one sentence, as JSON.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use allonym::error::{Error, ErrorKind};

/// A request that is refused.
#[derive(Debug)]
pub struct Refusal {
    /// What kind of refusal it is.
    pub status: StatusCode,
    /// Why, and the way out.
    pub reason: String,
}

impl Refusal {
    /// A refusal with its reason.
    pub fn new(status: StatusCode, reason: impl Into<String>) -> Refusal {
        Refusal { status, reason: reason.into() }
    }

    /// The request is invalid.
    pub fn bad(reason: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, reason)
    }

    /// The request is larger than is taken.
    pub fn large(reason: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, reason)
    }

    /// The requested resource does not exist.
    pub fn missing(reason: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, reason)
    }

    /// The server has too much to do.
    pub fn busy(reason: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, reason)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        match error.kind() {
            ErrorKind::Usage | ErrorKind::Column | ErrorKind::Data => Refusal::bad(error.to_string()),
            // The sentence may hold a path of this machine, which is for its owner alone.
            _ => {
                eprintln!("allonym: {error}");
                Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the index cannot be read; the server has said why")
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Json(json!({ "status": self.status.as_u16(), "reason": self.reason }));
        let mut response = (self.status, body).into_response();
        if matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
