/// A command that can be completed in a prompt.
public struct EditorCommand: Hashable, Sendable {
    /// The name with its slash, as it is typed.
    public let name: String

    /// The values that may follow the name; none if it takes none or any.
    public let arguments: [String]

    /// Creates a command.
    public init(_ name: String, arguments: [String] = []) {
        self.name = name
        self.arguments = arguments
    }
}

/// What Tab does to the beginning of a command.
enum CommandCompletion: Equatable {
    /// Nothing fits, or the draft is no command.
    case nothing
    /// What stands behind the cursor once the command is completed as far as it is clear.
    case insertion(String)
    /// Several values fit, and they differ right here.
    case candidates([String])

    /// Completes the text before the cursor.
    init(of text: String, with commands: [EditorCommand]) {
        guard text.hasPrefix("/"), !text.contains("\n") else {
            self = .nothing
            return
        }
        guard let space = text.firstIndex(of: " ") else {
            self.init(of: text, among: commands.map(\.name), ending: " ")
            return
        }
        let name = text[..<space]
        let arguments = commands.first { $0.name == name }?.arguments ?? []
        self.init(of: String(text[text.index(after: space)...]), among: arguments, ending: "")
    }

    private init(of beginning: String, among values: [String], ending: String) {
        let fitting = values.filter { $0.hasPrefix(beginning) }.sorted()
        guard let first = fitting.first else {
            self = .nothing
            return
        }
        let common = fitting.dropFirst().reduce(first[...]) { $0.commonPrefix(with: $1) }
        let known = common.dropFirst(beginning.count)
        if fitting.count == 1 {
            self = .insertion(known + ending)
        } else {
            self = known.isEmpty ? .candidates(fitting) : .insertion(String(known))
        }
    }
}

extension Substring {
    fileprivate func commonPrefix(with other: String) -> Substring {
        prefix(zip(self, other).prefix { $0 == $1 }.count)
    }
}
