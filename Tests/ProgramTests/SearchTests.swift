import DocketConsole
import DocketTerminal
import Testing

@testable import DocketClient
@testable import docket

@Suite("What a search finds is told as it is now")
struct SearchTests {
    @Test("A search that finds an earlier title also shows what the request is called now")
    func foundTitle() {
        let found = FoundText(
            offset: 1,
            kind: .request,
            conversationID: ConversationID(),
            requestID: RequestID(),
            requestNumber: 12,
            sequence: 0,
            snippet: "Blank pages",
            at: Timestamp(millisecondsSinceEpoch: 1),
            author: Party(kind: .agent, id: nil, name: "Bo"),
            status: "new",
            category: .new,
            title: "Toner is empty",
            contact: nil
        )
        let now = Timestamp(millisecondsSinceEpoch: 2)
        let row = SearchCommand.table(of: [found], at: now).lines(width: nil).last?.plainText
        #expect(row?.contains("Blank pages") == true)
        #expect(row?.contains("Toner is empty") == true)
    }
}
