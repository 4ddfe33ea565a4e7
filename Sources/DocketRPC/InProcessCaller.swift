/// The client's end of a call within the process.
final class InProcessCaller: ClientCall {
    private let call: InProcessCall

    init(call: InProcessCall) {
        self.call = call
    }

    func send(_ message: [UInt8]) async throws(RPCError) {
        try await call.send(message, .toServer)
    }

    func end() {
        call.end()
    }

    func cancel() {
        call.cancel()
    }

    func consumed(cost: Int) {
        call.consumed(cost: cost, .toClient)
    }
}
