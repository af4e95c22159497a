//! The `sigill` server: pages and their texts, the handlers behind them, and the process that runs them. A handler parses,
//! builds the call, runs the act and answers; it has no rule.

mod answer;
mod api;
mod assets;
pub mod boot;
mod card_client;
mod ceremony;
pub mod cli;
pub mod config;
mod cookie;
mod csrf;
#[cfg(feature = "demo")]
mod demo;
mod editors;
mod form;
mod functions;
pub mod hatch;
mod kiosk;
mod mine;
mod ocsp;
mod order;
pub mod pages;
mod pki_public;
mod portal_public;
pub mod process;
pub mod routes;
pub mod serve;
mod session;
mod shell;
mod station;
pub mod text;
mod upload;
pub mod web;
