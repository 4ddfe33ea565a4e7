package import CoreMetrics
internal import Metrics
internal import Synchronization

/// Counts calls by method and code and records how long they took.
///
/// The metrics are `docket_calls_total{method,code}` and `docket_call_duration_seconds{method}`.
/// Both labels are bounded: methods by the method table, codes by the protocol.
package final class MetricsInterceptor: Interceptor {
    private struct MethodMetrics {
        var counters: [StatusCode: Counter] = [:]
        var timer: Timer
    }

    private let factory: any MetricsFactory
    private let metrics = Mutex<[UInt32: MethodMetrics]>([:])

    /// An interceptor without calls so far, whose metrics are made by `factory`.
    package init(factory: any MetricsFactory = MetricsSystem.factory) {
        self.factory = factory
    }

    package func end(_ call: CallContext, error: RPCError?, duration: Duration) {
        let code = error?.code ?? .ok
        let (counter, timer) = metrics.withLock { metrics -> (Counter, Timer?) in
            // Nothing is written once both exist, which is nearly always.
            if let method = metrics[call.method.hash], let counter = method.counters[code] {
                return (counter, method.timer)
            }
            let counter = makeCounter(call.method, code)
            metrics[call.method.hash, default: make(call.method)].counters[code] = counter
            return (counter, metrics[call.method.hash]?.timer)
        }
        counter.increment()
        timer?.record(duration: duration)
    }

    private func make(_ method: Method) -> MethodMetrics {
        MethodMetrics(
            timer: Timer(
                label: "docket_call_duration_seconds",
                dimensions: [("method", method.name)],
                factory: factory
            )
        )
    }

    private func makeCounter(_ method: Method, _ code: StatusCode) -> Counter {
        Counter(
            label: "docket_calls_total",
            dimensions: [("method", method.name), ("code", "\(code)")],
            factory: factory
        )
    }
}
