import DocketClient
import Foundation
import Testing

extension IntegrationTests {
    /// What a terminal shows of a password: nothing.
    @Suite("A password at a terminal", .serialized)
    struct PasswordScreenTests {
        private struct Credentials: Decodable {
            struct Account: Decodable {
                let login: String
                let password: String
            }

            let authority: String
            let agent: Account
        }

        @Test("A password that is typed is not shown, and signs in")
        func typed() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            let file = try Data(contentsOf: URL(filePath: folder("data/dev-credentials.json")))
            let credentials = try JSONDecoder().decode(Credentials.self, from: file)
            try folder.write(credentials.authority, to: "authority.pem")
            let options = [
                "login", "--server", server.address, "--authority", folder("authority.pem"),
                "--login", credentials.agent.login,
            ]
            for password in ["wrong password", credentials.agent.password] {
                let isRight = password == credentials.agent.password
                let window = try await TerminalWindow(
                    Program.built("docket"),
                    options,
                    columns: 80,
                    in: folder
                )
                try await window.screen(showing: /Password of/)
                try await window.enter(password)
                #expect(try await window.ended() == (isRight ? 0 : 4))
                let shown = try await window.screen()
                #expect(!shown.contains(password), "\(shown)")
                #expect(shown.contains("signed in as") == isRight, "\(shown)")
                try await window.close()
            }
            #expect(try await server.stop() == 0)
        }
    }
}
