internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Synchronization

/// The outbox of a client, for the processes that visit its profile.
final class OutboxHolder: HolderService {
    /// The longest time that a visitor waits in one call.
    static let longestWait = Duration.seconds(2)
    /// How many messages of visitors are remembered beyond their verdict.
    ///
    /// Whoever asks about one that is forgotten queues it again, which finds the same verdict.
    private static let remembered = 1_024

    private struct Visited {
        var messages: [MessageID: PendingMessage] = [:]
        var order: [MessageID] = []
    }

    private let runner: OutboxRunner
    private let marks: ReadMarkRunner
    private let visited = Mutex(Visited())

    /// Serves a client's outbox and read marks.
    init(_ runner: OutboxRunner, _ marks: ReadMarkRunner) {
        self.runner = runner
        self.marks = marks
    }

    /// Queues a visitor's command.
    func queue(
        _ call: Docket_Local_QueueCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_Local_QueueReply {
        guard let kind = CommandKind(rawValue: call.kind), CommandKind.messages.contains(kind),
            call.lane.utf8.count <= 64
        else {
            throw RPCError(.invalidArgument, "a kind or lane that this version does not know")
        }
        let draft = CommandDraft(
            try id(call.id),
            in: Lane(name: call.lane),
            kind,
            call: Array(call.call)
        )
        do throws(EnqueueError) {
            remember(try await runner.queue(draft).command.message)
            return Docket_Local_QueueReply()
        } catch {
            return .with { $0.fault = Docket_Local_Fault(error) }
        }
    }

    /// Tells how a command stands, after a moment if it is on its way.
    func follow(
        _ call: Docket_Local_FollowCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_Local_FollowReply {
        let id = try id(call.id)
        let kinds = CommandKind.messages
        let known =
            visited.withLock { $0.messages[id] }
            ?? runner.pending(CommandID(id), of: kinds)?.message
        guard let known else { return Docket_Local_FollowReply() }
        let limit = min(.milliseconds(Int64(call.milliseconds)), Self.longestWait)
        return Docket_Local_FollowReply(await known.outcome(within: limit))
    }

    /// Lets a stopped command try again.
    func retry(
        _ call: Docket_Local_RetryCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_Local_RetryReply {
        let id = try id(call.id)
        do throws(EnqueueError) {
            let kinds = Set(CommandKind.allCases)
            guard let renewed = try await runner.retry(CommandID(id), of: kinds) else {
                return Docket_Local_RetryReply()
            }
            remember(renewed.message)
            return .with { $0.id = Data(renewed.id.bytes) }
        } catch {
            return .with { $0.fault = Docket_Local_Fault(error) }
        }
    }

    /// Takes a command out.
    func discard(
        _ call: Docket_Local_DiscardCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_Local_DiscardReply {
        let id = try id(call.id)
        do throws(EnqueueError) {
            let isFound = try await runner.takeBack(CommandID(id)) != .unknown
            return .with { $0.found = isFound }
        } catch {
            return .with { $0.fault = Docket_Local_Fault(error) }
        }
    }

    /// Keeps a visitor's read mark.
    func mark(
        _ call: Docket_Local_MarkCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_Local_MarkReply {
        guard let conversation = ConversationID(bytes: call.conversation),
            call.epoch.isEmpty || call.epoch.count == Cursor.epochLength
        else { throw RPCError(.invalidArgument, "not a conversation or an epoch") }
        let mark = ReadMark(
            conversation: conversation,
            position: call.upToOffset,
            epoch: call.epoch.isEmpty ? nil : Array(call.epoch)
        )
        do throws(EnqueueError) {
            try await marks.keep(mark)
            return Docket_Local_MarkReply()
        } catch {
            return .with { $0.fault = Docket_Local_Fault(error) }
        }
    }

    private func id(_ bytes: Data) throws(RPCError) -> MessageID {
        guard let id = MessageID(bytes: bytes) else {
            throw RPCError(.invalidArgument, "not an id")
        }
        return id
    }

    /// Holds on to a message, so that its verdict can be asked for later.
    private func remember(_ message: PendingMessage) {
        visited.withLock { visited in
            if visited.messages.updateValue(message, forKey: message.id) == nil {
                visited.order.append(message.id)
            }
            guard visited.order.count > Self.remembered else { return }
            visited.messages[visited.order.removeFirst()] = nil
        }
    }
}
