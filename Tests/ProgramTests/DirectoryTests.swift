import DocketClient
import DocketCommandLine
import DocketMessages
import Foundation
import Testing

@testable import docket

@Suite("People are named as people name them")
struct DirectoryTests {
    private func contact(_ name: String, email: String = "") -> Docket_V1_Contact {
        var contact = Docket_V1_Contact()
        contact.id = Data(PartyID().bytes)
        contact.name = name
        if !email.isEmpty { contact.emails = [email] }
        return contact
    }

    @Test("A contact is named by what one alone has, and candidates are listed")
    func contacts() throws {
        let ana = contact("Ana")
        let anabel = contact("Anabel")
        #expect(try Directory.pick("ana", from: []) == nil)
        #expect(try Directory.pick("An", from: [ana]) == ana)
        #expect(try Directory.pick("ana", from: [anabel, ana]) == ana)
        let twins = [
            contact("Ana", email: "a@example.com"), contact("Ana", email: "b@example.com"),
        ]
        do {
            _ = try Directory.pick("Ana", from: twins)
            Issue.record("one of two was taken")
        } catch {
            #expect(error.status == .usage)
            for twin in twins {
                let id = try #require(PartyID(bytes: twin.id))
                #expect(error.advice.contains("\(id)"))
                #expect(error.advice.contains(twin.emails[0]))
            }
        }
        let many = (0..<11).map { contact("Ana \($0)") }
        #expect(throws: CommandFailure.self) { try Directory.pick("Ana", from: many) }
    }
}
