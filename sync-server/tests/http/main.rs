//! The server started for real, on a free port of this machine, and asked over HTTP.

#![allow(clippy::unwrap_used)]

mod bad_input;
mod coupons;
mod hq;
mod live;
mod ownership;
mod phone;
mod rails;
mod server;
mod wechat_pay;
