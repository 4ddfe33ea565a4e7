/// Finds the handler of a method by the hash that travels.
///
/// A router is put together at start and never changes afterwards.
package struct Router: Sendable {
    private var methods: [UInt32: any ServiceMethod] = [:]
    private let interceptors: [any Interceptor]

    /// A router without methods.
    ///
    /// Every call passes the interceptors in their order.
    package init(interceptors: [any Interceptor] = [AccessInterceptor()]) {
        self.interceptors = interceptors
    }

    /// Adds a method.
    ///
    /// Two methods with one hash are a mistake of the build, so that traps.
    package mutating func register(_ method: any ServiceMethod) {
        let earlier = methods.updateValue(method, forKey: method.method.hash)
        precondition(earlier == nil, "\(method.method.name) is registered twice")
    }

    /// The method that a hash names.
    package func method(hash: UInt32) -> (any ServiceMethod)? {
        methods[hash]
    }

    /// All methods, by name.
    package var table: [Method] {
        methods.values.map(\.method).sorted { $0.name < $1.name }
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

    /// Lets a call pass the interceptors, or throws why it may not.
    package func begin(_ call: CallContext) throws(RPCError) {
        for interceptor in interceptors { try interceptor.begin(call) }
    }

    /// Tells the interceptors how a call ended.
    package func end(_ call: CallContext, error: RPCError?, duration: Duration) {
        for interceptor in interceptors { interceptor.end(call, error: error, duration: duration) }
    }

    /// The refusal of a hash that no method has.
    package static func unknownMethod(hash: UInt32) -> RPCError {
        RPCError(
            .methodUnknown,
            "no method has the hash \(String(hash, radix: 16))",
            isNotProcessed: true
        )
    }
}
