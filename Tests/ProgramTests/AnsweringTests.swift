import ArgumentParser
import DocketTerminal
import Testing

@testable import DocketClient
@testable import DocketConsole
@testable import docket

@Suite("What an agent has done is done, and who waits longest comes next")
struct AnsweringTests {
    private let lost = DocketClientError(.unreachable, "the connection was lost")

    private func request(_ number: UInt64, waiting: UInt64?) -> SupportRequest {
        var request = SupportRequest(
            id: RequestID(),
            number: number,
            conversationID: ConversationID(),
            channel: "chat",
            contact: nil,
            status: "new",
            category: .new,
            assignee: nil,
            version: 1,
            openedAt: Timestamp(millisecondsSinceEpoch: number),
            changedAt: Timestamp(millisecondsSinceEpoch: number),
            sequence: 1,
            summary: "x"
        )
        request.waitingSince = waiting.map(Timestamp.init(millisecondsSinceEpoch:))
        return request
    }

    /// Reads pages that are given, of which each names the next.
    private func list(
        _ pages: [[SupportRequest]],
        atMost bound: Int
    ) async throws -> (list: Listing<SupportRequest>, limits: [Int]) {
        var limits: [Int] = []
        let list = try await Listing(atMost: bound) {
            (limit, page) throws(DocketClientError) in
            limits.append(limit)
            let index = Int(page?.bytes.first ?? 0)
            let isLast = index + 1 == pages.count
            return Page(
                items: Array(pages[index].prefix(limit)),
                next: isLast ? nil : PageToken(bytes: [UInt8(index + 1)])
            )
        }
        return (list, limits)
    }

    @Test("Who waits longest is found on any page")
    func longestWaiting() async throws {
        let pages = [
            [request(1, waiting: 9), request(2, waiting: nil)], [],
            [request(3, waiting: 5), request(4, waiting: 5)], [request(5, waiting: 7)],
        ]
        let list = try await list(pages, atMost: Requests.mostCompared).list
        #expect(list.longestWaiting()?.number == 3)
        #expect(list.longestWaiting(besides: pages[2][0].id)?.number == 4)
        #expect(list.isWhole && list.items.count == 5)
        let nobody = try await self.list([[request(2, waiting: nil)]], atMost: 9).list
        #expect(nobody.longestWaiting() == nil)
    }

    @Test("No more is read than the bound, and the help names it")
    func bound() async throws {
        let pages = (0..<3).map { page in
            (0..<200).map { request(UInt64(page * 200 + $0), waiting: nil) }
        }
        let part = try await list(pages, atMost: 250)
        #expect(part.limits == [200, 50])
        #expect(part.list.items.count == 250 && !part.list.isWhole)
        let whole = try await list(pages, atMost: 601)
        #expect(whole.limits == [200, 200, 200] && whole.list.isWhole)
        let help = AnswerCommand.configuration.discussion
        #expect(help.contains("\(Requests.mostCompared)"))
    }

    @Test("A request stays finished where the next one cannot be looked up")
    func finished() async {
        let lost = lost
        let lines = await AnswerCommands.whatFollows { () throws(DocketClientError) in throw lost }
        #expect(lines.first?.plainText.contains("is finished") == true)
        #expect(lines.first?.plainText.contains(lost.message) == true)
        let next = request(7, waiting: 1)
        let usual = await AnswerCommands.whatFollows { () throws(DocketClientError) in next }
        #expect(usual.first?.plainText.contains("request 7") == true)
        let none = await AnswerCommands.whatFollows { () throws(DocketClientError) in nil }
        #expect(none.map(\.plainText) == ["Nobody else is waiting. Ctrl-D quits."])
    }

    @Test("An agent stays locked out where its requests cannot be counted")
    func locked() async throws {
        let agent = Agent(id: PartyID(), name: "Cy", login: "cy")
        let lost = lost
        let lines = await AgentLockCommand.whatStays(with: agent) {
            () throws(DocketClientError) in throw lost
        }
        #expect(lines.first?.plainText.contains(lost.message) == true)
        #expect(lines.contains { $0.plainText.contains("docket queue --assignee cy") })
        let none = try await list([[]], atMost: 200).list
        #expect(
            await AgentLockCommand.whatStays(with: agent) {
                () throws(DocketClientError) in none
            }.isEmpty
        )
        // The first page of a selection may be empty though another follows.
        let later = try await list([[], [request(1, waiting: nil)]], atMost: 200).list
        let told = await AgentLockCommand.whatStays(with: agent) {
            () throws(DocketClientError) in later
        }
        #expect(told.first?.plainText == "Open requests still assigned to Cy: 1")
    }
}
