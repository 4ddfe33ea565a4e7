import DocketCalls
import DocketMessages
import DocketRPC
import DocketTransport
import Foundation
import Testing

extension IntegrationTests {
    @Suite("Operators see how a server is, copy its store and put a copy back")
    struct OperationTests {
        @Test("health and stats ask a running server")
        func state() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            let file = folder("data/dev-credentials.json")
            let health = try await TestServer.run("health", "--credentials", file, in: folder)
            #expect(health.status == 0 && health.output == "serving\n")
            let stats = try await TestServer.run(
                "stats",
                "--json",
                "--credentials",
                file,
                in: folder
            )
            #expect(stats.status == 0, "\(stats.log)")
            let values = try JSONDecoder().decode(
                [String: Double].self,
                from: Data(stats.output.utf8)
            )
            #expect(values["connections"] == 1)
            #expect(values["resident_bytes"].map { $0 > 0 } == true)
            #expect(values["calls_total{method=\"docket.v1.Health/Check\"}"] == 1)
            let page = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../Documentation/Operating.md")
            let text = try String(contentsOf: page, encoding: .utf8)
            for name in values.keys {
                let word = name.prefix { $0 != "{" }
                #expect(text.contains("| `\(word)` |"), "\(word) is not in Operating.md")
            }
            let plain = try await TestServer.run("stats", "--credentials", file, in: folder)
            #expect(plain.output.contains("log_head_offset"))
            try await server.kill()
            let gone = try await TestServer.run("health", "--credentials", file, in: folder)
            #expect(gone.status == 1)
            #expect(
                gone.log == "docketd: cannot connect to \(server.address): connection refused\n"
            )
        }

        @Test("A restored copy begins a new epoch, and a cursor of the old one is refused")
        func restore() async throws {
            let folder = try TestFolder()
            let file = folder("data/dev-credentials.json")
            var server = try await TestServer.start(in: folder)
            var client = try await TestClient(to: server)
            let guest = try await client.becomeGuest()
            let conversation = try await client.open()
            try await client.post("before the copy", in: conversation)
            let cursor = try await client.feed.snapshot(Docket_V1_SnapshotCall()).asOf
            let copied = try await TestServer.run(
                "backup",
                folder("copy"),
                "--credentials",
                file,
                in: folder
            )
            #expect(copied.status == 0, "\(copied.log)")
            #expect(try folder.permissions(of: "copy") == 0o600)
            let again = try await TestServer.run(
                "backup",
                folder("copy"),
                "--credentials",
                file,
                in: folder
            )
            #expect(again.status != 0 && again.log.contains("exists"))
            try await client.post("after the copy", in: conversation)
            let running = try await TestServer.run(
                "restore",
                folder("copy"),
                "--data",
                folder("data"),
                in: folder
            )
            #expect(running.status != 0 && running.log.contains("A server is using"))
            #expect(try await server.stop() == 0)

            let restored = try await TestServer.run(
                "restore",
                folder("copy"),
                "--data",
                folder("data"),
                in: folder
            )
            #expect(restored.status == 0, "\(restored.log)")
            let check = try await TestServer.run("check", "--data", folder("data"), in: folder)
            #expect(check.status == 0 && check.output.contains("sound"), "\(check.log)")
            server = try await TestServer.start(in: folder)
            client = try await TestClient(to: server)
            try await client.signIn(guest)
            #expect(try await client.messages(in: conversation).map(\.text) == ["before the copy"])
            var call = Docket_V1_SubscribeCall()
            call.cursor = cursor
            let subscription = call
            let error = await refusal { () async throws(RPCError) in
                try await client.feed.subscribe(subscription).next()
            }
            #expect(error?.reason == .resyncRequired)
            #expect(error?.trailers.first?.value == Array("epoch_changed".utf8))
        }

        @Test("A restore brings back neither a session that ended nor a key that was revoked")
        func restoredAccess() async throws {
            let folder = try TestFolder()
            let file = folder("data/dev-credentials.json")
            var server = try await TestServer.start(in: folder)
            let key = try #require(server.credentials?.apiKey)
            let guest = try await TestClient(to: server)
            let secret = try await guest.becomeGuest()
            let leaving = try await TestClient(to: server)
            let token = try await leaving.signIn(secret).token
            let backup = ["backup", folder("copy"), "--credentials", file]
            let copied = try await TestServer.run(backup, in: folder)
            #expect(copied.status == 0, "\(copied.log)")
            try await leaving.signOut()
            let administrator = try await TestClient(to: server)
            try await administrator.signIn(try #require(server.credentials?.administrator))
            let holder = try await TestClient(to: server)
            var revocation = Docket_V1_RevokeKeyCall()
            revocation.header.commandID = TestClient.newID()
            revocation.principalID = try await holder.signIn(apiKey: key).principal.id
            _ = try await AdministrationCaller(channel: administrator.connection)
                .revokeKey(revocation)
            #expect(try await server.stop() == 0)
            let restore = ["restore", folder("copy"), "--data", folder("data")]
            let restored = try await TestServer.run(restore, in: folder)
            #expect(restored.status == 0, "\(restored.log)")
            let keyID = try #require(key.split(separator: "_").dropFirst().first)
            let told = "keys that worked in the copy and are revoked now:\n  \(keyID)"
            #expect(restored.output.contains(told), "\(restored.output)")
            #expect(!restored.output.contains("keys that work;"), "\(restored.output)")

            server = try await TestServer.start(in: folder)
            let returned = try await TestClient(to: server, token: token)
            let ended = await refusal { () async throws(RPCError) in
                try await returned.describe()
            }
            #expect(ended?.reason == .sessionExpired)
            let refused = try await TestClient(to: server)
            let revoked = await refusal { () async throws(RPCError) in
                try await refused.signIn(apiKey: key)
            }
            #expect(revoked?.reason == .keyRevoked)
            let welcome = try await TestClient(to: server)
            try await welcome.signIn(secret)
            #expect(try await server.stop() == 0)
        }

        @Test("A file that is no copy is refused, and the store stays as it is")
        func wrongCopy() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            _ = try await server.stop()
            let before = try Data(contentsOf: URL(filePath: folder("data/docket.sqlite")))
            try folder.write(String(repeating: "no copy ", count: 4_096), to: "copy")
            for name in ["copy", "absent"] {
                let run = try await TestServer.run(
                    "restore",
                    folder(name),
                    "--data",
                    folder("data"),
                    in: folder
                )
                #expect(run.status != 0 && run.log.contains(name), "\(run.log)")
            }
            let after = try Data(contentsOf: URL(filePath: folder("data/docket.sqlite")))
            #expect(after == before)
        }

        @Test("check finds a damaged store")
        func damage() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            let file = folder("data/dev-credentials.json")
            _ = try await TestServer.run(
                "backup",
                folder("copy"),
                "--credentials",
                file,
                in: folder
            )
            _ = try await server.stop()
            // A restored store lies in one file, none of it in the write-ahead log.
            let restored = try await TestServer.run(
                "restore",
                folder("copy"),
                "--data",
                folder("data"),
                in: folder
            )
            #expect(restored.status == 0, "\(restored.log)")
            let path = folder("data/docket.sqlite")
            var bytes = try Data(contentsOf: URL(filePath: path))
            // The first page says what the file is; the ones behind it hold the tables.
            for index in stride(from: 4_096, to: bytes.count, by: 7) { bytes[index] ^= 0xFF }
            try bytes.write(to: URL(filePath: path))
            let check = try await TestServer.run("check", "--data", folder("data"), in: folder)
            #expect(check.status != 0, "\(check.output)")
        }

        @Test("The copies of a server that was killed are removed by the next")
        func leftCopies() async throws {
            let folder = try TestFolder()
            try FileManager.default.createDirectory(
                atPath: folder("data"),
                withIntermediateDirectories: true
            )
            try folder.write("left", to: "data/backup-0")
            let server = try await TestServer.start(in: folder)
            #expect(!folder.has("data/backup-0"))
            _ = try await server.stop()
        }

        @Test("The log is JSON, a line each, and holds no message and no secret")
        func log() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(
                in: folder,
                environment: ["DOCKET_LOG_LEVEL": "trace"]
            )
            let canary = "canary-\(UUID().uuidString)"
            let client = try await TestClient(to: server)
            let guest = try await client.becomeGuest()
            let conversation = try await client.open()
            try await client.post("\(canary)\n\u{1b}[31m", in: conversation)
            _ = try await client.messages(in: conversation)
            _ = await refusal { () async throws(RPCError) in
                try await client.post(
                    canary + String(repeating: "x", count: 16_384),
                    in: conversation
                )
            }
            let agent = try await TestClient(to: server)
            let wrong = CredentialsFile.Login(login: "agent", password: canary)
            _ = await refusal { () async throws(RPCError) in try await agent.signIn(wrong) }
            try await agent.signIn(try #require(server.credentials?.agent))
            #expect(try await server.stop() == 0)
            let log = server.program.log
            let lines = log.split(separator: "\n")
            #expect(lines.count > 3)
            for line in lines {
                let fields = try? JSONDecoder().decode(
                    [String: String].self,
                    from: Data(line.utf8)
                )
                #expect(fields?["level"] != nil && fields?["time"] != nil, "\(line)")
            }
            let secrets = [
                canary, server.credentials?.agent?.password, server.credentials?.apiKey,
                guest.secret.base64EncodedString(),
            ]
            for secret in secrets.compactMap(\.self) { #expect(!log.contains(secret)) }
        }
    }
}
