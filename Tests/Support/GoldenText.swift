import Foundation
package import Testing

/// Compares a text with the one that stands under review beside the tests.
///
/// With `DOCKET_UPDATE_GOLDEN=1` in the environment the file is written anew instead.
package struct GoldenText {
    /// The variable that asks for the files to be written anew.
    package static let environmentName = "DOCKET_UPDATE_GOLDEN"

    private let file: URL

    /// The file `name` in the folder `Golden` beside the test's source.
    package init(_ name: String, beside source: String = #filePath) {
        file = URL(filePath: source).deletingLastPathComponent()
            .appending(path: "Golden").appending(path: name)
    }

    /// Records a failure with every line that differs.
    package func expect(
        _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        if ProcessInfo.processInfo.environment[Self.environmentName] == "1" {
            try Data(text.utf8).write(to: file)
            return
        }
        let stored = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        guard stored != text else { return }
        let difference = Self.difference(from: stored, to: text)
        Issue.record(
            """
            \(file.lastPathComponent) differs; \(Self.environmentName)=1 writes it anew
            \(difference)
            """,
            sourceLocation: sourceLocation
        )
    }

    private static func difference(from old: String, to new: String) -> String {
        let (old, new) = (old.components(separatedBy: "\n"), new.components(separatedBy: "\n"))
        let changes = new.difference(from: old)
        let removed = changes.removals.map { change in
            guard case .remove(let line, let text, _) = change else { return "" }
            return "- \(line + 1): \(text)"
        }
        let inserted = changes.insertions.map { change in
            guard case .insert(let line, let text, _) = change else { return "" }
            return "+ \(line + 1): \(text)"
        }
        return (removed + inserted).joined(separator: "\n")
    }
}
