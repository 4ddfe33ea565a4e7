import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Testing

/// What contacts read is what their feeds tell, and nothing that is hidden from them moves it.
@Suite("What contacts see of requests over time", .serialized)
struct ContactViewTests {
    private static let steps = 160

    /// The log of a random play under one policy.
    private func play(seed: UInt64) async throws -> (policy: Policy, log: [Event]) {
        let all = try PlayPolicies.all()
        let policy = all[Int(seed % UInt64(all.count))]
        let store = MemoryStore(epoch: Epoch(7))
        let fixture = try DeskFixture(store: store, seed: seed, policy: policy)
        var play = Play(fixture: fixture, policies: [policy])
        await play.begin()
        await play.perform(PlayScript.steps(Self.steps, seed: seed))
        await fixture.desk.stop()
        return (policy, try fixture.log().map(\.event))
    }

    @Test(
        "A contact's feed tells every change of what it reads, to the version and the moment",
        arguments: seeds(16)
    )
    func completeness(seed: UInt64) async throws {
        let (policy, log) = try await play(seed: seed)
        var known = Situations()
        var told = Situations()
        for event in log {
            known.apply(event)
            if let seen = ContactView(event, under: policy)?.value { told.apply(seen) }
        }
        #expect(!known.requests.isEmpty)
        for request in known.requests {
            let read = ContactView(request, under: policy)?.value
            let heard = told.request(request).flatMap { ContactView($0, under: policy)?.value }
            #expect(read == heard, "seed \(seed), request \(request.number)")
        }
    }

    @Test("Nothing that a contact does not hear of moves what it reads", arguments: seeds(16))
    func secrecy(seed: UInt64) async throws {
        let (policy, log) = try await play(seed: seed)
        var known = Situations()
        var hidden = 0
        for event in log {
            let before = known.requests
            known.apply(event)
            guard ContactView(event, under: policy) == nil else { continue }
            hidden += 1
            for request in before {
                let after = try #require(known.request(request))
                #expect(
                    ContactView(request, under: policy)?.value
                        == ContactView(after, under: policy)?.value,
                    "seed \(seed), request \(request.number), \(event.fact)"
                )
            }
        }
        #expect(hidden > 0)
    }
}

/// The state of all conversations, as events tell it.
private struct Situations {
    private var all: [ConversationID: Situation] = [:]

    mutating func apply(_ event: Event) {
        guard let conversation = event.conversation else { return }
        all[conversation, default: Situation()].apply(event)
    }

    /// All requests.
    var requests: [SupportRequest] {
        all.values.flatMap { [$0.request].compactMap(\.self) + $0.others }
    }

    /// A request, as it is here.
    func request(_ request: SupportRequest) -> SupportRequest? {
        all[request.conversation]?.request(request.id)
    }
}
