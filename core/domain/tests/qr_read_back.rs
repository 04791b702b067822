//! QR codes of vouchers, read back by an independent decoder after what happens to a picture that is sent around: made half
//! as large, and packed as JPEG of quality 60.

#![allow(clippy::unwrap_used)]

use ed25519_dalek::SigningKey;
use guidebook_domain::coupon::qr::{QUIET, SIDE, modules};
use guidebook_domain::coupon::{CouponCode, Voucher, Worth};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize};
use image::{GrayImage, Luma};

/// Pixels a module as it is drawn; half of it after the picture was made smaller.
const SCALE: u32 = 8;

fn drawn(text: &str) -> GrayImage {
    let rows = modules(text).unwrap();
    let side = u32::try_from(SIDE + 2 * QUIET).unwrap() * SCALE;
    GrayImage::from_fn(side, side, |x, y| {
        let place = |pixel: u32| usize::try_from(pixel / SCALE).unwrap().checked_sub(QUIET);
        let dark = place(y).and_then(|y| rows.get(y)).zip(place(x)).and_then(|(row, x)| row.get(x)).copied();
        Luma([if dark == Some(true) { 0 } else { 255 }])
    })
}

fn sent_around(picture: &GrayImage) -> GrayImage {
    let half = resize(picture, picture.width() / 2, picture.height() / 2, FilterType::Triangle);
    let mut packed = Vec::new();
    JpegEncoder::new_with_quality(&mut packed, 60).encode_image(&half).unwrap();
    image::load_from_memory(&packed).unwrap().into_luma8()
}

fn read(picture: &GrayImage) -> Option<String> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| picture.get_pixel(x as u32, y as u32).0[0]);
    prepared.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}

#[test]
fn a_thousand_of_a_thousand_vouchers_are_read_back() {
    let key = SigningKey::from_bytes(&[1; 32]);
    let missed: Vec<u32> = (1..=1_000)
        .filter(|serial| {
            let code = CouponCode::from_parts('K', u128::from(*serial) * 0x9e37_79b9_7f4a_7c15).unwrap();
            let last_day = "2027-01-31".parse().unwrap();
            let worth = Worth::Amount { fen: serial * 10 };
            let text = Voucher { kid: 1, code, worth, least_spend_fen: 0, last_day, store: 7 }.sign(&key).unwrap().encode();
            read(&sent_around(&drawn(&text))).as_deref() != Some(&text)
        })
        .collect();
    assert_eq!(missed, Vec::<u32>::new());
}
