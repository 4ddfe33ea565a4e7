import DocketCalls
import DocketCrypto
import DocketMessages
import DocketRPC
import DocketTestSupport
import DocketTransport
import Foundation
import Testing

extension IntegrationTests {
    @Suite("Signals end a server well, and give it another certificate")
    struct SignalTests {
        @Test("SIGTERM tells the clients, ends the feeds and exits with 0")
        func drain() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            let client = try await TestClient(to: server)
            _ = try await client.becomeGuest()
            let feed = try client.feed.subscribe(Docket_V1_SubscribeCall())
            _ = try await feed.next()
            server.program.send(SIGTERM)
            await client.connection.refusing()
            let ended = await refusal { () async throws(RPCError) in
                while try await feed.next() != nil {}
            }
            #expect(ended?.reason == .draining)
            #expect(try await server.program.ended(within: .seconds(20)) == 0)
            #expect(server.program.log.contains("\"message\":\"ended\""))
            let check = try await TestServer.run("check", "--data", folder("data"), in: folder)
            #expect(check.status == 0, "\(check.log)")
        }

        @Test("A call that goes on holds the drain up; a second SIGTERM ends it at once")
        func secondSignal() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            let client = try await TestClient(to: server)
            try await client.signIn(try #require(server.credentials?.administrator))
            // Nobody reads the copy, so that the call stands still once its credit is spent.
            let copy = try AdministrationCaller(channel: client.connection)
                .backup(Docket_V1_BackupCall())
            _ = try await copy.next()
            server.program.send(SIGTERM)
            await client.connection.refusing()
            #expect(server.program.isRunning)
            server.program.send(SIGTERM)
            #expect(try await server.program.ended(within: .seconds(20)) == 0)
            copy.abandon()
        }

        @Test("SIGHUP takes a new certificate for new connections; the old ones go on")
        func reload() async throws {
            let folder = try TestFolder()
            let (one, two) = (try TestCertificates(), try TestCertificates())
            try folder.install(try one.server())
            let server = try await TestServer.start(
                in: folder,
                ["--certificate", folder("certificate.pem"), "--private-key", folder("key.pem")]
            )
            let old = try await TestClient(to: server, trusting: one.authority.certificate)
            #expect(try await old.health().state == .serving)
            try folder.install(try two.server())
            server.program.send(SIGHUP)
            try await eventually("the certificate is reloaded") {
                server.program.log.contains("certificate reloaded")
            }
            let new = try await TestClient(to: server, trusting: two.authority.certificate)
            #expect(try await new.health().state == .serving)
            #expect(try await old.health().state == .serving)
            let distrusting = try await TestClient(to: server, trusting: one.authority.certificate)
            let error = await refusal { () async throws(RPCError) in try await distrusting.health()
            }
            #expect(error != nil)
            try folder.write("no certificate", to: "certificate.pem")
            server.program.send(SIGHUP)
            try await eventually("the reload is refused") {
                server.program.log.contains("the certificate stays as it was")
            }
            let still = try await TestClient(to: server, trusting: two.authority.certificate)
            #expect(try await still.health().state == .serving)
        }
    }
}

extension TestFolder {
    /// Puts a certificate and its key into the folder.
    func install(_ issued: CertificateAuthority.Issued) throws {
        try write(issued.certificateChain, to: "certificate.pem")
        let key = issued.privateKey.withBytes { bytes in
            bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
        try write(key, to: "key.pem")
    }
}
