import DocketCalls
import DocketRPC
import DocketTestSupport
import Testing

@Suite("Calls whose bytes are damaged")
struct DamagedCallTests {
    @Test(
        "A damaged call is served or refused for a reason of the caller's, whoever calls",
        arguments: MethodTable.all
    )
    func answers(to method: Method) async throws {
        let row = try #require(MatrixRow.all[method])
        var random = SeededRandom()
        for visitor in [Visitor.nobody, .owner, .administrator, .integration]
        where ExpectedCallers.allow(visitor.caller, method) {
            let scene = try await MatrixScene(method, visitor)
            for _ in 0..<SeededRandom.rounds(5) {
                var person = scene.visitor
                person.damage = DamagingChannel(person.connection, seed: random.next())
                let answer = await refusal { [person] () async throws(RPCError) in
                    try await row.call(person, scene.present)
                }
                #expect(
                    answer?.reason != .serverError && answer?.reason != .outcomeUnknown,
                    "\(visitor) calls \(method.name): \(random.replay)"
                )
            }
        }
    }
}
