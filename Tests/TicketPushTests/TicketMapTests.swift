import DocketClient
import Testing

@testable import docket_ticket_push

@Suite("Columns fill the parts of a ticket")
struct TicketMapTests {
    private let whole: [String: Cell] = [
        "key": .text("crm/1"), "contact": .text("crm/7"), "text": .text("It does not print"),
    ]

    private func ticket(
        _ cells: [String: Cell] = [:],
        _ columns: [TicketPart: String] = [:]
    ) throws(RowFault) -> TicketDraft {
        try TicketMap(columns, channel: "api").ticket(whole.merging(cells) { $1 })
    }

    @Test("Three columns are enough, and the contact's name is what the partner calls it")
    func fewest() throws {
        let ticket = try ticket()
        #expect(ticket.externalKey == "crm/1" && ticket.contactExternalID == "crm/7")
        #expect(ticket.contactName == "crm/7" && ticket.channel == "api")
        #expect(ticket.text == "It does not print")
        #expect(ticket.title == nil && ticket.kind == nil && ticket.fields.isEmpty)
    }

    @Test("Every part has a column of its name")
    func parts() throws {
        let ticket = try ticket([
            "name": .text("Ada"), "channel": .text("portal"), "title": .text("Printer"),
            "topic": .text("office"), "type": .text("incident"), "priority": .text("high"),
            "kind": .text("ticket"), "key": .integer(8841), "field.floor:integer": .text("2"),
            "field.room": .text("2.14"), "field.loud:flag": .text("Yes"), "unknown": .text("x"),
            "field.parts:words": .text("drum; toner ;"), "field.seats": .integer(4),
        ])
        #expect(ticket.externalKey == "8841" && ticket.contactName == "Ada")
        #expect([ticket.channel, ticket.title, ticket.topic] == ["portal", "Printer", "office"])
        #expect(ticket.type == "incident" && ticket.priority == "high" && ticket.kind == .ticket)
        #expect(
            ticket.fields == [
                "floor": .integer(2), "room": .text("2.14"), "loud": .flag(true),
                "parts": .words(["drum", "toner"]), "seats": .integer(4),
            ]
        )
    }

    @Test("A mapped part has the other column alone")
    func mapped() throws {
        let columns = [TicketPart.text: "Body", .field("floor", .integer): "Etage"]
        let cells: [String: Cell] = ["Body": .text("It smokes"), "Etage": .text("3")]
        let ticket = try ticket(cells, columns)
        #expect(ticket.text == "It smokes" && ticket.fields == ["floor": .integer(3)])
        let map = TicketMap(columns, channel: "api")
        #expect(map.unused(["key", "text", "Body", "Etage", "colour", ""]) == ["text", "colour"])
        #expect(map.missing(in: ["key", "text"]) == ["contact", "Body"])
    }

    @Test("What no ticket can hold is told with its column")
    func faults() {
        let long = String(repeating: "é", count: 8_193)
        let cases: [([String: Cell], RowFault)] = [
            (["text": .text(long)], .longValue(column: "text", limit: 16_384)),
            (["key": .text(long)], .longValue(column: "key", limit: 256)),
            (["title": .text("a\u{0}")], .unreadable(column: "title")),
            (["text": .flag(true)], .wrongValue(column: "text", expected: "a text")),
            (["kind": .text("x")], .wrongValue(column: "kind", expected: "chat, ticket or task")),
            (
                ["field.n:integer": .text("2.5")],
                .wrongValue(column: "field.n:integer", expected: "a whole number")
            ),
            (
                ["field.n:flag": .text("maybe")],
                .wrongValue(column: "field.n:flag", expected: "yes or no")
            ),
        ]
        for (cells, fault) in cases { #expect(throws: fault) { try ticket(cells) } }
        let map = TicketMap(channel: "api")
        #expect(throws: RowFault.missing(column: "key")) { try map.ticket([:]) }
    }

    @Test("Every row gets an id of its own, so that one that was refused can be mended")
    func ids() throws {
        #expect(try ticket().id != ticket().id)
    }

    @Test("Parts are named as columns are", arguments: TicketPart.named)
    func names(_ part: TicketPart) {
        #expect(TicketPart(part.columnName) == part)
        #expect(TicketPart("field.a:words") == .field("a", .words))
        #expect(TicketPart("field.") == nil && TicketPart("field.a:number") == nil)
        #expect(TicketPart("other") == nil)
        #expect(MapArgument(argument: "text=A=B")?.column == "A=B")
        #expect(MapArgument(argument: "text") == nil && MapArgument(argument: "x=y") == nil)
    }
}
