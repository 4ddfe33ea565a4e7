import DocketTestSupport
import Testing

@testable import DocketClient

@Suite("Which read mark is sent next, and what becomes of those that fail")
struct ReadMarkMachineTests {
    private let start = ContinuousClock.now
    private let chats = (1...3).compactMap {
        ConversationID(bytes: [UInt8](repeating: UInt8($0), count: 16))
    }
    private let life = [UInt8](repeating: 7, count: 8)
    private let other = [UInt8](repeating: 8, count: 8)

    private func mark(_ position: UInt64, in chat: Int = 0, of epoch: [UInt8]? = nil) -> ReadMark {
        ReadMark(conversation: chats[chat], position: position, epoch: epoch ?? life)
    }

    /// The marks that are sent now.
    private func sent(
        _ machine: inout ReadMarkMachine,
        after wait: Duration = .zero
    ) -> [ReadMark] {
        var marks: [ReadMark] = []
        while case .send(let mark, _) = machine.next(at: start + wait, newID: { MessageID() }) {
            marks.append(mark)
        }
        return marks
    }

    @Test("Of several marks of a conversation the furthest is sent, once")
    func furthest() {
        var machine = ReadMarkMachine()
        for position: UInt64 in [3, 9, 5] { machine.add(mark(position)) }
        #expect(machine.covers(mark(9)) && !machine.covers(mark(10)))
        #expect(!machine.covers(mark(3, of: other)))
        #expect(sent(&machine) == [mark(9)])
        #expect(machine.count == 1)
        machine.settled(mark(9))
        #expect(machine.count == 0 && sent(&machine).isEmpty)
    }

    @Test("A mark that grows while it is sent is sent again with what it has become")
    func growing() {
        var machine = ReadMarkMachine([mark(3)])
        #expect(sent(&machine) == [mark(3)])
        machine.add(mark(8))
        #expect(sent(&machine).isEmpty)
        machine.settled(mark(3))
        #expect(sent(&machine) == [mark(8)])
    }

    @Test("Each attempt has the same id, until the mark grows")
    func ids() throws {
        var random = SeededRandom()
        var machine = ReadMarkMachine([mark(3)])
        var ids: [MessageID] = []
        for position: UInt64 in [3, 3, 4] {
            machine.add(mark(position))
            guard
                case .send(let mark, let id) = machine.next(at: start, newID: { MessageID() })
            else { break }
            ids.append(id)
            machine.failed(mark, .connection, at: start, using: &random)
        }
        try #require(ids.count == 3)
        #expect(ids[0] == ids[1] && ids[1] != ids[2])
    }

    @Test("A mark that cannot be taken now rests as long as the server asks, and no other does")
    func resting() {
        var random = SeededRandom()
        var machine = ReadMarkMachine([mark(3), mark(4, in: 1)])
        #expect(sent(&machine) == [mark(3), mark(4, in: 1)])
        machine.failed(mark(3), .busy(retryAfter: .seconds(30)), at: start, using: &random)
        machine.failed(mark(4, in: 1), .connection, at: start, using: &random)
        #expect(sent(&machine) == [mark(4, in: 1)])
        let turn = machine.next(at: start, newID: { MessageID() })
        #expect(turn == .rest(until: start + .seconds(30)))
        #expect(sent(&machine, after: .seconds(30)) == [mark(3)])
    }

    @Test("No more marks are under way at once than the limit says")
    func limit() {
        var limits = OutboxLimits()
        (limits.marks, limits.marksUnderWay) = (2, 1)
        var machine = ReadMarkMachine([mark(3), mark(4, in: 1)], limits: limits)
        #expect(!machine.hasRoom(for: mark(1, in: 2)) && machine.hasRoom(for: mark(9)))
        #expect(sent(&machine) == [mark(3)])
        machine.settled(mark(3))
        #expect(machine.hasRoom(for: mark(1, in: 2)))
        #expect(sent(&machine) == [mark(4, in: 1)])
    }

    @Test("Of marks of two lives of the log the later one stands; one of no known life is merged")
    func lives() {
        #expect(mark(9).merged(with: mark(4, of: other)) == mark(4, of: other))
        let unknown = ReadMark(conversation: chats[0], position: 9, epoch: nil)
        #expect(unknown.merged(with: mark(4)) == mark(9))
        #expect(mark(4).merged(with: unknown) == mark(9))
        #expect(!mark(4).isCovered(by: mark(9, of: other)) && mark(4).isCovered(by: unknown))
    }
}
