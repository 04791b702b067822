//! The server: it reconciles phones with headquarters (HQ).
//!
//! A phone sends its edits and where it is; the server judges each edit once, remembers the answer, and gives the page
//! of changes that follows. HQ imports what it knows, decides who serves whom, and reads every change. The rules are
//! `guidebook-domain`'s, the words `guidebook-wire`'s; this crate keeps, orders and tells.
//!
//! In reading order:
//! - [`service`]: what requests of phones mean; [`hq`]: what HQ's mean; [`import`]: HQ's files
//! - [`rails`]: payment platforms that must know a code before a customer can have it
//! - [`db`]: what is remembered
//! - [`http`]: how requests come in and answers go out; [`live`]: phones that wait; [`metrics`]
//! - [`run`], [`config`], [`secret_file`]: the running server
//! - [`clock`], [`random`], [`failpoint`], [`error`]: the edges

pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod failpoint;
pub mod hq;
pub mod http;
pub mod import;
pub mod live;
pub mod metrics;
pub mod rails;
pub mod random;
pub mod secret_file;
mod serve;
pub mod service;

pub use config::Config;
pub use error::{Refused, ServerError, ServiceError};
pub use serve::{coupon_secret, run};
