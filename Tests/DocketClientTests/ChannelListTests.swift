import DocketMessages
import SwiftProtobuf
import Testing

@testable import DocketClient

@Suite("What a server says of channels is taken as far as it is known", .timeLimit(.minutes(5)))
struct ChannelListTests {
    /// A reply with one channel, whose form has one field.
    private var reply: Docket_V1_ListChannelsReply {
        .with {
            $0.channels = [
                .with {
                    $0.key = "chat"
                    $0.opens = .kindChat
                    $0.types = ["question", "later"]
                    $0.forms = [.with { $0.kind = .kindChat }]
                }
            ]
            $0.forms = [.with { $0.fields = [0] }]
            $0.fields = [.with { $0.key = "serial" }]
            $0.types = [.with { $0.key = "question" }]
        }
    }

    @Test("A field of a type that is not known is there, and a type that is not listed is not")
    func unknown() throws {
        let channel = try #require(try ReachableChannel.all(in: reply).first)
        let form = try #require(channel.form())
        #expect(form.fields.map(\.content) == [.unknown] && form.required == [])
        #expect(form.types.map(\.key) == ["question"])
        #expect(channel.defaultTopic == nil && channel.topics == [])
        #expect(channel.form(kind: .ticket) == nil)
    }

    @Test("A range that ends before it begins is one number, not a trap")
    func range() throws {
        var reply = reply
        reply.fields[0].type = .integer
        reply.fields[0].lowest = 5
        reply.fields[0].highest = 1
        let form = try ReachableChannel.all(in: reply).first?.form()
        #expect(form?.fields.map(\.content) == [.integer(5...5)])
    }

    @Test("A place that is in no list is a server's fault, and told as one")
    func places() {
        var form = reply
        form.channels[0].forms[0].form = 1
        var field = reply
        field.forms[0].fields = [.max]
        var required = reply
        required.forms[0].required = [7]
        for reply in [form, field, required] {
            let error = #expect(throws: DocketClientError.self) {
                try ReachableChannel.all(in: reply)
            }
            #expect(error?.code == .incompatible)
        }
    }
}
