package guidebook.ui.member

import guidebook.ui.app.Notices
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.Problem
import guidebook.ui.book.TagGroup
import guidebook.ui.fake.FakeBook
import guidebook.ui.words.WordsZh
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.runTest
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** A book that answers an edit when it is told to. */
private class SlowBook(private val fake: FakeBook = FakeBook()) : Book by fake {
    private val asked = ArrayList<CompletableDeferred<Problem?>>()

    override suspend fun setTag(member: String, tag: String, on: Boolean): String {
        val answer = CompletableDeferred<Problem?>().also { asked += it }
        answer.await()?.let { throw BookException(it) }
        return fake.setTag(member, tag, on)
    }

    fun answer(problem: Problem? = null) = asked.removeAt(0).complete(problem)

    fun carried(member: String) = fake.members.getValue(member).row.tags.toSet()
}

@OptIn(ExperimentalCoroutinesApi::class)
class TagsPresenterTest {
    private val book = SlowBook()

    private fun tapping(test: suspend TestScope.(TagsPresenter, Notices) -> Unit) = runTest(UnconfinedTestDispatcher()) {
        val notices = Notices(book, backgroundScope)
        test(TagsPresenter("m1", book, notices, {}, backgroundScope), notices)
    }

    private val TagsPresenter.here get() = state.value as TagsState.Shown

    private fun TagsPresenter.group(which: (TagGroup) -> Boolean) = here.groups.first { it.editable && it.tags.size > 1 && which(it) }

    @Test
    fun `a chip answers the finger before the book has`() = tapping { presenter, notices ->
        val group = presenter.group { !it.singleChoice }
        val tag = group.tags.first { it.id !in presenter.here.carried }

        presenter.turn(group, tag)
        assertTrue("shown at once", tag.id in presenter.here.carried)
        assertFalse("not yet kept", tag.id in book.carried("m1"))
        assertNull("and not yet said", notices.notice.value)

        book.answer()
        assertTrue(tag.id in presenter.here.carried)
        assertTrue(tag.id in book.carried("m1"))
        assertEquals(WordsZh.tagOn(tag.name), notices.notice.value?.say?.invoke(WordsZh))
    }

    @Test
    fun `a tap that is refused is taken back, and says why`() = tapping { presenter, notices ->
        val group = presenter.group { !it.singleChoice }
        val before = presenter.here.carried
        presenter.turn(group, group.tags.first { it.id !in before })

        book.answer(Problem.StorageFull)
        assertEquals(before, presenter.here.carried)
        assertEquals(WordsZh.problem(Problem.StorageFull), notices.notice.value?.say?.invoke(WordsZh))
    }

    @Test
    fun `what the book says of an earlier tap does not take back a later one`() = tapping { presenter, _ ->
        val group = presenter.group { !it.singleChoice }
        val tag = group.tags.first { it.id !in presenter.here.carried }
        presenter.turn(group, tag)
        presenter.turn(group, tag)
        presenter.turn(group, tag)

        repeat(3) {
            book.answer()
            assertTrue("after answer ${it + 1}", tag.id in presenter.here.carried)
        }
        assertEquals(book.carried("m1"), presenter.here.carried)
    }

    @Test
    fun `of a group with a single choice one chip is on, at once`() = tapping { presenter, _ ->
        val group = presenter.group { it.singleChoice }
        val ids = group.tags.map { it.id }.toSet()
        val (first, second) = group.tags.filter { it.id !in presenter.here.carried }
        for (tag in listOf(first, second)) {
            presenter.turn(group, tag)
            assertEquals(setOf(tag.id), presenter.here.carried intersect ids)
        }
        repeat(2) { book.answer() }
        assertEquals(setOf(second.id), presenter.here.carried intersect ids)
    }
}
