import DocketClient
import Synchronization
import Testing

@testable import DocketClient
@testable import docket_ticket_push

@Suite("Tickets are pushed until each has a verdict")
struct PusherTests {
    private let failing = Refusal(reason: "unavailable", message: "", particulars: "")
    private let wrong = Refusal(reason: "invalid_value", message: "", particulars: "topic")

    private func ticket(_ key: String) -> TicketDraft {
        TicketDraft(key, of: "7", named: "Ada", channel: "api", text: "Hi")
    }

    private func pushed(_ number: UInt64 = 1) -> PushedTicket {
        PushedTicket(requestID: RequestID(), number: number, offset: 1, wasKnown: false)
    }

    private func words<Desk>(_ outcomes: [Pusher<Desk>.Outcome]) -> [String] {
        outcomes.map {
            switch $0 {
            case .pushed: "pushed"
            case .refused(let refusal): "refused \(refusal.reason)"
            case .unsettled(let refusal): "unsettled \(refusal.reason)"
            }
        }
    }

    @Test("What the server fails at is pushed again, and nothing else")
    func again() async throws {
        let (failing, wrong, there) = (failing, wrong, pushed())
        let desk = FakeDesk { ticket, attempt in
            switch ticket.externalKey {
            case "late" where attempt < 3: .refused(failing, mayBeRepeated: true)
            case "wrong": .refused(wrong, mayBeRepeated: false)
            default: .pushed(there)
            }
        }
        let pauses = Mutex<[Duration]>([])
        let pusher = Pusher(to: desk) { pause in pauses.withLock { $0.append(pause) } }
        let outcomes = try await pusher.push(["a", "late", "wrong"].map(ticket))
        #expect(words(outcomes) == ["pushed", "pushed", "refused invalid_value"])
        #expect(desk.calls == [["a", "late", "wrong"], ["late"], ["late"]])
        #expect(pauses.withLock(\.self) == [.seconds(1), .seconds(2)])
    }

    @Test("A server that goes on failing ends the attempts, and the ticket may be there")
    func unsettled() async throws {
        let failing = failing
        let desk = FakeDesk { _, _ in .refused(failing, mayBeRepeated: true) }
        let outcomes = try await Pusher(to: desk) { _ in }.push([ticket("a")])
        #expect(words(outcomes) == ["unsettled unavailable"])
        #expect(desk.calls.count == Pusher<FakeDesk>.mostAttempts)
    }

    private func candidate(_ size: Int) -> Candidate {
        let row = Row(
            line: 1,
            lastLine: 1,
            bytes: Array(repeating: 0x78, count: size),
            content: .success([:])
        )
        return Candidate(row: row, ticket: ticket("a"))
    }

    @Test("A call has at most 100 tickets, and no more bytes than a server takes")
    func batches() {
        var batch = Batch()
        var sizes = (0..<101).map { _ in batch.add(candidate(10)).count }
        #expect(sizes == Array(repeating: 0, count: 100) + [100])
        let rest = batch.take().count
        #expect(rest == 1 && batch.isEmpty)
        sizes = [Row.longest, 1, Batch.mostBytes].map { batch.add(candidate($0)).count }
        #expect(sizes == [0, 1, 1])
    }

    @Test("What is followed is told once for each change, until nothing more can come")
    func following() {
        var following = Following()
        #expect(following.isOver)
        let (first, second) = (pushed(1), pushed(2))
        following.add(first, key: "a")
        following.add(second, key: "b")
        following.add(first, key: "a")
        let news = [
            following.note(first.requestID, version: 1, .new),
            following.note(first.requestID, version: 1, .new),
            following.note(RequestID(), version: 1, .new),
            following.note(first.requestID, version: 4, .closed),
            following.note(first.requestID, version: 2, .open),
        ]
        #expect(news.map(\.?.key) == ["a", nil, nil, "a", nil])
        #expect(!following.isOver)
        let merged = following.note(second.requestID, version: 1, .merged)
        #expect(merged?.number == 2 && following.isOver)
        let reopened = following.note(second.requestID, version: 2, .open)
        #expect(reopened != nil)
        #expect(!following.isOver && !following.isFull)
    }

    @Test("No more tickets are followed than fit, and that is told")
    func full() {
        var following = Following()
        for number in 0...UInt64(Following.mostTickets) {
            following.add(RequestID(), number: number, key: "")
        }
        #expect(following.isFull)
    }

    @Test("A check tells a key that is used twice with different contents, and no other")
    func duplicates() {
        var watch = DuplicateWatch()
        let rows = [("a", "x"), ("a", "x"), ("a", "y"), ("b", "y")]
        let found = rows.map { watch.isReused($0, for: ["text": .text($1)]) }
        #expect(found == [false, false, true, false])
    }
}
