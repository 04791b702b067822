import Guidebook
import SwiftUI

/// A choice among chips.
struct Chip: View {
    let title: String
    var selected = false
    var excluded = false
    let tap: @MainActor () -> Void

    var body: some View {
        Button(action: tap) {
            HStack(spacing: 4) {
                if selected { Image(systemName: "checkmark") }
                if excluded { Image(systemName: "minus.circle") }
                Text(title).lineLimit(2)
            }
            .font(.subheadline)
            .padding(.horizontal, 10)
            .frame(maxWidth: .infinity, minHeight: 44)
            .background(selected ? Look.jadeWash : Color.secondary.opacity(0.12), in: Capsule())
            .contentShape(Capsule())
        }
        .buttonStyle(.plain)
        .accessibilityAddTraits(selected ? .isSelected : [])
    }
}

/// A line that opens or does something.
struct RowButton: View {
    let title: String
    let symbol: String
    let tap: @MainActor () -> Void

    var body: some View {
        Button(action: tap) {
            Label(title, systemImage: symbol).rowTarget()
        }
    }
}

/// The one thing to do on a screen.
struct MainButton: View {
    let title: String
    let tap: @MainActor () -> Void

    var body: some View {
        Button(action: tap) {
            Text(title).font(.headline).frame(maxWidth: .infinity, minHeight: 44)
        }
        .buttonStyle(.borderedProminent)
    }
}

/// Why something was not done, in words chosen by what went wrong.
struct ProblemText: View {
    @Environment(\.words) private var words
    let problem: Problem?

    var body: some View {
        if let problem {
            Label(words.problem(problem), systemImage: "exclamationmark.triangle")
                .font(.subheadline)
                .foregroundStyle(.red)
        }
    }
}

/// What stands where nothing can be shown.
struct FailedView: View {
    @Environment(\.words) private var words
    let problem: Problem
    let tryAgain: @MainActor () -> Void

    var body: some View {
        ContentUnavailableView {
            Label(words.problem(problem), systemImage: "exclamationmark.triangle")
        } description: {
            EmptyView()
        } actions: {
            Button(action: tryAgain) { Text(words.retry).touchTarget() }
        }
    }
}

/// The bar of a sheet: away on the left, the deed on the right.
struct SheetBar<Content: View>: View {
    @Environment(\.words) private var words
    let title: String
    let close: @MainActor () -> Void
    let content: Content

    init(_ title: String, close: @escaping @MainActor () -> Void, @ViewBuilder content: () -> Content) {
        self.title = title
        self.close = close
        self.content = content()
    }

    var body: some View {
        VStack(alignment: .leading, spacing: 0) {
            HStack {
                Text(title).font(.headline).accessibilityAddTraits(.isHeader)
                Spacer()
                Button(action: close) { Text(words.close).touchTarget() }
            }
            .padding(.horizontal, 16)
            .padding(.top, 8)
            content
        }
    }
}

/// A sentence at the foot of the screen, with undo.
struct NoticeBar: View {
    @Environment(\.words) private var words
    let app: AppModel

    var body: some View {
        if let notice = app.notice {
            HStack {
                Text(notice.text).font(.subheadline)
                Spacer()
                if notice.edit != nil {
                    Button {
                        app.undo()
                    } label: {
                        Text(words.undo).fontWeight(.semibold).touchTarget()
                    }
                }
            }
            .padding(.horizontal, 16)
            .background(.regularMaterial, in: RoundedRectangle(cornerRadius: Look.corner))
            .padding(.horizontal, 12)
            .task(id: notice.id) {
                try? await Task.sleep(for: .seconds(8))
                if app.notice == notice { app.dismissNotice() }
            }
        }
    }
}

/// A name in which what was searched for stands out. Spans are counted in Unicode scalars.
struct MatchedText: View {
    let text: String
    let matches: [Match]

    var body: some View {
        var rest = Array(text.unicodeScalars)
        var drawn = Text(verbatim: "")
        var taken = 0
        for match in matches.sorted(by: { $0.start < $1.start }) where match.start >= taken {
            let before = min(match.start - taken, rest.count)
            drawn = drawn + Text(verbatim: Self.string(rest.prefix(before)))
            rest.removeFirst(before)
            let length = min(match.length, rest.count)
            drawn = drawn + Text(verbatim: Self.string(rest.prefix(length))).bold().foregroundStyle(Look.jade)
            rest.removeFirst(length)
            taken += before + length
        }
        return drawn + Text(verbatim: Self.string(rest[...]))
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}
