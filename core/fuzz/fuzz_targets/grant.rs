//! See `guidebook_testkit::fuzzing::targets`.

#![no_main]

use guidebook_testkit::fuzzing::targets;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| targets::grant(data));
