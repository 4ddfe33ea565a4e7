import DocketClient
import Foundation
import Testing

extension IntegrationTests {
    /// What a customer sees, at two widths; the files in `Golden` are what somebody has looked at.
    @Suite("The customers' screen", .serialized)
    struct ChatScreenTests {
        private static let widths = [80, 40]

        /// Whether what was said before is shown.
        private static var ready: some RegexComponent { /you ✓  Hello/ }
        /// Whether nothing more is about to change.
        private static var settled: some RegexComponent { /● live · [^\n]*✓ stored/ }

        @Test("The first start says what to do, and help lists the commands", arguments: widths)
        func first(columns: Int) async throws {
            let stage = try await ChatStage(columns: columns)
            let window = try await stage.chat([
                "--credentials",
                stage.credentials,
                "--name",
                "Ana",
            ])
            try stage.expect("first", await window.screen(showing: /● live/))
            try await window.enter("/help")
            try await window.screen(showing: /slash twice/)
            try stage.expect("help", await window.screen(showing: /● live/))
            try await window.enter("/hepl")
            try await window.screen(showing: /\/\/hepl/)
            try await window.screen(showing: /> \/hepl/)
            try stage.expect("mistyped", await window.screen(showing: /● live/))
            try await window.close()
            try await stage.stop()
        }

        @Test("A live chat shows who writes, who handles it and how it ends", arguments: widths)
        func live(columns: Int) async throws {
            let stage = try await ChatStage(columns: columns)
            try await stage.login()
            #expect(try await stage.run("send", "Hello").status == 0)
            let window = try await stage.chat()
            try await window.screen(showing: Self.ready)
            try await window.enter("It prints blank pages")
            try await window.screen(showing: /you ✓  It prints/)
            try stage.expect("queue", await window.screen(showing: Self.settled))
            try await stage.agent { agent in
                let request = try await agent.requests.get(number: 1)
                _ = try await agent.requests.take(request.id)
                let chat = agent.conversation(request.conversationID)
                _ = try await chat.post(
                    "Hello Ana. Does the test page work? Hold the green button for five seconds."
                )
                await chat.typing()
                try stage.expect(
                    "typing",
                    await window.screen { shown in
                        shown.contains("seconds.") && shown.contains("● live · Agent is typing")
                    }
                )
                try await chat.markRead(
                    upTo: try await chat.history().events.last?.offset ?? 0
                )
                try await window.screen(showing: /✓✓ read/)
                try stage.expect("live", await window.screen { !$0.contains("typing") })
                _ = try await agent.requests.finish(request.id)
            }
            try await window.screen(showing: /has finished/)
            try stage.expect("finished", await window.screen(showing: /● live · #1 Resolved/))
            try await window.press("C-d")
            #expect(try await window.ended() == 0)
            try stage.expect("left", await window.screen())
            try await window.close()
            try await stage.stop()
        }

        @Test("Texts of all kinds are wrapped where they may be, and do nothing", arguments: widths)
        func texts(columns: Int) async throws {
            let stage = try await ChatStage(columns: columns)
            try await stage.login()
            #expect(try await stage.run("send", "Hello").status == 0)
            let texts = [
                String(repeating: "wide", count: 30) + " and narrow",
                "日本語のとても長いテキストはどこで折り返されるのでしょうか、見てみましょう。",
                "family 👩‍👩‍👧 flag 🇩🇪 done", "שלום עולם and مرحبا بالعالم",
                "\u{1B}]52;c;aGk=\u{7}\u{1B}[2Jred\u{1B}[31m\u{9B}m bell\u{7} back\u{8}\u{8}space",
                "\u{202E}desrever\u{202C} zero\u{200B}width", "first line\nsecond line\ttabbed",
            ]
            try await stage.agent { agent in
                let chat = try await stage.conversation(of: agent)
                for text in texts { _ = try await chat.post(text) }
            }
            let window = try await stage.chat()
            try await window.screen(showing: /tabbed/)
            try stage.expect("texts", await window.screen(showing: Self.settled))
            try await window.close()
            try await stage.stop()
        }

        @Test("Without a server what is written is counted and kept, also over the end of the chat")
        func offline() async throws {
            for columns in Self.widths {
                let stage = try await ChatStage(columns: columns)
                try await stage.login()
                #expect(try await stage.run("send", "Hello").status == 0)
                var window = try await stage.chat()
                try await window.screen(showing: Self.ready)
                try await stage.stop()
                try await window.screen(showing: /○ offline/)
                try await window.enter("It prints blank pages")
                try await window.enter("All of them")
                let shown = try await window.screen { shown in
                    shown.contains(/2 queued .*retry in [0-9] s/)
                }
                try stage.expect("offline", shown)
                try await window.press("C-d")
                #expect(try await window.ended() == 3)
                try stage.expect("offline-left", await window.screen())
                try await window.close()
                window = try await stage.chat()
                try await window.screen(showing: /2 queued/)
                try await stage.restart()
                try await window.press("C-r")
                try await window.screen(showing: /you ✓  All of them/)
                try await window.screen(showing: Self.settled)
                try await window.close()
                try await stage.stop()
            }
        }

        @Test("A message that was refused is told with what to type", arguments: widths)
        func refused(columns: Int) async throws {
            let stage = try await ChatStage(columns: columns)
            try await stage.login()
            #expect(try await stage.run("send", "Hello").status == 0)
            try await stage.stop()
            // Nobody would see anything in the first, which only the server finds out.
            for text in ["\u{2800}\u{2800}", "behind it"] {
                let queued = try await stage.run("send", "--wait", "queued", input: text)
                #expect(queued.status == 0, "\(queued.log)")
            }
            try await stage.restart()
            #expect(try await stage.run("outbox", "flush").status == 1)
            let window = try await stage.chat()
            try stage.expect(
                "refused",
                await window.screen {
                    $0.contains("! 1 not sent, 1 behind it · ● live · #1")
                        && $0.contains("you ✓  Hello")
                }
            )
            try await window.enter("/outbox")
            try await window.screen(showing: /waits behind/)
            try await window.enter("/discard")
            try await window.screen(showing: /you ✓  behind it/)
            try stage.expect("discarded", await window.screen(showing: Self.settled))
            try await window.close()
            try await stage.stop()
        }

        @Test("Who is not known any more is told how to begin again", arguments: widths)
        func signInAgain(columns: Int) async throws {
            let stage = try await ChatStage(columns: columns)
            try await stage.login()
            let window = try await stage.chat()
            try await window.screen(showing: /● live/)
            try await window.type("half a mess")
            try await window.screen(showing: /half a mess/)
            try await stage.beginAnew()
            #expect(try await window.ended() == 4)
            try stage.expect("sign-in", await window.screen())
            try await window.close()
            #expect(try await stage.run("send", "again").status == 4)
            try await stage.stop()
        }

        @Test("What is not shown of a long past is counted")
        func hole() async throws {
            for columns in Self.widths {
                let stage = try await ChatStage(columns: columns)
                try await stage.login()
                #expect(try await stage.run("send", "Hello").status == 0)
                try await stage.agent { agent in
                    let chat = try await stage.conversation(of: agent)
                    for number in 1...20 { _ = try await chat.post("line \(number)") }
                }
                let window = try await stage.chat(["--history", "8"])
                try await window.screen(showing: /line 20/)
                try stage.expect("hole", await window.screen(showing: /● live · #1/))
                try await window.close()
                try await stage.stop()
            }
        }

        @Test("Half a message is there again after a kill, and whatever the width becomes")
        func draft() async throws {
            let stage = try await ChatStage(columns: 80)
            try await stage.login()
            #expect(try await stage.run("send", "Hello").status == 0)
            var window = try await stage.chat()
            try await window.screen(showing: Self.ready)
            try await window.type("It prints blank pages, but only when the sun shines on it")
            try await eventually("the draft is kept") {
                stage.draft?.hasSuffix("shines on it") == true
            }
            try await window.send(SIGKILL)
            _ = try await window.ended()
            try await window.close()
            window = try await stage.chat(["--history", "0"])
            try await window.screen(showing: /● live · #1/)
            try stage.expect("draft", await window.screen(showing: /shines on it/))
            try await window.resize(columns: 40)
            try stage.expect("narrower", await window.screen { $0.contains(/\n  [^\n]*on it/) })
            try await window.resize(columns: 80)
            try stage.expect("wider", await window.screen(showing: /but only when the sun shines/))
            try await window.close()
            try await stage.stop()
        }

        @Test("Colours are there, and not where NO_COLOR asks for none", arguments: [false, true])
        func colours(isRefused: Bool) async throws {
            let stage = try await ChatStage(columns: 80)
            try await stage.login()
            #expect(try await stage.run("send", "Hello").status == 0)
            let window = try await stage.chat(environment: isRefused ? ["NO_COLOR": "1"] : [:])
            try await window.screen(showing: Self.ready)
            let shown = try await window.screen(showing: Self.settled, styles: true)
            #expect(shown.contains("\u{1B}[32m") != isRefused, "\(shown.debugDescription)")
            try stage.expect(isRefused ? "colourless" : "colours", shown)
            try await window.close()
            try await stage.stop()
        }
    }
}
