package import CoreMetrics
internal import Metrics
internal import Synchronization

/// Counts calls by method and code and records how long they took.
///
/// The metrics are `docket_calls_total{method,code}` and `docket_call_duration_seconds{method}`.
/// Both labels are bounded: methods by the method table, codes by the protocol.
package struct MetricsInterceptor: Interceptor {
    private let factory: any MetricsFactory

    /// An interceptor without calls so far, whose metrics are made by `factory`.
    package init(factory: any MetricsFactory = MetricsSystem.factory) {
        self.factory = factory
    }

    package func observer(of method: Method) -> (any CallObserver)? {
        MetricsObserver(method: method, factory: factory)
    }
}

private final class MetricsObserver: CallObserver {
    private let method: Method
    private let factory: any MetricsFactory
    private let timer: Timer
    private let counters = Mutex<[StatusCode: Counter]>([:])

    init(method: Method, factory: any MetricsFactory) {
        self.method = method
        self.factory = factory
        timer = Timer(
            label: "docket_call_duration_seconds",
            dimensions: [("method", method.name)],
            factory: factory
        )
    }

    func end(_ call: CallContext, error: RPCError?, duration: Duration) {
        let code = error?.code ?? .ok
        let counter = counters.withLock { counters in
            // Nothing is written once the counter exists, which is nearly always.
            if let counter = counters[code] { return counter }
            let counter = makeCounter(code)
            counters[code] = counter
            return counter
        }
        counter.increment()
        timer.record(duration: duration)
    }

    private func makeCounter(_ code: StatusCode) -> Counter {
        Counter(
            label: "docket_calls_total",
            dimensions: [("method", method.name), ("code", "\(code)")],
            factory: factory
        )
    }
}
