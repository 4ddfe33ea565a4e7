/// A message that is kept in a profile until the server has given its verdict.
public struct SharedMessage: Sendable {
    /// How long a process waits in one step, so that it notices that a holder has ended.
    private static let step = Duration.seconds(2)

    /// The message's id.
    public let id: MessageID
    let draft: CommandDraft
    /// The message in this process's own outbox, if it was the holder when it was sent.
    let pending: PendingMessage?
    let client: SharedClient

    /// Waits for the server's verdict, or until the message cannot move by itself.
    ///
    /// It outlives the process that sends: whoever waits while that one ends, waits for the next.
    ///
    /// - Parameter limit: How long to wait. The message is sent all the same when the time is over.
    /// - Returns: What became of the message so far.
    public func outcome(within limit: Duration) async -> SendOutcome {
        let deadline = ContinuousClock.now + limit
        var pending = pending
        while !Task.isCancelled {
            let rest = deadline - .now
            let standing: SendOutcome
            do throws(DocketClientError) {
                let moment = max(.zero, min(rest, Self.step))
                standing = try await self.standing(&pending, within: moment)
            } catch {
                return .queued(because: error)
            }
            guard case .queued(let trouble) = standing, rest > .zero, !Self.isLasting(trouble)
            else { return standing }
        }
        return .queued(because: DocketClientError(.cancelled, "the caller gave up"))
    }

    /// Whether waiting is of no use.
    private static func isLasting(_ trouble: DocketClientError?) -> Bool {
        switch trouble?.code {
        case .needsLogin, .otherPrincipal, .incompatible, .storage, .closed: true
        default: false
        }
    }

    /// How the message stands after a moment, wherever its outbox is now.
    ///
    /// Where nobody remembers it, it is queued again: it has left with a holder that has ended, and
    /// the server repeats its verdict on the same bytes.
    private func standing(
        _ pending: inout PendingMessage?,
        within moment: Duration
    ) async throws(DocketClientError) -> SendOutcome {
        guard case .visitor(let visit) = try await client.seat.role() else {
            if pending == nil { pending = try await queueAgain() }
            return await pending?.outcome(within: moment) ?? .queued(because: nil)
        }
        do throws(HolderVisit.Fault) {
            if let outcome = try await visit.follow(id, for: moment) { return outcome }
        } catch {
            await client.seat.lost(visit)
            guard error == .gone else { throw DocketClientError(client.busy) }
            return .queued(because: nil)
        }
        pending = try await queueAgain()
        return .queued(because: nil)
    }

    private func queueAgain() async throws(DocketClientError) -> PendingMessage? {
        do throws(EnqueueError) {
            return try await client.keep(draft)
        } catch {
            throw DocketClientError(error)
        }
    }
}
