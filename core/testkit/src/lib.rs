//! What tests and demonstrations need and a phone never carries: a phone as a process, a network that fails on
//! request, headquarters as a client, the store's export, and the simulation.
//!
//! In reading order:
//! - [`vault`]: a key store in a file
//! - [`phone_command`], [`phone`]: a phone as a process of its own, spoken to in JSON lines
//! - [`network`]: a proxy that is cut or loses answers on request
//! - [`server_process`], [`headquarters`]: the real server, and HQ's side of it
//! - [`export`]: the department store's export, with its dates shifted
//! - [`workload`]: a made-up retailer of any size
//! - [`counting_proxy`], [`process_facts`]: what passes, what a process uses
//! - [`bench`]: the figures of `./dev bench sync`
//! - [`fuzzing`]: what is thrown at decoders
//! - [`day`]: a day at the counter
//! - [`black_box`]: minutes of it under every fault that can be brought about from outside
//! - [`simulation`]: phones, network and server under one seed, with the invariants checked after every step
//! - [`coupon_simulation`]: the same for codes, vaults and tills

pub mod bench;
pub mod black_box;
pub mod counting_proxy;
pub mod coupon_simulation;
pub mod day;
pub mod export;
pub mod fuzzing;
pub mod headquarters;
pub mod lane;
pub mod network;
pub mod phone;
pub mod phone_command;
pub mod process_facts;
pub mod process_memory;
pub mod server_process;
pub mod simulation;
pub mod vault;
pub mod workload;
