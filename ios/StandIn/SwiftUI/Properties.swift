/// A way to read and write a value that lies elsewhere.
@propertyWrapper @dynamicMemberLookup
public struct Binding<Value> {
    let get: () -> Value
    let set: (Value) -> Void

    public init(get: @escaping () -> Value, set: @escaping (Value) -> Void) {
        self.get = get
        self.set = set
    }

    public var wrappedValue: Value {
        get { get() }
        nonmutating set { set(newValue) }
    }
    public var projectedValue: Binding<Value> { self }

    public subscript<T>(dynamicMember path: WritableKeyPath<Value, T>) -> Binding<T> {
        Binding<T>(
            get: { get()[keyPath: path] },
            set: {
                var value = get()
                value[keyPath: path] = $0
                set(value)
            })
    }
}

final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}

final class Link<Value> {
    var box: Box<Value>
    init(_ value: Value) { box = Box(value) }

    var binding: Binding<Value> {
        let box = box
        return Binding(get: { box.value }, set: { box.value = $0 })
    }
}

@propertyWrapper
public struct State<Value>: Connected {
    private let link: Link<Value>

    public init(wrappedValue: Value) { link = Link(wrappedValue) }
    public init(initialValue: Value) { link = Link(initialValue) }

    public var wrappedValue: Value {
        get { link.box.value }
        nonmutating set { link.box.value = newValue }
    }
    public var projectedValue: Binding<Value> { link.binding }

    func connect(to place: Place) {
        let first = link.box
        link.box = place.host.box(place.path) { first }
    }
}

/// Where the keyboard writes.
@propertyWrapper
public struct FocusState<Value: Hashable>: Connected {
    private let link: Link<Value>

    public init() where Value == Bool { link = Link(false) }

    public var wrappedValue: Value {
        get { link.box.value }
        nonmutating set { link.box.value = newValue }
    }
    public var projectedValue: Binding { Binding(link: link) }

    public struct Binding {
        let link: Link<Value>
    }

    func connect(to place: Place) {
        let first = link.box
        link.box = place.host.box(place.path) { first }
    }
}

/// Bindings to the properties of an observed object.
@propertyWrapper @dynamicMemberLookup
public struct Bindable<Value: AnyObject & Observable> {
    public var wrappedValue: Value
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
    public init(_ value: Value) { wrappedValue = value }
    public var projectedValue: Bindable<Value> { self }

    public subscript<T>(dynamicMember path: ReferenceWritableKeyPath<Value, T>) -> Binding<T> {
        let object = wrappedValue
        return Binding(get: { object[keyPath: path] }, set: { object[keyPath: path] = $0 })
    }
}

public enum UserInterfaceSizeClass: Sendable { case compact, regular }

public protocol EnvironmentKey {
    associatedtype Value
    static var defaultValue: Value { get }
}

public struct EnvironmentValues {
    private var values: [ObjectIdentifier: Any] = [:]
    public var horizontalSizeClass: UserInterfaceSizeClass?

    public init() {}

    public subscript<K: EnvironmentKey>(key: K.Type) -> K.Value {
        get { values[ObjectIdentifier(key)] as? K.Value ?? K.defaultValue }
        set { values[ObjectIdentifier(key)] = newValue }
    }
}

@propertyWrapper
public struct Environment<Value>: Connected {
    private let link = Link(EnvironmentValues())
    private let path: KeyPath<EnvironmentValues, Value>

    public init(_ path: KeyPath<EnvironmentValues, Value>) { self.path = path }

    public var wrappedValue: Value { link.box.value[keyPath: path] }

    func connect(to place: Place) { link.box.value = place.environment }
}

extension View {
    public func environment<V>(_ path: WritableKeyPath<EnvironmentValues, V>, _ value: V) -> some View {
        Modified(
            content: self,
            place: { outer in
                var here = outer
                here.environment[keyPath: path] = value
                return here
            })
    }

    public func focused(_ binding: FocusState<Bool>.Binding) -> some View {
        each { $0.focused = binding.link.box.value }
    }

    public func onAppear(perform action: (() -> Void)? = nil) -> some View {
        Modified(
            content: self, place: { $0.under("appear") },
            change: { _, place in
                if let action { place.host.appears(place, action) }
            })
    }

    /// Compiled; an outline never goes away by itself.
    public func onDisappear(perform action: (() -> Void)? = nil) -> some View { self }

    /// Compiled; the stand-in runs none, for they are about time.
    public func task<I: Equatable>(id: I, _ action: @escaping @MainActor @Sendable () async -> Void) -> some View { self }
    public func refreshable(action: @escaping @MainActor @Sendable () async -> Void) -> some View { self }
}
