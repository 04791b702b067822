import Guidebook

/// The models' records where the core has one of the same name. This file does not see the core, whose type `Guidebook`
/// hides the module of that name elsewhere.
public enum Shown {
    public typealias BookState = Guidebook.BookState
    public typealias CouponCard = Guidebook.CouponCard
    public typealias CouponRefusal = Guidebook.CouponRefusal
    public typealias CouponRow = Guidebook.CouponRow
    public typealias EditKind = Guidebook.EditKind
    public typealias InvalidReason = Guidebook.InvalidReason
    public typealias ListRequest = Guidebook.ListRequest
    public typealias MemberPage = Guidebook.MemberPage
    public typealias MemberRow = Guidebook.MemberRow
    public typealias MonthSpend = Guidebook.MonthSpend
    public typealias QrModules = Guidebook.QrModules
    public typealias RevealReason = Guidebook.RevealReason
    public typealias Topic = Guidebook.Topic
}
