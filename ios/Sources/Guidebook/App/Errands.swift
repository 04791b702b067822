/// What is under way on behalf of the screens: a tap begins an errand and is done. Tests wait until all are.
@MainActor
public final class Errands {
    private var running: [Int: Task<Void, Never>] = [:]
    private var begun = 0

    public init() {}

    public func run(_ work: @escaping @MainActor () async -> Void) {
        begun += 1
        let number = begun
        running[number] = Task {
            await work()
            running[number] = nil
        }
    }

    public var isIdle: Bool { running.isEmpty }

    /// Returns when nothing is under way, whatever was begun meanwhile included.
    public func settle() async {
        while let (number, task) = running.first {
            await task.value
            running[number] = nil
        }
    }
}
