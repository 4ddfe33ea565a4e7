package import DocketDomain
package import DocketStore

/// Everything that a store holds of conversations and requests.
package struct PlayContent: Hashable, Sendable {
    /// The log.
    package private(set) var log: [LogEntry] = []
    /// The conversations with their newest requests.
    package private(set) var situations: [Situation] = []
    /// The same as the writer knows them.
    package private(set) var writersSituations: [Situation] = []
    /// The requests, by number.
    package private(set) var requests: [SupportRequest] = []
    /// The neighbours of each request.
    package private(set) var neighbours: [[RequestID?]] = []
    /// The messages of each request.
    package private(set) var messages: [[StoredMessage]] = []
    /// Where the messages stand that were moved, by their offsets.
    package private(set) var movedMessages: [UInt64: MessagePlace] = [:]
    /// The marks of everybody in every conversation.
    package private(set) var marks: [ReadMark?] = []
    /// The number that the next request gets.
    package private(set) var nextNumber: UInt64 = 0
    /// The timers that wait, the earliest first.
    package private(set) var timers: [TimerRecord] = []
    /// What contradicts itself.
    package private(set) var problems: [String] = []

    /// Reads a store, and leaves it as it is.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - readers: Whose marks are read.
    ///   - checks: Whether the store is to look for contradictions too, which takes a while.
    /// - Throws: Why the store cannot be read.
    package init(
        _ store: any Store,
        readers: [PrincipalID],
        checks: Bool = true
    ) throws(StoreError) {
        self = try store.read { reading throws(StoreError) in
            try PlayContent(reading, readers: readers)
        }
        if checks { problems = try store.check() }
        var writers: [Situation] = []
        var waiting: [TimerRecord] = []
        let conversations = situations.compactMap(\.conversation?.id)
        do throws(StoreError) {
            try store.transact { transaction throws(StoreError) in
                for conversation in conversations {
                    writers.append(try transaction.situation(of: conversation))
                }
                while let timer = try transaction.nextTimer() {
                    waiting.append(timer)
                    try transaction.removeTimer(of: timer.request, kind: timer.kind)
                }
                // The timers are taken out one after the other to be seen, and stay.
                throw .unsupported
            }
        } catch {
            guard error == .unsupported else { throw error }
        }
        writersSituations = writers
        timers = waiting
    }

    private init(_ reading: any StoreReading, readers: [PrincipalID]) throws(StoreError) {
        log = try reading.entries(after: 0, limit: .max)
        situations = try reading.conversations(.all, after: 0, limit: .max).map(\.situation)
        requests = try reading.requests(
            RequestFilter(
                categories: StatusCategory.allCases,
                ownership: .any,
                afterNumber: 0,
                limit: .max
            )
        ).requests
        for request in requests {
            let (previous, next) = try reading.neighbours(of: request)
            neighbours.append([previous?.id, next?.id])
            let own = try reading.messages(of: request, lookingAt: .max) ?? []
            messages.append(own)
            for offset in own.map(\.entry.offset) {
                movedMessages[offset] = try reading.place(ofMovedMessage: offset)
            }
        }
        for conversation in situations.compactMap(\.conversation?.id) {
            for reader in readers {
                marks.append(try reading.readMark(of: reader, in: conversation))
            }
        }
        nextNumber = try reading.nextRequestNumber()
    }
}
