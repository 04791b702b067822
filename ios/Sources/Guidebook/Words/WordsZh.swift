import Foundation

/// 简体中文.
public struct WordsZh: Words {
    public init() {}

    public let language = "zh-Hans"

    public let appName = "客户本"
    public let loading = "正在打开…"
    public let cancel = "取消"
    public let done = "完成"
    public let save = "保存"
    public let undo = "撤销"
    public let undone = "已撤销"
    public let close = "关闭"
    public let retry = "再试一次"
    public let covered = "客户本已遮住"

    public let enrolTitle = "登记这部手机"
    public let enrolWhatStays = "这部手机上会有：归你服务的会员，她们的标签、备注和最近的消费。没有别人的会员。"
    public let enrolLead = "资料加密存放，没有网络也能用。72 小时没有联网会先隐藏，14 天后从手机上清除。总部可以随时收回。"
    public let enrolServer = "服务器地址"
    public let enrolCode = "总部给的登记码"
    public let enrolScan = "扫描登记码"
    public let enrolAct = "登记"
    public let enrolling = "正在登记并下载会员…"

    public let unlockTitle = "客户本已锁定"
    public let unlockAct = "解锁"
    public let unlockReason = "打开客户本"
    public let unlockLead = "会员资料已加密锁好。"
    public let unlockRefused = "没有认出你。再试一次，或使用手机密码。"
    public let lockedOutLead = "尝试次数太多，或手机没有设置密码。请先用手机密码解锁手机，再回到这里。"
    public let wrongKeyTitle = "钥匙不对"
    public let wrongKeyLead = "手机里的钥匙打不开这本客户本，资料原样未动。请联系总部重新登记。"
    public let hiddenTitle = "会员已隐藏"
    public let hiddenLead = "这部手机 72 小时没有联系服务器，会员先隐藏。你的修改都还在。连上网络就会重新显示。"
    public let hiddenAct = "现在联网"
    public let wipedTitle = "客户本已清除"
    public let wipedLead = "总部收回了这部手机，或它太久没有联网。手机上已没有会员资料。要继续使用，请向总部要新的登记码。"
    public let faultTitle = "打不开客户本"
    public let enrolAgain = "重新登记"
    public let unlocking = "请稍候…"

    public let members = "会员"
    public let searchHint = "姓名、拼音首字母、手机尾号"
    public func membersCount(_ count: Int) -> String { "\(count) 位会员" }
    public let noMembersTitle = "还没有会员"
    public let noMembersLead = "归你服务的会员会自动出现在这里。到店的新客可以现在登记。"
    public let noMatchTitle = "没有找到"
    public let noMatchLead = "换个写法，或放宽筛选。"
    public let filter = "筛选"
    public let filterReset = "清除筛选"
    public let walkin = "登记新客"
    public let settings = "设置"
    public let orderBy = "排序"
    public func order(_ order: MemberOrder) -> String {
        switch order {
        case .recent: "最近来往"
        case .name: "姓名"
        case .spend: "消费"
        }
    }
    public func birthdayIn(_ days: Int) -> String { days == 0 ? "今天生日" : "\(days) 天后生日" }
    public func dueMark(_ day: Day, today: Day) -> String { day < today ? "跟进已过期" : "今天要跟进" }
    public func waitingMark(_ count: Int) -> String { "\(count) 条待发送" }
    public func tagHer(_ name: String) -> String { "给\(name)打标签" }
    public func lastBought(_ day: Day) -> String { "上次购买 \(self.day(day))" }
    public let noPurchase = "还没有购买"

    public func pill(_ pill: SyncPill, now: Date) -> String {
        switch pill {
        case .sending: "正在同步…"
        case .needsHer(let count): "\(count) 条需要处理"
        case .offlineWaiting(let count): "离线 · \(count) 条待发送"
        case .offline: "离线 · 显示的是已存的资料"
        case .waiting(let count): "\(count) 条待发送"
        case .synced(let since): "全部已同步 · \(ago(since, now: now))"
        case .never: "还没有同步"
        }
    }
    public let pillHint = "打开同步"

    public let filterTitle = "筛选会员"
    public let filterHow = "点一下：要有这个标签；再点一下：不要有。同一组里满足一个就行，各组都要满足。"
    public let filterBirthday = "7 天内生日"
    public let filterFollowUp = "到期要跟进"
    public let filterOr = "或"
    public let filterAnd = "，且"
    public func filterNot(_ tag: String) -> String { "不是\(tag)" }
    public let filterNothing = "全部会员"
    public func filterShow(_ count: Int?) -> String { count.map { "显示 \($0) 位会员" } ?? "显示" }
    public let filterWith = "要有"
    public let filterWithout = "不要有"
    public let filterAny = "不限"

    public let call = "打电话"
    public let reveal = "查看号码"
    public let note = "记一笔"
    public let followUp = "加跟进"
    public let tagsAction = "改标签"
    public let fieldsAction = "改备注和尺码"
    public func points(_ points: Int64) -> String { "\(points) 积分" }
    public func birthday(_ birthday: Birthday) -> String {
        (birthday.year.map { "\($0)年" } ?? "") + "\(birthday.month)月\(birthday.day)日生日"
    }
    public func joined(_ day: Day) -> String { "\(self.day(day))入会" }
    public let memberships = "会员身份"
    public let mall = "商场会员"
    public let marketingYes = "同意接收营销消息"
    public let marketingNo = "不接收营销消息"
    public let spendChart = "近 12 个月消费"
    public func spendTotal(_ fen: Int64, orders: Int) -> String { "累计 \(money(fen))，\(orders) 单" }
    public func spendPeak(_ month: String, _ fen: Int64) -> String { "最多的是 \(month)：\(money(fen))" }
    public let noSpend = "近 12 个月没有消费"
    public func cadence(_ days: Int) -> String { "通常每 \(days) 天买一次" }
    public func usualReturn(_ day: Day, today: Day) -> String {
        day < today ? "按习惯 \(self.day(day))就该回来了" : "按习惯 \(self.day(day))前后回来"
    }
    public func replenish(_ product: String, _ day: Day) -> String { "\(product)：\(self.day(day))前后该补货" }
    public let purchases = "最近购买"
    public let noPurchases = "还没有购买"
    public let tags = "标签"
    public let noTags = "还没有标签"
    public let notes = "备注记录"
    public let noNotes = "还没有记录"
    public let followUps = "跟进"
    public let followUpsNone = "没有要跟进的"
    public func followUpDue(_ day: Day, today: Day) -> String {
        switch today.days(until: day) {
        case ..<0: "\(self.day(day))到期，已过"
        case 0: "今天到期"
        default: "\(self.day(day))到期"
        }
    }
    public let followUpDone = "跟进已完成"
    public let followUpReopened = "跟进重新打开"
    public let details = "喜好和尺码"
    public let fieldsNone = "还没有填写"
    public let memberGone = "她已不在你的客户本里，可能已交接给同事。"

    public func tagsOf(_ name: String) -> String { "\(name)的标签" }
    public let tagsSaved = "点一下就保存，可以撤销。"
    public let personalTags = "我的标签"
    public let singleChoice = "只能选一个"
    public let hqOnlyWhy = "由总部设置，这里不能改"
    public let personalTagNew = "新的个人标签"
    public let personalTagAdd = "新建并打上"
    public func tagOn(_ name: String) -> String { "已打上“\(name)”" }
    public func tagTakenOff(_ name: String) -> String { "已去掉“\(name)”" }

    public func noteTitle(_ name: String) -> String { "给\(name)记一笔" }
    public let noteHint = "她喜欢什么、说了什么"
    public let noteSaved = "已记下"
    public func charactersLeft(_ count: Int) -> String { count >= 0 ? "还可以写 \(count) 字" : "超出 \(-count) 字" }
    public func followUpTitle(_ name: String) -> String { "跟进\(name)" }
    public let followUpHint = "要做什么"
    public let followUpWhen = "哪天"
    public let followUpOther = "其他日子"
    public func inDays(_ days: Int) -> String {
        switch days {
        case 1: "明天"
        case 7: "一周后"
        case 30: "一个月后"
        default: "\(days) 天后"
        }
    }
    public let followUpSaved = "跟进已加"
    public func fieldsFor(_ name: String) -> String { "\(name)的备注和尺码" }
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
    public let walkinBirthday = "生日，如 0329（可不填）"
    public let consentTitle = "请她亲口同意"
    public func walkinBoth(_ brand: String) -> String { "同意加入商场会员和\(brand)会员" }
    public let consentMall = "加入商场会员"
    public let consentMallWhy = "商场保存她的姓名、手机号和消费，用于积分和服务。她可以随时退出。"
    public func consentBrand(_ brand: String) -> String { "加入\(brand)会员" }
    public func consentBrandWhy(_ brand: String) -> String { "\(brand)也能看到她的资料。这是单独的同意，可以不选。" }
    public let consentMarketing = "愿意接收优惠消息"
    public let walkinOtherBrands = "其他品牌"
    public func walkinKnown(_ name: String) -> String { "这个号码已经是会员：\(name)" }
    public let walkinOpen = "打开她"
    public let walkinAct = "登记"
    public func walkinSaved(_ name: String) -> String { "\(name)已登记" }

    public let syncTitle = "同步"
    public let syncNow = "现在同步"
    public let syncWorking = "正在同步…"
    public func lastContact(_ at: Date?, now: Date) -> String {
        at.map { "上次联系服务器：\(ago($0, now: now))" } ?? "还没有联系过服务器"
    }
    public let syncRetrying = "连不上服务器，会自动再试"
    public let needsYou = "需要你看一下"
    public let waiting = "待发送"
    public let syncDone = "已送达"
    public let nothingWaits = "没有待发送的"
    public let syncSafe = "每一条修改都已存在手机上，不会丢。"
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
        case .redirected: "会员或标签已合并，修改跟着生效"
        case .refused(let refusal): "没有生效：\(why(refusal))"
        }
    }
    public let editTitle = "这条修改"
    public let applyAgain = "再改一次"
    public let editUndo = "撤销这条修改"
    public let editLetBe = "就这样，不改了"
    public let appliedAgain = "已重新提交"
    public let openMember = "打开会员"

    public func revealTitle(_ name: String) -> String { "\(name)的号码" }
    public let revealLead = "为什么要看完整号码？查看会留下记录。"
    public func reveal(_ reason: RevealReason) -> String {
        switch reason {
        case .call: "打电话"
        case .message: "发消息"
        case .delivery: "送货"
        case .other: "其他"
        }
    }
    public let revealed = "完整号码"
    public let revealShare = "发送号码"

    public func thisPhone(_ device: String) -> String { "这部手机 \(device)" }
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
    public let lockNow = "现在锁定"
    public let guides = "换导购"
    public let guidesLead = "换人时先锁上你的客户本，别人看不到你的会员。"
    public let guideAnother = "登记另一位导购"
    public let guideUnnamed = "未命名的客户本"
    public let guideHere = "正在使用"
    public let about = "关于"
    public func version(_ version: String) -> String { "版本 \(version)" }
    public let licences = "开源许可"

    public func pair(_ title: String, _ text: String) -> String { "\(title)：\(text)" }
    public func listed(_ names: [String]) -> String { names.joined(separator: "、") }

    public func problem(_ problem: Problem) -> String {
        switch problem {
        case .offline: "连不上网络。你的修改已存好，联网后自动发送。"
        case .signedOut: "服务器不认识这部手机了。请向总部要一个新的登记码，手机上没发出的修改都还在。"
        case .locked: "客户本已锁定。"
        case .wrongKey: "钥匙打不开这本客户本。"
        case .notFound: "客户本里没有这一条。"
        case .invalid(_, let reason): invalid(reason)
        case .alreadyMember: "这个号码已经是会员。"
        case .storageFull: "手机空间满了，这一条没有存下。请腾出空间再试。"
        case .storageFault: "读写手机存储出错，这一条没有存下。"
        case .upgradeNeeded: "请更新客户本，才能继续同步。"
        case .busy(let seconds): "服务器正忙，\(seconds) 秒后再试。"
        case .wiped: "客户本已从这部手机清除。"
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
        case .refused: "服务器没有接受"
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
        case .notYours: "不是这部手机的修改"
        case .notUnderstood: "版本太旧，请更新客户本"
        case .coupon(let why): couponRefusal(why)
        }
    }
}
