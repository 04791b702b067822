package guidebook.ui.walkin

import guidebook.ui.app.Navigator
import guidebook.ui.app.Notice
import guidebook.ui.app.Notices
import guidebook.ui.app.Place
import guidebook.ui.app.Presenter
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.Brand
import guidebook.ui.book.Code
import guidebook.ui.book.Gender
import guidebook.ui.book.MemberRow
import guidebook.ui.book.Problem
import guidebook.ui.book.Walkin
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What was filled in so far. [known] is the member whose number it is already. */
data class WalkinState(
    val name: String = "",
    val phone: String = "",
    val gender: Gender? = null,
    val birthday: String = "",
    val mall: Boolean = false,
    val brand: Boolean = false,
    val marketing: Boolean = false,
    /** Her guide's brand, if she works for one. */
    val ofBrand: Brand? = null,
    val known: MemberRow? = null,
    val problem: Problem? = null,
    val saving: Boolean = false,
) {
    val digits get() = phone.filter { it.isDigit() }
    val birthdayFits get() = birthday.isBlank() || birthdayWritten(birthday) != null
    val ready get() = name.isNotBlank() && digits.length >= MOBILE && birthdayFits && mall && known == null && !saving

    companion object {
        const val MOBILE = 11
    }
}

/** `0329` and `19900329`, with or without marks between, as the core reads them; null where it is no day. */
internal fun birthdayWritten(text: String): String? {
    val digits = text.filter { it.isDigit() }
    val (year, rest) = when (digits.length) {
        4 -> null to digits
        8 -> digits.take(4).toInt() to digits.drop(4)
        else -> return null
    }
    return try {
        val day = java.time.MonthDay.of(rest.take(2).toInt(), rest.drop(2).toInt())
        if (year == null) day.toString() else day.atYear(year).toString().takeIf { day.isValidYear(year) }
    } catch (_: java.time.DateTimeException) {
        null
    }
}

/** A walk-in: the fields, her consent, and one act for all her memberships. */
class WalkinPresenter(private val book: Book, private val notices: Notices, private val navigator: Navigator, scope: CoroutineScope) :
    Presenter(scope) {
    private val shown = MutableStateFlow(WalkinState())
    val state: StateFlow<WalkinState> = shown

    init {
        scope.launch {
            try {
                val brand = book.guide().brand
                val named = book.brands().firstOrNull { it.id == brand }
                shown.update { it.copy(ofBrand = named ?: brand?.let { id -> Brand(id, id) }) }
            } catch (_: BookException) {
                // Without it the mall's membership is offered alone.
            }
        }
    }

    fun change(edit: (WalkinState) -> WalkinState) {
        val before = shown.value.digits
        shown.update { edit(it).copy(problem = null) }
        if (shown.value.digits != before) look()
    }

    /** A member's code opens her; a number goes into its field. */
    fun scanned(text: String) {
        scope.launch {
            val code = try {
                book.readCode(text)
            } catch (_: BookException) {
                Code.Unknown
            }
            when (code) {
                is Code.OfMember -> open(code.member)
                is Code.Phone -> change { it.copy(phone = code.phone) }
                is Code.Enrolment, Code.Unknown -> change { it.copy(phone = text.trim()) }
            }
        }
    }

    private fun look() {
        val digits = shown.value.digits
        shown.update { it.copy(known = null) }
        if (digits.length < WalkinState.MOBILE) return
        scope.launch {
            val known = try {
                book.memberByPhone(digits)
            } catch (_: BookException) {
                null
            }
            shown.update { if (it.digits == digits) it.copy(known = known) else it }
        }
    }

    fun open(member: String) = navigator.replace(Place.Member(member))

    fun enrol() {
        val filled = shown.value
        if (!filled.ready) return
        shown.update { it.copy(saving = true) }
        scope.launch {
            try {
                val member = book.enrolWalkin(filled.asked())
                notices.say(Notice({ it.walkinSaved(filled.name.trim()) }))
                open(member)
            } catch (e: BookException) {
                shown.update { it.copy(saving = false, problem = e.problem) }
            }
        }
    }

    private fun WalkinState.asked() = Walkin(
        name = name.trim(),
        phone = digits,
        gender = gender,
        birthday = birthdayWritten(birthday),
        membership = mall,
        marketing = marketing,
        brands = listOfNotNull(ofBrand?.id.takeIf { brand }),
    )
}
