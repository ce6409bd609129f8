//! POST /graphql: a JSON body in, a GraphQL response out.

use std::sync::Arc;

use async_graphql::{Request, Response};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response as Answer};
use axum::{Extension, Json};

use crate::error::{fault, finish, refusal};
use crate::loader::Loader;
use crate::schema::Served;
use crate::server::refusal::RequestId;
use crate::server::{Door, body};
use crate::viewer::Viewer;

/// Executes the operation of one request.
pub async fn answer(State(door): State<Door>, Extension(id): Extension<RequestId>, headers: HeaderMap, body: Body) -> Answer {
    let body = match body::read(body, &door.app.config().limits).await {
        Ok(body) => body,
        Err(refusal) => return refusal.respond(&id),
    };
    let (status, mut response) = match read(&headers, &body) {
        Ok(request) => {
            let loader = Arc::new(Loader::new(door.app.clone(), Viewer::Anonymous));
            (StatusCode::OK, to_its_end(door.schema, request.data(loader)).await)
        }
        Err((status, problem)) => (status, Response::from_errors(vec![refusal(problem)])),
    };
    finish(&mut response.errors, &id.0);
    (status, Json(response)).into_response()
}

/// Executes in a task of its own: where the client goes away, what has begun still ends, and its connections go back to their pool.
async fn to_its_end(schema: Served, request: Request) -> Response {
    let executed = tokio::spawn(async move { schema.execute(request).await }).await;
    executed.unwrap_or_else(|e| Response::from_errors(vec![fault(&e)]))
}

fn read(headers: &HeaderMap, body: &Bytes) -> Result<Request, (StatusCode, String)> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "send the request as `Content-Type: application/json`".to_owned()));
    }
    serde_json::from_slice(body).map_err(|e| (StatusCode::BAD_REQUEST, format!("the body is no GraphQL request in JSON: {e}")))
}
