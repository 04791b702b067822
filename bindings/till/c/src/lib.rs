//! Codes and vouchers for tills that speak C. What each function does stands in `guidebook_till.h`.
//!
//! Every pointer that comes in may be null and then is refused as malformed. Nothing here panics: an unwinding panic would
//! end the till's process, as `extern "C"` does not let it across.

// The one crate beside the bindings' own generated code that hands out raw pointers.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int};

use guidebook_domain::coupon::signed::{PublicKey, Signature};
use guidebook_domain::coupon::voucher::Asked;
use guidebook_domain::coupon::{
    CodeError, CouponCode, SignedTrustList, SignedVoucher, TrustError, TrustList, Voucher, VoucherError, Worth,
};

/// See the header.
pub struct GuidebookTrust(TrustList);

/// See the header.
#[repr(C)]
pub struct GuidebookVoucher {
    code: [c_char; 17],
    last_day: [c_char; 11],
    kid: u8,
    kind: u8,
    store: u16,
    value: u32,
    cap_fen: u32,
    least_spend_fen: u32,
}

const GOOD: c_int = 0;
const MALFORMED: c_int = 1;

/// The text behind a pointer, unless it is null or not UTF-8.
///
/// # Safety
/// `text` is null or points to bytes that end in a zero.
unsafe fn text<'t>(text: *const c_char) -> Option<&'t str> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not null, and the caller says that it ends.
    unsafe { CStr::from_ptr(text) }.to_str().ok()
}

fn c_text<const N: usize>(text: &str) -> [c_char; N] {
    let mut out = [0; N];
    out.iter_mut().take(N - 1).zip(text.bytes()).for_each(|(to, from)| *to = from as c_char);
    out
}

/// See the header.
///
/// # Safety
/// `typed` is null or ends in a zero; `out` is null or has room for 17 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guidebook_code_parse(typed: *const c_char, out: *mut [c_char; 17]) -> c_int {
    // SAFETY: the caller's promise.
    let Some(typed) = (unsafe { text(typed) }) else { return MALFORMED };
    match CouponCode::parse(typed) {
        Ok(code) => {
            if !out.is_null() {
                // SAFETY: not null, and the caller says that there is room.
                unsafe { out.write(c_text(&code.plain())) };
            }
            GOOD
        }
        Err(CodeError::Form) => MALFORMED,
        Err(CodeError::Class) => 10,
        Err(CodeError::Check) => 11,
    }
}

/// See the header.
///
/// # Safety
/// The texts are null or end in a zero; `out` is null or has room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guidebook_trust_accept(
    list: *const c_char,
    signature: *const c_char,
    root: *const c_char,
    held: u32,
    out: *mut *mut GuidebookTrust,
) -> c_int {
    // SAFETY: the caller's promise.
    let (Some(list), Some(signature), Some(root)) = (unsafe { (text(list), text(signature), text(root)) }) else { return MALFORMED };
    let (Ok(signature), Ok(root)) = (Signature::parse(signature), PublicKey::parse(root)) else { return MALFORMED };
    match (SignedTrustList { text: list.to_owned(), signature }).accept(held, &root) {
        Ok(_) if out.is_null() => MALFORMED,
        Ok(list) => {
            // SAFETY: not null, and the caller says that there is room.
            unsafe { out.write(Box::into_raw(Box::new(GuidebookTrust(list)))) };
            GOOD
        }
        Err(TrustError::BadSignature) => 4,
        Err(TrustError::Malformed) => MALFORMED,
        Err(TrustError::Backwards { .. }) => 12,
    }
}

/// See the header.
///
/// # Safety
/// `trust` is null or came from [`guidebook_trust_accept`] and is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guidebook_trust_free(trust: *mut GuidebookTrust) {
    if !trust.is_null() {
        // SAFETY: made by `Box::into_raw`, and the caller lets go of it.
        drop(unsafe { Box::from_raw(trust) });
    }
}

/// See the header.
///
/// # Safety
/// `trust` is null or came from [`guidebook_trust_accept`]; `voucher` is null or ends in a zero; `out` is null or has room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn guidebook_voucher_verify(
    trust: *const GuidebookTrust,
    voucher: *const c_char,
    now_ms: u64,
    store: u16,
    class: c_char,
    out: *mut GuidebookVoucher,
) -> c_int {
    // SAFETY: the caller's promise.
    let (Some(trust), Some(voucher)) = (unsafe { (trust.as_ref(), text(voucher)) }) else { return MALFORMED };
    let class = u8::try_from(class).ok().filter(|class| *class != 0).map(char::from);
    let asked = Asked { now_ms, store, class };
    match SignedVoucher::decode(voucher).and_then(|read| read.verify(&trust.0, asked).cloned()) {
        Ok(voucher) => {
            if !out.is_null() {
                // SAFETY: not null, and the caller says that there is room.
                unsafe { out.write(GuidebookVoucher::of(&voucher)) };
            }
            GOOD
        }
        Err(VoucherError::Malformed) => MALFORMED,
        Err(VoucherError::FutureVersion) => 2,
        Err(VoucherError::UnknownKey) => 3,
        Err(VoucherError::BadSignature) => 4,
        Err(VoucherError::Expired) => 5,
        Err(VoucherError::WrongStore) => 6,
        Err(VoucherError::WrongClass) => 7,
    }
}

impl GuidebookVoucher {
    fn of(voucher: &Voucher) -> Self {
        let (kind, value, cap_fen) = match voucher.worth {
            Worth::Amount { fen } => (0, fen, 0),
            Worth::Percent { basis_points, cap_fen } => (1, basis_points.into(), cap_fen),
            Worth::Gift { number } => (2, number, 0),
        };
        GuidebookVoucher {
            code: c_text(&voucher.code.plain()),
            last_day: c_text(&voucher.last_day.to_string()),
            kid: voucher.kid,
            kind,
            store: voucher.store,
            value,
            cap_fen,
            least_spend_fen: voucher.least_spend_fen,
        }
    }
}
