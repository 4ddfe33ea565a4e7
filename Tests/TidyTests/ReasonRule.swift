/// Where the compiler is told to look away, a comment says why that is sound.
enum ReasonRule {
    private static let marks = ["@unchecked Sendable", "nonisolated(unsafe)", "@preconcurrency"]

    /// What a reason speaks of: who may touch the state, and when.
    private static let subjects = [
        "sendable", "thread", "lock", "loop", "confined", "immutable", "never change",
        "never written",
        "concurren", "isolat", "executor", "atomic", "once", "signal",
    ]

    /// Reports marks without a reason in the comment right above them.
    static func unexplained(in file: TextFile) -> [Finding] {
        guard file.kind == .swift, !file.isGenerated else { return [] }
        return file.code.enumerated().flatMap { index, line in
            marks.filter(line.contains).compactMap { mark in
                let comment = comment(above: index, in: file).lowercased()
                if subjects.contains(where: comment.contains) { return nil }
                return file.finding(
                    at: index,
                    "say right above \(mark) why it is sound: which thread, loop or lock guards "
                        + "the state, or why it never changes"
                )
            }
        }
    }

    /// The comment right above a declaration; attributes and the first lines of the declaration
    /// may stand between.
    private static func comment(above index: Int, in file: TextFile) -> String {
        var words: [String] = []
        var line = index - 1
        while line >= 0, !file.code[line].trimmed.isEmpty, !endsDeclaration(file.code[line]) {
            line -= 1
        }
        while line >= 0, file.code[line].trimmed.isEmpty, !file.comments[line].trimmed.isEmpty {
            words.insert(file.comments[line].trimmed, at: 0)
            line -= 1
        }
        return words.joined(separator: " ")
    }

    private static func endsDeclaration(_ line: String) -> Bool {
        let line = line.trimmed
        return line.hasSuffix("}") || line.hasSuffix("{") || line.hasPrefix("import ")
    }
}
