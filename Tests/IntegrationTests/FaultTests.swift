import DocketCalls
import DocketMessages
import DocketRPC
import DocketTransport
import Foundation
import Testing

extension IntegrationTests {
    @Suite("A failing disk loses nothing and doubles nothing")
    struct FaultTests {
        /// A folder with the library that makes writes fail.
        private struct FailingDisk {
            let folder: TestFolder

            init() async throws {
                folder = try TestFolder()
                let source = URL(filePath: #filePath).deletingLastPathComponent()
                    .appending(path: "Faults/failing_disk.c").path
                // The toolchain's compiler, or the system's where that one is not in the path.
                let command = "$(command -v clang || command -v cc) -shared -fPIC -o $0 $1 -ldl"
                let compiler = try Program(
                    "/bin/sh",
                    ["-c", command, folder("disk.so"), source],
                    in: folder
                )
                let status = try await compiler.ended()
                #expect(status == 0, "\(compiler.log)")
            }

            func start() async throws -> TestServer {
                try await TestServer.start(
                    in: folder,
                    environment: [
                        "LD_PRELOAD": folder("disk.so"), "FAULT_FILE": folder("fault"),
                    ]
                )
            }
        }

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
    }
}
