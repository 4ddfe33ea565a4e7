internal import Foundation
internal import Logging

/// Writes one JSON object a line, by a writer that never holds up whoever logs.
struct JSONLogHandler: LogHandler {
    let label: String
    let writer: LogWriter
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()

    init(label: String, writer: LogWriter = .standardError) {
        self.label = label
        self.writer = writer
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields: [String: String] = [:]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
            fields[key] = "\(value)"
        }
        fields["time"] = LogLine.time
        fields["level"] = event.level.rawValue
        fields["logger"] = label
        fields["message"] = "\(event.message)"
        if let line = LogLine.encode(fields) { writer.add(line) }
    }
}
