//! Which retailer has which rail: `[rails.RETAILER.wechat_pay]` in the file of configuration.

use std::path::PathBuf;

use serde::Deserialize;

/// A retailer's rails.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RailSettings {
    /// Merchant coupons of WeChat Pay.
    #[serde(default)]
    pub wechat_pay: Option<WechatPaySettings>,
}

/// A merchant at WeChat Pay, as its console names things.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WechatPaySettings {
    /// The merchant's number (`mchid`): 8 to 32 digits.
    pub merchant: String,
    /// The serial number of the merchant's API certificate.
    pub certificate_serial: String,
    /// The file of its private key, `apiclient_key.pem`, which only its owner may read.
    pub key_file: PathBuf,
    /// The number of WeChat Pay's public key, `PUB_KEY_ID_…`.
    pub platform_key: String,
    /// The file of that key, `pub_key.pem`.
    pub platform_key_file: PathBuf,
    /// WeChat Pay's address.
    #[serde(default = "address")]
    pub address: String,
}

fn address() -> String {
    "https://api.mch.weixin.qq.com".to_owned()
}
