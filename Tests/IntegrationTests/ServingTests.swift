import DocketCalls
import DocketCrypto
import DocketMessages
import DocketRPC
import DocketTestSupport
import DocketTransport
import Foundation
import Testing

extension IntegrationTests {
    @Suite("A server starts with what it needs and says where it is")
    struct ServingTests {
        @Test("For development it makes everything in an empty folder, for its owner alone")
        func development() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            let credentials = try #require(server.credentials)
            #expect(credentials.address == server.address)
            #expect(!server.address.hasSuffix(":0") && server.address.hasPrefix("127.0.0.1:"))
            #expect(try folder.permissions(of: "data") == 0o700)
            for name in ["dev-credentials.json", "dev-private-key.pem", "docket.sqlite"] {
                #expect(try folder.permissions(of: "data/\(name)") == 0o600, "\(name)")
            }
            for login in [credentials.administrator, credentials.agent] {
                let client = try await TestClient(to: server)
                try await client.signIn(try #require(login))
                client.close()
            }
            let client = try await TestClient(to: server)
            var call = Docket_V1_SignInCall()
            call.apiKey = try #require(credentials.apiKey)
            let session = try await client.sessions.signIn(call).session
            #expect(session.principal.kind == .principalIntegration)
            #expect(try await server.stop() == 0)
        }

        @Test("With a certificate of one's own, a first start makes the accounts alone")
        func ownCertificate() async throws {
            let folder = try TestFolder()
            let certificates = try TestCertificates()
            try folder.install(try certificates.server())
            let server = try await TestServer.start(
                in: folder,
                ["--dev", "--certificate", folder("certificate.pem")]
                    + ["--private-key", folder("key.pem")]
            )
            #expect(server.credentials?.authority == nil)
            #expect(!folder.has("data/dev-certificate.pem"))
            let client = try await TestClient(
                to: server,
                trusting: certificates.authority.certificate
            )
            try await client.signIn(try #require(server.credentials?.administrator))
            #expect(try await server.stop() == 0)
        }

        @Test("Started again, it keeps its secrets and what was said")
        func restart() async throws {
            let folder = try TestFolder()
            let first = try await TestServer.start(in: folder)
            var client = try await TestClient(to: first)
            let guest = try await client.becomeGuest()
            let conversation = try await client.open()
            try await client.post("kept", in: conversation)
            #expect(try await first.stop() == 0)
            let second = try await TestServer.start(in: folder)
            var expected = first.credentials
            expected?.address = second.address
            #expect(second.credentials == expected)
            client = try await TestClient(to: second)
            try await client.signIn(guest)
            #expect(try await client.messages(in: conversation).map(\.text) == ["kept"])
        }

        @Test("A second server on the same folder is refused, and the first goes on")
        func secondServer() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            let second = try await TestServer.run(
                "serve",
                "--dev",
                "--data",
                folder("data"),
                "--listen",
                "127.0.0.1:0",
                in: folder
            )
            #expect(second.status != 0)
            #expect(second.log.contains("A server is using"))
            let check = try await TestServer.run("check", "--data", folder("data"), in: folder)
            #expect(check.status != 0 && check.log.contains("A server is using"))
            let client = try await TestClient(to: server)
            #expect(try await client.health().state == .serving)
        }

        @Test("Without a certificate it does not serve, and says what it needs")
        func certificate() async throws {
            let folder = try TestFolder()
            let run = try await TestServer.run(
                "serve",
                "--data",
                folder("data"),
                "--listen",
                "127.0.0.1:0",
                in: folder
            )
            #expect(run.status != 0)
            #expect(run.log.contains("--certificate") && run.log.contains("--dev"))
        }

        @Test(
            "An invalid address is named",
            arguments: ["here", "127.0.0.1", "::1:70", "a:b"]
        )
        func address(_ text: String) async throws {
            let folder = try TestFolder()
            let run = try await TestServer.run(
                "serve",
                "--dev",
                "--data",
                folder("data"),
                "--listen",
                text,
                in: folder
            )
            #expect(run.status != 0 && run.log.contains("'\(text)'"))
        }
    }
}
