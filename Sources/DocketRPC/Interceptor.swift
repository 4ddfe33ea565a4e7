/// Has something to say about calls: whether they may pass, or how they ended.
package protocol Interceptor: Sendable {
    /// What looks at the calls of a method; nil where there is nothing to look at.
    ///
    /// Asked once for each method, when it is registered: a call pays for what concerns it alone,
    /// and finds it without looking anything up.
    func observer(of method: Method) -> (any CallObserver)?
}

/// Looks at every call of a method before its handler starts and after it has ended.
///
/// Observers run on the transport's executor, in the order in which the router has their
/// interceptors, and return promptly. They decide and count; they do not wait.
package protocol CallObserver: AnyObject, Sendable {
    /// Lets a call pass or throws why it may not.
    func begin(_ call: CallContext) throws(RPCError)
    /// Learns how a call ended and how long it took.
    ///
    /// Told once for every call, also for one that an observer refused.
    func end(_ call: CallContext, error: RPCError?, duration: Duration)
}

extension CallObserver {
    package func begin(_ call: CallContext) throws(RPCError) {}
    package func end(_ call: CallContext, error: RPCError?, duration: Duration) {}
}

/// Lets a call pass when the method table names its caller.
///
/// Before signing in the answer is `unauthenticated`. For a principal of the wrong kind it is
/// `not_found`, as for a thing that does not exist.
package struct AccessInterceptor: Interceptor {
    /// The rule has no settings: the method table is the rule.
    package init() {}

    package func observer(of method: Method) -> (any CallObserver)? {
        AccessObserver(callers: method.callers)
    }
}

private final class AccessObserver: CallObserver {
    private let callers: Callers

    init(callers: Callers) {
        self.callers = callers
    }

    func begin(_ call: CallContext) throws(RPCError) {
        let caller = call.caller
        guard !callers.allow(caller) else { return }
        guard caller != nil else {
            throw RPCError(.unauthenticated, "sign in first", isNotProcessed: true)
        }
        throw RPCError(.notFound, "there is no such method for this caller", isNotProcessed: true)
    }
}
