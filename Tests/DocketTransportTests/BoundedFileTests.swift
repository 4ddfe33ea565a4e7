import DocketTransport
import Foundation
import Testing

@Suite("A file is read whole, and no more of it than its limit")
struct BoundedFileTests {
    private func fault(_ body: () throws(FileFault) -> [UInt8]) -> FileFault? {
        do throws(FileFault) {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    @Test("A file of exactly the limit is read, one byte more is too much")
    func limit() throws {
        let path = NSTemporaryDirectory() + "bounded-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(repeating: 7, count: 100).write(to: URL(filePath: path))
        #expect(try BoundedFile.read(path, atMost: 100) == [UInt8](repeating: 7, count: 100))
        let tooLong = fault { () throws(FileFault) in try BoundedFile.read(path, atMost: 99) }
        #expect(tooLong == .tooLong(path: path, limit: 99))
    }

    @Test("A file without an end is given up at the limit")
    func endless() {
        let fault = fault { () throws(FileFault) in
            try BoundedFile.read("/dev/zero", atMost: 70_000)
        }
        #expect(fault == .tooLong(path: "/dev/zero", limit: 70_000))
        #expect(throws: CredentialsFault.self) { try CredentialsFile.read("/dev/zero") }
    }

    @Test("A file that cannot be read is named with the system's words")
    func missing() {
        let fault = fault { () throws(FileFault) in
            try BoundedFile.read("/nowhere/at/all", atMost: 1)
        }
        #expect(fault?.description == "cannot read /nowhere/at/all: No such file or directory")
        #expect(throws: FileFault.self) { try BoundedFile.read("/", atMost: 1) }
    }

    @Test("A file that is not a credentials file says where it goes wrong")
    func malformed() throws {
        let path = NSTemporaryDirectory() + "credentials-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (text, words) in [
            (#"{"agent": {"login": "a", "password": "b"}}"#, "'address' is missing"),
            (#"{"address": "a:1", "agent": {"login": "a", "password": 7}}"#, "'agent.password'"),
        ] {
            try Data(text.utf8).write(to: URL(filePath: path))
            do throws(CredentialsFault) {
                _ = try CredentialsFile.read(path)
                Issue.record("\(text) was taken")
            } catch {
                #expect("\(error)".contains("\(path) is no credentials file: "))
                #expect("\(error)".contains(words), "\(error)")
            }
        }
    }
}
