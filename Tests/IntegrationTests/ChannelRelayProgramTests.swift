import Foundation
import Testing

extension IntegrationTests {
    /// The channel integration for people without Swift.
    @Suite("A program connects a channel by JSON lines", .serialized)
    struct ChannelRelayProgramTests {
        private let folder: TestFolder

        init() throws { folder = try TestFolder() }

        // MARK: Programs

        private var credentials: [String] {
            ["--credentials", folder("data/dev-credentials.json")]
        }

        private func docket(_ words: String...) async throws -> Program {
            let program = try Program(Program.built("docket"), words + credentials, in: folder)
            #expect(try await program.ended() == 0, "\(words): \(program.log)")
            return program
        }

        /// Makes a key for the channel and keeps it in a file.
        private func makeKey() async throws {
            let made = try await docket(
                "key",
                "create",
                "sms",
                "--channel",
                "bridge",
                "--as",
                "administrator"
            )
            let words = made.output.split(whereSeparator: \.isWhitespace)
            let key = try #require(words.first { $0.hasPrefix("docket_") }, "\(made.output)")
            try folder.write("\(key)\n", to: "key")
        }

        private func relay(
            _ input: String? = nil,
            _ options: String...,
            channel: String = "bridge"
        ) throws -> Program {
            try Program(
                Program.built("docket-chat"),
                [
                    "relay", "--json", "--profile", "sms", "--key-file", folder("key"),
                    "--channel", channel,
                ] + credentials + options,
                input: input,
                in: folder
            )
        }

        private func lines(_ program: Program) -> [RelayLine] { RelayLine.all(in: program.output) }

        /// Waits for a line that is as it should be.
        private func line(
            of program: Program,
            _ what: String,
            _ isWanted: (RelayLine) -> Bool
        ) async throws -> RelayLine {
            var found: RelayLine?
            do {
                try await eventually(what) {
                    found = lines(program).first(where: isWanted)
                    return found != nil
                }
            } catch {
                Issue.record("\(program.output)\n\(program.log)")
                throw error
            }
            return try #require(found)
        }

        /// Writes an order and gives its reply.
        @discardableResult
        private func reply(
            of program: Program,
            to order: String,
            _ fields: String
        ) async throws -> RelayLine {
            program.write(#"{"id":"\#(order)",\#(fields)}"#)
            return try await line(of: program, "order \(order) is replied to") {
                $0.id == order && $0.type != "parked"
            }
        }

        private func kill(_ program: Program) async throws {
            program.send(SIGKILL)
            try await program.ended()
        }

        private func end(_ program: Program) async throws -> Int32 {
            try program.endInput()
            return try await program.ended()
        }

        private static func said(
            _ externalID: String,
            from contact: String = "+15550100",
            _ text: String
        ) -> String {
            #""command":"ingest","external_id":"\#(externalID)","contact":"\#(contact)","#
                + #""name":"Ana","text":"\#(text)""#
        }

        /// Waits until a request has a text in it.
        private func waits(for text: String, in number: Int) async throws {
            try await eventually("request \(number) has '\(text)'") {
                let shown = try Program(
                    Program.built("docket"),
                    ["show", "\(number)"] + credentials,
                    in: folder
                )
                try await shown.ended()
                return shown.output.contains(text)
            }
        }

        // MARK: Tests

        @Test("What a contact says comes in, and the answer goes out until it is confirmed")
        func bothWays() async throws {
            let server = try await TestServer.start(in: folder)
            try await makeKey()
            try folder.write("blank", to: "page.txt")
            var relay = try relay()
            let file = #","files":["\#(folder("page.txt"))"],"sent_at":"2025-03-04T14:03:20Z""#
            let kept = try await reply(of: relay, to: "1", Self.said("8", "It smokes") + file)
            #expect(kept.verdict?.outcome == "accepted")
            let again = try await reply(of: relay, to: "2", Self.said("8", "It smokes"))
            #expect(again.verdict == kept.verdict)
            try await waits(for: "page.txt", in: 1)
            _ = try await docket("take", "1")
            _ = try await docket("reply", "1", "Which printer?", "--file", folder("page.txt"))
            let first = try #require(
                try await line(of: relay, "the answer comes") { $0.type == "delivery" }.delivery
            )
            #expect(first.text == "Which printer?" && first.attempt == 1)
            #expect(first.contact.id == "+15550100" && first.contact.name == "Ana")
            #expect(first.author?.kind == "agent" && first.request.number == 1)
            #expect(first.answers == kept.verdict?.id && first.externalId == nil)
            let attachment = try #require(first.attachments?.first)
            #expect(attachment.name == "page.txt")
            let copy = folder("copy.txt")
            let saved = try await reply(
                of: relay,
                to: "3",
                #""command":"download","delivery":"\#(first.id)","#
                    + #""attachment":"\#(attachment.id)","path":"\#(copy)""#
            )
            #expect(saved.path == copy)
            #expect(try String(contentsOfFile: copy, encoding: .utf8) == "blank")
            // Nobody has confirmed: the next process brings it again, and then under its id.
            let delivery = #""delivery":"\#(first.id)""#
            for externalID in [nil, "out-1"] {
                try await kill(relay)
                relay = try self.relay()
                let next = try await line(of: relay, "it comes again") { $0.type == "delivery" }
                #expect(next.delivery?.id == first.id)
                #expect(next.delivery?.externalId == externalID)
                let order = #""command":"reserve",\#(delivery),"external_id":"out-1""#
                #expect(try await reply(of: relay, to: "4", order).externalId == "out-1")
            }
            let other = #""command":"confirm",\#(delivery),"external_id":"out-2""#
            #expect(try await reply(of: relay, to: "5", other).reason == "external_id_reserved")
            try await reply(of: relay, to: "6", #""command":"confirm",\#(delivery)"#)
            let gone = try await reply(of: relay, to: "7", #""command":"confirm",\#(delivery)"#)
            #expect(gone.reason == "not_in_hand")
            // The contact answers it by the id that the gateway knows, and the gateway reports it.
            let echo = try await reply(of: relay, to: "8", Self.said("out-1", "Which printer?"))
            #expect(echo.verdict?.outcome == "echo" && echo.verdict?.id == first.id)
            let threaded = Self.said("9", "The blue one") + #","in_reply_to":"out-1""#
            #expect(try await reply(of: relay, to: "9", threaded).verdict?.outcome == "accepted")
            try await waits(for: "The blue one", in: 1)
            #expect(try await end(relay) == 0, "\(relay.log)")
            let left = try #require(lines(relay).last?.left)
            #expect(left == RelayLine.Left(incoming: 0, outgoing: 0, parked: 0))
            #expect(try await server.stop() == 0)
        }

        @Test("A delivery is put off, stands still and goes on as it is told")
        func parked() async throws {
            let server = try await TestServer.start(in: folder)
            try await makeKey()
            let relay = try relay()
            try await reply(of: relay, to: "1", Self.said("8", "It smokes"))
            try await waits(for: "It smokes", in: 1)
            _ = try await docket("take", "1")
            _ = try await docket("reply", "1", "Which printer?")
            func next(_ attempt: Int) async throws -> String {
                let line = try await line(of: relay, "attempt \(attempt) comes") {
                    $0.delivery?.attempt == attempt
                }
                return try #require(line.delivery?.id)
            }
            let id = try await next(1)
            let later = #""command":"retry","delivery":"\#(id)","seconds":0"#
            #expect(try await reply(of: relay, to: "2", later).reason == nil)
            _ = try await next(2)
            _ = try await docket("reply", "1", "Are you there?")
            let fail = #""command":"fail","delivery":"\#(id)","reason":"no such number""#
            #expect(try await reply(of: relay, to: "3", fail).reason == nil)
            let told = try await line(of: relay, "it is told") { $0.type == "parked" }.parked
            #expect(told?.message == id && told?.reason == "no such number")
            #expect(told?.direction == "outgoing" && told?.contact?.id == "+15550100")
            #expect(try await reply(of: relay, to: "4", #""command":"parked""#).count == 1)
            #expect(lines(relay).contains { $0.id == "4" && $0.parked?.message == id })
            let condition = try await reply(of: relay, to: "5", #""command":"condition""#).condition
            #expect(condition?.parked == 1 && (condition?.lagSeconds ?? -1) >= 0)
            #expect(relay.log.contains("1 message stands still"))
            let retry = #""command":"retry","message":"\#(id)""#
            #expect(try await reply(of: relay, to: "6", retry).reason == nil)
            #expect(try await next(3) == id)
            #expect(try await reply(of: relay, to: "7", retry).reason == "not_found")
            try await reply(of: relay, to: "8", fail)
            let discard = #""command":"discard","message":"\#(id)""#
            #expect(try await reply(of: relay, to: "9", discard).reason == nil)
            let second = try await line(of: relay, "the one behind it comes") {
                $0.delivery?.text == "Are you there?"
            }
            let confirm = #""command":"confirm","delivery":"\#(second.delivery?.id ?? "")""#
            try await reply(of: relay, to: "10", confirm)
            #expect(try await end(relay) == 0, "\(relay.log)")
            #expect(try await server.stop() == 0)
        }

        @Test("What the desk refuses stands still alone, is told, and is left until it is decided")
        func refused() async throws {
            let server = try await TestServer.start(in: folder)
            try await makeKey()
            // The desk takes no name of control characters.
            let bell = #""command":"ingest","external_id":"1","contact":"bell","name":"\u0007""#
            let orders = [
                #"{"id":"1",\#(bell),"text":"Ring"}"#,
                #"{"id":"2",\#(Self.said("2", "It smokes"))}"#,
            ]
            let first = try relay(orders.map { $0 + "\n" }.joined())
            #expect(try await first.ended() == 3, "\(first.log)")
            try await waits(for: "It smokes", in: 1)
            let left = lines(first).last?.left
            #expect(left == RelayLine.Left(incoming: 1, outgoing: 0, parked: 1))
            let second = try relay()
            let parked = try #require(
                try await line(of: second, "it is told") { $0.type == "parked" }.parked
            )
            #expect(parked.direction == "incoming" && parked.contact?.id == "bell")
            #expect(parked.message == lines(first).first { $0.id == "1" }?.verdict?.id)
            try await reply(
                of: second,
                to: "3",
                #""command":"discard","message":"\#(parked.message)""#
            )
            #expect(try await end(second) == 0, "\(second.log)")
            #expect(try await server.stop() == 0)
        }

        @Test("A line that is no order has its number and its code, and stops nothing")
        func badLines() async throws {
            let server = try await TestServer.start(in: folder)
            try await makeKey()
            let long = String(repeating: "x", count: 70_000)
            let orders = [
                "not JSON", #"{"id":"2","command":"ingest","external_id":"8"}"#, long, "",
                #"{"id":"5",\#(Self.said("8", "Hi")),"files":["\#(folder("none"))"]}"#,
                #"{"id":"6","command":"send","text":"Hi"}"#,
                #"{"id":"7",\#(Self.said("9", "It smokes"))}"#,
            ]
            let relay = try relay(orders.map { $0 + "\n" }.joined())
            #expect(try await relay.ended() == 0, "\(relay.log)")
            let replies = lines(relay).filter { $0.type == "reply" }
            #expect(
                replies.map(\.reason) == [
                    "not_an_object", "missing_field", "line_too_long", "file_unreadable",
                    "unknown_command", nil,
                ]
            )
            #expect(replies.map(\.line) == [1, 2, 3, nil, 6, nil])
            #expect(replies.map(\.id) == [nil, "2", nil, "5", "6", "7"])
            try await waits(for: "It smokes", in: 1)
            #expect(try await server.stop() == 0)
        }

        @Test("What was accepted offline or before a kill is posted once and in order")
        func kills() async throws {
            var server = try await TestServer.start(in: folder)
            try await makeKey()
            // The first connection says from where answers are brought.
            let first = try relay("")
            #expect(try await first.ended() == 0, "\(first.log)")
            let address = server.address
            #expect(try await server.stop() == 0)
            let count = 12
            var accepted: [String: RelayLine.Verdict] = [:]
            for number in 1...count {
                let relay = try relay()
                // All that was said before is brought again: nobody knows what had come through.
                for earlier in 1...number {
                    let said = Self.said("\(earlier)", "No. \(earlier).")
                    relay.write(#"{"id":"\#(earlier)",\#(said)}"#)
                }
                if number.isMultiple(of: 3) {
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0...300)))
                } else {
                    _ = try await line(of: relay, "\(number) is accepted") { $0.id == "\(number)" }
                }
                try await kill(relay)
                for line in lines(relay) {
                    guard let id = line.id, let verdict = line.verdict else { continue }
                    #expect(verdict.outcome == "accepted")
                    #expect(accepted[id] ?? verdict == verdict)
                    accepted[id] = verdict
                }
                if number == count / 2 {
                    let away = try self.relay("", "--timeout", "1")
                    #expect(try await away.ended() == 3, "\(away.log)")
                    #expect(lines(away).last?.left?.incoming ?? 0 >= number - 1)
                    server = try await TestServer.start(in: folder, listen: address)
                }
            }
            let orders = (1...count).map {
                #"{"id":"\#($0)",\#(Self.said("\($0)", "No. \($0)."))}"# + "\n"
            }
            let last = try relay(orders.joined())
            #expect(try await last.ended() == 0, "\(last.log)")
            #expect(lines(last).last?.left == RelayLine.Left(incoming: 0, outgoing: 0, parked: 0))
            for line in lines(last) {
                guard let id = line.id, let known = accepted[id] else { continue }
                #expect(line.verdict == known)
            }
            let shown = try await docket("show", "1").output
            let posted = shown.matches(of: /< Ana: (No\. \d+\.)/).map { String($0.1) }
            #expect(posted == (1...count).map { "No. \($0)." }, "\(shown)")
            #expect(try await server.stop() == 0)
        }

        @Test(
            "A gateway has every answer once and in order, though the relay is killed at each step"
        )
        func killedDeliveries() async throws {
            let server = try await TestServer.start(in: folder)
            try await makeKey()
            var relay = try relay()
            try await reply(of: relay, to: "1", Self.said("8", "It smokes"))
            try await waits(for: "It smokes", in: 1)
            _ = try await docket("take", "1")
            let answers = (1...4).map { "Answer \($0)." }
            for answer in answers { _ = try await docket("reply", "1", answer) }
            var taken: [String: String] = [:]
            var order: [String] = []
            // Each answer comes three times: killed before it has an id, before the gateway's
            // answer is told, and while that is told.
            for step in 0..<(3 * answers.count) where taken.count < answers.count {
                let delivery = try #require(
                    try await line(of: relay, "a delivery comes") { $0.type == "delivery" }.delivery
                )
                if step % 3 > 0 {
                    let externalID = try await reply(
                        of: relay,
                        to: "reserve",
                        #""command":"reserve","delivery":"\#(delivery.id)","#
                            + #""external_id":"out-\#(step)""#
                    ).externalId
                    let known = taken.updateValue(delivery.text, forKey: try #require(externalID))
                    if known == nil { order.append(delivery.text) }
                    #expect(known ?? delivery.text == delivery.text)
                }
                if step % 3 > 1 {
                    relay.write(#"{"id":"c","command":"confirm","delivery":"\#(delivery.id)"}"#)
                }
                try await kill(relay)
                relay = try self.relay()
            }
            // What was told just before the last kill may be lost: the same answer comes again.
            while true {
                let condition = try await reply(
                    of: relay,
                    to: "\(UUID())",
                    #""command":"condition""#
                ).condition
                if condition?.isLevel == true, condition?.outgoing == 0 { break }
                for delivery in lines(relay).compactMap(\.delivery) {
                    let externalID = delivery.externalId ?? "late-\(delivery.id)"
                    if taken.updateValue(delivery.text, forKey: externalID) == nil {
                        order.append(delivery.text)
                    }
                    try await reply(
                        of: relay,
                        to: "\(UUID())",
                        #""command":"confirm","delivery":"\#(delivery.id)","#
                            + #""external_id":"\#(externalID)""#
                    )
                }
            }
            #expect(order == answers)
            #expect(try await end(relay) == 0, "\(relay.log)")
            #expect(try await server.stop() == 0)
        }

        @Test("A contact of whom 1,000 messages wait is told so, and others go on")
        func fullContact() async throws {
            let server = try await TestServer.start(in: folder)
            try await makeKey()
            #expect(try await server.stop() == 0)
            var orders = (1...1_001).map { #"{"id":"\#($0)",\#(Self.said("\($0)", "Hi"))}"# }
            orders.append(#"{"id":"bo",\#(Self.said("bo", from: "+15550101", "Hi"))}"#)
            let relay = try relay(orders.map { $0 + "\n" }.joined(), "--timeout", "1")
            #expect(try await relay.ended() == 3, "\(relay.log)")
            let replies = lines(relay).filter { $0.type == "reply" }
            let full = try #require(replies.first { $0.id == "1001" })
            #expect(full.reason == "contact_full" && full.verdict == nil)
            #expect(replies.filter { $0.verdict?.outcome == "accepted" }.count == 1_001)
            #expect(replies.last?.id == "bo" && replies.last?.reason == nil)
            #expect(lines(relay).last?.left?.incoming == 1_001)
        }

        @Test("A wrong channel, a wrong key and a profile in use end it, each with its status")
        func endings() async throws {
            let server = try await TestServer.start(in: folder)
            try await makeKey()
            let wrong = try relay(channel: "chat")
            #expect(try await wrong.ended() == 1)
            #expect(wrong.log.contains("--channel bridge"), "\(wrong.log)")
            let holder = try relay()
            _ = try await line(of: holder, "it is connected") { $0.state == "live" }
            let beside = try relay("")
            #expect(try await beside.ended() == 75, "\(beside.log)")
            holder.send(SIGTERM)
            #expect(try await holder.ended() == 128 + SIGTERM)
            try folder.write("docket_0000\n", to: "key")
            let refused = try Program(
                Program.built("docket-chat"),
                ["relay", "--json", "--profile", "other", "--key-file", folder("key")]
                    + credentials,
                input: nil,
                in: folder
            )
            #expect(try await refused.ended() == 4, "\(refused.log)")
            #expect(refused.log.contains("docket key create"), "\(refused.log)")
            #expect(try await server.stop() == 0)
        }
    }
}
