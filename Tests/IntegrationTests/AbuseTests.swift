import Foundation
import Testing

extension IntegrationTests {
    @Suite("A server that is abused")
    struct AbuseTests {
        private static let script = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Scripts/abuse.py").path

        @Test("Strangers and contacts cannot take what the others need")
        func abuse() async throws {
            let folder = try TestFolder()
            let program = try Program(
                "/usr/bin/python3",
                [Self.script, "--short", "--docketd", TestServer.executable],
                in: folder
            )
            let status = try await program.ended(within: .seconds(150))
            #expect(status == 0, "\(program.output)\(program.log)")
        }
    }
}
