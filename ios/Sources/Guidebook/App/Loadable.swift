/// What a screen shows of the book.
public enum Loadable<Content: Equatable & Sendable>: Equatable, Sendable {
    case loading
    case failed(Problem)
    case shown(Content)

    public var content: Content? {
        if case .shown(let content) = self { content } else { nil }
    }
}
