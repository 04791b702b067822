//! Words that a tag must not hold: health, religion, minors (PIPL 28–32).
//!
//! A short list of plain words, checked on a guide's personal tags. It stops the obvious; it is no
//! substitute for HQ's own rules, and HQ's dictionary is HQ's responsibility.

/// What makes a tag sensitive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SensitiveTopic {
    /// Illness, disability, pregnancy.
    Health,
    /// Faith.
    Religion,
    /// Children under 14 and what would mark one.
    Minors,
}

const HEALTH: &[&str] = &[
    "糖尿病",
    "高血压",
    "心脏病",
    "癌",
    "肿瘤",
    "抑郁",
    "艾滋",
    "乙肝",
    "肝炎",
    "怀孕",
    "孕妇",
    "孕期",
    "流产",
    "残疾",
    "残障",
    "患者",
    "病史",
    "患病",
    "生病",
    "慢性病",
    "手术",
    "过敏史",
    "diabet",
    "cancer",
    "pregnan",
    "hiv",
    "depress",
    "disab",
];
const RELIGION: &[&str] = &[
    "佛教",
    "信佛",
    "基督",
    "天主教",
    "伊斯兰",
    "穆斯林",
    "回教",
    "清真教",
    "道教",
    "宗教",
    "信教",
    "教徒",
    "礼拜",
    "buddhis",
    "christian",
    "catholic",
    "muslim",
    "islam",
    "jewish",
    "hindu",
];
const MINORS: &[&str] =
    &["未成年", "小学生", "初中生", "幼儿", "婴儿", "儿童", "女童", "男童", "小孩", "minor child", "under 14", "toddler"];

/// The topic that `text` touches, if any. Case and spaces do not matter.
pub fn sensitive_topic(text: &str) -> Option<SensitiveTopic> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let touches = |words: &[&str]| words.iter().any(|w| text.contains(w.replace(' ', "").as_str()));
    if touches(HEALTH) {
        return Some(SensitiveTopic::Health);
    }
    if touches(RELIGION) {
        return Some(SensitiveTopic::Religion);
    }
    if touches(MINORS) {
        return Some(SensitiveTopic::Minors);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_about_health_faith_and_minors_are_recognised() {
        assert_eq!(sensitive_topic("有 糖尿病"), Some(SensitiveTopic::Health));
        assert_eq!(sensitive_topic("Muslim"), Some(SensitiveTopic::Religion));
        assert_eq!(sensitive_topic("家有未成年"), Some(SensitiveTopic::Minors));
        for harmless in ["敏感肌", "送礼", "亲子", "喜欢羊绒", "VIP", "通勤"] {
            assert_eq!(sensitive_topic(harmless), None, "{harmless}");
        }
    }
}
