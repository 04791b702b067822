package guidebook.ui.book

/** Why a call did nothing: each is something that a screen does differently. */
sealed interface Problem {
    data object Offline : Problem

    data object SignedOut : Problem

    data object Locked : Problem

    data object WrongKey : Problem

    data object NotFound : Problem

    data class Invalid(val field: String, val reason: Reason) : Problem

    data class AlreadyMember(val member: String) : Problem

    data object StorageFull : Problem

    data object StorageFault : Problem

    data object UpgradeNeeded : Problem

    data class Busy(val comeBackSeconds: Int) : Problem

    data object Wiped : Problem
}

/** Why an input is invalid. */
sealed interface Reason {
    data object Empty : Reason

    data class TooLong(val limit: Int) : Reason

    data class TooMany(val limit: Int) : Reason

    data object Unknown : Reason

    data object HqOnly : Reason

    data object OutOfScope : Reason

    data object WrongKind : Reason

    data class Sensitive(val topic: Topic) : Reason

    data object Malformed : Reason

    data object NoConsent : Reason

    data object NoChange : Reason

    data object NotUndoable : Reason

    data class NotIssuable(val bar: IssueBar) : Reason

    data object Refused : Reason
}

/** What the law protects. */
enum class Topic { Health, Religion, Minors }

/** A call to the book that did nothing. Its message holds no data of a member. */
class BookException(val problem: Problem) : Exception(problem::class.simpleName)
