"""Every variant of `GuidebookError`, each brought about by what brings it about in life."""

import asyncio
import contextlib
import os
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from conftest import Contract, Headquarters, MemoryVault, Phone
from guidebook_core import (
    BookState,
    EnrolRequest,
    Guidebook,
    GuidebookError,
    InvalidReason,
    KeyVaultError,
    OpenRequest,
    Topic,
)
from test_contract import listed, walkin

SMALL_DISK = os.environ.get("GUIDEBOOK_SMALL_DISK")


def enrol_at(phone: Phone, server: str) -> None:
    asyncio.run(phone.book.enrol(EnrolRequest(server=server, code="ABCD-EFGH", device_name="Python")))


def test_without_an_answer_it_is_offline(phone: Phone):
    with pytest.raises(GuidebookError.Offline):
        enrol_at(phone, "http://127.0.0.1:1")
    assert phone.book.state() == BookState.UNENROLLED


def test_without_a_book_it_is_signed_out(phone: Phone):
    with pytest.raises(GuidebookError.SignedOut):
        phone.book.unlock()


def test_a_locked_book_is_locked(enrolled: Phone):
    enrolled.book.lock()
    with pytest.raises(GuidebookError.Locked):
        enrolled.book.list(listed())
    with pytest.raises(GuidebookError.Locked):
        enrolled.sync()


def test_another_key_is_a_wrong_key_and_harms_nothing(enrolled: Phone, contract: Contract):
    enrolled.restart()
    keys, enrolled.vault.keys = enrolled.vault.keys, {enrolled.book.name(): bytes([7] * 32)}
    with pytest.raises(GuidebookError.WrongKey):
        enrolled.book.unlock()
    enrolled.vault.keys = keys
    enrolled.book.unlock()
    assert enrolled.book.member(contract.member).row.name == contract.member_name


def test_what_is_not_in_the_book_is_not_found(enrolled: Phone):
    with pytest.raises(GuidebookError.NotFound):
        enrolled.book.member("M-nobody")
    with pytest.raises(GuidebookError.NotFound):
        enrolled.book.write_note("M-nobody", "在吗")


def test_a_broken_rule_is_invalid_and_says_which_and_why(enrolled: Phone, contract: Contract, fresh_number: str):
    book, member = enrolled.book, contract.member
    enrolment = book.enrol_walk_in(walkin("周四", fresh_number)).edit
    unwilling = walkin("钱二", "13912349999", agrees=False)
    broken = [
        ("note", InvalidReason.EMPTY(), lambda: book.write_note(member, "")),
        ("note", InvalidReason.TOO_LONG(1_000), lambda: book.write_note(member, "长" * 1_001)),
        ("due", InvalidReason.MALFORMED(), lambda: book.add_follow_up(member, "回电", "明天")),
        ("member", InvalidReason.MALFORMED(), lambda: book.member("她")),
        ("tags", InvalidReason.MALFORMED(), lambda: book.list(listed(tags="AND"))),
        ("tag", InvalidReason.UNKNOWN(), lambda: book.set_tag(member, "T-nothing", True)),
        ("tag", InvalidReason.HQ_ONLY(), lambda: book.set_tag(member, contract.hq_only_tag, True)),
        ("name", InvalidReason.SENSITIVE(Topic.HEALTH), lambda: book.make_personal_tag("糖尿病")),
        ("membership", InvalidReason.NO_CONSENT(), lambda: book.enrol_walk_in(unwilling)),
        ("edit", InvalidReason.NOT_UNDOABLE(), lambda: book.undo(enrolment)),
        ("book", InvalidReason.NO_CHANGE(), lambda: enrol_at(enrolled, "http://127.0.0.1:9")),
        ("code", InvalidReason.REFUSED(), lambda: enrol_at(enrolled, contract.server)),
    ]
    for field, reason, call in broken:
        with pytest.raises(GuidebookError.Invalid) as caught:
            call()
        assert (caught.value.field, caught.value.reason) == (field, reason)


def test_an_address_that_is_none_is_invalid(phone: Phone):
    with pytest.raises(GuidebookError.Invalid) as caught:
        enrol_at(phone, "http://guidebook.example")
    assert (caught.value.field, caught.value.reason) == ("server", InvalidReason.MALFORMED())


def test_a_number_that_hq_knows_is_already_member_and_says_whose(enrolled: Phone, contract: Contract):
    with pytest.raises(GuidebookError.AlreadyMember) as caught:
        enrolled.book.enrol_walk_in(walkin("孙三", contract.member_phone))
    assert caught.value.member == contract.member


@pytest.mark.skipif(not SMALL_DISK, reason="no small disk: see with-small-disk.sh")
def test_a_full_disk_is_storage_full_and_the_book_goes_on_when_there_is_room(contract: Contract):
    disk = Path(SMALL_DISK)
    phone = Phone(disk / "python", contract)
    phone.enrol()
    phone.sync()
    with pytest.raises(OSError), (disk / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))
    written = []
    with pytest.raises(GuidebookError.StorageFull):
        for _ in range(5_000):
            written.append(phone.book.write_note(contract.member, "写"))

    (disk / "filler").unlink()
    written.append(phone.book.write_note(contract.member, "又能写了"))
    assert {row.id for row in phone.book.edit_history(None, 0, 50)} == set(written[-50:])
    assert phone.book.sync_state().waiting == len(written)


def test_a_key_store_that_does_not_answer_is_a_storage_fault(phone: Phone):
    phone.vault.broken = KeyVaultError.Unavailable()
    with pytest.raises(GuidebookError.StorageFault):
        phone.book.state()
    with pytest.raises(GuidebookError.StorageFault):
        phone.restart()


def test_a_key_store_that_throws_something_else_is_a_storage_fault_too(tmp_path: Path):
    vault = MemoryVault()
    vault.broken = RuntimeError("not in the contract")
    with pytest.raises(GuidebookError.StorageFault):
        Guidebook.open(OpenRequest(directory=str(tmp_path)), vault, None)


def test_a_book_of_a_later_version_is_upgrade_needed(enrolled: Phone):
    enrolled.book.lock()
    with contextlib.closing(sqlite3.connect(enrolled.directory / enrolled.book.name() / "book.db")) as file:
        file.execute("PRAGMA user_version = 99")
    with pytest.raises(GuidebookError.UpgradeNeeded):
        enrolled.book.unlock()


def test_a_server_that_asks_for_patience_is_busy_and_says_for_how_long(phone: Phone):
    class Busy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = b'{"error":"busy","come_back_s":7}'
            self.send_response(503)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Busy) as stub:
        threading.Thread(target=stub.serve_forever, daemon=True).start()
        with pytest.raises(GuidebookError.Busy) as caught:
            enrol_at(phone, f"http://127.0.0.1:{stub.server_port}")
        stub.shutdown()
    assert caught.value.come_back_s == 7


def test_a_revoked_phone_is_wiped_and_keeps_nothing(enrolled: Phone, headquarters: Headquarters):
    headquarters.revoke(enrolled.guide.device)
    with pytest.raises(GuidebookError.Wiped):
        enrolled.sync()
    assert enrolled.book.state() == BookState.EMPTY
    assert enrolled.vault.keys == {}
    assert list(enrolled.directory.iterdir()) == []


def test_no_variant_is_missing_here():
    source = Path(__file__).read_text(encoding="utf-8")
    variants = [name for name, value in vars(GuidebookError).items() if isinstance(value, type)]
    assert len(variants) == 12
    assert [name for name in variants if f"pytest.raises(GuidebookError.{name})" not in source] == []
