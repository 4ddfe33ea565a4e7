import Testing

@testable import DocketClient
@testable import docket_chat

@Suite("The operator of a relay is told what concerns a person")
struct RelayLogTests {
    private func condition(
        parked: Int = 0,
        lag: Int = 0,
        trouble: DocketClientError? = nil
    ) -> RelayCondition {
        RelayCondition(
            isLevel: true,
            incoming: 0,
            outgoing: 3,
            parked: parked,
            lag: .seconds(lag),
            trouble: trouble
        )
    }

    @Test("A lag is told when it begins to matter, each time that it has doubled, and at its end")
    func lag() {
        var log = RelayLog()
        let told = [0, 59, 60, 61, 119, 120, 500, 700, 960, 59, 3, 60].map { lag in
            log.lines(for: condition(lag: lag)).joined()
        }
        func waits(_ seconds: Int) -> String {
            "the oldest of 3 messages of the desk has waited \(seconds) s"
        }
        let over = "no message of the desk waits longer than 60 s any more"
        #expect(
            told == [
                "", "", waits(60), "", "", waits(120), waits(500), "", waits(960), over, "",
                waits(60),
            ]
        )
    }

    @Test("What stands still is told when it is more, and trouble once")
    func standing() {
        var log = RelayLog()
        let trouble = DocketClientError(.storage, "the disk is full")
        let counts = [
            condition(), condition(parked: 1), condition(parked: 1), condition(parked: 3),
            condition(parked: 2), condition(parked: 2, trouble: trouble),
            condition(parked: 2, trouble: trouble), condition(parked: 3),
        ].map { log.lines(for: $0).count }
        #expect(counts == [0, 1, 0, 1, 0, 1, 0, 1])
    }

    @Test("What stands still is news once, and again when it has gone on in between")
    func parked() {
        func parked(_ id: MessageID, since: UInt64) -> ParkedMessage {
            ParkedMessage(
                message: id,
                direction: .outgoing,
                contact: nil,
                reason: "gone",
                since: Timestamp(millisecondsSinceEpoch: since),
                behind: 0
            )
        }
        var news = ParkedNews()
        let (one, two) = (MessageID(), MessageID())
        let all = [
            [], [parked(one, since: 1)], [parked(one, since: 1), parked(two, since: 2)],
            [parked(two, since: 2)], [parked(one, since: 3), parked(two, since: 2)],
        ]
        #expect(all.map { news.news(in: $0).map(\.message) } == [[], [one], [two], [], [one]])
    }

    @Test("What concerns one order has a code, and what concerns all of them ends the relay")
    func refusals() throws {
        let id = MessageID()
        let errors: [(any Error, String)] = [
            (EnqueueError.outboxFull(.contact(waiting: 1, first: id)), "contact_full"),
            (EnqueueError.outboxFull(.messages(1)), "relay_full"),
            (EnqueueError.outboxFull(.files(1)), "relay_full"),
            (EnqueueError.storageFull, "storage_full"),
            (EnqueueError.attachmentTooLarge("a", limit: 1), "file_too_large"),
            (EnqueueError.invalid("no"), "invalid_input"),
            (DocketClientError(.storage, "damaged"), "storage"),
            (OrderRefusal("not_in_hand", "no such delivery"), "not_in_hand"),
            (
                DocketClientError(
                    .refused,
                    "no",
                    refusal: Refusal(reason: "not_found", message: "no", particulars: "")
                ), "not_found"
            ),
        ]
        for (error, reason) in errors {
            #expect(try OrderRefusal(error).reason == reason)
        }
        for code in [DocketClientError.Code.needsLogin, .closed, .otherPrincipal, .cancelled] {
            #expect(throws: DocketClientError.self) {
                try OrderRefusal(DocketClientError(code, "ended"))
            }
        }
        #expect(throws: DocketClientError.self) { try OrderRefusal(EnqueueError.closed) }
        #expect(throws: CancellationError.self) { try OrderRefusal(CancellationError()) }
    }
}
