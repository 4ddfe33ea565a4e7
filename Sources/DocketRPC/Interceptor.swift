/// Looks at every call before its handler starts and after it has ended.
///
/// Interceptors run on the transport's executor, in the order in which the router has them, and
/// return promptly. They decide and count; they do not wait.
package protocol Interceptor: AnyObject, Sendable {
    /// Lets a call pass or throws why it may not.
    func begin(_ call: CallContext) throws(RPCError)
    /// Learns how a call ended and how long it took.
    ///
    /// Told once for every call of a known method, also for one that an interceptor refused.
    func end(_ call: CallContext, error: RPCError?, duration: Duration)
}

extension Interceptor {
    package func begin(_ call: CallContext) throws(RPCError) {}
    package func end(_ call: CallContext, error: RPCError?, duration: Duration) {}
}

/// Lets a call pass when the method table names its caller.
///
/// Before signing in the answer is `unauthenticated`. For a principal of the wrong kind it is
/// `not_found`, as for a thing that does not exist.
package final class AccessInterceptor: Interceptor {
    /// The rule has no settings: the method table is the rule.
    package init() {}

    package func begin(_ call: CallContext) throws(RPCError) {
        let identity = call.connection.identity
        guard !call.method.callers.allow(identity?.caller) else { return }
        guard identity != nil else {
            throw RPCError(.unauthenticated, "sign in first", isNotProcessed: true)
        }
        throw RPCError(.notFound, "there is no such method for this caller", isNotProcessed: true)
    }
}
