import Foundation
import Testing

@testable import DocketClient

extension IntegrationTests {
    @Suite("Profiles on a disk that fills up")
    struct ProfileTests {
        private let folder: TestFolder

        init() throws { folder = try TestFolder() }

        /// The change that queues a command with a call of so many bytes.
        private func queue(_ position: UInt64, length: Int) -> LocalChange {
            let draft = CommandDraft(
                MessageID(),
                in: Lane(name: "conversation:a"),
                .post,
                call: Array(repeating: 7, count: length)
            )
            let command = QueuedCommand(draft, position: position, queuedAt: .now)
            return .queue(command, call: draft.call)
        }

        private func failure(
            _ store: LocalStore,
            _ changes: [LocalChange]
        ) async
            -> LocalStoreError?
        {
            do throws(LocalStoreError) {
                try await store.commit(changes)
                return nil
            } catch {
                return error
            }
        }

        /// Queues commands until there is no room; gives how many there are.
        private func fill(_ store: LocalStore, from first: UInt64, length: Int) async -> UInt64 {
            var position = first
            while await failure(store, [queue(position, length: length)]) == nil { position += 1 }
            return position - 1
        }

        @Test(
            "A full disk refuses commands, keeps those it has, and takes more once there is room",
            .enabled(if: SmallFileSystem.isPossible, "only who may mount a file system can fill it")
        )
        func full() async throws {
            let disk = try SmallFileSystem(in: folder)
            defer { extendLifetime(disk) }
            var profile: Profile? = try Profile.open(at: folder("data"))
            let filler = folder("data/filler")
            try Data(repeating: 1, count: 4 << 20).write(to: URL(filePath: filler))
            var store = try #require(profile?.store)
            var kept = await fill(store, from: 1, length: 100_000)
            kept = await fill(store, from: kept + 1, length: 100)
            #expect(await failure(store, [queue(kept + 1, length: 100_000)]) == .full)
            #expect(try store.content().commands.map(\.position) == Array(1...kept))
            profile = nil
            folder.remove("data/filler")
            profile = try Profile.open(at: folder("data"))
            store = try #require(profile?.store)
            #expect(profile?.salvage == nil)
            #expect(try store.content().commands.map(\.position) == Array(1...kept))
            try await store.commit([queue(kept + 1, length: 100_000)])
        }

        @Test(
            "A disk with a little room is enough for commands that come and go",
            .enabled(if: SmallFileSystem.isPossible, "only who may mount a file system can fill it")
        )
        func littleRoom() async throws {
            let disk = try SmallFileSystem(in: folder)
            defer { extendLifetime(disk) }
            // A file with free pages.
            let before = try Profile.open(at: folder("data"))
            try await before.store.commit([queue(1, length: 1 << 20)])
            try await before.store.commit([.remove(1)])
            before.close()
            let profile = try Profile.open(at: folder("data"))
            try Data(repeating: 1, count: 9 << 20).write(to: URL(filePath: folder("data/filler")))
            for position: UInt64 in 2...60 {
                try await profile.store.commit([queue(position, length: 100_000)])
                try await profile.store.commit([.remove(position)])
            }
            #expect(try profile.store.content().commands.isEmpty)
        }

        @Test(
            "A profile that has no room to begin with says so, and begins once there is room",
            .enabled(if: SmallFileSystem.isPossible, "only who may mount a file system can fill it")
        )
        func noRoom() async throws {
            let disk = try SmallFileSystem(in: folder)
            defer { extendLifetime(disk) }
            // The lock fits, and nothing else.
            try Data(repeating: 1, count: SmallFileSystem.bytes - 8_192)
                .write(to: URL(filePath: folder("data/filler")))
            #expect(throws: ProfileError.full) { try Profile.open(at: folder("data")) }
            folder.remove("data/filler")
            let profile = try Profile.open(at: folder("data"))
            try await profile.store.commit([queue(1, length: 100)])
        }
    }
}
