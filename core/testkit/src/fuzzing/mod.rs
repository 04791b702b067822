//! What is thrown at decoders: one function a decoder, that takes any bytes and must not panic.
//!
//! The same functions are the targets of `cargo fuzz` (`core/fuzz`), are played by `tests/fuzzing.rs` over the kept
//! corpus and its mutations, and by `./dev soak --fuzz` over millions. Where a decoder accepts, the function also
//! checks what must hold of what was accepted.
//!
//! In reading order:
//! - [`targets`]: the decoders
//! - [`mutate`]: a cheap mutator
//! - [`corpus`]: the kept inputs

pub mod corpus;
pub mod mutate;
pub mod targets;

pub use targets::{TARGETS, Target};
