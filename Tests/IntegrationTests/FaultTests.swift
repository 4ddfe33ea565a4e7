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
