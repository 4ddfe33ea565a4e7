package import DocketDomain
import DocketStore

/// Compares what a store holds with what its log alone gives.
package struct StoreInvariants {
    private let content: PlayContent
    private let model: PlayModel
    private let readers: [PrincipalID]
    private let now: Timestamp

    /// Takes what a store holds, what its log says, whose marks were looked at, and the moment.
    package init(
        content: PlayContent,
        model: PlayModel,
        readers: [PrincipalID],
        now: Timestamp
    ) {
        self.content = content
        self.model = model
        self.readers = readers
        self.now = now
    }

    /// Everything that differs.
    package func findings() -> [PlayFinding] {
        rebuilt() + chains() + membership() + places() + marks() + timers()
            + content.problems.map { PlayFinding("Store", $0) }
    }

    /// The state computed from the log alone equals the stored state.
    private func rebuilt() -> [PlayFinding] {
        var findings: [PlayFinding] = []
        if content.log != model.entries { findings.append(PlayFinding("I34 log", "it changed")) }
        for (stored, request) in zip(content.requests, model.requests) where stored != request {
            findings.append(
                PlayFinding("Rebuild", request: request.number, difference(stored, request))
            )
        }
        if content.requests.count != model.requests.count {
            findings.append(PlayFinding("Rebuild", "\(content.requests.count) requests"))
        }
        let situations = model.conversations.map { id in
            let conversation = model.conversation(id)
            return Situation(
                conversation: conversation,
                request: conversation?.newestRequest.flatMap(model.request)
            )
        }
        if content.situations != situations {
            findings.append(PlayFinding("Rebuild", "the conversations differ"))
        }
        if content.writersSituations != situations {
            findings.append(PlayFinding("Rebuild", "the writer remembers something else"))
        }
        if content.nextNumber != UInt64(model.order.count) + 1 {
            findings.append(PlayFinding("I1 numbers", "the next one is \(content.nextNumber)"))
        }
        return findings
    }

    private func difference(_ stored: SupportRequest, _ request: SupportRequest) -> String {
        "the store has \(stored.mark) \(stored.status) \(stored.details), "
            + "the log says \(request.mark) \(request.status) \(request.details)"
    }

    /// I16: the requests of a conversation are linked by number, past those that were merged.
    private func chains() -> [PlayFinding] {
        zip(content.requests, content.neighbours).compactMap { request, neighbours in
            let chain = model.requests.filter { other in
                other.conversation == request.conversation && other.details.isRouted
                    && other.category != .merged
            }
            let expected = [
                chain.last { $0.number < request.number }?.id,
                chain.first { $0.number > request.number }?.id,
            ]
            guard neighbours != expected else { return nil }
            return PlayFinding("I16 chain", request: request.number, "other neighbours")
        }
    }

    /// I11 and I12: the messages found in the log are those that the moves left.
    private func membership() -> [PlayFinding] {
        zip(content.requests, content.messages).compactMap { request, messages in
            let places = messages.map {
                PlayModel.Place(sequence: $0.sequence, message: $0.message.id)
            }
            guard places != model.messages[request.id] ?? [] else { return nil }
            return PlayFinding("I11 membership", request: request.number, "other messages")
        }
    }

    /// I11: whoever finds a message in the log is told the request that has it.
    private func places() -> [PlayFinding] {
        zip(content.requests, content.messages).compactMap { request, messages in
            let areRight = messages.allSatisfy { message in
                guard let place = content.movedMessages[message.entry.offset] else {
                    return Event(encoded: message.entry.event)?.request?.id == request.id
                }
                let own = MessagePlace(request: request.reference, sequence: message.sequence)
                return place == own
            }
            return areRight
                ? nil : PlayFinding("I11 membership", request: request.number, "lost messages")
        }
    }

    private func marks() -> [PlayFinding] {
        let expected = model.conversations.flatMap { conversation in
            readers.map { reader in
                model.marks[PlayModel.Reader(principal: reader, conversation: conversation)]
            }
        }
        let isSame = content.marks.elementsEqual(expected) { mark, situation in
            mark?.upTo == situation?.readUpTo && mark?.receivedUpTo == situation?.receivedUpTo
        }
        return isSame ? [] : [PlayFinding("Rebuild", "the marks differ")]
    }

    // MARK: Timers

    private func timers() -> [PlayFinding] {
        var findings: [PlayFinding] = []
        for request in model.requests {
            let own = content.timers.filter { $0.request == request.id }
            let byKind = Dictionary(grouping: own, by: \.kind)
            findings += wakes(request, byKind[.wake]?.first)
            findings += inactivity(request, byKind[.inactivity]?.first)
            findings += elapsing(request, byKind[.elapse]?.first)
        }
        return findings
    }

    private func wakes(_ request: SupportRequest, _ timer: TimerRecord?) -> [PlayFinding] {
        timer.map { $0.due + $0.setBack } == request.details.wakeAt
            ? [] : [PlayFinding("Timer", request: request.number, "it wakes at another time")]
    }

    private func inactivity(_ request: SupportRequest, _ timer: TimerRecord?) -> [PlayFinding] {
        let due = request.inactivityDue(under: model.policy)
        let isRight =
            (timer == nil) == (due == nil)
            && (timer == nil || timer?.version == request.session?.ordinal)
            && (timer.flatMap { timer in due.map { timer.due <= $0 } } ?? true)
        return isRight
            ? [] : [PlayFinding("Timer", request: request.number, "its silence is not watched")]
    }

    private func elapsing(_ request: SupportRequest, _ timer: TimerRecord?) -> [PlayFinding] {
        guard let next = request.elapseDue(under: model.policy, after: now) else { return [] }
        guard let timer, timer.due <= next,
            timer.version == request.statusSince.milliseconds
        else {
            return [PlayFinding("Timer", request: request.number, "its status never elapses")]
        }
        return []
    }
}
