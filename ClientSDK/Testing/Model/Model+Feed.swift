internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

extension Model {
    /// How far a subscription has come: the offset of the entry that was sent last.
    struct Subscription: Sendable {
        let principal: Principal
        fileprivate(set) var offset: UInt64
        fileprivate(set) var isLive = false
    }

    /// Begins a feed; throws `resync_required` where it cannot go on from a cursor.
    func subscribe(_ asked: Asked<Docket_V1_SubscribeCall>) throws(RPCError) -> Subscription {
        guard case .cursor(let cursor) = asked.call.start else {
            return Subscription(
                principal: asked.author,
                offset: asked.call.fromBeginning ? floor : head
            )
        }
        guard cursor.epoch.count == 8
        else { throw Self.refusal(.invalidArgument, "field", "cursor.epoch") }
        let refused = { Self.refusal(.resyncRequired, "cause", $0) }
        guard cursor.epoch == Self.bytes(of: epoch) else { throw refused("epoch_changed") }
        guard cursor.offset >= floor else { throw refused("below_floor") }
        guard cursor.offset <= head else { throw refused("above_head") }
        return Subscription(principal: asked.author, offset: cursor.offset)
    }

    /// What a feed sends now: the first marker, the events, the marker that all was sent.
    func next(of subscription: inout Subscription) throws(RPCError) -> [Docket_V1_FeedEntry] {
        var entries: [Docket_V1_FeedEntry] = []
        if !subscription.isLive {
            entries.append(mark(.feedStarted, at: subscription.offset, in: &subscription))
        }
        for entry in log where entry.offset > subscription.offset {
            guard let event = Self.view(of: entry, for: subscription.principal) else { continue }
            let bytes = try encoded(event)
            entries.append(
                .with {
                    $0.prev = subscription.offset
                    $0.offset = entry.offset
                    $0.event = Data(bytes)
                }
            )
            subscription.offset = entry.offset
        }
        if !subscription.isLive { entries.append(mark(.feedCaughtUp, at: head, in: &subscription)) }
        subscription.isLive = true
        return entries
    }

    /// What a feed sends when nothing has happened for a while.
    func heartbeat(of subscription: inout Subscription) -> Docket_V1_FeedEntry {
        mark(.feedHeartbeat, at: head, in: &subscription)
    }

    private func mark(
        _ marker: Docket_V1_FeedMarker,
        at offset: UInt64,
        in subscription: inout Subscription
    ) -> Docket_V1_FeedEntry {
        defer { subscription.offset = offset }
        return .with {
            $0.prev = subscription.offset
            $0.offset = offset
            $0.marker = marker
            $0.epoch = Self.bytes(of: epoch)
        }
    }

    /// A page of the caller's conversations, and the cursor from which the feed goes on.
    func snapshot(
        _ asked: Asked<Docket_V1_SnapshotCall>
    ) throws(RPCError) -> Docket_V1_SnapshotReply {
        let limit = try Self.pageLength(asked.call.limit)
        let page = asked.call.page
        guard page.isEmpty || page.count == 24 && page.prefix(8) == Self.bytes(of: epoch)
        else { throw Self.refusal(.invalidArgument, "field", "page") }
        let asOf = page.isEmpty ? head : Self.number(in: page.dropFirst(8).prefix(8))
        let wanted = conversations.values.sorted { $0.offset < $1.offset }.filter {
            Self.isVisible($0, to: asked.author) && $0.offset > Self.number(in: page.suffix(8))
        }
        return .with {
            $0.asOf.epoch = Self.bytes(of: epoch)
            $0.asOf.offset = asOf
            $0.conversations = wanted.prefix(limit).map { view(of: $0, for: asked.author) }
            if wanted.count > limit {
                let last = Self.bytes(of: wanted[limit - 1].offset)
                $0.nextPage = Self.bytes(of: epoch) + Self.bytes(of: asOf) + last
            }
        }
    }
}
