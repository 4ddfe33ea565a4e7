import DocketCommandLine
import DocketMessages
import DocketTerminal
import DocketTestSupport
import SwiftProtobuf
import Testing

@testable import DocketClient
@testable import DocketConsole

@Suite("Nothing that the protocol tells is lost on its way to programs and people")
struct CompletenessTests {
    private let contract: Contract

    /// What the store keeps for itself.
    private static let stored: Set = ["RequestDetails.split_rest", "RequestDetails.rest_before"]
    /// Enums of which an entry that says nothing means the first value.
    private static let implied: Set = ["RequestOpened.kind", "RequestOpened.origin"]
    /// What is for programs alone, and what stands on a card only where it differs from the rest.
    private static let notOnCard: Set = [
        "RequestDetails.is_aside", "RequestDetails.kind", "RequestDetails.split_status",
        "RequestDetails.viewed_by_assignee_milliseconds", "RequestDetails.first_topic",
        "RequestDetails.first_priority", "RequestDetails.opened_by", "RequestDetails.origin",
        "RequestDetails.title",
    ]

    init() throws {
        contract = try Contract()
    }

    /// The fields of a message as `Message.field`.
    private func fields(of message: String) -> [String] {
        contract.messages[message]?.fields.map { "\(message).\($0.name)" } ?? []
    }

    private func request(without field: String? = nil) throws -> SupportRequest {
        let filled = FilledMessage(contract: contract, empty: field.map { [$0] } ?? [])
        return try SupportRequest(filled.message("Request") as Docket_V1_Request)
    }

    private func event(_ fact: String, without field: String? = nil) throws -> Event {
        let filled = FilledMessage(
            contract: contract,
            chosen: ["Event": fact],
            empty: field.map { [$0] } ?? []
        )
        return Event(try filled.message("Event") as Docket_V1_Event, offset: 1)
    }

    @Test("Every fact of the log is told, under the protocol's name for it")
    func facts() throws {
        let facts = contract.messages["Event"]?.alternatives("fact") ?? []
        #expect(!facts.isEmpty)
        for fact in facts where fact != "typing_started" {
            #expect(try event(fact).fact.word == fact)
            let line = try JSONLine(Samples.update(event(fact))).text()
            #expect(line.contains(#""fact":"\#(fact)""#))
        }
    }

    @Test("Every field of a request and its details is in its line")
    func requests() throws {
        let whole = try JSONLine(request()).text()
        for field in fields(of: "RequestDetails") where !Self.stored.contains(field) {
            #expect(try JSONLine(request(without: field)).text() != whole, "\(field)")
        }
    }

    @Test("Every field of how a request began is in its line")
    func openings() throws {
        let whole = try JSONLine(Samples.update(event("request_opened"))).text()
        for field in fields(of: "RequestOpened") where !Self.implied.contains(field) {
            let line = try JSONLine(Samples.update(event("request_opened", without: field)))
            #expect(try line.text() != whole, "\(field)")
        }
    }

    @Test("Every field of a request's details is on its card")
    func cards() throws {
        let card = RequestCard(calendar: .utc)
        let hidden = Self.stored.union(Self.notOnCard)
        let whole = try card.paragraphs(of: request())
        for field in fields(of: "RequestDetails") where !hidden.contains(field) {
            #expect(try card.paragraphs(of: request(without: field)) != whole, "\(field)")
        }
    }
}
