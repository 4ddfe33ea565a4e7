package import SwiftProtobuf

/// The reply that is still owed to a call, whose handler does not wait for what it is made of.
///
/// It has to be settled exactly once; the call is open until then, whether its caller still waits
/// or not.
package struct OwedReply<Reply: SwiftProtobuf.Message & Sendable>: Sendable {
    private let call: any ServerCall

    /// The reply to a call.
    init(to call: any ServerCall) { self.call = call }

    /// Has the reply made where the call's handlers run, and ends the call with it, or with the
    /// error that making it throws.
    ///
    /// It may be called on any thread, and returns at once.
    package func settle(_ make: @escaping @Sendable () throws(RPCError) -> Reply) {
        let settle: @Sendable () -> Void = { [call] in
            do throws(RPCError) {
                call.finish(reply: try encoded(try make()))
                call.handlerReturned()
            } catch {
                call.refuse(error)
            }
        }
        if let executor = call.executor { executor.execute(settle) } else { Task { settle() } }
    }
}
