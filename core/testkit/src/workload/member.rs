//! One member, by her number.

use std::fmt;

use super::Workload;
use crate::simulation::chance::Chance;

/// The columns, as the importer knows them.
pub const HEADER: &str = "会员号,姓名,手机号,性别,生日,入会日期,会员等级,积分,专属导购,门店号,品牌会员,标签,营销授权";

/// Surnames, the most common first: one is drawn twice and the earlier taken.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾单仇解区查朴";
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国玉萍红玲芬燕晓东海波雪婷宇欣怡子涵梓萱诗雨思佳一诺浩然俊博文昊天乐行三丰嘉琪梦瑶";
/// Tags that every guide sees; one of each group at most, for two of the groups are single-choice.
const TAGS: [&[&str]; 3] = [
    &["偏好/真皮", "偏好/通勤", "偏好/亲子", "偏好/送礼", "偏好/敏感肌", "偏好/只看新品", "偏好/尺码偏小"],
    &["年龄段/90后", "年龄段/80后", "年龄段/70后", "年龄段/60后及以上"],
    &["来店方式/地铁", "来店方式/自驾", "来店方式/步行"],
];
const LEVELS: [&str; 4] = ["普卡", "银卡", "金卡", "钻石卡"];
/// Largest number that nine digits hold, plus one. [`STEP`] has no divisor in common with it, so that no two members
/// below it have the same phone number.
const NUMBERS: u64 = 1_000_000_000;
const STEP: u64 = 736_338_717;

/// A row of `members.csv`. `Display` is the line without its end.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // Each is the importer's column of this name.
pub struct MemberLine {
    pub id: String,
    pub name: String,
    pub phone: String,
    pub gender: &'static str,
    pub birthday: String,
    pub joined: String,
    pub level: String,
    pub points: u32,
    pub guide: String,
    pub store: String,
    pub brands: String,
    pub tags: String,
    pub marketing: bool,
}

/// The id of member `n`.
pub fn id(n: u32) -> String {
    format!("M{n:08}")
}

impl Workload {
    /// Member `n`.
    pub fn member(&self, n: u32) -> MemberLine {
        let mut chance = self.chance(1, n);
        let brands = 1 + chance.below(3);
        MemberLine {
            id: id(n),
            name: name(&mut chance),
            phone: format!("13{:09}", (u64::from(n) * STEP + self.seed % NUMBERS) % NUMBERS),
            gender: if chance.percent(72) { "女" } else { "男" },
            birthday: birthday(&mut chance),
            joined: format!("20{:02}-{:02}-{:02}", 18 + chance.below(8), 1 + chance.below(12), 1 + chance.below(28)),
            level: (*chance.pick(&LEVELS)).to_owned(),
            points: chance.below(50_000) as u32,
            guide: self.guide_of(n),
            store: format!("S0{}", 1 + n % self.guides % 4),
            brands: (0..brands).map(|_| format!("B{:02}", 1 + chance.below(12))).collect::<Vec<_>>().join(";"),
            tags: tags(&mut chance),
            marketing: chance.percent(80),
        }
    }
}

fn name(chance: &mut Chance) -> String {
    let (surnames, given): (Vec<char>, Vec<char>) = (SURNAMES.chars().collect(), GIVEN.chars().collect());
    let surname = surnames[chance.below(surnames.len()).min(chance.below(surnames.len()))];
    let length = 1 + usize::from(chance.percent(75));
    std::iter::once(surname).chain((0..length).map(|_| *chance.pick(&given))).collect()
}

fn birthday(chance: &mut Chance) -> String {
    format!("{}-{:02}-{:02}", 1955 + chance.below(50), 1 + chance.below(12), 1 + chance.below(28))
}

/// None to three tags, one a group.
fn tags(chance: &mut Chance) -> String {
    let drawn = TAGS.iter().filter(|_| chance.percent(55)).collect::<Vec<_>>();
    drawn.into_iter().map(|group| *chance.pick(group)).collect::<Vec<_>>().join(";")
}

impl fmt::Display for MemberLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MemberLine { id, name, phone, gender, birthday, joined, level, points, guide, store, brands, tags, marketing } = self;
        let marketing = if *marketing { "是" } else { "否" };
        write!(f, "{id},{name},{phone},{gender},{birthday},{joined},{level},{points},{guide},{store},{brands},{tags},{marketing}")
    }
}
