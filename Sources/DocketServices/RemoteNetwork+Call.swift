internal import DocketCrypto
internal import DocketRPC

extension RemoteNetwork {
    /// The network of whoever makes a call.
    init(of context: CallContext) {
        self.init(address: context.connection.remoteAddress)
    }
}
