package guidebook.ui.app

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.navigationBarsPadding
import androidx.compose.foundation.layout.width
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.VerticalDivider
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.SaveableStateHolder
import androidx.compose.runtime.saveable.rememberSaveableStateHolder
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.unit.dp
import guidebook.ui.book.MemberRow
import guidebook.ui.coupons.CouponScreen
import guidebook.ui.coupons.CouponsScreen
import guidebook.ui.coupons.IssueScreen
import guidebook.ui.door.EnrolScreen
import guidebook.ui.door.GuidesScreen
import guidebook.ui.door.UnlockScreen
import guidebook.ui.member.FieldsScreen
import guidebook.ui.member.FollowUpScreen
import guidebook.ui.member.MemberScreen
import guidebook.ui.member.NoteScreen
import guidebook.ui.member.RevealScreen
import guidebook.ui.member.TagsScreen
import guidebook.ui.members.FilterScreen
import guidebook.ui.members.MembersScreen
import guidebook.ui.parts.Ground
import guidebook.ui.parts.NoticeBar
import guidebook.ui.parts.Statement
import guidebook.ui.parts.WIDE
import guidebook.ui.settings.AboutScreen
import guidebook.ui.settings.Appearance
import guidebook.ui.settings.SettingsScreen
import guidebook.ui.sync.EditScreen
import guidebook.ui.sync.SyncScreen
import guidebook.ui.theme.GuidebookTheme
import guidebook.ui.theme.Icons
import guidebook.ui.walkin.WalkinScreen
import guidebook.ui.words.LocalWords
import guidebook.ui.words.wordsFor

/** Everything that is drawn. [family] is the shell's font, where the system's default will not do. */
@Composable
fun GuidebookApp(app: AppModel, searchFocus: FocusRequester = remember { FocusRequester() }, family: FontFamily = FontFamily.Default) {
    val liking by app.preferences.liking.collectAsState()
    val words = wordsFor(liking.language ?: app.services.systemLanguage)
    val dark = when (liking.appearance) {
        Appearance.System -> isSystemInDarkTheme()
        Appearance.Light -> false
        Appearance.Dark -> true
    }
    GuidebookTheme(words, dark, liking.text.scale, family) {
        val stage by app.stage.collectAsState()
        val notice by app.notices.notice.collectAsState()
        Ground {
            when (val at = stage) {
                Stage.Entering, Stage.Open -> OpenBook(app, searchFocus)
                Stage.Enrol -> EnrolScreen(app)
                Stage.Opening, Stage.Locked, Stage.LockedOut, Stage.WrongKey, Stage.Wiped, is Stage.Hidden, is Stage.Fault ->
                    UnlockScreen(app, at)
            }
            notice?.let { NoticeBar(it, app.notices, Modifier.align(Alignment.BottomCenter).navigationBarsPadding().imePadding()) }
        }
    }
}

/** One pane, or list and detail side by side; a sheet lies over both. */
@Composable
private fun OpenBook(app: AppModel, searchFocus: FocusRequester) {
    val stack by app.navigator.stack.collectAsState()
    val screens = stack.filterIsInstance<Place.Screen>()
    val top = screens.last()
    LaunchedEffect(top) { app.services.secure.set(top is Place.Member || top == Place.Members || top == Place.Walkin) }
    val kept = rememberSaveableStateHolder()
    ForgetGone(stack, kept)
    BoxWithConstraints(Modifier.fillMaxSize()) {
        if (maxWidth >= WIDE) {
            Row(Modifier.fillMaxSize()) {
                val open = remember(app) { { row: MemberRow -> app.navigator.goFromHome(Place.Member(row.id)) } }
                Box(Modifier.width(400.dp).fillMaxHeight()) {
                    kept.SaveableStateProvider("list") { MembersScreen(app, searchFocus, (top as? Place.Member)?.id, open) }
                }
                VerticalDivider(color = MaterialTheme.colorScheme.outlineVariant)
                Box(Modifier.weight(1f).fillMaxHeight()) {
                    if (top == Place.Members) PickOne() else kept.SaveableStateProvider(top.saved()) { Screen(app, top, back(app, screens.size > 2)) }
                }
            }
        } else {
            val open = remember(app) { { row: MemberRow -> app.navigator.go(Place.Member(row.id)) } }
            kept.SaveableStateProvider(if (top == Place.Members) "list" else top.saved()) {
                if (top == Place.Members) MembersScreen(app, searchFocus, null, open) else Screen(app, top, back(app, true))
            }
        }
        (stack.last() as? Place.Sheet)?.let { sheet -> kept.SaveableStateProvider(sheet.saved()) { SheetAt(app, sheet) } }
    }
}

/** What was typed and scrolled is kept as long as its place is on the stack: the next note begins empty. */
@Composable
private fun ForgetGone(stack: List<Place>, kept: SaveableStateHolder) {
    val known = remember { HashSet<String>() }
    LaunchedEffect(stack) {
        val here = stack.map { it.saved() }.toSet()
        (known - here).forEach(kept::removeState)
        known.clear()
        known += here
    }
}

private fun back(app: AppModel, there: Boolean): (() -> Unit)? = if (there) ({ app.navigator.back() }) else null

/** Beside the list, as long as nobody is chosen. */
@Composable
internal fun PickOne() = Statement(Icons.Book, LocalWords.current.appName, LocalWords.current.pickMember)

@Composable
private fun Screen(app: AppModel, place: Place.Screen, onBack: (() -> Unit)?) = when (place) {
    Place.Members -> {}
    is Place.Member -> MemberScreen(app, place.id, onBack)
    Place.Walkin -> WalkinScreen(app, onBack)
    Place.Sync -> SyncScreen(app, onBack)
    is Place.Edit -> EditScreen(app, place.id, onBack)
    Place.Coupons -> CouponsScreen(app, onBack)
    is Place.Coupon -> CouponScreen(app, place.id, onBack)
    Place.Settings -> SettingsScreen(app, onBack)
    Place.Guides -> GuidesScreen(app, onBack)
    Place.About -> AboutScreen(app, onBack)
}

@Composable
private fun SheetAt(app: AppModel, place: Place.Sheet) = when (place) {
    Place.Filter -> FilterScreen(app)
    is Place.Tags -> TagsScreen(app, place.member)
    is Place.Note -> NoteScreen(app, place.member)
    is Place.FollowUp -> FollowUpScreen(app, place.member)
    is Place.Fields -> FieldsScreen(app, place.member)
    is Place.Reveal -> RevealScreen(app, place.member)
    is Place.IssueCoupon -> IssueScreen(app, place.member)
}
