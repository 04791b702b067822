import Foundation

/// 简体中文.
public struct WordsZh: Words {
    public init() {}

    public let appName = "客户本"
    public let loading = "正在加载…"
    public let cancel = "取消"
    public let done = "完成"
    public let save = "保存"
    public let undo = "撤销"
    public let undone = "已撤销"
    public let close = "关闭"
    public let retry = "再试一次"
    public let covered = "客户本已遮住"

    public let enrolTitle = "登记这台手机"
    public let enrolWhatStays = [
        "只有你负责的客人，别人的看不到",
        "加密保存，没有网络也能用",
        "72 小时没有联系总部会隐藏，14 天会清除",
        "离职或手机丢失时，由总部远程清除",
    ]
    public let enrolLead = "用总部给你的登记码，把你负责的客人带到这台手机上。"
    public let enrolServer = "服务器地址"
    public let enrolCode = "总部给的登记码"
    public let enrolScan = "扫描登记码"
    public let enrolAct = "登记"
    public let enrolling = "正在登记…"

    public let unlockTitle = "客户本已锁定"
    public let unlockAct = "解锁"
    public let unlockReason = "打开客户本"
    public let unlockLead = "确认是你本人后打开。"
    public let unlockRefused = "没有认出你。再试一次，或使用手机密码。"
    public let lockedOutTitle = "尝试次数太多"
    public let lockedOutLead = "请先用锁屏密码解锁手机（没有就先设一个），再回到这里。客户本完好无损。"
    public let wrongKeyTitle = "密钥不匹配"
    public let wrongKeyLead = "这台手机的密钥打不开这本客户本，可能是从备份恢复的。已发送的修改总部都有；请向总部要一个新的登记码。"
    public let hiddenTitle = "客人资料已隐藏"
    public let hiddenLead = "已超过 72 小时没有联系总部。联网同步一次就会重新显示。你的修改都还在，一条也没丢。"
    public let hiddenAct = "现在同步"
    public let wipedTitle = "客户本已清除"
    public let wipedLead = "总部收回了这台手机，或者超过 14 天没有联系总部。客人的资料已从这台手机上删除，总部那里都还在。"
    public let faultTitle = "打不开客户本"
    public let enrolAgain = "用新的登记码登记"
    public let unlocking = "正在打开…"

    public let members = "客人"
    public let searchHint = "姓名、拼音首字母、手机尾号"
    public func membersCount(_ count: Int) -> String { "\(count) 位客人" }
    public let noMembersTitle = "还没有客人"
    public let noMembersLead = "总部分配给你的客人会出现在这里。现在就可以登记一位新客。"
    public let noMatchTitle = "没有找到"
    public let noMatchLead = "可以试试拼音首字母或手机尾号，或放宽筛选。"
    public let filter = "筛选"
    public let clearFilter = "清除筛选"
    public let filterReset = "全部清除"
    public let walkin = "登记新客"
    public let settings = "设置"
    public let orderBy = "排序"
    public func order(_ order: MemberOrder) -> String {
        switch order {
        case .recent: "最近"
        case .name: "姓名"
        case .spend: "消费"
        }
    }
    public func birthdayIn(_ days: Int) -> String { days == 0 ? "今天生日" : days == 1 ? "明天生日" : "\(days) 天后生日" }
    public func dueMark(_ day: Day, today: Day) -> String { day < today ? "跟进已过期" : "今天要跟进" }
    public func waitingMark(_ count: Int) -> String { "\(count) 条待发送" }
    public func tagsOf(_ name: String) -> String { "给\(name)打标签" }
    public func lastBoughtOn(_ day: Day) -> String { "上次购买 \(self.day(day))" }

    public func pill(_ pill: SyncPill, now: Date) -> String {
        switch pill {
        case .sending: "正在同步…"
        case .needsHer(let count): "\(count) 条需要处理"
        case .offlineWaiting(let count): "离线 · \(count) 条待发送"
        case .offline: "离线 · 可以照常使用"
        case .waiting(let count): "\(count) 条待发送"
        case .synced(let since): "全部已同步 · \(ago(since, now: now))"
        case .never: "还没有同步过"
        }
    }
    public let pillHint = "打开同步"

    public let filterTitle = "筛选客人"
    public let filterHow = "点一下选上，再点一下排除。同组任选其一，不同组都要符合。"
    public let filterBirthday = "7 天内生日"
    public let filterFollowUp = "跟进到期"
    public let filterOr = "或"
    public let filterAnd = "，且"
    public func filterNot(_ tag: String) -> String { "不是\(tag)" }
    public let filterNothing = "全部客人"
    public func filterShow(_ count: Int?) -> String { count.map { "显示 \($0) 位客人" } ?? "显示" }
    public let filterWith = "要有"
    public let filterWithout = "不要有"
    public let filterAny = "不限"

    public let call = "电话"
    public let reveal = "显示号码"
    public let note = "记录"
    public let followUp = "跟进"
    public let tagsAction = "改标签"
    public let fieldsAction = "改备注、喜好和尺码"
    public func points(_ points: Int64) -> String { "\(points) 积分" }
    public func birthday(_ birthday: Birthday) -> String {
        (birthday.year.map { "\($0)年" } ?? "") + "\(birthday.month)月\(birthday.day)日生日"
    }
    public func joined(_ day: Day) -> String { "\(self.day(day))入会" }
    public let memberships = "会籍"
    public let mall = "商场会员"
    public let marketingYes = "同意接收营销信息"
    public let marketingNo = "不接收营销信息"
    public let spendChart = "近 12 个月消费"
    public func spendTotal(_ fen: Int64, orders: Int) -> String { "累计 \(money(fen))，\(orders) 单" }
    public func spendPeak(_ month: String, _ fen: Int64) -> String { "最多的是 \(month)：\(money(fen))" }
    public let noSpend = "近 12 个月没有消费"
    public func cadence(_ days: Int) -> String { "通常每 \(days) 天来一次" }
    public func usualReturn(_ day: Day, today: Day) -> String {
        day < today ? "按习惯\(self.day(day))就该来了" : "预计\(self.day(day))再来"
    }
    public func replenish(_ product: String, _ day: Day, today: Day) -> String {
        day < today ? "\(product) \(self.day(day))就该用完了" : "\(product) 预计\(self.day(day))用完"
    }
    public let purchases = "最近购买"
    public let noPurchases = "还没有购买记录"
    public let tags = "标签"
    public let noTags = "还没有标签"
    public let notes = "记录"
    public let noNotes = "还没有记录。喜好、家人、约定，记下来就不会忘。"
    public let followUps = "跟进"
    public let followUpsNone = "没有要跟进的"
    public func followUpDue(_ day: Day, today: Day) -> String {
        switch today.days(until: day) {
        case ..<0: "\(self.day(day))到期，已过"
        case 0: "今天到期"
        default: "\(self.day(day))到期"
        }
    }
    public let doneSaved = "跟进已完成"
    public let openedAgain = "跟进已重新打开"
    public let details = "备注、喜好和尺码"
    public let fieldsNone = "还没有填写"
    public let memberGone = "这位客人已不在你的客户本里，可能已转给别的同事。"

    public func tagsTitle(_ name: String) -> String { "\(name)的标签" }
    public let tagsSaved = "点一下就保存，可以撤销。"
    public let personalTags = "我的标签"
    public let singleChoice = "单选"
    public let hqOnlyWhy = "这一组由总部设置，这里不能改"
    public let personalTagNew = "新标签"
    public let personalTagAdd = "添加标签"
    public func tagOn(_ name: String) -> String { "已打上“\(name)”" }
    public func tagTakenOff(_ name: String) -> String { "已去掉“\(name)”" }

    public func noteTitle(_ name: String) -> String { "给\(name)写记录" }
    public let noteHint = "聊了什么、喜欢什么、答应了什么"
    public let noteSaved = "记录已保存"
    public func charactersLeft(_ count: Int) -> String { count >= 0 ? "还可写 \(count) 字" : "超出 \(-count) 字" }
    public func followUpTitle(_ name: String) -> String { "跟进\(name)" }
    public let followUpHint = "要做什么"
    public let followUpWhen = "哪一天"
    public let followUpOther = "其他日子"
    public func inDays(_ days: Int) -> String {
        switch days {
        case 1: "明天"
        case 7: "一周后"
        case 30: "一个月后"
        default: "\(days) 天后"
        }
    }
    public let followUpSaved = "跟进已保存"
    public func fieldsFor(_ name: String) -> String { "\(name)的备注、喜好和尺码" }
    public func field(_ field: Field) -> String {
        switch field {
        case .remarkName: "备注名"
        case .preferences: "喜好"
        case .sizeTop: "上装尺码"
        case .sizeBottom: "下装尺码"
        case .sizeShoe: "鞋码"
        case .sizeRing: "戒指尺码"
        }
    }
    public func fieldTooLong(_ limit: Int) -> String { "最多 \(limit) 字" }
    public let fieldsSaved = "已保存"

    public let walkinName = "姓名"
    public let walkinPhone = "手机号"
    public let walkinScan = "扫描会员码"
    public let walkinGender = "性别"
    public func gender(_ gender: Gender?) -> String {
        switch gender {
        case .female: "女"
        case .male: "男"
        case nil: "不说"
        }
    }
    public let walkinBirthdayField = "生日，如 0329（可不填）"
    public let consentTitle = "请客人确认"
    public func walkinBoth(_ brand: String) -> String { "成为商场会员和\(brand)会员" }
    public let consentMall = "成为商场会员"
    public let consentMallWhy = "商场保存她的姓名、手机号和消费，用于积分和服务。她可以随时退出。"
    public func consentBrand(_ brand: String) -> String { "成为\(brand)会员" }
    public let consentBrandWhy =
        "品牌可以看到她的资料和在该品牌的消费，用于服务和售后。可以不选。"
    public let consentMarketing = "接收活动和优惠信息"
    public let walkinOtherBrands = "其他品牌"
    public func walkinKnown(_ name: String) -> String { "这个号码已经是会员：\(name)" }
    public let walkinOpen = "查看"
    public let walkinAct = "登记入会"
    public func walkinSaved(_ name: String) -> String { "\(name)已登记" }

    public let syncTitle = "同步"
    public let syncNow = "现在同步"
    public let syncWorking = "正在同步…"
    public func lastContact(_ at: Date?, now: Date) -> String {
        at.map { "上次联系总部：\(ago($0, now: now))" } ?? "还没有联系过总部"
    }
    public let syncRetrying = "连不上总部，会自动再试"
    public let needsYou = "需要你处理"
    public let waiting = "待发送"
    public let syncDone = "已送达"
    public let nothingWaits = "没有等待发送的修改"
    public let syncSafe = "你的修改都已存在这台手机上，有网络就会自动发送。"
    public func edit(_ kind: EditKind, what: String) -> String {
        let bare = self.bare(what)
        switch kind {
        case .tag: return what.hasPrefix("-") ? "去掉标签“\(bare)”" : "打上标签“\(bare)”"
        case .choice: return bare.isEmpty ? "清空单选标签" : "选为“\(bare)”"
        case .note: return "记录：\(what)"
        case .noteWithdrawal: return what.hasPrefix("-") ? "撤回一条记录" : "恢复一条记录"
        case .followUp: return "跟进：\(what)"
        case .followUpDone: return what.hasPrefix("-") ? "跟进重新打开" : "跟进已完成"
        case .field: return what.isEmpty ? "清空一项资料" : "资料改为“\(what)”"
        case .enrolment: return "登记新客 \(what)"
        case .personalTag: return what.isEmpty ? "删除个人标签" : "个人标签“\(what)”"
        case .reveal: return "查看了号码"
        case .coupon: return "发券：\(what)"
        case .couponVoid: return "作废优惠券"
        case .surrender: return "退回没用的券码"
        }
    }
    public func fate(_ fate: Fate, now: Date) -> String {
        switch fate {
        case .waiting: "待发送，已存在手机上"
        case .applied: "已生效"
        case .superseded(let guide, let at, let with):
            "\(guide)\(ago(at, now: now))改成了“\(with.isEmpty ? "空" : bare(with))”，以后改的为准"
        case .redirected: "客人或标签被合并了，你的修改已随之转过去"
        case .refused(let refusal): "没有生效：\(why(refusal))"
        }
    }
    public let editTitle = "这条修改"
    public let applyAgain = "重新提交"
    public let editUndo = "撤销这条修改"
    public let editLetBe = "就这样，不改了"
    public let appliedAgain = "已重新提交，等待发送"
    public let openMember = "查看这位客人"

    public func revealTitle(_ name: String) -> String { "\(name)的号码" }
    public let revealLead = "为了保护客人，每次查看都会记下原因。"
    public func revealReason(_ reason: RevealReason) -> String {
        switch reason {
        case .call: "打电话"
        case .message: "发消息"
        case .delivery: "送货"
        case .other: "其他"
        }
    }
    public let revealedNumber = "完整号码"
    public let revealShare = "发送号码"

    public func thisPhone(_ device: String) -> String { "这台手机 \(device)" }
    public let settingsLanguage = "语言"
    public func language(_ language: Language) -> String {
        switch language {
        case .zh: "简体中文"
        case .en: "English"
        }
    }
    public let settingsText = "文字大小"
    public let settingsTextWhat = "跟随系统：设置 › 显示与亮度 › 文字大小"
    public let settingsLock = "离开多久后锁定"
    public func lockDelay(_ delay: LockDelay) -> String {
        switch delay {
        case .atOnce: "立即"
        case .oneMinute: "1 分钟"
        case .fiveMinutes: "5 分钟"
        }
    }
    public let lockNow = "立即锁定"
    public let guides = "换人使用"
    public let guidesLead = "每个人的客户本各自加密，互相看不到。"
    public let guideAnother = "登记另一位导购"
    public let guideUnnamed = "未命名"
    public let guideHere = "正在使用"
    public let about = "关于"
    public func version(_ version: String) -> String { "版本 \(version)" }
    public let licences = "开源许可"

    public func pair(_ title: String, _ text: String) -> String { "\(title)：\(text)" }
    public func listed(_ names: [String]) -> String { names.joined(separator: "、") }

    public func problem(_ problem: Problem) -> String {
        switch problem {
        case .offline: "没有网络。你的修改都在这台手机上，联网后会自动发送"
        case .signedOut: "服务器不认识这台手机了。请向总部要一个新的登记码，手机上没发出的修改都还在。"
        case .locked: "客户本已锁定"
        case .wrongKey: "密钥不匹配，客户本没有改动"
        case .notFound: "没有找到，可能已转给别的同事"
        case .invalid(_, let reason): invalid(reason)
        case .alreadyMember: "这个号码已经是会员"
        case .storageFull: "手机存储已满，没有保存。请清理后再试"
        case .storageFault: "读写失败，资料没有改动。请再试一次"
        case .upgradeNeeded: "版本太旧，请先更新"
        case .busy(let seconds): "总部正忙，\(seconds) 秒后自动再试"
        case .wiped: "这台手机上的客户本已清除"
        }
    }
    public func invalid(_ reason: InvalidReason) -> String {
        switch reason {
        case .empty: "不能为空"
        case .tooLong(let limit): "最多 \(limit) 字"
        case .tooMany(let limit): "最多 \(limit) 个"
        case .unknown: "已不存在，可能被总部删除"
        case .hqOnly: "由总部设置，这里不能改"
        case .outOfScope: "属于别的品牌或门店"
        case .wrongKind: "不适用于这一组"
        case .sensitive(.health): "健康信息受法律保护，不能记成标签"
        case .sensitive(.religion): "宗教信仰受法律保护，不能记成标签"
        case .sensitive(.minors): "未成年人信息受法律保护，不能记成标签"
        case .malformed: "写法不对"
        case .noConsent: "需要她先同意"
        case .noChange: "已经是这样了"
        case .notUndoable: "不能再撤销，之后已有别的修改"
        case .notIssuable(let why): bar(why)
        case .refused: "总部没有接受"
        }
    }
    public func day(_ day: Day) -> String { "\(day.year)年\(day.month)月\(day.day)日" }
    public func ago(_ at: Date, now: Date) -> String {
        switch Int(now.timeIntervalSince(at)) {
        case ..<60: "刚刚"
        case let s where s < 3600: "\(s / 60) 分钟前"
        case let s where s < 86_400: "\(s / 3600) 小时前"
        case let s: "\(s / 86_400) 天前"
        }
    }

    private func why(_ refusal: Refusal) -> String {
        switch refusal {
        case .notYourMember: "她已不归你服务"
        case .tagDeleted: "标签已被总部删除"
        case .rule(let reason): invalid(reason)
        case .notYours: "不是这台手机的修改"
        case .notUnderstood: "版本太旧，请更新客户本"
        case .coupon(let why): couponRefusal(why)
        }
    }
}
