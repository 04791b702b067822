package guidebook.ui.app

import guidebook.ui.book.Problem

/** Where the guide is. Screens stand by themselves; sheets lie over the screen below them. */
sealed interface Place {
    sealed interface Screen : Place

    sealed interface Sheet : Place

    data object Members : Screen

    data class Member(val id: String) : Screen

    data object Walkin : Screen

    data object Sync : Screen

    data class Edit(val id: String) : Screen

    data object Coupons : Screen

    data class Coupon(val id: String) : Screen

    data object Settings : Screen

    data object Guides : Screen

    data object About : Screen

    data object Filter : Sheet

    data class Tags(val member: String) : Sheet

    data class Note(val member: String) : Sheet

    data class FollowUp(val member: String) : Sheet

    data class Fields(val member: String) : Sheet

    data class Reveal(val member: String) : Sheet

    data class IssueCoupon(val member: String) : Sheet

    /** In one line, to outlive the process. */
    fun saved(): String = when (this) {
        Members, Walkin, Sync, Coupons, Settings, Guides, About, Filter -> toString()
        is Member -> "Member $id"
        is Edit -> "Edit $id"
        is Coupon -> "Coupon $id"
        is Tags -> "Tags $member"
        is Note -> "Note $member"
        is FollowUp -> "FollowUp $member"
        is Fields -> "Fields $member"
        is Reveal -> "Reveal $member"
        is IssueCoupon -> "IssueCoupon $member"
    }

    companion object {
        // Lazily: the places themselves need this class first.
        private val single by lazy { listOf(Members, Walkin, Sync, Coupons, Settings, Guides, About, Filter).associateBy { it.toString() } }

        /** Null where the line is not understood. */
        fun restored(line: String): Place? {
            single[line]?.let { return it }
            val id = line.substringAfter(' ', "")
            if (id.isEmpty()) return null
            return when (line.substringBefore(' ')) {
                "Member" -> Member(id)
                "Edit" -> Edit(id)
                "Coupon" -> Coupon(id)
                "Tags" -> Tags(id)
                "Note" -> Note(id)
                "FollowUp" -> FollowUp(id)
                "Fields" -> Fields(id)
                "Reveal" -> Reveal(id)
                "IssueCoupon" -> IssueCoupon(id)
                else -> null
            }
        }
    }
}

/** Whether the book can be used, and if not, the honest screen that says why. */
sealed interface Stage {
    data object Opening : Stage

    /** Nobody asks who she is any more, and the book is being read: its screens stand, and fill as soon as it answers. */
    data object Entering : Stage

    data object Enrol : Stage

    data object Locked : Stage

    data object LockedOut : Stage

    data object WrongKey : Stage

    data object Wiped : Stage

    data class Hidden(val waiting: Int) : Stage

    data class Fault(val problem: Problem) : Stage

    data object Open : Stage
}
