import DocketTestSupport
import Foundation
import Testing

extension IntegrationTests {
    /// Mails in and answers out, through a real mail server and the real desk.
    @Suite("The mail channel", .serialized)
    struct ChannelBridgeProgramTests {
        private let folder: TestFolder

        init() throws { folder = try TestFolder() }

        // MARK: Programs

        private var credentials: [String] {
            ["--credentials", folder("data/dev-credentials.json")]
        }

        private func docket(
            _ words: String...
        ) async throws -> (status: Int32, output: String, log: String) {
            try await docket(words)
        }

        private func docket(
            _ words: [String]
        ) async throws -> (status: Int32, output: String, log: String) {
            let program = try Program(Program.built("docket"), words + credentials, in: folder)
            let status = try await program.ended()
            return (status, program.output, program.log)
        }

        /// Makes a key for a channel, or a partner's, and keeps it in a file.
        private func makeKey(for channel: String? = "email") async throws {
            let words = ["key", "create", "mail"] + (channel.map { ["--channel", $0] } ?? [])
            let made = try await docket(words + ["--as", "administrator"])
            let key = try #require(
                made.output.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("docket_") },
                "\(made)"
            )
            try folder.write("\(key)\n", to: "key")
        }

        private var desk: [String] { credentials + ["--key-file", folder("key")] }

        private func bridge(_ mailServer: MailServer) throws -> Program {
            try bridge(mailServer.box("desk"), mailServer.place)
        }

        private func bridge(
            _ box: String,
            _ place: String,
            profile: String = "default",
            on disk: FailingDisk? = nil
        ) throws -> Program {
            var environment: [String: String] = [:]
            if let disk {
                environment["LD_PRELOAD"] = disk.folder("disk.so")
                environment["FAULT_FILE"] = folder("fault")
            }
            return try Program(
                Program.built("docket-channel-bridge"),
                ["run"] + desk + [
                    "--maildir", box, "--address", "desk@example.net", "--name", "Lamp desk",
                    "--smtp", place, "--every", "1", "--retry-after", "1", "--profile", profile,
                ],
                environment: environment,
                in: folder
            )
        }

        private func parked(_ command: String, _ message: String? = nil) async throws -> String {
            let program = try Program(
                Program.built("docket-channel-bridge"),
                [command] + [message].compactMap(\.self) + desk,
                in: folder
            )
            #expect(try await program.ended() == 0, "\(program.log)")
            return program.output
        }

        /// Waits until a request has a text in it.
        private func waits(for text: String, in number: Int) async throws {
            try await eventually("request \(number) has '\(text)'") {
                try await docket("show", "\(number)").output.contains(text)
            }
        }

        private static func mail(
            _ id: String,
            _ subject: String,
            _ text: String,
            from sender: String = "Ana <ana@example.org>",
            more: String = ""
        ) -> String {
            """
            From: \(sender)
            To: desk@example.net
            Subject: \(subject)
            Message-ID: <\(id)@example.org>
            \(more)
            \(text)

            """
        }

        // MARK: Tests

        @Test("A mail becomes a request, its answer a mail in its thread, and so on")
        func thread() async throws {
            let server = try await TestServer.start(in: folder)
            try await makeKey()
            let mails = try await MailServer(in: folder)
            let bridge = try bridge(mails)
            try await mails.post(
                Self.mail("1", "Lamp 3", "It is dark here."),
                from: "ana@example.org",
                to: "desk@example.net"
            )
            try await waits(for: "It is dark here.", in: 1)
            #expect(try await docket("take", "1").status == 0)
            #expect(try await docket("reply", "1", "We are on our way.").status == 0)
            try await eventually("the answer is delivered") {
                try mails.mails(of: "ana").count == 1
            }
            let answer = try #require(try mails.mails(of: "ana").first)
            let name = try #require(answer.field("Message-ID"))
            #expect(name.hasPrefix("<docket.") && name.hasSuffix("@example.net>"))
            #expect(answer.field("Subject") == "Re: Lamp 3")
            #expect(answer.field("From") == "Lamp desk <desk@example.net>")
            #expect(answer.field("In-Reply-To") == "<1@example.org>")
            #expect(answer.field("References") == "<1@example.org>")
            #expect(answer.field("Auto-Submitted") == nil)
            #expect(answer.text.contains("We are on our way."))
            // She answers, and writes about something else.
            try await mails.post(
                Self.mail("2", "Re: Lamp 3", "Thank you!", more: "In-Reply-To: \(name)\n"),
                from: "ana@example.org",
                to: "desk@example.net"
            )
            try await mails.post(
                Self.mail("3", "Lamp 4", "And this one."),
                from: "ana@example.org",
                to: "desk@example.net"
            )
            try await waits(for: "Thank you!", in: 1)
            try await waits(for: "And this one.", in: 2)
            #expect(try await docket("show", "3").status == 5)
            try await stop(bridge)
            try await mails.stop()
            #expect(try await server.stop() == 0)
        }

        @Test("A poison mail, an address that is gone and one that is late hold up nobody else")
        func trouble() async throws {
            let server = try await TestServer.start(in: folder)
            try await makeKey()
            let mails = try await MailServer(in: folder)
            try folder.write("", to: "busy")
            var bridge = try bridge(mails)
            let deep = (1...200).map {
                "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n"
            }.joined()
            try await mails.post(
                "From: ana@example.org\nMessage-ID: <0@example.org>\n" + deep + "\nHello\n",
                from: "ana@example.org",
                to: "desk@example.net"
            )
            for (index, name) in ["gone", "late", "bo"].enumerated() {
                try await mails.post(
                    Self.mail(name, name, "I am \(name).", from: "\(name)@example.org"),
                    from: "\(name)@example.org",
                    to: "desk@example.net"
                )
                try await waits(for: "I am \(name).", in: index + 1)
                #expect(try await docket("take", "\(index + 1)").status == 0)
                #expect(try await docket("reply", "\(index + 1)", "Hello, \(name).").status == 0)
            }
            let refused = mails.box("desk") + "/docket/refused"
            let aside = try FileManager.default.contentsOfDirectory(atPath: refused)
            #expect(aside.count == 2)
            #expect(aside.contains { $0.hasSuffix(".reason") })
            try await eventually("the others have their answers") {
                try mails.mails(of: "bo").count == 1
            }
            try await eventually("the refusals are told") {
                bridge.log.contains("550 no such user here") && bridge.log.contains("451 try later")
            }
            folder.remove("busy")
            try await eventually("the late one has it") { try mails.mails(of: "late").count == 1 }
            try await stop(bridge)
            let stands = try await parked("parked")
            #expect(stands.contains("gone@example.org"))
            #expect(stands.split(separator: "\n").count == 1, "\(stands)")
            let message = try #require(stands.split(separator: " ").first.map(String.init))
            _ = try await parked("discard", message)
            #expect(try await parked("parked").isEmpty)
            bridge = try self.bridge(mails)
            #expect(try await docket("reply", "3", "And again, bo.").status == 0)
            try await eventually("it goes on") { try mails.mails(of: "bo").count == 2 }
            try await stop(bridge)
            #expect(try mails.mails(of: "late").count == 1)
            try await mails.stop()
            #expect(try await server.stop() == 0)
        }

        @Test("A bridge that is killed again and again loses nothing and makes nothing twice")
        func kills() async throws {
            let server = try await TestServer.start(in: folder)
            try await makeKey()
            let mails = try await MailServer(in: folder)
            let count = 8
            for index in 1...count {
                try await mails.post(
                    Self.mail("\(index)", "Lamp \(index)", "Question \(index)."),
                    from: "ana@example.org",
                    to: "desk@example.net"
                )
                try await killed(mails)
            }
            var bridge = try bridge(mails)
            for index in 1...count { try await waits(for: "Question \(index).", in: index) }
            try await kill(bridge)
            for index in 1...count {
                #expect(try await docket("take", "\(index)").status == 0)
                #expect(try await docket("reply", "\(index)", "Answer \(index).").status == 0)
                try await killed(mails)
            }
            bridge = try self.bridge(mails)
            try await eventually("every answer is delivered") {
                Set(try mails.mails(of: "ana").compactMap { $0.field("In-Reply-To") }).count
                    == count
            }
            try await stop(bridge)
            // The server may have taken an answer over when the bridge was killed: then it comes
            // twice, as the same mail.
            let answers = try mails.mails(of: "ana")
            #expect(Set(answers.compactMap { $0.field("Message-ID") }).count == count)
            #expect(try await docket("show", "\(count + 1)").status == 5)
            for index in 1...count {
                let shown = try await docket("show", "\(index)").output
                #expect(shown.ranges(of: "Question \(index).").count == 1, "\(shown)")
            }
            try await mails.stop()
            #expect(try await server.stop() == 0)
        }

        @Test("A full disk stops nothing for good, and nobody gets a mail again because of it")
        func fullDisk() async throws {
            let server = try await TestServer.start(in: folder)
            try await makeKey()
            let disk = try await FailingDisk()
            for name in ["new", "cur", "tmp"] {
                try FileManager.default.createDirectory(
                    atPath: folder("box/\(name)"),
                    withIntermediateDirectories: true
                )
            }
            let (fault, isLate) = (folder("fault"), folder("late"))
            let fill: @Sendable () -> Bool = {
                // The content is there, and the verdict is not: from now on nothing can be noted.
                FileManager.default.createFile(atPath: fault, contents: Data("write ENOSPC".utf8))
            }
            try folder.write("", to: "late")
            let mails = try ScriptedMailServer(
                [
                    ScriptedMailServer.Line(word: "RCPT TO:<late@", reply: "451 later") {
                        FileManager.default.fileExists(atPath: isLate)
                    }, ScriptedMailServer.Line(word: ".", reply: "250 OK", if: fill),
                ] + ScriptedMailServer.obliging
            )
            defer { mails.stop() }
            // A mail that comes while the disk is full waits.
            try folder.write("write ENOSPC", to: "fault")
            try folder.write(
                Self.mail(
                    "1",
                    "Lamp 3",
                    "It is dark here.",
                    more: "Reply-To: ana@example.org, late@example.org\n"
                ),
                to: "box/new/1.mail"
            )
            var bridge = try bridge(folder("box"), mails.place, on: disk)
            try await eventually("the mail waits") { bridge.log.contains("mails wait: cannot") }
            folder.remove("fault")
            try await waits(for: "It is dark here.", in: 1)
            #expect(try await docket("take", "1").status == 0)
            #expect(try await docket("reply", "1", "We are on our way.").status == 0)
            // One of two has it, which cannot be noted at once.
            try await eventually("it is told that there is no room") {
                bridge.log.contains("is delivered and not noted")
            }
            #expect(bridge.isRunning)
            folder.remove("fault")
            try await eventually("the other one is tried again") {
                mails.lines.count { $0.hasPrefix("RCPT TO:<late@") } > 1
            }
            folder.remove("late")
            // All who waited have it: that needs no room. Then the bridge is killed.
            try await eventually("the other one has it") { mails.contents.count == 2 }
            try await eventually("it is noted") {
                let sending = folder("box/docket/sending")
                return try FileManager.default.contentsOfDirectory(atPath: sending).isEmpty
            }
            try await kill(bridge)
            folder.remove("fault")
            bridge = try self.bridge(folder("box"), mails.place, on: disk)
            #expect(try await docket("reply", "1", "And once more.").status == 0)
            try await eventually("the next answer comes") { mails.contents.count == 3 }
            let recipients = mails.lines.filter { $0.hasPrefix("RCPT TO:<ana@") }
            #expect(recipients.count == 2, "\(mails.lines)")
            #expect(mails.contents.last?.contains("And once more.") == true)
            folder.remove("fault")
            try await stop(bridge)
            #expect(try await server.stop() == 0)
        }

        @Test("A bridge takes no mail with a key that cannot serve it, or beside another bridge")
        func refusedBridge() async throws {
            let server = try await TestServer.start(in: folder)
            for name in ["new", "cur", "tmp"] {
                try FileManager.default.createDirectory(
                    atPath: folder("box/\(name)"),
                    withIntermediateDirectories: true
                )
            }
            try folder.write(Self.mail("1", "Lamp 3", "It is dark here."), to: "box/new/1.mail")
            let mails = try ScriptedMailServer(ScriptedMailServer.obliging)
            defer { mails.stop() }
            for (channel, profile, status): (String?, String, Int32) in [
                (nil, "partner", 4), ("chat", "chat", 5),
            ] {
                try await makeKey(for: channel)
                let bridge = try bridge(folder("box"), mails.place, profile: profile)
                #expect(try await bridge.ended() == status, "\(bridge.log)")
                #expect(bridge.log.contains("docket key create NAME --channel email"))
                #expect(FileManager.default.fileExists(atPath: folder("box/new/1.mail")))
            }
            try await makeKey()
            let bridge = try bridge(folder("box"), mails.place)
            try await waits(for: "It is dark here.", in: 1)
            let second = try self.bridge(folder("box"), mails.place, profile: "second")
            #expect(try await second.ended() == 75)
            #expect(second.log.contains("is in use by process \(bridge.processID)"))
            try await stop(bridge)
            #expect(try await server.stop() == 0)
        }

        /// Runs the bridge for a time that chance decides, and kills it.
        private func killed(_ mails: MailServer) async throws {
            let bridge = try bridge(mails)
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...600)))
            try await kill(bridge)
        }

        /// Ends the bridge as an operator does.
        private func stop(_ bridge: Program) async throws {
            bridge.send(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.log)")
        }

        private func kill(_ bridge: Program) async throws {
            bridge.send(SIGKILL)
            try await bridge.ended()
        }
    }
}
