package guidebook.ui.words

import guidebook.ui.book.EditKind
import guidebook.ui.book.Field
import guidebook.ui.book.MemberOrder
import guidebook.ui.book.Problem
import guidebook.ui.book.Reason
import guidebook.ui.book.Refusal
import guidebook.ui.book.RevealReason
import guidebook.ui.book.Topic
import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import java.time.YearMonth
import java.time.ZoneId
import java.time.temporal.ChronoUnit

/** 简体中文 */
object WordsZh : Words, CouponWords by CouponWordsZh {
    override val locale = "zh-CN"
    override val back = "返回"
    override val close = "关闭"
    override val cancel = "取消"
    override val save = "保存"
    override val undo = "撤销"
    override val undone = "已撤销"
    override val retry = "再试一次"
    override val loading = "正在加载…"
    override val optional = "选填"

    override fun money(fen: Long) = "¥" + Figures.exact(fen)

    override fun moneyShort(fen: Long): String {
        val yuan = fen / 100
        return if (yuan >= 10_000) "¥" + Figures.oneDecimal(yuan / 10_000.0) + "万" else "¥" + Figures.grouped(yuan)
    }

    override fun day(day: LocalDate, today: LocalDate) = when (ChronoUnit.DAYS.between(today, day)) {
        0L -> "今天"
        1L -> "明天"
        2L -> "后天"
        -1L -> "昨天"
        else -> if (day.year == today.year) "${day.monthValue}月${day.dayOfMonth}日" else "${day.year}年${day.monthValue}月${day.dayOfMonth}日"
    }

    override fun daysAgo(days: Long) = when {
        days <= 0 -> "今天"
        days == 1L -> "昨天"
        days < 60 -> "$days 天前"
        days < 365 -> "${days / 30} 个月前"
        else -> "${days / 365} 年前"
    }

    override fun monthShort(month: YearMonth) = "${month.monthValue}月"

    override fun at(at: Instant, now: Instant) = when {
        ago(at, now) < Duration.ofMinutes(1) -> "刚刚"
        ago(at, now) < Duration.ofHours(1) -> "${ago(at, now).toMinutes()} 分钟前"
        ago(at, now) < Duration.ofHours(24) -> "${ago(at, now).toHours()} 小时前"
        else -> day(at.atZone(ZoneId.systemDefault()).toLocalDate(), now.atZone(ZoneId.systemDefault()).toLocalDate())
    }

    override fun problem(problem: Problem) = when (problem) {
        Problem.Offline -> "没有网络。你的修改都在这台手机上，联网后会自动发送"
        Problem.SignedOut -> "服务器不认识这台手机了。请向总部要一个新的登记码，手机上没发出的修改都还在。"
        Problem.Locked -> "客户本已锁定"
        Problem.WrongKey -> "密钥不匹配，客户本没有改动"
        Problem.NotFound -> "没有找到，可能已转给别的同事"
        is Problem.Invalid -> invalid(problem)
        is Problem.AlreadyMember -> "这个号码已经是会员"
        Problem.StorageFull -> "手机存储已满，没有保存。请清理后再试"
        Problem.StorageFault -> "读写失败，资料没有改动。请再试一次"
        Problem.UpgradeNeeded -> "版本太旧，请先更新"
        is Problem.Busy -> "总部正忙，${problem.comeBackSeconds} 秒后自动再试"
        Problem.Wiped -> "这台手机上的客户本已清除"
    }

    private fun invalid(problem: Problem.Invalid) = fieldOf(problem.field).let { field ->
        when (val reason = problem.reason) {
            Reason.Empty -> "${field}不能为空"
            is Reason.TooLong -> "${field}最多 ${reason.limit} 个字"
            is Reason.TooMany -> "${field}最多 ${reason.limit} 个"
            Reason.Unknown -> "${field}已不存在"
            Reason.HqOnly -> "这个标签只由总部设置"
            Reason.OutOfScope -> "这个标签属于别的品牌或门店"
            Reason.WrongKind -> "${field}不适用"
            is Reason.Sensitive -> "不能记录${topic(reason.topic)}信息，这是法律保护的内容"
            Reason.Malformed -> "${field}的格式不对"
            Reason.NoConsent -> "需要客人本人同意"
            Reason.NoChange -> "没有变化"
            Reason.NotUndoable -> "这一步不能撤销了"
            is Reason.NotIssuable -> bar(reason.bar, LocalDate.now())
            Reason.Refused -> "总部没有接受$field"
        }
    }

    private fun fieldOf(field: String) = when (field) {
        "name" -> "姓名"
        "phone" -> "手机号"
        "birthday" -> "生日"
        "code" -> "登记码"
        "server" -> "地址"
        "note" -> "记录"
        "follow_up" -> "跟进"
        "due" -> "日期"
        "tag" -> "标签"
        "membership" -> "入会同意"
        "remark_name" -> "备注名"
        "preferences" -> "喜好"
        else -> "内容"
    }

    private fun topic(topic: Topic) = when (topic) {
        Topic.Health -> "健康"
        Topic.Religion -> "宗教"
        Topic.Minors -> "未成年人"
    }

    override fun charactersLeft(left: Int) = if (left >= 0) "还可写 $left 字" else "超出 ${-left} 字"

    override val appName = "客户本"
    override val enrolTitle = "登记这台手机"
    override val enrolLead = "用总部给你的登记码，把你负责的客人带到这台手机上。"
    override val enrolWhatStays = listOf(
        "只有你负责的客人，别人的看不到",
        "加密保存，没有网络也能用",
        "72 小时没有联系总部会隐藏，14 天会清除",
        "离职或手机丢失时，由总部远程清除",
    )
    override val enrolServer = "服务器地址"
    override val enrolCode = "总部给的登记码"
    override val enrolScan = "扫描登记码"
    override val enrolAct = "登记"
    override val enrolOffline = "连不上总部。请检查地址和网络，再试一次。"
    override val enrolling = "正在登记…"
    override val fetching = "正在取回你的客人…"
    override val unlockTitle = "客户本已锁定"
    override val unlockLead = "确认是你本人后打开。"
    override val unlockAct = "解锁"
    override val unlocking = "正在打开…"
    override val lockedOutTitle = "尝试次数太多"
    override val lockedOutLead = "请先用锁屏密码解锁手机（没有就先设一个），再回到这里。客户本完好无损。"
    override val wrongKeyTitle = "密钥不匹配"
    override val wrongKeyLead = "这台手机的密钥打不开这本客户本，可能是从备份恢复的。已发送的修改总部都有；请向总部要一个新的登记码。"
    override val wipedTitle = "客户本已清除"
    override val wipedLead = "总部收回了这台手机，或者超过 14 天没有联系总部。客人的资料已从这台手机上删除，总部那里都还在。"
    override val hiddenTitle = "客人资料已隐藏"

    override fun hiddenLead(waiting: Int) = "已超过 72 小时没有联系总部。联网同步一次就会重新显示。" +
        if (waiting > 0) "你的 $waiting 条修改还在，一条也没丢。" else ""

    override val hiddenAct = "现在同步"
    override val hiddenOffline = "连不上总部，请检查网络。"
    override val faultTitle = "打不开客户本"
    override val enrolAgain = "用新的登记码登记"

    override val search = "姓名、首字母、尾号"
    override val searchClear = "清除搜索"
    override val filter = "筛选"

    override fun filterOn(count: Int) = "筛选，已选 $count 项"

    override val settings = "设置"
    override val walkin = "登记新客"

    override fun order(order: MemberOrder) = when (order) {
        MemberOrder.Recent -> "最近"
        MemberOrder.Name -> "姓名"
        MemberOrder.Spend -> "消费"
    }

    override val orderBy = "排序"

    override fun members(count: Int) = "${Figures.grouped(count.toLong())} 位客人"

    override val noMembersTitle = "还没有客人"
    override val noMembersLead = "总部分配给你的客人会出现在这里。现在就可以登记一位新客。"
    override val noMatchTitle = "没有找到"

    override fun noMatchLead(text: String) = "没有与“$text”相符的客人。可以试试拼音首字母或手机尾号。"

    override val noFilterMatchLead = "没有客人同时符合这些条件。"
    override val clearFilter = "清除筛选"
    override val noPurchase = "未消费"

    override fun lastBought(days: Long) = daysAgo(days)

    override fun birthdayIn(days: Int) = if (days == 0) "今天生日" else if (days == 1) "明天生日" else "$days 天后生日"

    override val followUpDueMark = "跟进到期"

    override fun waitingMark(count: Int) = "$count 条待发送"

    override fun tagsOf(name: String) = "给${name}打标签"

    override val filterTitle = "筛选客人"
    override val filterHow = "点一下选上，再点一下排除。同组任选其一，不同组都要符合。"
    override val filterBirthday = "7 天内生日"
    override val filterFollowUp = "跟进到期"

    override fun filterShow(count: Int?) = if (count == null) "显示" else "显示 ${Figures.grouped(count.toLong())} 位"

    override val filterReset = "全部清除"
    override val filterAnd = "，且"
    override val filterOr = "或"
    override val filterNot = "不是"
    override val tagWanted = "已选上"
    override val tagExcluded = "已排除"
    override val tagOff = "未选"
    override val thisWeek = "7 天内生日"

    override val call = "电话"
    override val note = "记录"
    override val followUp = "跟进"
    override val tags = "标签"
    override val reveal = "显示号码"
    override val points = "积分"
    override val spendTotal = "累计消费"
    override val orders = "订单"
    override val spendChart = "近 12 个月消费"

    override fun spendChartSaid(total: String, best: String) = "近 12 个月共 $total，最多的是 $best"

    override val noSpend = "近 12 个月没有消费"
    override val memberships = "会籍"
    override val mall = "商场会员"

    override fun joined(day: String) = "${day}入会"

    override fun birthday(month: Int, day: Int, year: Int?) = (if (year != null) "$year 年 " else "") + "$month 月 $day 日"

    override val purchases = "最近购买"
    override val noPurchases = "还没有购买记录"

    override fun cadence(days: Int) = "通常每 $days 天来一次"

    override fun usualReturn(day: String, late: Boolean) = if (late) "按习惯${day}就该来了" else "预计${day}再来"

    override fun replenish(product: String, day: String, late: Boolean) = if (late) "$product ${day}就该用完了" else "$product 预计${day}用完"

    override val notes = "记录"
    override val noNotes = "还没有记录。喜好、家人、约定，记下来就不会忘。"
    override val followUps = "跟进"

    override fun dueOn(day: String) = "${day}到期"

    override val overdue = "已过期"
    override val followUpDone = "标为完成"
    override val followUpOpen = "标为未完成"
    override val preferences = "喜好"
    override val sizes = "尺码"
    override val noTags = "还没有标签"
    override val details = "备注、喜好和尺码"
    override val marketingYes = "同意接收营销信息"
    override val marketingNo = "不接收营销信息"
    override val memberGoneTitle = "这位客人已不在你的客户本里"
    override val memberGoneLead = "可能已转给别的同事。你没发送的修改会先交给总部。"
    override val pickMember = "在左边选一位客人"

    override fun field(field: Field) = when (field) {
        Field.RemarkName -> "备注名"
        Field.Preferences -> "喜好"
        Field.SizeTop -> "上装尺码"
        Field.SizeBottom -> "下装尺码"
        Field.SizeShoe -> "鞋码"
        Field.SizeRing -> "戒指尺码"
    }

    override fun wrote(guide: String, time: String) = "$guide · $time"

    override fun quantity(count: Int) = "× $count"

    override val revealTitle = "显示完整号码"
    override val revealLead = "为了保护客人，每次查看都会记下原因。"

    override fun revealReason(reason: RevealReason) = when (reason) {
        RevealReason.Call -> "打电话"
        RevealReason.Message -> "发消息"
        RevealReason.Delivery -> "送货"
        RevealReason.Other -> "其他"
    }

    override val revealed = "查看已记下"
    override val callNow = "拨打"

    override val tagsTitle = "标签"
    override val singleChoice = "单选"
    override val hqOnly = "总部设置"
    override val hqOnlyWhy = "这一组由总部设置，这里不能改"
    override val personalTags = "我的标签"
    override val personalTagNew = "新标签"
    override val personalTagAdd = "添加标签"

    override fun tagOn(tag: String) = "已打上“$tag”"

    override fun tagTakenOff(tag: String) = "已去掉“$tag”"

    override val noteTitle = "写记录"
    override val noteHint = "聊了什么、喜欢什么、答应了什么"
    override val noteSaved = "记录已保存"
    override val followUpTitle = "加跟进"
    override val followUpHint = "要做什么"
    override val followUpSaved = "跟进已保存"
    override val followUpWhen = "哪一天"
    override val tomorrow = "明天"
    override val inThreeDays = "3 天后"
    override val inAWeek = "一周后"
    override val inAMonth = "一个月后"
    override val fieldsTitle = "备注、喜好和尺码"
    override val fieldsSaved = "已保存"
    override val doneSaved = "跟进已完成"
    override val openedAgain = "跟进已重新打开"

    override val walkinTitle = "登记新客"
    override val walkinName = "姓名"
    override val walkinPhone = "手机号"
    override val walkinScan = "扫描会员码"
    override val walkinGender = "性别"
    override val female = "女"
    override val male = "男"
    override val walkinBirthday = "生日"
    override val walkinBirthdayHint = "如 0329 或 19900329"
    override val consentTitle = "请客人确认"
    override val consentLead = "念给客人听，同意哪一项就选哪一项。"
    override val consentMall = "成为商场会员"
    override val consentMallWhy = "商场保存她的姓名、手机号和消费，用于积分和服务。她可以随时退出。"

    override fun consentBrand(brand: String) = "成为${brand}会员"

    override val consentBrandWhy = "品牌可以看到她的资料和在该品牌的消费，用于服务和售后。可以不选。"
    override val consentMarketing = "接收活动和优惠信息"
    override val consentMarketingWhy = "不同意也能入会。"
    override val walkinAct = "登记入会"

    override fun walkinSaved(name: String) = "${name}已登记"

    override fun walkinKnown(name: String) = "这个号码已经是会员：$name"

    override val walkinOpen = "查看"

    override fun synced(ago: Duration) = "全部已同步 · " + when {
        ago < Duration.ofMinutes(1) -> "刚刚"
        ago < Duration.ofHours(1) -> "${ago.toMinutes()} 分钟前"
        ago < Duration.ofHours(48) -> "${ago.toHours()} 小时前"
        else -> "${ago.toDays()} 天前"
    }

    override val neverSynced = "还没有同步过"

    override fun waiting(count: Int) = "$count 条待发送"

    override val sending = "正在发送…"
    override val fetchingNow = "正在同步…"

    override fun offline(waiting: Int) = if (waiting == 0) "离线 · 可以照常使用" else "离线 · $waiting 条待发送"

    override fun attention(count: Int) = "$count 条需要处理"

    override val syncTitle = "同步"
    override val syncNow = "现在同步"
    override val syncSafe = "你的修改都已存在这台手机上，有网络就会自动发送。"

    override fun lastContact(time: String) = "上次联系总部：$time"

    override val needsYou = "需要你处理"
    override val waits = "等待发送"
    override val answered = "已送达"
    override val nothingWaits = "没有等待发送的修改"
    override val nothingYet = "还没有修改"
    override val editTitle = "这条修改"
    override val whatYouDid = "你做了什么"
    override val whatHappened = "结果"
    override val applyAgain = "重新提交"
    override val appliedAgain = "已重新提交，等待发送"
    override val openMember = "查看这位客人"

    override fun kind(kind: EditKind) = when (kind) {
        EditKind.Tag, EditKind.Choice -> "标签"
        EditKind.Note -> "记录"
        EditKind.NoteWithdrawal -> "撤回记录"
        EditKind.FollowUp -> "跟进"
        EditKind.FollowUpDone -> "完成跟进"
        EditKind.Field -> "资料"
        EditKind.Enrolment -> "登记新客"
        EditKind.PersonalTag -> "我的标签"
        EditKind.Reveal -> "查看号码"
        EditKind.Coupon -> "发券"
        EditKind.CouponVoid -> "作废优惠券"
        EditKind.Surrender -> "退回券码"
    }

    override fun what(kind: EditKind, what: String) = when (kind) {
        EditKind.Tag, EditKind.Choice -> when (what.firstOrNull()) {
            '+' -> "打上“${what.drop(1)}”"
            '-' -> if (what.length > 1) "去掉“${what.drop(1)}”" else "清空单选"
            '=' -> "选为“${what.drop(1)}”"
            else -> what
        }
        EditKind.NoteWithdrawal -> if (what == "-") "撤回一条记录" else "恢复一条记录"
        EditKind.FollowUpDone -> if (what == "+") "标为完成" else "标为未完成"
        EditKind.Note, EditKind.FollowUp, EditKind.Field, EditKind.Enrolment, EditKind.PersonalTag, EditKind.Reveal,
        EditKind.Coupon, EditKind.CouponVoid, EditKind.Surrender -> what
    }

    override val fateWaiting = "等待发送"
    override val fateApplied = "已送达"
    override val fateSuperseded = "被后来的修改取代"
    override val fateRedirected = "已转到新的位置"
    override val fateRefused = "没有被接受"
    override val fateWaitingWhy = "已存在这台手机上，联网后自动发送。关机也不会丢。"
    override val fateAppliedWhy = "总部已收到并生效。"

    override fun fateSupersededWhy(guide: String, time: String, with: String) = "$guide · $time：$with。你的修改没有生效；如果应该以你的为准，可以重新提交。"

    override val fateRedirectedWhy = "客人或标签被合并了，你的修改已随之转过去。"

    override fun refusal(refusal: Refusal) = when (refusal) {
        Refusal.NotYourMember -> "这位客人当时已转给别的同事。"
        Refusal.TagDeleted -> "这个标签已被总部删除。"
        is Refusal.Rule -> problem(refusal.problem) + "。"
        Refusal.NotYours -> "总部认为这条修改不是来自这台手机。请联系总部。"
        is Refusal.Coupon -> couponRefusal(refusal.reason)
        Refusal.NotUnderstood -> "版本太旧，总部看不懂这条修改。请更新后重新提交。"
    }

    override val settingsTitle = "设置"
    override val language = "语言"
    override val languageSystem = "跟随系统"
    override val textSize = "文字大小"
    override val textStandard = "标准"
    override val textLarge = "大"
    override val textLargest = "特大"
    override val appearance = "外观"
    override val appearanceSystem = "跟随系统"
    override val appearanceLight = "浅色"
    override val appearanceDark = "深色"
    override val lockNow = "立即锁定"
    override val guides = "换人使用"
    override val guidesTitle = "换人使用"
    override val guidesLead = "每个人的客户本各自加密，互相看不到。"
    override val guideHere = "正在使用"
    override val guideUnnamed = "未命名"
    override val guideAnother = "登记另一位导购"
    override val about = "关于"
    override val aboutLead = "没有网络也能用的导购客户本。"
    override val licences = "开源许可"

    override fun version(version: String) = "版本 $version"

    override val privacy = "隐私"
    override val privacyLead = "客人的资料加密保存在这台手机上。72 小时没有联系总部会隐藏，14 天会清除。"
}

internal fun ago(at: Instant, now: Instant): Duration = Duration.between(at, now).coerceAtLeast(Duration.ZERO)
