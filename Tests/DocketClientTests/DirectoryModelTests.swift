import DocketMessages
import Foundation
import SwiftProtobuf
import Testing

@testable import DocketClient

@Suite("What a server says of people is taken as far as it is known")
struct DirectoryModelTests {
    @Test("A contact or a company without its id is no contact and no company")
    func ids() {
        #expect(throws: DocketClientError.self) {
            try Contact(Docket_V1_Contact.with { $0.name = "Ada" })
        }
        #expect(throws: DocketClientError.self) {
            try Company(Docket_V1_Company.with { $0.id = Data([1, 2]) })
        }
    }

    @Test("What a server leaves out or does not know is not there")
    func sparse() throws {
        let contact = try Contact(
            .with {
                $0.id = Data(repeating: 3, count: 16)
                $0.origin = .UNRECOGNIZED(9)
            }
        )
        #expect(contact.origin == .unknown && contact.language == nil)
        #expect(contact.companyID == nil && contact.createdAt == nil)
    }

    @Test("Only what is said of a contact is sent, and an empty list is said")
    func fields() {
        #expect(ContactFields().message == Docket_V1_ContactFields())
        var fields = ContactFields(name: "Ada")
        fields.emails = []
        fields.isBlocked = false
        let message = fields.message
        #expect(message.hasName && message.hasEmails && message.emails.values == [])
        #expect(message.hasBlocked && !message.blocked)
        #expect(!message.hasPhones && !message.hasLanguage && !message.hasAttributes)
        #expect(!message.hasTimeZone && !message.hasClientCategory)
        #expect(CompanyFields().message == Docket_V1_CompanyFields())
    }

    @Test("A command has the id that its caller gives, and the version that it expects")
    func headers() {
        let id = CommandID()
        let header = Docket_V1_CommandHeader(id, expecting: 4)
        #expect(Array(header.commandID) == id.bytes && header.expectedVersion == 4)
        #expect(!Docket_V1_CommandHeader(id).hasExpectedVersion)
    }

    @Test("A key's own id is the middle of its text, whatever its secret looks like")
    func keys() {
        let owner = Party(kind: .partner, id: nil, name: "CRM")
        #expect(NewKey(text: "docket_47af_c2_Vj", owner: owner).keyID == "47af")
        #expect(NewKey(text: "docket", owner: owner).keyID == nil)
        #expect(NewKey(text: nil, keyID: "47af", owner: owner).keyID == "47af")
    }
}
