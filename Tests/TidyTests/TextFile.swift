/// One text file of the repository, in the forms in which the rules look at it.
struct TextFile: Sendable {
    /// What a file is written in.
    enum Kind: Sendable {
        case swift
        case c
        case python
        case shell
        case markdown
        case other
    }

    /// The path, relative to the root of the repository.
    let path: String
    /// What the file is written in.
    let kind: Kind
    /// The whole text.
    let text: String
    /// The lines, without their ends.
    let lines: [String]
    /// The lines of code: without comments and without what literals say, in Swift and in C.
    let code: [String]
    /// The lines of comments, in Swift and in C.
    let comments: [String]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        kind = Self.kind(of: path, firstLine: lines.first ?? "")
        switch kind {
        case .swift: (code, comments) = SourceScanner.split(text, .swift)
        case .c: (code, comments) = SourceScanner.split(text, .c)
        case .python, .shell, .markdown, .other: (code, comments) = (lines, lines)
        }
    }

    /// Whether a program made the file: those say so in their first lines.
    var isGenerated: Bool {
        lines.prefix(5).contains { $0.lowercased().contains("do not edit") }
    }

    /// Whether others wrote the file, and it is kept as they left it.
    var isForeign: Bool {
        lies(in: "Examples/dialogues", "Tests/ChannelBridgeTests/Samples")
    }

    /// Whether the file is a program that somebody wrote.
    var isHandWrittenCode: Bool {
        switch kind {
        case .swift, .c, .python, .shell: !isGenerated
        case .markdown, .other: false
        }
    }

    /// The name without its folders and its ending.
    var stem: String {
        let name = path.split(separator: "/").last ?? ""
        return String(name.prefix { $0 != "." })
    }

    /// The folder that the file lies in.
    var folder: String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// Whether the file lies in one of these folders.
    func lies(in folders: String...) -> Bool {
        folders.contains { path.hasPrefix($0 + "/") }
    }

    /// Names a place in the file; `index` counts lines from 0.
    func finding(at index: Int, _ advice: String) -> Finding {
        Finding(path: path, line: index + 1, advice: advice)
    }

    private static func kind(of path: String, firstLine: String) -> Kind {
        let name = path.split(separator: "/").last ?? ""
        switch name.split(separator: ".").last ?? "" {
        case "swift": return .swift
        case "c", "h": return .c
        case "py": return .python
        case "sh": return .shell
        case "md": return .markdown
        default: return firstLine.hasPrefix("#!") && firstLine.hasSuffix("sh") ? .shell : .other
        }
    }
}
