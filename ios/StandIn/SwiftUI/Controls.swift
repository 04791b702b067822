public struct Text: Leaf, Equatable {
    private struct Run: Equatable {
        var text: String
        var strong = false
    }

    private var runs: [Run]

    @_disfavoredOverload
    public init<S: StringProtocol>(_ text: S) { runs = [Run(text: String(text))] }
    public init(verbatim text: String) { runs = [Run(text: text)] }

    public func bold() -> Text {
        var strong = self
        for index in strong.runs.indices { strong.runs[index].strong = true }
        return strong
    }
    public func monospacedDigit() -> Text { self }
    public func foregroundStyle<S: ShapeStyle>(_ style: S) -> Text { self }

    public static func + (one: Text, other: Text) -> Text {
        var sum = one
        sum.runs += other.runs
        return sum
    }

    public func _outline(_ place: Place) -> [OutlineNode] {
        var node = OutlineNode(.text, runs.map(\.text).joined())
        if runs.contains(where: \.strong) { node.marked = runs.map { $0.strong ? "«\($0.text)»" : $0.text }.joined() }
        return node.label.isEmpty ? [] : [node]
    }
}

/// A symbol: for the eye, unless it has an accessibility label.
public struct Image: Leaf {
    let name: String
    public init(systemName: String) { name = systemName }
    public func _outline(_ place: Place) -> [OutlineNode] { [OutlineNode(.image)] }
}

public struct Label<Title: View, Icon: View>: Leaf {
    let title: Title
    public init(@ViewBuilder title: () -> Title, @ViewBuilder icon: () -> Icon) { self.title = title() }
    public func _outline(_ place: Place) -> [OutlineNode] { title._outline(place) }
}

extension Label where Title == Text, Icon == Image {
    @_disfavoredOverload
    public init<S: StringProtocol>(_ title: S, systemImage: String) {
        self.init(title: { Text(title) }, icon: { Image(systemName: systemImage) })
    }
}

public struct Spacer: Leaf {
    public init(minLength: CGFloat? = nil) {}
    public func _outline(_ place: Place) -> [OutlineNode] { [] }
}

public struct Divider: Leaf {
    public init() {}
    public func _outline(_ place: Place) -> [OutlineNode] { [] }
}

public struct ProgressView<Label: View>: Leaf {
    let label: Label
    public func _outline(_ place: Place) -> [OutlineNode] {
        [OutlineNode(.progress, label._outline(place).map(\.spoken).joined())]
    }
}

extension ProgressView where Label == Text {
    @_disfavoredOverload
    public init<S: StringProtocol>(_ title: S) { label = Text(title) }
}

public struct ButtonRole: Sendable, Equatable {
    let name: String
    public static let destructive = ButtonRole(name: "destructive"), cancel = ButtonRole(name: "cancel")
}

public struct Button<Label: View>: Leaf {
    let label: Label
    let action: @MainActor () -> Void

    public init(action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Label) {
        self.action = action
        self.label = label()
    }
    public init(role: ButtonRole?, action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Label) {
        self.init(action: action, label: label)
    }

    public func _outline(_ place: Place) -> [OutlineNode] {
        let inside = label._outline(place)
        var node = OutlineNode(.button, inside.map(\.spoken).filter { !$0.isEmpty }.joined(separator: "，"))
        let said = inside.filter { !$0.label.isEmpty }
        node.children = said.count > 1 || said.contains { $0.marked != nil } ? said : []
        node.height = inside.compactMap(\.height).max()
        node.tap = action
        return [node]
    }
}

extension Button where Label == Text {
    @_disfavoredOverload
    public init<S: StringProtocol>(_ title: S, role: ButtonRole? = nil, action: @escaping @MainActor () -> Void) {
        self.init(action: action) { Text(title) }
    }
}

extension Button where Label == SwiftUI.Label<Text, Image> {
    @_disfavoredOverload
    public init<S: StringProtocol>(_ title: S, systemImage: String, action: @escaping @MainActor () -> Void) {
        self.init(action: action) { SwiftUI.Label(title, systemImage: systemImage) }
    }
}

public struct Toggle<Label: View>: Leaf {
    let isOn: Binding<Bool>
    let label: Label

    public init(isOn: Binding<Bool>, @ViewBuilder label: () -> Label) {
        self.isOn = isOn
        self.label = label()
    }

    public func _outline(_ place: Place) -> [OutlineNode] {
        var node = OutlineNode(.toggle, label._outline(place).map(\.spoken).joined(separator: "，"))
        node.value = isOn.wrappedValue ? "on" : "off"
        node.tap = { isOn.wrappedValue.toggle() }
        return [node]
    }
}

extension Toggle where Label == Text {
    @_disfavoredOverload
    public init<S: StringProtocol>(_ title: S, isOn: Binding<Bool>) { self.init(isOn: isOn) { Text(title) } }
}

public struct TextField<Label: View>: Leaf {
    let label: Label
    let text: Binding<String>

    public func _outline(_ place: Place) -> [OutlineNode] {
        var node = OutlineNode(.field, label._outline(place).map(\.spoken).joined())
        node.value = text.wrappedValue
        node.type = { text.wrappedValue = $0 }
        return [node]
    }
}

extension TextField where Label == Text {
    @_disfavoredOverload
    public init<S: StringProtocol>(_ title: S, text: Binding<String>) { self.init(label: Text(title), text: text) }
    @_disfavoredOverload
    public init<S: StringProtocol>(_ title: S, text: Binding<String>, axis: Axis) {
        self.init(label: Text(title), text: text)
    }
}

/// One of several; the outline has every option as something to tap.
public struct Picker<Label: View, Selection: Hashable, Content: View>: Leaf {
    let label: Label
    let selection: Binding<Selection>
    let content: Content

    public func _outline(_ place: Place) -> [OutlineNode] {
        let options = content._outline(place).map { option in
            var option = option
            let tag = option.tag
            option.role = .option
            option.tag = nil
            option.selected = tag == AnyHashable(selection.wrappedValue)
            option.tap = { if let chosen = tag?.base as? Selection { selection.wrappedValue = chosen } }
            return option
        }
        return [OutlineNode(.choice, label._outline(place).map(\.spoken).joined(), children: options)]
    }
}

extension Picker where Label == Text {
    @_disfavoredOverload
    public init<S: StringProtocol>(_ title: S, selection: Binding<Selection>, @ViewBuilder content: () -> Content) {
        self.init(label: Text(title), selection: selection, content: content())
    }
}

public struct Menu<Label: View, Content: View>: Leaf {
    let content: Content
    let label: Label

    public init(@ViewBuilder content: () -> Content, @ViewBuilder label: () -> Label) {
        self.content = content()
        self.label = label()
    }

    public func _outline(_ place: Place) -> [OutlineNode] {
        let name = label._outline(place.under("label")).map(\.spoken).joined()
        return [OutlineNode(.menu, name, children: content._outline(place))]
    }
}

public struct DatePickerComponents: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let date = DatePickerComponents(rawValue: 1)
}

public struct DatePicker<Label: View>: Leaf {
    let label: Label
    let selection: Binding<Date>

    public func _outline(_ place: Place) -> [OutlineNode] {
        var node = OutlineNode(.field, label._outline(place).map(\.spoken).joined())
        let day = Calendar.current.dateComponents([.year, .month, .day], from: selection.wrappedValue)
        node.value = "\(day.year ?? 0)-\(day.month ?? 0)-\(day.day ?? 0)"
        node.type = { typed in
            let parts = typed.split(separator: "-").compactMap { Int($0) }
            let parsed = DateComponents(year: parts.first, month: parts.dropFirst().first, day: parts.last, hour: 12)
            if let date = Calendar.current.date(from: parsed) { selection.wrappedValue = date }
        }
        return [node]
    }
}

extension DatePicker where Label == Text {
    @_disfavoredOverload
    public init<S: StringProtocol>(
        _ title: S, selection: Binding<Date>, in range: PartialRangeFrom<Date>, displayedComponents: DatePickerComponents
    ) {
        self.init(label: Text(title), selection: selection)
    }
}

public struct ContentUnavailableView<Label: View, Description: View, Actions: View>: Leaf {
    let label: Label
    let description: Description
    let actions: Actions

    public init(
        @ViewBuilder label: () -> Label, @ViewBuilder description: () -> Description, @ViewBuilder actions: () -> Actions
    ) {
        self.label = label()
        self.description = description()
        self.actions = actions()
    }

    public func _outline(_ place: Place) -> [OutlineNode] {
        let title = OutlineNode(.heading, label._outline(place.under("label")).map(\.spoken).joined())
        let rest = description._outline(place.under("description")) + actions._outline(place.under("actions"))
        return [OutlineNode(.group, children: [title] + rest)]
    }
}
