internal import DocketTerminal
internal import Foundation

/// What a load has measured.
struct LoadReport {
    /// The name of the rate, such as `calls_per_second`.
    var rateName = "calls_per_second"
    /// What was done.
    var count: UInt64 = 0
    /// What went wrong.
    ///
    /// Never part of `count`.
    var errors: UInt64 = 0
    /// The first of the errors.
    var firstError: String?
    /// How long it took.
    var elapsed: Duration = .zero
    /// How long each took.
    var latency = LatencyHistogram()
    /// The server's processor time.
    var serverTime: Duration?
    /// The server's memory for each connection, in bytes.
    var serverBytesPerConnection: Double?
    /// Further values by name.
    var extra: [String: Double] = [:]

    private var values: [(name: String, value: Double)] {
        let seconds = max(elapsed / .seconds(1), 1e-9)
        var values: [(String, Double)] = [(rateName, Double(count) / seconds)]
        if latency.count > 0 {
            values += [
                ("p50_us", latency.quantile(0.5)), ("p90_us", latency.quantile(0.9)),
                ("p99_us", latency.quantile(0.99)), ("p999_us", latency.quantile(0.999)),
            ]
        }
        values.append(("errors", Double(errors)))
        if let serverTime, count > 0 {
            values.append(("server_cpu_us_per_call", serverTime / .microseconds(1) / Double(count)))
        }
        if let serverBytesPerConnection {
            values.append(("server_bytes_per_connection", serverBytesPerConnection))
        }
        return values + extra.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Writes the report for people or for programs.
    func write(
        asJSON isJSON: Bool,
        to output: OutputWriter = .standard,
        errors: OutputWriter = .standardError
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
        if let firstError { try errors.writeLine("first error: \(firstError)") }
    }

    private static func number(_ value: Double) -> String {
        value >= 1_000 || value == value.rounded()
            ? String(format: "%.0f", value) : String(format: "%.3f", value)
    }
}

extension LoadReport {
    /// Adds what another part of the same load has measured.
    mutating func add(_ other: LoadReport) {
        count += other.count
        errors += other.errors
        firstError = firstError ?? other.firstError
        latency.add(other.latency)
        extra.merge(other.extra, uniquingKeysWith: +)
    }
}
