internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import DocketTransport
internal import FoundationEssentials
internal import NIOPosix
internal import SwiftProtobuf

/// A connection to the process that holds a profile.
final class HolderVisit: Sendable {
    /// Why a visit came to nothing.
    enum Fault: Error {
        /// The holder has ended, or nobody listens yet.
        case gone
        /// The holder does not answer, or is of another version.
        case silent
    }

    /// How long the holder may take to answer.
    static let patience = Duration.seconds(5)

    private let socket: HolderSocket
    private let connection: ClientConnection

    private init(_ socket: HolderSocket, _ connection: ClientConnection) {
        self.socket = socket
        self.connection = connection
    }

    deinit { connection.close() }

    /// Connects to the holder of the profile in a folder.
    ///
    /// - Throws: `Fault.gone` where nobody listens, `.silent` where nobody answers.
    static func begin(in folder: String) async throws(Fault) -> HolderVisit {
        do {
            let socket = try HolderSocket(in: folder)
            var configuration = ClientConnection.Configuration(security: .none)
            configuration.token = HolderServer.token
            configuration.connectTime = patience
            configuration.software = DocketClient.software
            let connection = try await ClientConnection.connect(
                to: .unix(path: socket.path),
                configuration,
                resources: LoopResources(eventLoop: MultiThreadedEventLoopGroup.singleton.next())
            )
            return HolderVisit(socket, connection)
        } catch {
            throw .gone
        }
    }

    /// Ends the visit.
    func end() {
        connection.close()
    }

    /// Asks the holder something, which it answers at once or within a moment.
    func ask<Reply>(
        _ question: (HolderCaller, CallOptions) async throws(RPCError) -> Reply
    ) async throws(Fault) -> Reply {
        do throws(RPCError) {
            let options = CallOptions(timeout: Self.patience)
            return try await question(HolderCaller(channel: connection), options)
        } catch {
            switch error.reason {
            case .deadlineExceeded, .timeout, .sessionExpired, .methodUnknown, .invalidArgument:
                throw .silent
            default: throw .gone
            }
        }
    }

    /// Queues a command; when this returns, it is durable.
    ///
    /// - Returns: Why it is not kept; nil where it is.
    func queue(_ draft: CommandDraft) async throws(Fault) -> EnqueueError? {
        let call = Docket_Local_QueueCall.with {
            $0.id = Data(draft.id.bytes)
            $0.lane = draft.lane.name
            $0.kind = draft.kind.rawValue
            $0.call = Data(draft.call)
        }
        let reply = try await ask { (holder, options) async throws(RPCError) in
            try await holder.queue(call, options: options)
        }
        return try reply.hasFault ? Self.error(of: reply.fault) : nil
    }

    /// Keeps a read mark; when this returns, it is durable.
    ///
    /// - Returns: Why it is not kept; nil where it is.
    func mark(_ mark: ReadMark) async throws(Fault) -> EnqueueError? {
        let call = Docket_Local_MarkCall.with {
            $0.conversation = Data(mark.conversation.bytes)
            $0.upToOffset = mark.position
            $0.epoch = Data(mark.epoch ?? [])
        }
        let reply = try await ask { (holder, options) async throws(RPCError) in
            try await holder.mark(call, options: options)
        }
        return try reply.hasFault ? Self.error(of: reply.fault) : nil
    }

    /// How a command stands, after a moment if it is on its way.
    ///
    /// - Returns: The outcome; nil where the holder does not know the command.
    func follow(_ id: MessageID, for moment: Duration) async throws(Fault) -> SendOutcome? {
        let call = Docket_Local_FollowCall.with {
            $0.id = Data(id.bytes)
            $0.milliseconds = UInt32(clamping: Int64(moment / .milliseconds(1)))
        }
        let reply = try await ask { (holder, options) async throws(RPCError) in
            try await holder.follow(call, options: options)
        }
        let outcome: SendOutcome?
        do throws(DocketClientError) {
            outcome = try reply.outcome(of: id)
        } catch {
            throw .silent
        }
        // A holder that is ending waits for nothing more; the next one does.
        if case .queued(let trouble?) = outcome, trouble.code == .closed { throw .gone }
        return outcome
    }

    /// Lets a stopped command try again.
    ///
    /// - Returns: The id under which it is tried, nil where there is no such command; or why not.
    func retry(_ id: CommandID) async throws(Fault) -> Result<CommandID?, EnqueueError> {
        let reply = try await ask { (holder, options) async throws(RPCError) in
            try await holder.retry(.with { $0.id = Data(id.bytes) }, options: options)
        }
        if reply.hasFault { return .failure(try Self.error(of: reply.fault)) }
        return .success(CommandID(bytes: reply.id))
    }

    /// Takes a command out.
    ///
    /// - Returns: Whether there was such a command; or why it is still there.
    func discard(_ id: CommandID) async throws(Fault) -> Result<Bool, EnqueueError> {
        let reply = try await ask { (holder, options) async throws(RPCError) in
            try await holder.discard(.with { $0.id = Data(id.bytes) }, options: options)
        }
        if reply.hasFault { return .failure(try Self.error(of: reply.fault)) }
        return .success(reply.found)
    }

    /// What the holder's outbox says; a holder that is ending is gone.
    private static func error(of fault: Docket_Local_Fault) throws(Fault) -> EnqueueError {
        let error = EnqueueError(fault)
        if error == .closed { throw .gone }
        return error
    }
}
