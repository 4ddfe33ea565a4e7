internal import ArgumentParser
internal import DocketTransport

/// What every kind of load is told.
struct LoadOptions: ParsableArguments {
    @Option(help: "The credentials file that docketd serve --dev writes.")
    var credentials: String

    @Option(help: "Connections to open.")
    var connections = 8

    @Option(help: "Calls in flight on each connection.")
    var depth = 1

    @Option(help: "How long to measure.")
    var seconds = 5.0

    @Option(help: "Bytes in the body of each call.")
    var body = 100

    @Option(
        help: "Calls to begin in a second, in all. Without it each answer brings the next call."
    )
    var rate: Double?

    @Option(help: "The server's process, for its time and memory.")
    var serverPid: Int32?

    @Flag(help: "End with one JSON object.")
    var json = false

    func validate() throws {
        try Self.check(connections, in: 1...20_000, "--connections")
        try Self.check(depth, in: 1...10_000, "--depth")
        try Self.check(body, in: 0...65_536, "--body")
        guard seconds > 0, seconds <= 3_600 else {
            throw ValidationError("--seconds takes a number above 0 and up to 3600")
        }
        if let rate, rate <= 0 { throw ValidationError("--rate takes a number above 0") }
    }

    private static func check(_ value: Int, in range: ClosedRange<Int>, _ name: String) throws {
        guard range.contains(value) else {
            throw ValidationError("\(name) takes \(range.lowerBound) to \(range.upperBound)")
        }
    }

    /// The server's accounting, if its process was named.
    var accounting: ProcessAccounting? { serverPid.map(ProcessAccounting.init(identifier:)) }

    /// Connections and calls in flight on each, with more connections where one connection may not
    /// have so many streams.
    func shape(streamLimit: Int) -> (connections: Int, depth: Int) {
        guard depth > streamLimit else { return (connections, depth) }
        let perConnection = (depth + streamLimit - 1) / streamLimit
        return (connections * perConnection, (depth + perConnection - 1) / perConnection)
    }
}
