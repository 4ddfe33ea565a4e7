internal import ArgumentParser
internal import FoundationEssentials

/// The long names of the options that a command has.
struct OptionNames {
    /// What the library tells of a command, as far as it is used here.
    private struct Description: Decodable {
        struct Command: Decodable { let arguments: [Argument]? }
        struct Argument: Decodable { let names: [Name]? }
        struct Name: Decodable {
            let kind: String
            let name: String
        }
        let command: Command
    }

    /// Edits by which a mistyped name differs from the one that is meant, at most.
    private static let mostEdits = 3

    private let names: [String]

    /// The names of a command's options, without their dashes; nil where the library does not tell.
    init?(of command: any ParsableCommand.Type) {
        let text = Data(command._dumpHelp().utf8)
        guard let description = try? JSONDecoder().decode(Description.self, from: text) else {
            return nil
        }
        let arguments = description.command.arguments ?? []
        names = arguments.flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(\.name)
    }

    /// Whether the command has an option, or the library has it for every command.
    func contains(_ name: String) -> Bool {
        // A flag that is on may be turned off by its name behind a "no".
        let plain = name.hasPrefix("no-") ? String(name.dropFirst(3)) : name
        return names.contains(name) || names.contains(plain) || Self.common.contains(name)
    }

    private static let common = [
        "help", "help-hidden", "generate-completion-script", "experimental-dump-help",
    ]

    /// The name that is most like another, where one is.
    func nearest(to name: String) -> String? {
        let counted = names.map { (name: $0, edits: Self.edits(from: name, to: $0)) }
        let best = counted.min { ($0.edits, $0.name) < ($1.edits, $1.name) }
        guard let best, best.edits <= Self.mostEdits, best.edits < best.name.count else {
            return nil
        }
        return best.name
    }

    /// How many letters to put in, take out or replace.
    private static func edits(from first: String, to second: String) -> Int {
        let letters = Array(second)
        var row = Array(0...letters.count)
        for (count, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = count + 1
            for index in letters.indices {
                let replaced = diagonal + (letter == letters[index] ? 0 : 1)
                diagonal = row[index + 1]
                row[index + 1] = min(replaced, diagonal + 1, row[index] + 1)
            }
        }
        return row[letters.count]
    }
}
