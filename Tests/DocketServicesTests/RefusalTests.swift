import DocketDesk
import DocketDomain
import DocketRPC
import Testing

@testable import DocketServices

@Suite("A verdict says what is wrong where programs look for it")
struct RefusalTests {
    @Test("A refused text is named in the trailer", arguments: TextField.allCases)
    func fields(field: TextField) {
        let empty = RPCError(Rejection.textEmpty(field))
        #expect(empty.reason == .fieldMissing && empty.trailer("field") == field.rawValue)
        let long = RPCError(Rejection.textTooLong(field, limit: 9))
        #expect(long.reason == .fieldTooLong && long.trailer("field") == field.rawValue)
    }

    @Test("What may follow is cut between words, where it is too long for a trailer")
    func words() {
        // 256 words of 15 bytes with their commas are 4,095 bytes.
        let word = String(repeating: "s", count: 15)
        let fitting = Array(repeating: word, count: 256)
        for more in [[], [""], ["x"], [word]] {
            let error = RPCError(Rejection.invalidTransition(allowed: fitting + more))
            let allowed = error.trailer("allowed")?.split(separator: ",").map(String.init)
            #expect(allowed == fitting, "\(more)")
        }
        #expect(RPCError(Rejection.invalidTransition(allowed: [])).trailer("allowed") == "")
    }

    @Test("A query of too much is refused by the reason that a command of too much is")
    func tooMuch() {
        let query = RPCError(QueryError.tooMany(field: "messages", limit: 3))
        #expect(query == RPCError(Rejection.tooMany(field: "messages", limit: 3)))
        #expect(query.reason == .tooMany && query.trailer("field") == "messages")
    }

    @Test("A trailer's text is cut between characters")
    func characters() {
        let wide = String(repeating: "ä", count: 2_049)
        #expect(Metadatum.text("key", wide).value.count == 4_096)
        let odd = "a" + wide
        #expect(Metadatum.text("key", odd).value.count == 4_095)
        #expect(Metadatum.text("key", "short").value == Array("short".utf8))
    }
}
