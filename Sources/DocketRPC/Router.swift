/// Finds the handler of a method by the hash that travels.
///
/// A router is put together at start and never changes afterwards.
package struct Router: Sendable {
    private var routes: [UInt32: Route] = [:]
    private let interceptors: [any Interceptor]
    private let fingerprint: Fingerprint?

    /// Tells the bytes of a method's message from all others.
    package typealias Fingerprint = @Sendable (Method, RawSpan) -> [UInt8]

    /// A router without methods.
    ///
    /// Every call passes the interceptors in their order. `fingerprint` is taken of every command's
    /// message as it was received, and kept in the call's context.
    package init(
        interceptors: [any Interceptor] = [AccessInterceptor()],
        fingerprint: Fingerprint? = nil
    ) {
        self.interceptors = interceptors
        self.fingerprint = fingerprint
    }

    /// What is to be taken of the message of a method.
    func fingerprint(of method: Method) -> Fingerprint? {
        method.isCommand ? fingerprint : nil
    }

    /// Adds a method.
    ///
    /// Two methods with one hash are a mistake of the build, so that traps.
    package mutating func register(_ method: any ServiceMethod) {
        let observers = interceptors.compactMap { $0.observer(of: method.method) }
        let route = Route(method, observers: observers)
        let earlier = routes.updateValue(route, forKey: method.method.hash)
        precondition(earlier == nil, "\(method.method.name) is registered twice")
    }

    /// The way of the calls that name a hash.
    package func route(hash: UInt32) -> Route? {
        routes[hash]
    }

    /// All methods, by name.
    package var table: [Method] {
        routes.values.map(\.method).sorted { $0.name < $1.name }
    }

    /// 8 bytes that change whenever a name in the table changes: 64-bit FNV-1a over the names in
    /// their order, each ended by a line feed.
    package var catalog: [UInt8] {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in table.flatMap({ Array($0.name.utf8) + [UInt8(ascii: "\n")] }) {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (56 - 8 * UInt64($0))) }
    }

    /// The refusal of a hash that no method has.
    package static func unknownMethod(hash: UInt32) -> RPCError {
        RPCError(
            .methodUnknown,
            "no method has the hash \(String(hash, radix: 16))"
        )
    }
}

/// The way of a method's calls: past what looks at them, to the handler.
package final class Route: Sendable {
    /// The method with its handler.
    package let service: any ServiceMethod
    /// What the method table says of it.
    package let method: Method
    private let observers: [any CallObserver]

    init(_ service: any ServiceMethod, observers: [any CallObserver]) {
        self.service = service
        method = service.method
        self.observers = observers
    }

    /// Lets a call pass the observers, or throws why it may not.
    package func begin(_ call: CallContext) throws(RPCError) {
        for observer in observers { try observer.begin(call) }
    }

    /// Tells the observers how a call ended.
    package func end(_ call: CallContext, error: RPCError?, duration: Duration) {
        for observer in observers { observer.end(call, error: error, duration: duration) }
    }
}
