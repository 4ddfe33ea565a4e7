internal import DocketDomain
internal import DocketStore
internal import Synchronization

/// Wakes the subscriptions of one executor, such as an event loop, when their feeds have news.
///
/// However many subscriptions a commit concerns, the writer's thread makes one hop for each hub;
/// finding and waking them happens beyond that hop.
package final class FeedHub: Sendable {
    private let registrations = Mutex<[FeedInterest: [ObjectIdentifier: FeedRegistration]]>([:])
    private let execute: @Sendable (@escaping @Sendable () -> Void) -> Void

    init(execute: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void) {
        self.execute = execute
    }

    func add(_ registration: FeedRegistration) {
        registrations.withLock { all in
            all[registration.interest, default: [:]][ObjectIdentifier(registration)] =
                registration
        }
    }

    func remove(_ registration: FeedRegistration) {
        registrations.withLock { all in
            all[registration.interest]?[ObjectIdentifier(registration)] = nil
            if all[registration.interest]?.isEmpty == true { all[registration.interest] = nil }
        }
    }

    /// Wakes every subscription, so that it may send a heartbeat.
    package func wakeAll() {
        execute { [self] in
            let all = registrations.withLock { $0.values.flatMap(\.values) }
            for registration in all { registration.wake() }
        }
    }

    /// Wakes those whom a commit's entries concern.
    func publish(_ entries: [PublishedEntry]) {
        guard registrations.withLock({ !$0.isEmpty }) else { return }
        execute { [self] in
            for registration in concerned(by: entries) { registration.wake() }
        }
    }

    /// Passes a signal on to those whom it concerns, except its author.
    func pass(_ signal: PassingSignal) {
        guard registrations.withLock({ !$0.isEmpty }) else { return }
        execute { [self] in
            let interests: [FeedInterest] =
                signal.isInternal
                ? [.staff] : [.staff, .contact(signal.contact), .channel(signal.channel)]
            for registration in registrations(for: interests)
            where registration.principal != signal.author {
                registration.pass(signal.content)
            }
        }
    }

    private func concerned(by entries: [PublishedEntry]) -> [FeedRegistration] {
        var interests: Set<FeedInterest> = []
        if entries.contains(where: { $0.entry.audience != .audit }) { interests = [.staff] }
        for entry in entries where entry.entry.audience == .conversation {
            if let contact = entry.contact { interests.insert(.contact(contact)) }
            if let channel = entry.channel { interests.insert(.channel(channel)) }
            if let partner = entry.partner { interests.insert(.partner(partner)) }
        }
        return registrations(for: interests)
    }

    private func registrations(
        for interests: some Sequence<FeedInterest>
    ) -> [FeedRegistration] {
        registrations.withLock { all in
            interests.flatMap { all[$0].map { Array($0.values) } ?? [] }
        }
    }
}

/// All hubs of a desk.
final class FeedPublisher: Sendable {
    private let hubs = Mutex<[FeedHub]>([])
    let tail: Tail

    init(tail: Tail) { self.tail = tail }

    func add(_ hub: FeedHub) {
        hubs.withLock { $0.append(hub) }
    }

    /// Moves the head, then wakes everybody concerned.
    func publish(_ entries: [PublishedEntry]) {
        guard !entries.isEmpty else { return }
        tail.add(entries)
        for hub in hubs.withLock({ $0 }) { hub.publish(entries) }
    }

    /// Passes a signal on to everybody who listens.
    func pass(_ signal: PassingSignal) {
        for hub in hubs.withLock({ $0 }) { hub.pass(signal) }
    }
}
