import DocketCrypto
import DocketTransport
import Foundation
import Testing

extension IntegrationTests {
    @Suite("The server's program tells what is wrong, in words and by its status")
    struct ServerCommandTests {
        /// Runs a line of the shell, in which `docketd` is the server's program.
        private func shell(
            _ line: String,
            in folder: TestFolder
        ) async throws -> (status: Int32, log: String) {
            let program = try Program(
                "/bin/sh",
                ["-c", "docketd() { \"\(try TestServer.executable)\" \"$@\"; }; \(line)"],
                in: folder
            )
            return (try await program.ended(), program.log)
        }

        @Test("Output that cannot be written ends every command with 74")
        func fullOutput() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            let file = folder("data/dev-credentials.json")
            for command in [
                "health --credentials \(file)", "stats --credentials \(file)",
                "stats --json --credentials \(file)",
                "backup \(folder("copy")) --credentials \(file)",
                "check --data \(folder("none"))", "--help", "stats --help",
            ] {
                let run = try await shell("docketd \(command) > /dev/full", in: folder)
                #expect(run.status == 74, "\(command): \(run.status) \(run.log)")
                #expect(run.log == "docketd: cannot write: No space left on device\n")
            }
            #expect(try await server.stop() == 0)
            let restored = try await shell(
                "docketd restore \(folder("copy")) --data \(folder("other")) > /dev/full",
                in: folder
            )
            #expect(restored.status == 74, "\(restored.log)")
        }

        @Test("A wrong command is named, and not its options")
        func wrongCommand() async throws {
            let folder = try TestFolder()
            let run = try await TestServer.run("statz", "--credentials", "none", in: folder)
            #expect(run.status == 2)
            #expect(run.log.contains("there is no command 'docketd statz'"))
            #expect(run.log.contains("serve, health, stats, backup, restore, check"))
        }

        @Test("check finds a certificate that is missing, expired, or of another key")
        func certificates() async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder)
            #expect(try await server.stop() == 0)
            let other = try TestFolder()
            let second = try await TestServer.start(in: other)
            #expect(try await second.stop() == 0)
            let now = UnixTime(secondsSinceEpoch: Int64(Date().timeIntervalSince1970))
            let authority = try CertificateAuthority(
                name: "old",
                validity: (now + .seconds(-9_000))...(now + .seconds(9_000))
            )
            let issued = try authority.issue(
                name: "localhost",
                for: [.dns("localhost")],
                validity: (now + .seconds(-9_000))...(now + .seconds(-60)),
                usage: .server
            )
            let expired = try folder.write(issued.certificateChain, to: "expired.pem")
            let key = issued.privateKey.withBytes { bytes in
                bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            }
            let expiredKey = try folder.write(key, to: "expired-key.pem")
            let good = folder("data/dev-certificate.pem")
            let goodKey = folder("data/dev-private-key.pem")
            let cases: [(String, String, Int32, String)] = [
                (good, goodKey, 0, "certificate: sound, expires 20"),
                (folder("none.pem"), goodKey, 1, "none.pem"),
                (good, folder("none.pem"), 1, "none.pem"),
                (good, other("data/dev-private-key.pem"), 1, "belongs to another certificate"),
                (expired, expiredKey, 1, "has expired"),
                (goodKey, goodKey, 1, "the certificate cannot be read"),
                (good, good, 1, "the private key cannot be read"),
            ]
            for (certificate, key, status, words) in cases {
                let run = try await TestServer.run(
                    "check",
                    "--data",
                    folder("empty"),
                    "--certificate",
                    certificate,
                    "--private-key",
                    key,
                    in: folder
                )
                #expect(run.status == status && run.output.contains(words), "\(run.output)")
                #expect(!run.output.contains("Error") && !run.output.contains("Certificate("))
            }
        }

        @Test(
            "A server that listens on every address tells clients one that they can use",
            arguments: [("0.0.0.0:0", "127.0.0.1:"), ("[::]:0", "[::1]:"), ("localhost:0", "")]
        )
        func wildcard(_ listen: String, _ told: String) async throws {
            let folder = try TestFolder()
            let server = try await TestServer.start(in: folder, listen: listen)
            let address = try #require(server.credentials?.address)
            #expect(address.hasPrefix(told), "\(address)")
            let health = try await TestServer.run(
                "health",
                "--credentials",
                folder("data/dev-credentials.json"),
                in: folder
            )
            #expect(health.status == 0, "\(health.log)")
            #expect(try await server.stop() == 0)
        }

        @Test("A development certificate is made anew for an address that it lacks")
        func otherAddress() async throws {
            let folder = try TestFolder()
            let first = try await TestServer.start(in: folder)
            #expect(try await first.stop() == 0)
            let before = try String(
                contentsOfFile: folder("data/dev-certificate.pem"),
                encoding: .utf8
            )
            let second = try await TestServer.start(in: folder, listen: "127.0.0.2:0")
            let health = try await TestServer.run(
                "health",
                "--credentials",
                folder("data/dev-credentials.json"),
                in: folder
            )
            #expect(health.status == 0, "\(health.log)")
            #expect(try await second.stop() == 0)
            let after = try String(
                contentsOfFile: folder("data/dev-certificate.pem"),
                encoding: .utf8
            )
            #expect(before != after)
        }

        /// Whether a process lets a signal wait that would end it.
        private func holds(_ number: Int32, _ process: Int32) -> Bool {
            let path = "/proc/\(process)/status"
            guard let text = try? String(contentsOfFile: path, encoding: .utf8),
                let line = text.split(separator: "\n").first(where: { $0.hasPrefix("SigBlk:") }),
                let digits = line.split(separator: "\t").last,
                let mask = UInt64(digits, radix: 16)
            else { return false }
            return mask & (1 << UInt64(number - 1)) != 0
        }

        @Test("A hang-up in a server's first moments does not end it")
        func earlyHangUp() async throws {
            let folder = try TestFolder()
            let program = try Program(
                TestServer.executable,
                ["serve", "--dev", "--data", folder("data"), "--listen", "127.0.0.1:0"]
                    + ["--ready-file", folder("ready")],
                in: folder
            )
            try await eventually("it holds the signal") { holds(SIGHUP, program.processID) }
            while !folder.has("ready"), program.isRunning {
                program.send(SIGHUP)
                await Task.yield()
            }
            #expect(program.isRunning, "\(program.log)")
            program.send(SIGTERM)
            #expect(try await program.ended() == 0)
        }

        @Test("A server that is told to end before it serves ends in order")
        func earlyEnd() async throws {
            let folder = try TestFolder()
            let program = try Program(
                TestServer.executable,
                ["serve", "--dev", "--data", folder("data"), "--listen", "127.0.0.1:0"],
                in: folder
            )
            try await eventually("it holds the signal") { holds(SIGTERM, program.processID) }
            program.send(SIGTERM)
            #expect(try await program.ended() == 0, "\(program.log)")
            #expect(program.log.contains("ended"))
        }
    }
}
