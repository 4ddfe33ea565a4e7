import Foundation
import Testing

extension IntegrationTests {
    @Suite("A client made from the specification alone works with the server")
    struct ForeignClientTests {
        private static let script = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Scripts/foreign_client.py").path

        private func start(_ arguments: [String], in folder: TestFolder) throws -> Program {
            // The system's Python has protobuf, which Debian's packages bring.
            try Program("/usr/bin/python3", [Self.script] + arguments, in: folder)
        }

        private func run(_ arguments: String..., in folder: TestFolder) async throws {
            let program = try start(arguments, in: folder)
            let status = try await program.ended()
            #expect(status == 0, "\(arguments[0]): \(program.log)")
        }

        @Test(
            "It tests itself, signs in, echoes, chats over a lost connection, and works as an agent"
        )
        func chat() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            let file = folder("data/dev-credentials.json")
            try await run("selftest", in: folder)
            try await run("health", "--credentials", file, in: folder)
            try await run("sign-in", "--credentials", file, in: folder)
            try await run("echo", "--credentials", file, in: folder)
            try await run("vectors", "--credentials", file, in: folder)
            try await run("chat", "--credentials", file, in: folder)
            try await run("desk", "--credentials", file, in: folder)
            #expect(try await server.stop() == 0)
        }

        /// A desk that asks for a topic and a field before the end.
        private static let policy = """
            version: 2
            name: Shop
            kinds:
              - kind: chat
                initial_status: new
                finish_status: done
            statuses:
              - {key: new, name: New, category: new, reply: append}
              - {key: open, name: Open, category: open, reply: append, requires_assignee: true}
              - {key: done, name: Done, category: resolved, reply: append}
            transitions:
              - {on: assigned, from: [new], to: open}
              - {on: finished, from: [open], to: done, requires: [topic]}
            channels:
              - {key: chat, name: Chat, inactive_after: 10m}
            topics:
              - {key: orders, name: Orders}
            fields:
              - {key: device, name: Device, type: text}
            field_sets:
              - {phase: process, required: [device]}
            """

        @Test("It works as an agent, and fills what the policy asks for before the end")
        func desk() async throws {
            let folder = try TestFolder()
            let policy = try folder.write(Self.policy, to: "policy.yaml")
            let server = try await TestServer.start(in: folder, ["--dev", "--policy", policy])
            try await run(
                "desk",
                "--credentials",
                folder("data/dev-credentials.json"),
                "--field",
                "device=printer",
                "--field",
                "topic=orders",
                in: folder
            )
            #expect(try await server.stop() == 0)
        }

        @Test("Its ledger holds through a server that is killed and comes back")
        func ledger() async throws {
            let folder = try TestFolder()
            var server = try await TestServer.start(in: folder)
            let file = folder("data/dev-credentials.json")
            let ledger = folder("ledger")
            let poster = try start(
                ["post-ledger", "--credentials", file, "--ledger", ledger, "--count", "150"],
                in: folder
            )
            for round in 1...3 {
                try await eventually("the ledger grows") {
                    let text = try? String(contentsOfFile: ledger, encoding: .utf8)
                    return (text ?? "").split(separator: "\n").count > 20 * round
                }
                try await server.kill()
                server = try await TestServer.start(in: folder, listen: server.address)
            }
            let status = try await poster.ended()
            #expect(status == 0, "\(poster.log)")
            try await run(
                "verify-ledger",
                "--credentials",
                file,
                "--ledger",
                ledger,
                in: folder
            )
            #expect(try await server.stop() == 0)
        }
    }
}
