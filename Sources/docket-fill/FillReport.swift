internal import DocketTerminal
internal import Foundation

/// What was made, and what it took.
struct FillReport {
    var requests = 0
    var messages = 0
    var notes = 0
    var contacts = 0
    var textBytes = 0
    var writing = Duration.zero
    var indexing = Duration.zero
    var bytes = 0

    private var values: [(name: String, value: Double)] {
        let messages = Double(max(1, messages))
        return [
            ("requests", Double(requests)), ("messages", Double(self.messages)),
            ("notes", Double(notes)), ("contacts", Double(contacts)),
            ("text_bytes_per_message", Double(textBytes) / messages),
            ("writing_seconds", writing / .seconds(1)),
            ("indexing_seconds", indexing / .seconds(1)),
            ("messages_per_second", messages / max(writing / .seconds(1), 1e-9)),
            ("store_bytes", Double(bytes)), ("store_bytes_per_message", Double(bytes) / messages),
        ]
    }

    /// Writes the report for people or for programs.
    func write(
        asJSON isJSON: Bool,
        to output: OutputWriter = .standard
    ) throws(OutputError) {
        if isJSON {
            let fields = values.map { "\"\($0.name)\":\(Self.number($0.value))" }
            try output.write("{\(fields.joined(separator: ","))}\n")
        } else {
            for (name, value) in values {
                let column = name.padding(toLength: 30, withPad: " ", startingAt: 0)
                try output.write("\(column) \(Self.number(value))\n")
            }
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.2f", value)
    }
}
