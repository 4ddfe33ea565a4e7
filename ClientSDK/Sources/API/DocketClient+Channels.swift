internal import DocketCalls
internal import DocketMessages
internal import DocketRPC

extension DocketClient {
    /// The channels that the contact, the integration or the partner who is signed in may open, in
    /// the order of the desk's policy.
    ///
    /// Agents get none: they read the policy.
    ///
    /// - Returns: The channels.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func channels() async throws(DocketClientError) -> [ReachableChannel] {
        let reply = try await self.call { (channel, options) async throws(RPCError) in
            try await SessionsCaller(channel: channel).describe(
                Docket_V1_DescribeCall(),
                options: options
            )
        }
        return reply.channels.map(ReachableChannel.init)
    }
}

extension ReachableChannel {
    fileprivate init(_ channel: Docket_V1_ReachableChannel) {
        key = channel.key
        name = channel.name
        opens = RequestKind(channel.opens)
        requiresTitle = channel.requiresTitle
    }
}
