"""The whole path across the bridge, against a real server. What Rust has proved is not proved again."""

import asyncio
import subprocess
import sys
from pathlib import Path

from conftest import Contract, Headquarters, MemoryVault, Phone
from guidebook_core import (
    BookChange,
    BookObserver,
    BookState,
    CodeView,
    EditFate,
    EditKind,
    EnrolRequest,
    Guidebook,
    ListRequest,
    MatchField,
    MatchSpan,
    MemberField,
    MemberGender,
    MemberOrder,
    OpenRequest,
    RevealReason,
    WalkinRequest,
    WallClock,
    books,
    make_book,
)


def listed(text: str = "", offset: int = 0, tags: str = "") -> ListRequest:
    return ListRequest(text=text, tags=tags, order=MemberOrder.NAME, offset=offset, limit=50)


def walkin(name: str, phone: str, agrees: bool = True) -> WalkinRequest:
    return WalkinRequest(
        name=name,
        phone=phone,
        gender=MemberGender.FEMALE,
        birthday="--03-29",
        agrees_to_membership=agrees,
        agrees_to_marketing=False,
        agrees_to_brands=[],
    )


def test_an_enrolled_phone_holds_exactly_its_guides_members(
    phone: Phone, contract: Contract, headquarters: Headquarters
):
    assert phone.book.state() == BookState.EMPTY

    phone.enrol()
    assert phone.guide.id == contract.guide
    assert phone.book.guide() == phone.guide
    assert phone.book.state() == BookState.OPEN

    report = phone.sync()
    first = phone.book.list(listed())
    assert first.total == report.members >= contract.members
    pages = [first, *(phone.book.list(listed(offset=offset)) for offset in range(50, first.total, 50))]
    assert {row.id for page in pages for row in page.rows} == headquarters.members_of(contract.guide)


def test_a_member_is_found_by_name_initials_and_last_four_digits(enrolled: Phone, contract: Contract):
    # 查美 reads Zha Mei.
    for typed in (contract.member_name, "zm", "zhamei", contract.member_phone[-4:]):
        assert contract.member in [row.id for row in enrolled.book.list(listed(typed)).rows], typed
    member = enrolled.book.member(contract.member)
    assert member.row.name == contract.member_name
    assert member.row.masked_phone == f"{contract.member_phone[:3]}****{contract.member_phone[-4:]}"
    assert member.row.tags


def test_edits_outlive_the_book_that_took_them_and_reach_headquarters(
    enrolled: Phone, contract: Contract, headquarters: Headquarters, fresh_number: str
):
    book, member = enrolled.book, contract.member
    carried = contract.tag in book.member(member).row.tags
    note = book.write_note(member, "喜欢蓝色 💙")
    personal = book.make_personal_tag("周末来")
    her = book.enrol_walk_in(walkin("赵一鸣", fresh_number))
    edits = [
        book.set_tag(member, contract.tag, not carried),
        note,
        book.add_follow_up(member, "回电", "2099-12-31"),
        book.set_field(member, MemberField.SIZE_SHOE, "37"),
        book.set_tag(member, personal, True),
        her.edit,
    ]
    edits.append(book.undo(edits[0]))
    del book

    enrolled.restart()
    book = enrolled.book
    assert book.state() == BookState.LOCKED
    book.unlock()
    assert book.sync_state().waiting == len(edits) + 1
    assert all(book.edit_fate(edit).fate.is_WAITING() for edit in edits)
    reopened = book.member(member)
    assert (contract.tag in reopened.row.tags) == carried
    assert personal in reopened.row.tags
    assert [n.text for n in reopened.notes if n.id == note] == ["喜欢蓝色 💙"]
    assert [(f.field, f.value) for f in reopened.fields] == [(MemberField.SIZE_SHOE, "37")]
    assert book.member(her.member).row.name == "赵一鸣"

    assert enrolled.sync().answered == len(edits) + 1
    assert [book.edit_fate(edit).fate for edit in edits] == [EditFate.APPLIED()] * len(edits)
    assert book.sync_state().waiting == 0
    assert note in headquarters.notes_of(member)


def test_a_row_says_what_was_found_filters_narrow_and_a_member_says_what_she_spends(enrolled: Phone, contract: Contract):
    book = enrolled.book
    (row,) = (row for row in book.list(listed("zm")).rows if row.id == contract.member)
    assert (row.matches, row.index_letter) == ([MatchSpan(field=MatchField.NAME, start=0, length=2)], "Z")

    def everyone(**filters) -> ListRequest:
        return ListRequest(text="", tags="", order=MemberOrder.NAME, offset=0, limit=50, **filters)

    book.add_follow_up(contract.member, "回访", "2020-01-01")
    (due,) = book.list(everyone(follow_up_due=True)).rows
    assert (due.id, due.next_follow_up) == (contract.member, "2020-01-01")
    near = book.list(everyone(birthday_within_days=30))
    assert 0 < near.total < book.list(everyone()).total
    assert all(row.days_to_birthday <= 30 for row in near.rows)

    member = book.member(contract.member)
    assert len(member.spend_by_month) == 12
    assert [m.id for m in member.memberships] == member.brands
    assert all(m in book.brands() for m in member.memberships)
    assert book.limits().note == 1000


def test_a_number_is_shown_on_record_and_codes_and_numbers_are_read(
    enrolled: Phone, contract: Contract, headquarters: Headquarters
):
    book = enrolled.book
    assert book.reveal_phone(contract.member, RevealReason.CALL) == contract.member_phone
    assert [row.kind for row in book.edit_history(contract.member, 0, 1)] == [EditKind.REVEAL]
    enrolled.sync()
    assert headquarters.reveals_of(contract.member, book.guide().device) == ["call"]

    assert book.member_by_phone(contract.member_phone).id == contract.member
    assert book.read_code(contract.member_phone) == CodeView.PHONE(contract.member_phone, contract.member)
    assert book.read_code(contract.member) == CodeView.MEMBER(contract.member)
    link = "guidebook://enrol?code=AB12CD34EF&server=https%3A%2F%2Fbook.example.cn"
    assert book.read_code(link) == CodeView.ENROLMENT("AB12CD34EF", "https://book.example.cn")
    assert book.read_code("?") == CodeView.UNKNOWN()


def test_an_acknowledged_edit_outlives_a_sigkill(enrolled: Phone, contract: Contract, headquarters: Headquarters):
    enrolled.book.lock()
    script = Path(__file__).with_name("edit_until_killed.py")
    ((name, key),) = enrolled.vault.keys.items()
    arguments = [str(enrolled.directory), name, key.hex(), contract.member, "杀不掉"]
    with subprocess.Popen([sys.executable, "-B", str(script), *arguments], stdout=subprocess.PIPE, text=True) as writer:
        note = writer.stdout.readline().strip()
        writer.kill()

    enrolled.restart()
    enrolled.book.unlock()
    assert enrolled.book.edit_fate(note).fate == EditFate.WAITING()
    assert [n.text for n in enrolled.book.member(contract.member).notes if n.id == note] == ["杀不掉"]
    enrolled.sync()
    assert enrolled.book.edit_fate(note).fate == EditFate.APPLIED()
    assert note in headquarters.notes_of(contract.member)


def test_an_edit_that_was_undone_is_applied_again_and_stands_in_the_history(enrolled: Phone, contract: Contract):
    book = enrolled.book
    note = book.write_note(contract.member, "再来一次")
    book.undo(note)
    again = book.apply_again(note)
    assert book.edit_history(contract.member, 0, 1)[0].id == again
    assert again in {row.id for row in book.edit_history(None, 0, 50)}
    assert note in {n.id for n in book.member(contract.member).notes}


def test_two_guides_share_a_phone_and_see_nothing_of_each_other(enrolled: Phone):
    directory = str(enrolled.directory)
    first = enrolled.book.name()
    second = make_book(directory)
    other = enrolled.book.switch_book(second)
    assert (enrolled.book.state(), other.state()) == (BookState.LOCKED, BookState.EMPTY)
    code = next(enrolled.contract.codes)
    asyncio.run(other.enrol(EnrolRequest(server=enrolled.contract.server, code=code, device_name="Second")))
    assert set(enrolled.vault.keys) == {first, second}
    assert other.list(listed()).total == 0
    assert books(directory) == [second, first]
    assert other.switch_book(first).state() == BookState.OPEN
    assert other.state() == BookState.LOCKED


def test_headquarters_change_arrives_and_the_observer_hears_of_it(
    enrolled: Phone, contract: Contract, headquarters: Headquarters
):
    book, heard = enrolled.book, enrolled.observer.heard
    heard.clear()
    headquarters.rename_tag(contract.tag, "节日送礼")

    enrolled.sync()
    assert [t.name for group in book.tag_groups() for t in group.tags if t.id == contract.tag] == ["节日送礼"]
    assert BookChange.DICTIONARY() in heard
    assert BookChange.SYNC_STATE() in heard

    book.write_note(contract.member, "来过")
    assert BookChange.MEMBERS([contract.member]) in heard
    book.lock()
    assert heard[-1] == BookChange.BOOK()


def test_a_live_book_is_told_of_headquarters_change_without_asking(
    enrolled: Phone, contract: Contract, headquarters: Headquarters
):
    book = enrolled.book

    def name() -> str:
        return next(t.name for group in book.tag_groups() for t in group.tags if t.id == contract.tag)

    book.set_live(True)
    headquarters.rename_tag(contract.tag, "随时送礼")
    assert enrolled.observer.until(lambda: name() == "随时送礼")
    book.set_live(False)


def test_an_observer_may_ask_the_book_from_within_the_call(enrolled: Phone, contract: Contract):
    class Asking(BookObserver):
        def changed(self, change: BookChange) -> None:
            if change.is_MEMBERS():
                self.seen = len(enrolled.book.member(change.members[0]).notes)

    asking = Asking()
    enrolled.book.observe(asking)
    enrolled.book.write_note(contract.member, "问一下")
    assert asking.seen == len(enrolled.book.member(contract.member).notes)
    enrolled.book.observe(None)


def test_the_clock_is_the_shells(tmp_path: Path, contract: Contract):
    class Later(WallClock):
        asked = 0

        def now_ms(self) -> int:
            self.asked += 1
            return 4_000_000_000_000

    clock = Later()
    book = Guidebook.open(OpenRequest(directory=str(tmp_path)), MemoryVault(), clock)
    asyncio.run(book.enrol(EnrolRequest(server=contract.server, code=next(contract.codes), device_name="Python")))
    assert clock.asked


def test_a_cancelled_sync_harms_nothing(enrolled: Phone, contract: Contract, headquarters: Headquarters):
    book = enrolled.book
    note = book.write_note(contract.member, "只写一次")

    async def cancel_at_once() -> bool:
        task = asyncio.create_task(book.sync_now())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return task.cancelled()

    assert asyncio.run(cancel_at_once())
    enrolled.sync()
    assert book.edit_fate(note).fate == EditFate.APPLIED()
    assert [n.id for n in book.member(contract.member).notes if n.text == "只写一次"] == [note]
    assert headquarters.notes_of(contract.member).count(note) == 1
