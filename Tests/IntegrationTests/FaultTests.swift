import DocketCalls
import DocketMessages
import DocketRPC
import DocketTransport
import Foundation
import Testing

extension IntegrationTests {
    @Suite("A failing disk loses nothing and doubles nothing")
    struct FaultTests {
        @Test(
            "After a failed write the outcome is unknown; a repetition has one effect",
            arguments: ["fdatasync EIO", "pwrite EIO"]
        )
        func failedWrite(_ fault: String) async throws {
            let disk = try await FailingDisk()
            var server = try await disk.start()
            var client = try await TestClient(to: server)
            let guest = try await client.becomeGuest()
            let conversation = try await client.open()
            try await client.post("before", in: conversation)
            let id = TestClient.newID()
            try disk.folder.write(fault, to: "fault")
            let lost = client
            let error = await refusal { () async throws(RPCError) in
                try await lost.post("in doubt", in: conversation, id: id)
            }
            #expect(error?.reason == .outcomeUnknown)
            #expect(error?.isNotProcessed == false && error?.isFinal == false)
            #expect(try await server.program.ended() == 75)
            #expect(server.program.log.contains("the store failed"))
            disk.folder.remove("fault")

            server = try await disk.start()
            client = try await TestClient(to: server)
            try await client.signIn(guest)
            let first = try await client.post("in doubt", in: conversation, id: id)
            let second = try await client.post("in doubt", in: conversation, id: id)
            #expect(first == second)
            let messages = try await client.messages(in: conversation)
            #expect(messages.map(\.text) == ["before", "in doubt"])
            #expect(messages.map(\.sequence) == [1, 2])
            #expect(try await server.stop() == 0)
            let check = try await TestServer.run(
                "check",
                "--data",
                disk.folder("data"),
                in: disk.folder
            )
            #expect(check.status == 0, "\(check.output)")
        }

        @Test(
            "On a full disk posts are refused as transient, reads go on, and writing resumes"
        )
        func fullDisk() async throws {
            let disk = try await FailingDisk()
            let server = try await disk.start()
            let client = try await TestClient(to: server)
            _ = try await client.becomeGuest()
            let conversation = try await client.open()
            try await client.post("before", in: conversation)
            let id = TestClient.newID()
            try disk.folder.write("pwrite ENOSPC", to: "fault")
            for _ in 0..<3 {
                let error = await refusal { () async throws(RPCError) in
                    try await client.post("later", in: conversation, id: id)
                }
                #expect(error?.reason == .diskFull)
                #expect(error?.isNotProcessed == true && error?.isFinal == false)
            }
            #expect(try await client.health().state == .readOnly)
            #expect(try await client.messages(in: conversation).map(\.text) == ["before"])
            disk.folder.remove("fault")
            try await client.post("later", in: conversation, id: id)
            #expect(try await client.health().state == .serving)
            #expect(try await client.messages(in: conversation).map(\.text) == ["before", "later"])
            #expect(try await server.stop() == 0)
        }

        @Test("A store at its largest size refuses posts, and takes them when it may be larger")
        func largestStore() async throws {
            let folder = try TestFolder()
            var server = try await TestServer.start(
                in: folder,
                environment: ["DOCKET_MAXIMUM_STORE_BYTES": "1048576"]
            )
            var client = try await TestClient(to: server)
            try await client.signIn(try #require(server.credentials?.agent))
            let visitor = try await TestClient(to: server)
            let guest = try await visitor.becomeGuest()
            let conversation = try await visitor.open()
            try await visitor.post("help", in: conversation)
            let text = String(repeating: "x", count: 16_000)
            var taken = 1
            var error: RPCError?
            let poster = client
            while error == nil, taken < 200 {
                error = await refusal { () async throws(RPCError) in
                    try await poster.post(text, in: conversation)
                }
                if error == nil { taken += 1 }
            }
            #expect(error?.reason == .diskFull && error?.isNotProcessed == true)
            #expect(try await client.messages(in: conversation).count == taken)
            let stopped = try await server.stop()
            #expect(stopped == 0)
            server = try await TestServer.start(in: folder)
            client = try await TestClient(to: server)
            try await client.signIn(guest)
            try await client.post("more", in: conversation)
            #expect(try await client.messages(in: conversation).count == taken + 1)
        }

        @Test(
            "On a full file system posts are refused and reads go on; with room writing resumes",
            .enabled(if: SmallFileSystem.isPossible, "only who may mount a file system can fill it")
        )
        func fullFileSystem() async throws {
            let folder = try TestFolder()
            let disk = try SmallFileSystem(in: folder)
            defer { extendLifetime(disk) }
            var server = try await TestServer.start(in: folder)
            let visitor = try await TestClient(to: server)
            let guest = try await visitor.becomeGuest()
            let conversation = try await visitor.open()
            try await visitor.post("help", in: conversation)
            let agent = try await TestClient(to: server)
            try await agent.signIn(try #require(server.credentials?.agent))
            try Data(count: 5 << 20).write(to: URL(filePath: folder("data/filler")))
            var (taken, refused) = try await Self.fill(conversation, as: agent)
            taken.insert("help", at: 0)
            #expect(try await agent.health().state == .readOnly)
            try await Self.signInAsEverybody(at: server, and: guest, in: folder)
            #expect(try await agent.messages(in: conversation).map(\.text) == taken)
            folder.remove("data/filler")
            try await agent.post(refused.text, in: conversation, id: refused.id)
            taken.append(refused.text)
            #expect(try await agent.health().state == .serving)
            try await server.kill()
            server = try await TestServer.start(in: folder)
            let returned = try await TestClient(to: server)
            try await returned.signIn(guest)
            #expect(try await returned.messages(in: conversation).map(\.text) == taken)
            #expect(try await server.stop() == 0)
            let check = try await TestServer.run("check", "--data", folder("data"), in: folder)
            #expect(check.status == 0, "\(check.output)")
        }

        /// Signs in as everybody there is, while the disk is full, and reads.
        private static func signInAsEverybody(
            at server: TestServer,
            and guest: Docket_V1_GuestSecret,
            in folder: TestFolder
        ) async throws {
            let credentials = try #require(server.credentials)
            let login = try #require(credentials.agent)
            let key = try #require(credentials.apiKey)
            for signIn in [
                { (client: TestClient) in try await client.signIn(login) },
                { (client: TestClient) in try await client.signIn(apiKey: key) },
                { (client: TestClient) in try await client.signIn(guest) },
            ] {
                let token = try await signIn(try await TestClient(to: server)).token
                let returned = try await TestClient(to: server, token: token)
                try await returned.describe()
            }
            // Whoever may sign in may sign out, again and again.
            for _ in 0..<10 {
                let leaving = try await TestClient(to: server)
                let token = try await leaving.signIn(guest).token
                try await leaving.signOut()
                let late = try await TestClient(to: server, token: token)
                let refused = await refusal { () async throws(RPCError) in
                    _ = try await late.describe()
                }
                #expect(refused != nil)
            }
            let file = folder("data/dev-credentials.json")
            let stats = try await TestServer.run("stats", "--credentials", file, in: folder)
            #expect(stats.status == 0, "\(stats.log)")
            let backup = ["backup", folder("copy"), "--credentials", file]
            let copied = try await TestServer.run(backup, in: folder)
            // The copy is made beside the store first, where there is no room for it.
            #expect(copied.status != 0 && copied.log.contains("no room"), "\(copied.log)")
        }

        @Test(
            "A start for development on a full disk says so before it serves",
            .enabled(if: SmallFileSystem.isPossible, "only who may mount a file system can fill it")
        )
        func fullFirstStart() async throws {
            let folder = try TestFolder()
            let disk = try SmallFileSystem(in: folder)
            defer { extendLifetime(disk) }
            try? Data(count: 13 << 20).write(to: URL(filePath: folder("data/filler")))
            let arguments = ["serve", "--dev", "--data", folder("data"), "--listen", "127.0.0.1:0"]
            let full = try await TestServer.run(arguments, in: folder)
            #expect(full.status == 1)
            #expect(full.log.contains("the disk is full"), "\(full.log)")
            #expect(!full.log.contains("NSCocoa") && !full.log.contains("serving"), "\(full.log)")
            #expect(!folder.has("data/dev-credentials.json"))
            folder.remove("data/filler")
            let server = try await TestServer.start(in: folder)
            #expect(server.credentials?.address == server.address)
            #expect(!folder.has("data/dev-secrets.json"))
            #expect(try await server.stop() == 0)
        }

        /// Posts until there is no room, and gives what was taken and what was refused, twice.
        private static func fill(
            _ conversation: Data,
            as agent: TestClient
        ) async throws -> (taken: [String], refused: (id: Data, text: String)) {
            var taken: [String] = []
            while taken.count < 500 {
                let next = (id: TestClient.newID(), text: longText(taken.count))
                let post = { () async -> RPCError? in
                    await refusal { () async throws(RPCError) in
                        try await agent.post(next.text, in: conversation, id: next.id)
                    }
                }
                guard let error = await post() else {
                    taken.append(next.text)
                    continue
                }
                for error in [error, await post()] {
                    #expect(error?.reason == .diskFull)
                    #expect(error?.isNotProcessed == true && error?.isFinal == false)
                }
                return (taken, next)
            }
            throw Program.Fault(description: "8 MiB take 500 messages of 16,000 bytes")
        }

        /// A text of 16,000 bytes that tells its number.
        private static func longText(_ number: Int) -> String {
            "\(number) " + String(repeating: "x", count: 15_990)
        }

        @Test("A first start for development, killed at any step, is made whole by the next start")
        func killedFirstStart() async throws {
            let disk = try await FailingDisk()
            var step = 1
            while try await disk.isKilled(atStep: step) {
                let server = try await disk.start()
                let secrets = try #require(server.credentials)
                #expect(secrets.address == server.address, "step \(step)")
                #expect(try disk.folder.permissions(of: "data/dev-credentials.json") == 0o600)
                for login in [secrets.administrator, secrets.agent] {
                    let client = try await TestClient(to: server)
                    try await client.signIn(try #require(login, "step \(step)"))
                    client.close()
                }
                let client = try await TestClient(to: server)
                try await client.signIn(apiKey: try #require(secrets.apiKey, "step \(step)"))
                client.close()
                try await server.kill()
                disk.folder.remove("data")
                step += 1
            }
            // The certificates, the credentials, the schema and three accounts.
            #expect(step > 10)
        }
    }
}
