import Testing

@testable import DocketRPC

@Suite("A queue")
struct QueueTests {
    @Test("gives its elements in the order in which they came, however they are mixed")
    func order() {
        var queue = Queue<Int>()
        var (added, taken) = (0, 0)
        for round in 1...300 {
            for _ in 0..<(round % 7) {
                queue.append(added)
                added += 1
            }
            for _ in 0..<(round % 5) where !queue.isEmpty {
                #expect(queue.popFirst() == taken)
                taken += 1
            }
            #expect(queue.count == added - taken)
        }
        #expect(queue.removeAll() == Array(taken..<added))
        #expect(queue.popFirst() == nil)
        #expect(queue.isEmpty)
    }

    @Test("lets go of one element wherever it stands, and only of one that still waits")
    func removal() {
        var queue = Queue<Int>()
        for number in 0..<4 { queue.append(number) }
        #expect(queue.popFirst() == 0)
        #expect(queue.remove { $0 == 0 } == nil)
        #expect(queue.remove { $0 == 2 } == 2)
        #expect(queue.removeAll() == [1, 3])
    }
}
