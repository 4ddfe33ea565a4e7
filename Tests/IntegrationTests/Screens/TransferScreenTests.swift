import DocketClient
import Foundation
import Testing

extension IntegrationTests {
    /// What a customer sees while much is on its way over a network that stops in the middle.
    @Suite("The customers' screen on a slow network", .serialized)
    struct TransferScreenTests {
        private static let widths = [80, 40]

        private func stage(
            _ columns: Int
        ) async throws -> (stage: ChatStage, network: SlowNetwork) {
            let stage = try await ChatStage(columns: columns)
            let network = try await SlowNetwork(before: stage.server, in: stage.folder)
            try await stage.login(at: network.address)
            return (stage, network)
        }

        @Test("Catching up is told with how much of it has come", arguments: widths)
        func catchingUp(columns: Int) async throws {
            let (stage, network) = try await stage(columns)
            #expect(try await stage.run("send", "Hello").status == 0)
            let window = try await stage.chat()
            try await window.screen(showing: /you ✓  Hello/)
            try await window.screen(showing: /✓ stored/)
            try network.goAway()
            try await window.screen(showing: /○ offline/)
            try await stage.agent { agent in
                let chat = try await stage.conversation(of: agent)
                let text = String(repeating: "much of the same ", count: 60)
                for _ in 1...200 { _ = try await chat.post(text) }
            }
            try network.hold(after: 90_000)
            network.comeBack()
            try await window.press("C-r")
            try stage.expect(
                "catching-up",
                await window.screen(showing: /catching up, [1-9][0-9] so far/)
            )
            network.release()
            try stage.expect("caught-up", await window.screen(showing: /● live [^\n]*#1/))
            try await window.close()
            try await network.end()
            try await stage.stop()
        }

        @Test("A file is queued without a server, and shows how far it has come", arguments: widths)
        func file(columns: Int) async throws {
            let (stage, network) = try await stage(columns)
            #expect(try await stage.run("send", "Hello").status == 0)
            try Data(repeating: 7, count: 3 << 20).write(
                to: URL(filePath: stage.folder("photo.jpg"))
            )
            let window = try await stage.chat()
            try await window.screen(showing: /you ✓  Hello/)
            try await window.screen(showing: /✓ stored/)
            try network.goAway()
            try await window.screen(showing: /○ offline/)
            try await window.enter("/file ~/photo.jpg")
            let queued = try await window.screen { $0.contains(/1 queued .*retry in [0-9] s/) }
            try stage.expect("file-queued", queued)
            try network.hold(after: 1_500_000)
            network.comeBack()
            try await window.press("C-r")
            try stage.expect(
                "file-sending",
                await window.screen(showing: /● live [^\n]*[1-9][0-9]% of/)
            )
            network.release()
            try await window.screen(showing: /photo\.jpg .3\.0 MiB/)
            try stage.expect("file-sent", await window.screen(showing: /● live [^\n]*✓ stored/))
            try await window.enter("/save 1 ~/copy.jpg")
            try await window.screen(showing: /Saved as/)
            #expect(
                FileManager.default.contentsEqual(
                    atPath: stage.folder("photo.jpg"),
                    andPath: stage.folder("copy.jpg")
                )
            )
            try await window.enter("/file nothing.jpg")
            try await window.screen(showing: /nothing\.jpg: No such/)
            try await window.close()
            try await network.end()
            try await stage.stop()
        }
    }
}
