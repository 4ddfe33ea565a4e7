import DocketCrypto
import DocketTestSupport
import Foundation
import GRDB
import Testing

@testable import DocketClient

/// Where a test's local store is.
enum StoreKind: CaseIterable, CustomTestStringConvertible {
    case memory
    case file

    var testDescription: String { self == .memory ? "in memory" : "in a file" }
}

/// A folder with a local store, and commands for it.
final class StoreFixture: Sendable {
    /// The folder, which goes with the last reference to the fixture.
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "docket-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The path of the store's file.
    var path: String { folder + "/state.sqlite" }

    /// What lies in the folder, in order.
    var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// Opens the store.
    func open(
        _ kind: StoreKind = .file,
        at milliseconds: UInt64 = 1_000,
        maximumPages: Int? = nil
    ) throws -> LocalStore {
        switch kind {
        case .memory: try .inMemory()
        case .file:
            try LocalStore(
                path: path,
                at: Timestamp(millisecondsSinceEpoch: milliseconds),
                maximumPages: maximumPages
            )
        }
    }

    /// Opens the file as SQLite does, past the store.
    func database() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// The bytes of the file.
    func bytes() throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path)))
    }

    /// Writes the file anew.
    func write(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    /// Who may do what with a file, such as 0o600.
    func permissions(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    /// Whose store it is, with a secret.
    static let guest = LocalOwner(
        id: id(99),
        guest: .init(secret: Array(repeating: 7, count: GuestKey.secretLength), newName: "Ana\0")
    )

    /// An id that is the same each time.
    static func id<Subject>(_ number: UInt64) -> Identifier<Subject> {
        var random = SeededRandom(seed: number)
        return Identifier(at: Timestamp(millisecondsSinceEpoch: number), random: &random)
    }

    /// A command for a position, with a call of so many bytes, and its call.
    static func command(
        _ position: UInt64,
        length: Int = 20,
        lane: String = "conversation:a"
    ) -> (command: QueuedCommand, call: [UInt8]) {
        var random = SeededRandom(seed: position &* 31 &+ UInt64(length))
        let draft = CommandDraft(
            id(position) as CommandID,
            in: Lane(name: lane),
            .post,
            call: random.bytes(count: length)
        )
        let moment = Timestamp(millisecondsSinceEpoch: 1_741_000_000_000 &+ position)
        return (QueuedCommand(draft, position: position, queuedAt: moment), draft.call)
    }

    /// A file of the command for a position.
    static func file(_ position: UInt64) -> QueuedFile {
        QueuedFile(
            id: id(position &+ 1_000),
            position: position,
            index: 0,
            conversation: id(7),
            name: "file \(position)",
            size: 1_000 &+ position,
            digest: SHA256Digest(of: [UInt8(truncatingIfNeeded: position)]),
            spoolName: id(position &+ 2_000)
        )
    }

    /// The change that queues such a command.
    static func queue(_ position: UInt64, length: Int = 20) -> LocalChange {
        let (command, call) = command(position, length: length)
        return .queue(command, call: call)
    }
}

/// The error of a commit that has to fail, or nil.
func failure(_ store: LocalStore, _ changes: [LocalChange]) async -> LocalStoreError? {
    do throws(LocalStoreError) {
        try await store.commit(changes)
        return nil
    } catch {
        return error
    }
}
