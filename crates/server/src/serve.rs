//! Serving: the routes of the roles asked for, the clock's work, and an orderly end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use flows::{ocsp, sweep};
use model::role::Actor;

use crate::config::{Config, ProcessRole};
use crate::hatch::Hatch;
use crate::process::SystemClock;
use crate::web::{Face, Web};
use crate::{api, boot, card_client, pki_public, routes};

/// How often the clock does what is due.
const ROUND: Duration = Duration::from_secs(30);
/// How often changes of certificates' status are looked for: a revocation counts everywhere within a second.
const FOLLOW_ROUND: Duration = Duration::from_millis(200);
/// A client that has not sent its request's head by then is cut off.
pub(crate) const HEAD_TIMEOUT: Duration = Duration::from_secs(15);

/// Runs the server until it is told to stop.
///
/// # Errors
/// When the house cannot be opened or the address is taken.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let clock = Arc::new(SystemClock);
    let house = boot::open(config, clock.as_ref()).await?;
    let web = Web {
        house,
        clock,
        face: Arc::new(Face {
            organisation: config.organisation.clone(),
            address: config.address.clone(),
            demo: false,
            desk: None,
            people: Vec::new(),
            secure_cookies: config.secure_cookies,
            notices: config.notices.clone(),
        }),
    };
    if config.roles.contains(&ProcessRole::Jobs) {
        tokio::spawn(rounds(web.clone()));
    }
    if config.roles.contains(&ProcessRole::Ocsp) {
        tokio::spawn(follow(web.clone()));
    }
    let handle = axum_server::Handle::new();
    tokio::spawn(stop_when_told(handle.clone()));
    tracing::info!(address = %config.listen, "serving");
    let (router, hatch) = (router(&web, &config.roles), Hatch::new(&web, &config.roles));
    listen(config.listen, router, hatch, handle).await
}

/// The routes of the roles asked for.
pub fn router(web: &Web, roles: &[ProcessRole]) -> Router {
    let mut router = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready));
    if roles.contains(&ProcessRole::Ocsp) {
        router = router.merge(pki_public::routes());
    }
    if roles.contains(&ProcessRole::Portal) {
        let api = api::routes().layer(axum::middleware::from_fn(routes::protect));
        router = router.merge(card_client::routes()).merge(api);
    }
    let router = router.with_state(web.clone());
    if roles.contains(&ProcessRole::Portal) {
        router.merge(routes::portals(web.clone()))
    } else {
        router
    }
}

/// Alive is not ready: ready means that the database answers.
async fn ready(State(web): State<Web>) -> (StatusCode, &'static str) {
    match web.house.database.read().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(cause = %error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
        }
    }
}

/// Listens, the hatch before the routes, until the handle is told to stop.
///
/// # Errors
/// When the address is taken.
pub async fn listen(
    address: SocketAddr,
    router: Router,
    hatch: Hatch,
    handle: axum_server::Handle<SocketAddr>,
) -> anyhow::Result<()> {
    let mut server = axum_server::bind(address).acceptor(hatch).handle(handle);
    server
        .http_builder()
        .http1()
        .timer(hyper_util::rt::TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    server
        .serve(router.into_make_service())
        .await
        .with_context(|| format!("listening on {address}"))
}

/// What the clock does, round after round. A round that fails is told of and tried again.
pub async fn rounds(web: Web) {
    let mut ticks = tokio::time::interval(ROUND);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let mut asking = web.asking();
        let mut call = asking.call(Actor::System);
        renew_functions(&web, &mut call).await;
        match sweep::sweep(&web.house, &call).await {
            Ok(swept) if swept != sweep::Swept::default() => {
                tracing::info!(?swept, "the clock's round")
            }
            Ok(_) => {}
            Err(flows::PlainStop::Fault(fault)) => {
                tracing::error!(cause = %fault.chain(), "the clock's round failed")
            }
            Err(flows::PlainStop::Refused(code)) => {
                tracing::error!(code, "the clock's round was refused")
            }
        }
    }
}

/// Keeps what OCSP is answered with right: follows changes of status, and makes responders anew in good time.
pub async fn follow(web: Web) {
    let mut ticks = tokio::time::interval(FOLLOW_ROUND);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut renewal = tokio::time::interval(ROUND);
    renewal.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut away = false;
    loop {
        tokio::select! {
            _ = ticks.tick() => {
                let mut asking = web.asking();
                let followed = ocsp::follow(&web.house, &asking.call(Actor::System)).await;
                match followed {
                    Ok(_) if away => tracing::info!("changes of status are followed again"),
                    // Said once, not five times a second.
                    Err(ref fault) if !away => {
                        tracing::error!(cause = %fault.chain(), "changes of status are not followed");
                    }
                    _ => {}
                }
                away = followed.is_err();
            }
            _ = renewal.tick() => {
                let mut asking = web.asking();
                match ocsp::renew_responders(&web.house, &mut asking.call(Actor::System)).await {
                    Ok(0) => {}
                    Ok(renewed) => tracing::info!(renewed, "OCSP responders were made anew"),
                    Err(fault) => {
                        tracing::error!(cause = %fault.chain(), "an OCSP responder was not made anew");
                    }
                }
            }
        }
    }
}

/// Certificates for functions whose key is the system's own.
async fn renew_functions(web: &Web, call: &mut flows::Call<'_>) {
    match flows::function::renew::renew_due(&web.house, call).await {
        Ok(0) => {}
        Ok(issued) => tracing::info!(issued, "functions got certificates"),
        Err(flows::PlainStop::Fault(fault)) => {
            tracing::error!(cause = %fault.chain(), "functions got no certificates");
        }
        Err(flows::PlainStop::Refused(code)) => {
            tracing::error!(code, "functions got no certificates");
        }
    }
}

/// Ends in order on Ctrl-C or a termination signal: no new connections, ten seconds for those there are.
pub async fn stop_when_told(handle: axum_server::Handle<SocketAddr>) {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminated) =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        else {
            let _ = interrupted.await;
            handle.graceful_shutdown(Some(Duration::from_secs(10)));
            return;
        };
        tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupted.await;
    handle.graceful_shutdown(Some(Duration::from_secs(10)));
}
