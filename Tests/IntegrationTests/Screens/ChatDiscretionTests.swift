import DocketClient
import Testing

extension IntegrationTests {
    /// What a customer may keep to themselves.
    @Suite("A customer's discretion", .serialized)
    struct ChatDiscretionTests {
        /// What the desk learns while a customer reads and writes.
        private struct Learned: Equatable {
            var typing = false
            var readMark = false
        }

        /// What an agent's feed tells of the customer up to a message.
        private func learned(
            of conversation: Conversation,
            upTo last: String
        ) async throws -> Learned {
            var learned = Learned()
            for try await update in conversation.updates(from: .beginning) {
                switch update.content {
                case .typing: learned.typing = true
                case .event(let event):
                    switch event.fact {
                    case .readMarked where event.actor?.kind == .contact: learned.readMark = true
                    case .messagePosted(let message) where message.text == last: return learned
                    default: continue
                    }
                default: continue
                }
            }
            return learned
        }

        @Test(
            "The desk learns what is read and typed, unless the customer says no",
            arguments: [[], ["--no-read-marks"], ["--no-typing"]]
        )
        func discretion(options: [String]) async throws {
            let stage = try await ChatStage(columns: 80)
            try await stage.login()
            #expect(try await stage.run("send", "Hello").status == 0)
            try await stage.agent { agent in
                let conversation = try await stage.conversation(of: agent)
                async let learned = learned(of: conversation, upTo: "That is all")
                let window = try await stage.chat(options)
                try await window.screen(showing: /● live/)
                _ = try await conversation.post("How are you?")
                try await window.screen(showing: /How are you/)
                try await window.enter("Well")
                try await window.screen(showing: /you ✓  Well/)
                // What has been read is told when the chat ends at the latest.
                try await window.press("C-d")
                #expect(try await window.ended() == 0)
                try await window.close()
                #expect(try await stage.run("send", "That is all").status == 0)
                let expected = Learned(
                    typing: !options.contains("--no-typing"),
                    readMark: !options.contains("--no-read-marks")
                )
                #expect(try await learned == expected)
            }
            try await stage.stop()
        }
    }
}
