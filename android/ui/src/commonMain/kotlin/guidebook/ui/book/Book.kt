package guidebook.ui.book

import kotlinx.coroutines.flow.SharedFlow
import java.time.LocalDate

/**
 * The client book as the screens see it: the core behind an interface, so that tests can put a made-up one in its place.
 *
 * Every call may be made from the UI thread: whoever implements this moves the work elsewhere. Calls that can fail throw
 * [BookException]. Reads and edits never touch the network; only [enrol] and [syncNow] do.
 */
interface Book {
    /** What has changed since; whoever shows it reads it again. */
    val changes: SharedFlow<Change>

    suspend fun state(): BookState

    suspend fun unlock()

    suspend fun lock()

    suspend fun wipe()

    suspend fun enrol(server: String, code: String, deviceName: String): Guide

    suspend fun guide(): Guide

    /** The guides whose books lie on this phone, the last used first. */
    suspend fun guidesOnThisPhone(): List<GuideOnPhone>

    /** Locks this book and opens another guide's. */
    suspend fun switchTo(book: String)

    /** Locks this book and begins an empty one, for a guide who is not on this phone yet. */
    suspend fun beginAnother()

    suspend fun list(request: ListRequest): MemberPage

    suspend fun member(id: String): Member

    suspend fun memberByPhone(phone: String): MemberRow?

    /** What a scanned or typed text is. */
    suspend fun readCode(text: String): Code

    suspend fun tagGroups(): List<TagGroup>

    suspend fun brands(): List<Brand>

    suspend fun limits(): Limits

    /** Edits, newest first: all, or those on [member]. */
    suspend fun edits(member: String?, offset: Int, limit: Int): List<Edit>

    suspend fun edit(id: String): Edit

    suspend fun syncState(): SyncState

    /** A whole round. Returns in how many seconds the server wants the next, if it says so. */
    suspend fun syncNow(): Int?

    /** Whether news are waited for at the server and edits go up by themselves, while the book is open. */
    suspend fun setLive(on: Boolean)

    /** Each of these returns the id of the edit, by which it can be undone. */
    suspend fun setTag(member: String, tag: String, on: Boolean): String

    suspend fun writeNote(member: String, text: String): String

    suspend fun addFollowUp(member: String, text: String, due: LocalDate): String

    suspend fun setFollowUpDone(member: String, followUp: String, done: Boolean): String

    suspend fun setField(member: String, field: Field, value: String): String

    suspend fun enrolWalkin(walkin: Walkin): String

    /** Returns the tag's id. */
    suspend fun makePersonalTag(name: String): String

    suspend fun undo(edit: String): String

    suspend fun applyAgain(edit: String): String

    /** The campaigns of which she may give something out, or soon may, by name. */
    suspend fun campaigns(): List<Campaign>

    /** Why this coupon can't be given to [member] at the moment; null if it can. */
    suspend fun checkCoupon(member: String, campaign: String, value: Long): IssueBar?

    /** Gives a coupon out, with or without a network. Once this has returned the coupon is kept. */
    suspend fun issueCoupon(member: String, campaign: String, value: Long): CouponCard

    /** Takes back a coupon that the customer does not have yet. Returns the id of the edit. */
    suspend fun voidCoupon(coupon: String): String

    /** The customer has it: from then on it can't be taken back. */
    suspend fun handOverCoupon(coupon: String)

    /** What was given out on this phone, newest first. */
    suspend fun coupons(offset: Int, limit: Int): List<CouponRow>

    suspend fun coupon(id: String): CouponCard

    /** The coupons that a member has or had, newest first. */
    suspend fun memberCoupons(member: String): List<MemberCoupon>

    /** The full number. That it was asked for, and why, is on record before it is returned. */
    suspend fun revealPhone(member: String, reason: RevealReason): String
}
