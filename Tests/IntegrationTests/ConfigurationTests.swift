import Foundation
import Testing

extension IntegrationTests {
    @Suite("Settings come from a file, the environment and flags; the later one wins")
    struct ConfigurationTests {
        @Test("A flag is stronger than the environment, which is stronger than the file")
        func order() async throws {
            let folder = try TestFolder()
            let file = try folder.write("data: \(folder("one"))\n", to: "settings.yaml")
            let environment = ["DOCKET_DATA": folder("two")]
            let fromFile = try await TestServer.run("check", "--config", file, in: folder)
            #expect(fromFile.status == 0 && fromFile.output.contains(folder("one")))
            let fromEnvironment = try await TestServer.run(
                "check",
                "--config",
                file,
                environment: environment,
                in: folder
            )
            #expect(fromEnvironment.output.contains(folder("two")))
            let fromFlag = try await TestServer.run(
                "check",
                "--config",
                file,
                "--data",
                folder("three"),
                environment: environment,
                in: folder
            )
            #expect(fromFlag.output.contains(folder("three")))
        }

        @Test(
            "What is no setting, or no value of one, is refused by name",
            arguments: [
                ("colour: red", "colour"), ("threads: 0", "threads"), ("threads: many", "threads"),
                ("maximum_connections: -1", "maximum_connections"),
                ("maximum_store_bytes: 1", "maximum_store_bytes"), ("log_level: loud", "log_level"),
                ("minimum_tls: '1.1'", "minimum_tls"), ("- data", "key: value"), ("a: [", "YAML"),
            ]
        )
        func file(_ text: String, _ named: String) async throws {
            let folder = try TestFolder()
            let file = try folder.write(text, to: "settings.yaml")
            let run = try await TestServer.run("check", "--config", file, in: folder)
            #expect(run.status != 0 && run.log.contains(named), "\(run.log)")
        }

        @Test("An unknown variable stops no server and is named in its log")
        func environment() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(
                in: folder,
                environment: ["DOCKET_DATE": "red", "DOCKET_SEED": "1"]
            )
            #expect(try await server.stop() == 0)
            let warnings = server.program.log.split(separator: "\n").filter {
                $0.contains("unknown environment variable")
            }
            #expect(warnings.count == 1 && warnings.first?.contains("DOCKET_DATE") == true)
        }

        @Test("A byte order mark before the first key is no part of it")
        func byteOrderMark() async throws {
            let folder = try TestFolder()
            let file = try folder.write("\u{FEFF}data: \(folder("marked"))\n", to: "settings.yaml")
            let run = try await TestServer.run("check", "--config", file, in: folder)
            #expect(run.status == 0 && run.output.contains(folder("marked")), "\(run.log)")
        }

        @Test("A policy is checked as a whole, and its faults are named")
        func policy() async throws {
            let folder = try TestFolder()
            let broken = try folder.write("version: 1\ncolour: red\n", to: "policy.yaml")
            let run = try await TestServer.run(
                "check",
                "--policy",
                broken,
                "--data",
                folder("data"),
                in: folder
            )
            #expect(run.status != 0 && run.log.contains("colour"), "\(run.log)")
            let absent = try await TestServer.run(
                "check",
                "--policy",
                folder("none.yaml"),
                in: folder
            )
            #expect(absent.status != 0 && absent.log.contains("none.yaml"), "\(absent.log)")
        }
    }
}
