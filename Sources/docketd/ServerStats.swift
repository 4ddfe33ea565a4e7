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
            ("uptime_seconds", (began.duration(to: .now) / .seconds(1)).rounded(.down)),
            ("log_head_offset", Double(desk.position.head)),
            ("log_floor_offset", Double(desk.position.floor)),
            ("sessions_in_memory", Double(desk.unwrittenSessionCount)),
        ]
        if let resident = Self.residentBytes { values.append(("resident_bytes", resident)) }
        let counts = transport.withLock { $0 }?.counts ?? [:]
        values += counts.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
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

/// Counts calls by method, and failures by code.
final class CountingInterceptor: Interceptor {
    private let methods = Mutex<[MethodCount]>([])
    private let errors = ErrorCounts()

    func observer(of method: Method) -> (any CallObserver)? {
        let count = MethodCount(method: method.name, errors: errors)
        methods.withLock { $0.append(count) }
        return count
    }

    /// The counts of what has happened at least once, by name.
    var values: [(name: String, value: Double)] {
        let calls = methods.withLock { methods in
            methods.map { ("calls_total{method=\"\($0.method)\"}", $0.count) }
        }
        return calls.filter { $0.1 > 0 } + errors.values
    }
}

/// Counts the calls of one method.
private final class MethodCount: CallObserver {
    let method: String
    private let calls = Atomic(0)
    private let errors: ErrorCounts

    init(method: String, errors: ErrorCounts) {
        self.method = method
        self.errors = errors
    }

    var count: Double { Double(calls.load(ordering: .relaxed)) }

    func end(_ call: CallContext, error: RPCError?, duration: Duration) {
        calls.wrappingAdd(1, ordering: .relaxed)
        if let error { errors.add(error.code) }
    }
}

/// Counts failures of all methods.
private final class ErrorCounts: Sendable {
    private let counts = Mutex<[StatusCode: Double]>([:])

    func add(_ code: StatusCode) {
        counts.withLock { $0[code, default: 0] += 1 }
    }

    var values: [(name: String, value: Double)] {
        counts.withLock { $0.map { ("errors_total{code=\"\($0.key)\"}", $0.value) } }
    }
}
