import DeskSupport
import DocketCalls
import DocketDomain
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@Suite("The audit as supervisors and administrators see it", .timeLimit(.minutes(5)))
struct AuditServiceTests {
    @Test(
        "A verification tells how far it is and ends with the chain's value",
        arguments: StoreKind.allCases
    )
    func verification(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        for index in 0..<3 { try await guest.post("\(index)", in: conversation) }
        let administrator = try await fixture.agent("administrator", .administrator)
        let head = try await administrator.list().entries.last?.offset ?? 0
        let steps = try await administrator.verify()
        guard case .conclusion(let conclusion)? = steps.last?.step else {
            Issue.record("a verification has no conclusion")
            return
        }
        #expect(conclusion.findings == 0 && conclusion.erased == 0)
        #expect(conclusion.entries == head && conclusion.headOffset == head)
        #expect(conclusion.headValue.count == 32)
        #expect(
            steps.dropLast().map(\.progress.checkedOffset) == [head],
            "one page, and nothing found"
        )
        #expect(try await administrator.verify().last == steps.last)
        try await guest.post("another", in: conversation)
        let later = try await administrator.verify().last?.conclusion
        #expect(later?.findings == 0 && later?.headValue != conclusion.headValue)
    }

    @Test("Everything is listed in pages with who did it, also what concerns no request")
    func everything() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest("Ana")
        let request = try await guest.post("help", in: try await guest.open()).requestID
        let supervisor = try await fixture.agent("supervisor", .supervisor)
        try await supervisor.take(request)
        var entries: [Docket_V1_AuditEntry] = []
        var after: UInt64 = 0
        var hasMore = true
        while hasMore {
            let reply = try await supervisor.list(after: after, limit: 2)
            entries += reply.entries
            after = reply.toOffset
            hasMore = reply.more
        }
        #expect(entries.map(\.offset) == (1...UInt64(entries.count)).map { $0 })
        let made = try #require(
            entries.first { $0.event.administered.action == .actionCreated }?.event.administered
        )
        #expect(made.subject == .subjectAgent && made.subjectName == "supervisor")
        #expect(made.subjectID == supervisor.id)
        let assigned = try #require(entries.last { $0.event.requestID == request })
        #expect(assigned.event.actor.name == "supervisor" && assigned.event.way == .call)
    }

    @Test(
        "What happened to a request is listed by its number or id, and nothing else",
        arguments: StoreKind.allCases
    )
    func ofRequest(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let supervisor = try await fixture.agent("supervisor", .supervisor)
        let ana = try await fixture.guest("Ana")
        let bo = try await fixture.guest("Bo")
        let (first, second) = (try await ana.open(), try await bo.open())
        let posted = try await ana.post("help", in: first)
        for index in 0..<5 {
            try await bo.post("\(index)", in: second)
            try await ana.post("\(index)", in: first)
        }
        let byID = try await supervisor.list(.requestID(posted.requestID), limit: 200)
        let byNumber = try await supervisor.list(.requestNumber(posted.requestNumber), limit: 200)
        #expect(byID == byNumber && !byID.more)
        #expect(byID.entries.count { $0.event.messagePosted.text.isEmpty == false } == 6)
        #expect(byID.entries.allSatisfy { $0.event.requestID == posted.requestID })
        var paged: [Docket_V1_AuditEntry] = []
        var page = Docket_V1_ListAuditReply()
        page.more = true
        while page.more {
            page = try await supervisor.list(
                .requestID(posted.requestID),
                after: page.toOffset,
                limit: 2
            )
            paged += page.entries
        }
        #expect(paged == byID.entries)
    }

    @Test("A request that is not there and fields that are none are refused")
    func refusals() async throws {
        let fixture = try ServiceFixture()
        let supervisor = try await fixture.agent("supervisor", .supervisor)
        for scope: Docket_V1_ListAuditCall.OneOf_Of in [
            .requestNumber(7), .requestNumber(.max), .requestID(fixture.newID),
        ] {
            let refused = await refusal { () async throws(RPCError) in
                try await supervisor.list(scope)
            }
            #expect(refused?.reason == .notFound)
        }
        await expectRefusals(
            of: Docket_V1_ListAuditCall(),
            [
                .identifiers("request_id", \.requestID),
                .value("limit") { $0.limit = 201 },
            ],
            supervisor.audit.list
        )
        #expect(try await supervisor.list(after: .max).entries.isEmpty)
    }
}

extension Person {
    var audit: AuditCaller { AuditCaller(channel: channel) }

    fileprivate func list(
        _ scope: Docket_V1_ListAuditCall.OneOf_Of? = nil,
        after offset: UInt64 = 0,
        limit: UInt32 = 200
    ) async throws(RPCError) -> Docket_V1_ListAuditReply {
        var call = Docket_V1_ListAuditCall()
        call.of = scope
        call.afterOffset = offset
        call.limit = limit
        return try await audit.list(call)
    }

    fileprivate func verify() async throws(RPCError) -> [Docket_V1_VerifyAuditStep] {
        let stream = try audit.verify(Docket_V1_VerifyAuditCall())
        var steps: [Docket_V1_VerifyAuditStep] = []
        while let step = try await stream.next() { steps.append(step) }
        return steps
    }
}
