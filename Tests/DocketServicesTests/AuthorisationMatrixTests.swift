import DeskSupport
import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import Testing

@Suite("Every method serves exactly those whom it names, on what they may see")
struct AuthorisationMatrixTests {
    @Test("Every method of the table has a row, and every row a method")
    func completeness() throws {
        #expect(Set(MethodTable.all) == Set(MatrixRow.all.keys))
        #expect(Set(MethodTable.all.map(\.name)) == Set(ExpectedCallers.all.keys))
        let router = try ServiceFixture().router
        #expect(Set(router.table) == Set(MethodTable.all))
    }

    @Test(
        "A method answers each kind of caller as the table and ownership say",
        arguments: MethodTable.all
    )
    func answers(to method: Method) async throws {
        let row = try #require(MatrixRow.all[method])
        for visitor in Visitor.allCases {
            let scene = try await MatrixScene(method, visitor)
            let answer = await refusal { () async throws(RPCError) in
                try await row.call(scene.visitor, scene.present)
            }
            #expect(
                answer?.reason == Self.expected(row, method, visitor),
                "\(visitor) calls \(method.name): \(answer.map { "\($0)" } ?? "allowed")"
            )
        }
    }

    /// Why the visitor is refused; nil where it is served.
    private static func expected(
        _ row: MatrixRow,
        _ method: Method,
        _ visitor: Visitor
    ) -> Reason? {
        guard ExpectedCallers.allow(visitor.caller, method) else {
            return visitor == .nobody ? .unauthenticated : .notFound
        }
        guard !row.reach.contains(visitor) else { return nil }
        return row.elsewhere.contains(visitor) ? .unknownChannel : row.refusal
    }

    @Test("What is forbidden is answered exactly like what is absent", arguments: MethodTable.all)
    func indistinguishable(_ method: Method) async throws {
        let row = try #require(MatrixRow.all[method])
        for visitor in Visitor.allCases
        where Self.expected(row, method, visitor) == .notFound {
            let scene = try await MatrixScene(method, visitor)
            let forbidden = await refusal { () async throws(RPCError) in
                try await row.call(scene.visitor, scene.present)
            }
            let absent = await refusal { () async throws(RPCError) in
                try await row.call(scene.visitor, scene.absent)
            }
            #expect(forbidden == absent, "\(visitor) calls \(method.name)")
        }
    }

    @Test("Whoever may reach a thing is told when it is not there", arguments: MethodTable.all)
    func absence(_ method: Method) async throws {
        let row = try #require(MatrixRow.all[method])
        guard row.namesThing else { return }
        for visitor in Visitor.allCases where Self.expected(row, method, visitor) == nil {
            let scene = try await MatrixScene(method, visitor)
            let answer = await refusal { () async throws(RPCError) in
                try await row.call(scene.visitor, scene.absent)
            }
            #expect(answer?.reason == .notFound, "\(visitor) calls \(method.name)")
        }
    }
}

/// One visitor, and the owner's things that it is after.
struct MatrixScene {
    let visitor: Person
    let present: Target
    let absent: Target

    init(_ method: Method, _ kind: Visitor) async throws {
        let needsFile = method == AdministrationMethods.backup
        let fixture = try ServiceFixture(needsFile ? .sqlite : .memory)
        let owner = try await fixture.guest("Owner")
        let conversation = try await owner.open()
        let request = try await owner.post("help", in: conversation).requestID
        let colleague = try await fixture.agent("colleague")
        let company = try await colleague.makeCompany("Company").company.id
        let attachment = fixture.newID
        if AttachmentsMethods.all.contains(method) {
            _ = try await owner.upload(Data("file".utf8), to: conversation, id: attachment)
            try await owner.post("see", with: [attachment], in: conversation)
        }
        visitor = try await kind.person(at: fixture, owner: owner)
        present = Target(
            contact: owner.id,
            conversation: conversation,
            request: request,
            company: company,
            attachment: attachment,
            agent: colleague.id,
            keyHolder: try await fixture.keyHolder("Keys", channel: "bridge").id
        )
        absent = Target.absent(at: fixture)
    }
}
