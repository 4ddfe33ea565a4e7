import DocketRPC
import DocketTestSupport
import Synchronization

/// A channel that damages the messages of every call.
final class DamagingChannel: CallChannel {
    private let channel: any CallChannel
    private let random: Mutex<SeededRandom>

    init(_ channel: any CallChannel, seed: UInt64) {
        self.channel = channel
        random = Mutex(SeededRandom(seed: seed))
    }

    func begin(
        _ method: Method,
        options: CallOptions,
        first: [UInt8]?,
        ends: Bool,
        receiver: any MessageReceiver
    ) -> any ClientCall {
        let call = channel.begin(
            method,
            options: options,
            first: first.map { bytes in random.withLock { $0.damaged(bytes) } },
            ends: ends,
            receiver: receiver
        )
        return first == nil ? DamagingCall(call: call, channel: self) : call
    }

    fileprivate func damaged(_ message: [UInt8]) -> [UInt8] {
        random.withLock { $0.damaged(message) }
    }
}

/// A call that damages what it sends.
private final class DamagingCall: ClientCall {
    private let call: any ClientCall
    private let channel: DamagingChannel

    init(call: any ClientCall, channel: DamagingChannel) {
        self.call = call
        self.channel = channel
    }

    func send(_ message: [UInt8]) async throws(RPCError) {
        try await call.send(channel.damaged(message))
    }

    func end() { call.end() }

    func cancel() { call.cancel() }

    func consumed(cost: Int) { call.consumed(cost: cost) }
}
