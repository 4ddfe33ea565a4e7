internal import DocketDesk
internal import DocketRPC
internal import DocketStore
internal import DocketTransport
internal import Foundation
internal import Synchronization

/// The server's counters since it started, and its state.
final class ServerStats: Sendable {
    /// The transport, once it listens.
    let transport = Mutex<TransportServer?>(nil)
    /// Counts the calls.
    let interceptor = CountingInterceptor()
    private let desk: Desk
    private let began = ContinuousClock.now

    init(desk: Desk) {
        self.desk = desk
    }

    /// All values by name.
    func values() async -> [(name: String, value: Double)] {
        var values: [(name: String, value: Double)] = [
            ("uptime_seconds", began.duration(to: .now) / .seconds(1)),
            ("connections", Double(transport.withLock { $0?.connectionCount ?? 0 })),
            ("log_head_offset", Double(desk.position.head)),
            ("log_floor_offset", Double(desk.position.floor)),
        ]
        if let resident = Self.residentBytes { values.append(("resident_bytes", resident)) }
        return values + interceptor.values
    }

    private static var residentBytes: Double? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
            return nil
        }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Double(fields[1]) else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// Counts calls by how they ended.
final class CountingInterceptor: Interceptor {
    private struct Counts {
        var calls: [UInt32: (name: String, count: Double)] = [:]
        var errors: [StatusCode: Double] = [:]
    }

    private let counts = Mutex(Counts())

    func end(_ call: CallContext, error: RPCError?, duration: Duration) {
        counts.withLock { counts in
            counts.calls[call.method.hash, default: (call.method.name, 0)].count += 1
            if let error { counts.errors[error.code, default: 0] += 1 }
        }
    }

    /// All counts by name.
    var values: [(name: String, value: Double)] {
        counts.withLock { counts in
            counts.calls.values.map { ("calls_total{method=\"\($0.name)\"}", $0.count) }
                + counts.errors.map { ("errors_total{code=\"\($0.key)\"}", $0.value) }
        }
    }
}
