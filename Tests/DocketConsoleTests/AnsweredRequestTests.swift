import Testing

@testable import DocketClient
@testable import DocketConsole

@Suite("What an agent says belongs to the request that it answers")
struct AnsweredRequestTests {
    private static func merge(of number: UInt64, into other: OtherRequest) -> Event {
        Samples.event(.merged(into: other, newest: nil), at: 30, by: Samples.bo, of: number)
    }

    private let survivor = OtherRequest(
        id: RequestID(bytes: [UInt8](repeating: 9, count: 16)) ?? RequestID(),
        number: 9
    )

    @Test("It goes into the request that has the content, and not into that of another")
    func merges() {
        let answered = AnsweredRequest(RequestSamples.request())
        #expect(answered.follow(Self.merge(of: 13, into: survivor)) == nil)
        #expect(answered.follow(Samples.chat[1]) == nil)
        #expect(answered.id == Samples.request)
        #expect(answered.follow(Self.merge(of: 12, into: survivor)) == survivor.id)
        #expect(answered.id == survivor.id)
        #expect(answered.follow(Self.merge(of: 12, into: survivor)) == nil, "it is followed once")
    }

    @Test("What is read of a merged request is not shown to an agent who has turned elsewhere")
    func late() async {
        let answered = AnsweredRequest(RequestSamples.request())
        _ = answered.follow(Self.merge(of: 12, into: survivor))
        answered.turn(to: RequestSamples.request(number: 14))
        answered.arrive(at: RequestSamples.request(number: 9, id: survivor.id))
        #expect(answered.id == Samples.request)
        var turns = answered.turns.makeAsyncIterator()
        #expect(await turns.next()?.number == 14)
    }

    @Test("Whoever shows the request learns where it has turned at last")
    func turns() async {
        let answered = AnsweredRequest(RequestSamples.request())
        #expect(answered.isInternal)
        answered.turn(to: RequestSamples.request(number: 14))
        answered.turn(to: RequestSamples.request(number: 15))
        var turns = answered.turns.makeAsyncIterator()
        #expect(await turns.next()?.number == 15)
    }
}
