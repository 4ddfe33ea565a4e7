import DocketTerminal
import Testing

@testable import DocketClient
@testable import DocketConsole

@Suite("An agent who watches is told what concerns the agent")
struct AgentConcernTests {
    private let cy = Party(kind: .agent, id: PartyID(), name: "Cy")

    private func concern() throws -> AgentConcern {
        AgentConcern(of: try #require(Samples.bo.id))
    }

    /// A request that somebody has and nobody watches.
    private func assigned(to agent: Party) -> SupportRequest {
        SupportRequest(
            id: Samples.request,
            number: 12,
            conversationID: Samples.conversation,
            channel: "chat",
            contact: Samples.ana,
            status: "open",
            category: .open,
            assignee: agent,
            version: 1,
            openedAt: Samples.moment,
            changedAt: Samples.moment,
            sequence: 1,
            summary: ""
        )
    }

    @Test("A request is the agent's own from the moment it is assigned until it goes to another")
    func own() throws {
        var concern = try concern()
        let events: [(event: Event, weight: AgentConcern.Weight)] = [
            (Samples.event(.requestOpened(Samples.opening), at: 1, by: Samples.ana), .unclaimed),
            (Samples.message("Hello", at: 2, by: Samples.ana), .unclaimed),
            (Samples.message("Welcome", at: 3, by: cy), .none),
            (Samples.event(.requestAssigned(Samples.bo), at: 4, by: Samples.bo), .none),
            (Samples.message("It prints", at: 5, by: Samples.ana), .own),
            (Samples.message("Which?", at: 6, by: Samples.bo), .none),
            (Samples.event(.requestAssigned(cy, from: Samples.bo), at: 7, by: cy), .own),
            (Samples.message("This one", at: 8, by: Samples.ana), .none),
        ]
        for (event, weight) in events {
            #expect(concern.weigh(event) == weight, "\(event.offset)")
        }
    }

    @Test("What an agent watches concerns the agent, until it does not any more")
    func watched() throws {
        var concern = try concern()
        concern.learn(RequestSamples.request())
        #expect(concern.knows(Samples.request))
        let given = Samples.event(.requestAssigned(cy, from: Samples.bo), at: 1, by: cy)
        #expect(concern.weigh(given) == .own)
        #expect(concern.weigh(Samples.message("Hi", at: 2, by: Samples.ana)) == .own)
        let left = Samples.event(.detailsChanged([.watcherRemoved(Samples.bo)]), at: 3, by: cy)
        #expect(concern.weigh(left) == .own, "it is told once more")
        #expect(concern.weigh(Samples.message("Hi", at: 4, by: Samples.ana)) == .none)
    }

    @Test("What comes to the agent or leaves it is the agent's own, whatever is known by then")
    func handovers() throws {
        let mine = try concern()
        let ana = Samples.ana
        let facts: [(fact: Event.Fact, weight: AgentConcern.Weight)] = [
            (.requestAssigned(cy, from: Samples.bo), .own),
            (.requestAssigned(nil, from: Samples.bo), .own),
            (.requestAssigned(Samples.bo, from: cy), .own),
            (.detailsChanged([.watcherRemoved(Samples.bo)]), .own),
            (.detailsChanged([.tagAdded("a"), .watcherAdded(Samples.bo)]), .own),
            (.requestAssigned(cy, from: ana), .none),
            (.detailsChanged([.watcherRemoved(cy)]), .none),
        ]
        for (fact, weight) in facts {
            // The first event of a request comes before it is known, or when it has changed since.
            for isKnown in [false, true] {
                var concern = mine
                if isKnown { concern.learn(assigned(to: cy)) }
                #expect(concern.weigh(Samples.event(fact, at: 1, by: cy)) == weight, "\(fact)")
            }
        }
        var own = mine
        let given = Samples.event(.requestAssigned(cy, from: Samples.bo), at: 1, by: Samples.bo)
        #expect(own.weigh(given) == .none, "the agent knows what it did")
    }

    @Test("Everything that happens is one line, whatever people call themselves and write")
    func lines() throws {
        let liar = Party(kind: .contact, id: PartyID(), name: "note by Bo")
        let reader = try #require(Samples.bo.id)
        let words = { (event: Event) in WatchFace.words(for: event, reader: reader) }
        let said = words(Samples.message("a\n\u{1B}[2Jb", at: 2, by: liar))
        #expect(said?.plainText == "< #12 note by Bo: a␊␛[2Jb")
        let own = words(Samples.message("b", at: 3, by: Samples.bo))
        #expect(own?.plainText == "> #12 you: b")
        let note = Samples.event(
            .notePosted(Note(id: NoteID(), sequence: 1, text: "seen")),
            at: 3,
            by: Samples.bo
        )
        #expect(words(note)?.plainText == "- #12 note by Bo: seen")
        let given = Samples.event(.requestAssigned(Samples.bo), at: 4, by: cy)
        #expect(words(given)?.plainText == "- Request 12 is assigned to Bo.")
        let read = Samples.event(.readMarked(upTo: 3), at: 5, by: Samples.ana)
        #expect(words(read) == nil)
    }
}
