internal import DocketCalls
package import DocketDesk
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import SwiftProtobuf
internal import Synchronization

/// Serves `Health`: what the desk can do, and whether the server is going away.
package final class HealthHandler: HealthService {
    private let desk: Desk
    private let draining = Mutex(false)

    /// Tells about a desk.
    package init(desk: Desk) {
        self.desk = desk
    }

    /// The server is going away: from now on it says so.
    package func drain() {
        draining.withLock { $0 = true }
    }

    package func check(
        _ call: Docket_V1_HealthCheckCall,
        context: CallContext
    ) throws(RPCError) -> Docket_V1_HealthCheckReply {
        var reply = Docket_V1_HealthCheckReply()
        switch desk.condition {
        case .serving:
            reply.state = draining.withLock { $0 } ? .draining : .serving
        case .readOnly(let error):
            reply.state = .readOnly
            reply.reason =
                error == .locked
                ? "another process holds the store's files" : "the disk is full"
        case .stopped(let reason):
            reply.state = .draining
            reply.reason = reason
        }
        return reply
    }
}
