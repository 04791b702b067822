//! Surnames that are read in their own way, which a dictionary of characters does not put first.
//!
//! Left out is what the `pinyin` crate knows as well: a surname whose own reading it gives first (任, 华, 冼, 尹), if
//! it gives the others too. The list is kept by hand and promises the surnames in the tests, not every rare one.

/// How `character` is read as a surname, the usual reading first; empty where nothing is special.
pub(super) fn surname_readings(character: char) -> &'static [&'static str] {
    match character {
        '卜' => &["bu"],
        '谌' | '諶' => &["chen", "shen"],
        '种' => &["chong"],
        '翟' => &["zhai", "di"],
        '都' => &["du"],
        '费' => &["fei", "bi"],
        '盖' | '蓋' => &["ge", "gai"],
        '句' => &["gou"],
        '炅' => &["gui"],
        '黑' => &["he", "hei"],
        '郇' => &["xun", "huan"],
        '角' => &["jue"],
        '隗' => &["wei", "kui"],
        '适' => &["kuo"],
        '缪' | '繆' => &["miao"],
        '佴' => &["nai"],
        '能' => &["nai"],
        '乜' => &["nie"],
        '粘' => &["nian"],
        '区' | '區' => &["ou"],
        '逢' => &["pang"],
        '朴' => &["piao", "pu"],
        '繁' => &["po"],
        '覃' => &["qin", "tan"],
        '仇' => &["qiu"],
        '单' | '單' => &["shan"],
        '召' => &["shao"],
        '折' => &["she"],
        '鈄' => &["tou"],
        '洗' => &["xian"],
        '解' => &["xie"],
        '乐' | '樂' => &["yue", "le"],
        '员' | '員' => &["yun"],
        '藏' => &["zang"],
        '曾' => &["zeng"],
        '查' => &["zha"],
        '祭' => &["zhai"],
        '秘' | '祕' => &["bi"],
        '薄' => &["bo"],
        _ => &[],
    }
}

/// How the two characters of a compound surname are read, where that is special.
pub(super) fn compound_surname(first: char, second: char) -> Option<[&'static str; 2]> {
    match (first, second) {
        ('万' | '萬', '俟') => Some(["mo", "qi"]),
        ('尉', '迟' | '遲') => Some(["yu", "chi"]),
        ('澹', '台' | '臺') => Some(["tan", "tai"]),
        ('单' | '單', '于') => Some(["chan", "yu"]),
        ('长' | '長', '孙' | '孫') => Some(["zhang", "sun"]),
        ('令', '狐') => Some(["ling", "hu"]),
        ('鲜' | '鮮', '于') => Some(["xian", "yu"]),
        ('亓', '官') => Some(["qi", "guan"]),
        ('乐' | '樂', '正') => Some(["yue", "zheng"]),
        ('宰', '父') => Some(["zai", "fu"]),
        ('皇', '甫') => Some(["huang", "fu"]),
        ('夏', '侯') => Some(["xia", "hou"]),
        ('濮', '阳' | '陽') => Some(["pu", "yang"]),
        ('吐', '谷') => Some(["tu", "yu"]),
        _ => None,
    }
}
