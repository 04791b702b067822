"""A phone, headquarters and the server's word about the sample store, for the contract tests."""

import asyncio
import itertools
import json
import os
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from guidebook_core import (
    BookChange,
    BookObserver,
    EnrolRequest,
    Guidebook,
    KeyVault,
    MarkVault,
    OpenRequest,
)

NUMBERS = itertools.count(13912340001)


class Contract:
    """What `with-server.sh` says of the server and of the sample store in it."""

    def __init__(self) -> None:
        said = json.loads(os.environ["GUIDEBOOK_CONTRACT"])
        self.server: str = said["server"]
        self.hq_key: str = said["hq_key"]
        self.guide: str = said["guide"]
        self.members: int = said["members"]
        self.member: str = said["member"]["id"]
        self.member_name: str = said["member"]["name"]
        self.member_phone: str = said["member"]["phone"]
        self.tag: str = said["tag"]
        self.hq_only_tag: str = said["hq_only_tag"]
        self.codes: Iterator[str] = iter(said["codes"])


class Headquarters:
    """Headquarters, by its HTTP interface."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def rename_tag(self, tag: str, name: str) -> None:
        self._send("PATCH", f"/hq/v1/tags/{tag}", {"name": name})

    def revoke(self, device: str) -> None:
        self._send("POST", f"/hq/v1/devices/{device}/revoke", {})

    def members_of(self, guide: str) -> set[str]:
        """The ids of the members whom a guide serves."""
        return {line["member"] for line in self._members() if guide in line["guides"]}

    def notes_of(self, member: str) -> list[str]:
        """The ids of the notes that HQ holds on a member."""
        (found,) = (line for line in self._members() if line["member"] == member)
        return [note["id"] for note in found["notes"]]

    def reveals_of(self, member: str, device: str) -> list[str]:
        """The reasons for which a member's number was shown on a device, by HQ's change feed."""
        hers = (c for c in self._changes() if (c["kind"], c["member"], c["device"]) == ("reveal", member, device))
        return [c["detail"]["edit"]["reveal"]["reason"] for c in hers]

    def make_campaign(self, campaign: str, codes: int, **more) -> None:
        """A campaign of coupons of ¥50, as many as `codes`."""
        face, validity = {"amount": {"fen": 5_000}}, {"from_issue": {"days": 30}}
        request = {"id": campaign, "name": "双11满减", "face": face, "validity": validity, "budget": {"codes": codes}}
        self._send("POST", "/hq/v1/campaigns", request | more)

    def codes_of(self, campaign: str) -> dict[str, int]:
        """Where the codes of a campaign are."""
        return json.loads(self._send("GET", f"/hq/v1/campaigns/{campaign}"))["codes"]

    def _changes(self) -> Iterator[dict]:
        page = {"after": 0, "more": True}
        while page["more"]:
            page = json.loads(self._send("GET", f"/hq/v1/changes?after={page['after']}&limit=1000"))
            yield from page["changes"]

    def _members(self) -> Iterator[dict]:
        return map(json.loads, self._send("GET", "/hq/v1/members").splitlines())

    def _send(self, method: str, path: str, body: dict | None = None) -> str:
        headers = {
            "Authorization": f"Bearer {self.contract.hq_key}",
            "Content-Type": "application/json",
            "Accept": "application/json, application/x-ndjson",
        }
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.contract.server + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()


class MemoryVault(KeyVault):
    """A key store that forgets with the process, and can be broken."""

    def __init__(self, keys: dict[str, bytes] | None = None) -> None:
        self.keys = keys or {}
        self.broken: Exception | None = None

    def load(self, book: str) -> bytes | None:
        self._work()
        return self.keys.get(book)

    def save(self, book: str, key: bytes) -> None:
        self._work()
        self.keys[book] = key

    def erase(self, book: str) -> None:
        self._work()
        self.keys.pop(book, None)

    def _work(self) -> None:
        if self.broken:
            raise self.broken


class MemoryMarks(MarkVault):
    """Marks that outlive the book, and can be broken."""

    def __init__(self) -> None:
        self.marks: dict[str, dict[str, int]] = {}
        self.broken: Exception | None = None

    def load(self, book: str) -> dict[str, int]:
        self._work()
        return dict(self.marks.get(book, {}))

    def raise_to(self, book: str, name: str, mark: int) -> bool:
        self._work()
        marks = self.marks.setdefault(book, {})
        if marks.get(name, -1) >= mark:
            return False
        marks[name] = mark
        return True

    def erase(self, book: str) -> None:
        self._work()
        self.marks.pop(book, None)

    def _work(self) -> None:
        if self.broken:
            raise self.broken


class RecordingObserver(BookObserver):
    def __init__(self) -> None:
        self.heard: list[BookChange] = []
        self._told = threading.Semaphore(0)

    def changed(self, change: BookChange) -> None:
        self.heard.append(change)
        self._told.release()

    def until(self, seen: Callable[[], bool]) -> bool:
        """Waits until something is so, looking again whenever something was heard; whether it came in time."""
        deadline = time.monotonic() + 30
        while not seen():
            if not self._told.acquire(timeout=max(0, deadline - time.monotonic())):
                return False
        return True


class Phone:
    """A phone: a folder and a key store, which outlive the book that is open."""

    def __init__(self, directory: Path, contract: Contract) -> None:
        self.directory = directory
        self.contract = contract
        self.vault = MemoryVault()
        self.marks = MemoryMarks()
        self.observer = RecordingObserver()
        self.restart()

    def restart(self) -> None:
        """Lets go of the book without locking it, and begins again from what lies in the folder."""
        self.book = None
        self.book = Guidebook.open(OpenRequest(directory=str(self.directory)), self.vault, None, self.marks)
        self.book.observe(self.observer)

    def enrol(self) -> None:
        request = EnrolRequest(server=self.contract.server, code=next(self.contract.codes), device_name="Python")
        self.guide = asyncio.run(self.book.enrol(request))

    def sync(self):
        return asyncio.run(self.book.sync_now())


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract()


@pytest.fixture(scope="session")
def headquarters(contract: Contract) -> Headquarters:
    return Headquarters(contract)


@pytest.fixture
def phone(tmp_path: Path, contract: Contract) -> Phone:
    """A phone with nothing on it."""
    return Phone(tmp_path / "book", contract)


@pytest.fixture
def enrolled(phone: Phone) -> Phone:
    """A phone of the contract's guide, synced."""
    phone.enrol()
    phone.sync()
    return phone


@pytest.fixture
def fresh_number() -> str:
    """A mobile number that nobody has."""
    return str(next(NUMBERS))
