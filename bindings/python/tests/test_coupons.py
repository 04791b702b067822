"""A coupon across the bridge, against a real server: granted, given out without asking anybody, taken back, heard of at HQ."""

import shutil

import pytest
from conftest import Contract, Headquarters, Phone
from guidebook_core import (
    BookChange,
    CouponProblem,
    CouponStatus,
    CouponWorth,
    GuidebookError,
    InvalidReason,
    IssueRequest,
    KeyVaultError,
)


def row_of(phone: Phone, campaign: str):
    return next(row for row in phone.book.campaigns() if row.id == campaign)


def issue(phone: Phone, member: str, campaign: str):
    return phone.book.issue_coupon(IssueRequest(member=member, campaign=campaign, value=5_000))


def test_a_coupon_is_given_out_offline_taken_back_and_known_at_headquarters(
    phone: Phone, contract: Contract, headquarters: Headquarters
):
    headquarters.make_campaign("py-1", 30, least_spend_fen=30_000, per_member=2)
    phone.enrol()
    phone.sync()
    row = row_of(phone, "py-1")
    assert (row.values[0].left, row.values[0].worth, row.why_not) == (30, CouponWorth.AMOUNT(5_000), None)

    first = issue(phone, contract.member, "py-1")
    assert BookChange.COUPONS() in phone.observer.heard
    assert (len(first.code), len(first.voucher), first.qr.side, len(first.qr.modules)) == (19, 122, 37, 37 * 37)
    assert sum(first.bars) == 11 * 18 + 13
    phone.book.hand_over_coupon(first.row.id)
    second = issue(phone, contract.member, "py-1")
    assert second.code != first.code
    limit = CouponProblem.MEMBER_LIMIT(2)
    assert phone.book.check_coupon(contract.member, "py-1", 5_000) == limit
    with pytest.raises(GuidebookError.Invalid) as refused:
        issue(phone, contract.member, "py-1")
    assert refused.value.reason == InvalidReason.NOT_ISSUABLE(limit)
    phone.book.void_coupon(second.row.id)
    assert phone.book.check_coupon(contract.member, "py-1", 5_000) is None

    phone.sync()
    statuses = [row.status for row in phone.book.coupons(0, 50)]
    assert statuses == [CouponStatus.VOID(), CouponStatus.HANDED_OVER()]
    codes = headquarters.codes_of("py-1")
    assert (codes["issued"], codes["void"]) == (1, 1)
    assert [row.coupon for row in phone.book.member_coupons(contract.member) if row.campaign == "py-1"] != []


def test_a_book_that_is_put_back_gives_no_code_out_again(phone: Phone, contract: Contract, headquarters: Headquarters):
    headquarters.make_campaign("py-2", 20)
    phone.enrol()
    phone.sync()
    phone.book.lock()
    copy = phone.directory.with_name("copy")
    shutil.copytree(phone.directory, copy)
    phone.book.unlock()
    before = {issue(phone, contract.member, "py-2").code for _ in range(4)}
    phone.book.lock()
    shutil.rmtree(phone.directory)
    shutil.copytree(copy, phone.directory)
    phone.restart()
    phone.book.unlock()
    after = {issue(phone, contract.member, "py-2").code for _ in range(4)}
    assert len(before | after) == 8


def test_without_marks_nothing_is_given_out(phone: Phone, contract: Contract, headquarters: Headquarters):
    headquarters.make_campaign("py-3", 20)
    phone.enrol()
    phone.sync()
    issue(phone, contract.member, "py-3")
    phone.marks.broken = KeyVaultError.Unavailable()
    with pytest.raises(GuidebookError.StorageFault):
        issue(phone, contract.member, "py-3")
    phone.marks.broken = None
    assert row_of(phone, "py-3").values[0].left == 19
