internal import Foundation
internal import Logging

/// Writes one JSON object a line to stderr.
///
/// Control characters are escaped by the encoding, so nothing that a peer sends can begin a line
/// or move a terminal's cursor. Values are cut at `maximumValue`.
struct JSONLogHandler: LogHandler {
    /// The longest value, in characters.
    static let maximumValue = 1_024

    let label: String
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()

    init(label: String) {
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields: [String: String] = [:]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
            fields[key] = String("\(value)".prefix(Self.maximumValue))
        }
        fields["time"] = Date().formatted(.iso8601.time(includingFractionalSeconds: true))
        fields["level"] = event.level.rawValue
        fields["logger"] = label
        fields["message"] = String("\(event.message)".prefix(Self.maximumValue))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var line = try? encoder.encode(fields) else { return }
        line.append(UInt8(ascii: "\n"))
        FileHandle.standardError.write(line)
    }
}
