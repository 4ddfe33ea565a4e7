import DocketTestSupport
import Foundation
import GRDB
import Testing

@testable import DocketClient

@Suite("A profile is a folder that one client works with")
struct ProfileTests {
    private static let isRoot = geteuid() == 0
    /// A user that is not root, for what belongs to somebody else.
    private static let stranger: uid_t = 12_345
    private let fixture: StoreFixture
    private let folder: String

    init() throws {
        fixture = try StoreFixture()
        folder = fixture.folder + "/profile"
    }

    private func open(
        at milliseconds: UInt64 = 1_000,
        fileSystem: String? = nil,
        maximumPages: Int? = nil
    ) throws(ProfileError) -> Profile {
        try Profile.open(
            at: folder,
            now: Timestamp(millisecondsSinceEpoch: milliseconds),
            fileSystem: fileSystem.map { FileSystemType(name: $0) },
            maximumPages: maximumPages
        )
    }

    @Test("A new profile, and every folder above it that is missing, is its owner's alone")
    func made() throws {
        let profile = try Profile.open(at: folder + "/deeper/still//")
        for path in ["", "/deeper", "/deeper/still"] {
            #expect(try fixture.permissions(of: folder + path) == 0o700)
        }
        for name in ["state.sqlite", "engine.lock"] {
            #expect(try fixture.permissions(of: profile.folder + "/" + name) == 0o600)
        }
        #expect(profile.salvage == nil)
        #expect(profile.folder.hasSuffix("/profile/deeper/still"))
    }

    @Test("What it keeps is there when it is opened again")
    func reopened() async throws {
        let profile = try open()
        try await profile.store.commit([.owner(StoreFixture.guest), StoreFixture.queue(1)])
        profile.close()
        profile.close()
        let again = try open()
        #expect(try again.store.content().owner == StoreFixture.guest)
        #expect(try again.store.content().commands.map(\.position) == [1])
    }

    @Test("A second one is refused, with the process that has the first, until that is closed")
    func busy() throws {
        var profile: Profile? = try open()
        #expect(throws: ProfileError.busy(processID: getpid())) { try open() }
        #expect(throws: ProfileError.busy(processID: getpid())) { try open() }
        profile?.close()
        let second = try open()
        second.close()
        profile = try open()
        #expect(profile?.claim() == true && profile?.claim() == false)
        profile = nil
        _ = try open()
    }

    @Test("A profile is not busy because of what a killed process left behind")
    func killed() throws {
        try open().close()
        try Data("99\n".utf8).write(to: URL(filePath: folder + "/engine.lock"))
        let profile = try open()
        #expect(throws: ProfileError.busy(processID: getpid())) { try open() }
        profile.close()
    }

    @Test("A folder that others may change is refused", arguments: [0o720, 0o702, 0o777])
    func writable(mode: Int) throws {
        try open().close()
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder)
        #expect(throws: ProfileError.notOwned(folder)) { try open() }
    }

    @Test(
        "A file that others may change is refused",
        arguments: ["state.sqlite", "engine.lock"]
    )
    func writableFile(name: String) throws {
        try open().close()
        let path = folder + "/" + name
        try FileManager.default.setAttributes([.posixPermissions: 0o660], ofItemAtPath: path)
        #expect(throws: ProfileError.notOwned(try resolved(path))) { try open() }
    }

    private func resolved(_ path: String) throws -> String {
        let name = try #require(path.split(separator: "/").last)
        let resolved = try #require(realpath(folder, nil))
        defer { free(resolved) }
        return String(cString: resolved) + "/" + name
    }

    @Test(
        "What belongs to another user is refused",
        .enabled(if: isRoot, "only root can give a folder away"),
        arguments: ["", "/state.sqlite", "/engine.lock"]
    )
    func otherOwner(name: String) throws {
        try open().close()
        try #require(chown(folder + name, Self.stranger, Self.stranger) == 0)
        let error = try #require(throws: ProfileError.self) { try open() }
        guard case .notOwned(let path) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(path.hasSuffix("/profile" + name))
    }

    @Test("A link in place of a file is not followed", arguments: ["state.sqlite", "engine.lock"])
    func link(name: String) throws {
        try open().close()
        let elsewhere = fixture.folder + "/elsewhere"
        try FileManager.default.moveItem(atPath: folder + "/" + name, toPath: elsewhere)
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/" + name,
            withDestinationPath: elsewhere
        )
        #expect(throws: ProfileError.wrongKind(try resolved(folder + "/" + name))) { try open() }
    }

    @Test("A file with a second name is refused", arguments: ["state.sqlite", "engine.lock"])
    func hardLink(name: String) throws {
        try open().close()
        let path = folder + "/" + name
        try FileManager.default.linkItem(atPath: path, toPath: fixture.folder + "/second")
        #expect(throws: ProfileError.hasOtherNames(try resolved(path))) { try open() }
        try FileManager.default.removeItem(atPath: fixture.folder + "/second")
        try open().close()
    }

    @Test("What others could read is its owner's alone once it has been opened")
    func readable() throws {
        try open().close()
        for (name, mode) in [("", 0o755), ("/state.sqlite", 0o644), ("/engine.lock", 0o604)] {
            let attributes = [FileAttributeKey.posixPermissions: mode]
            try FileManager.default.setAttributes(attributes, ofItemAtPath: folder + name)
        }
        try open().close()
        #expect(try fixture.permissions(of: folder) == 0o700)
        for name in ["/state.sqlite", "/engine.lock"] {
            #expect(try fixture.permissions(of: folder + name) == 0o600)
        }
    }

    @Test("A folder or a pipe in place of a file is refused")
    func otherKinds() throws {
        let path = folder + "/state.sqlite"
        try open().close()
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(throws: ProfileError.wrongKind(try resolved(path))) { try open() }
        try FileManager.default.removeItem(atPath: path)
        try #require(mkfifo(path, 0o600) == 0)
        #expect(throws: ProfileError.wrongKind(try resolved(path))) { try open() }
    }

    @Test("A link to a folder of the user's own leads to one profile")
    func linkedFolder() throws {
        let profile = try open()
        let link = fixture.folder + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder)
        #expect(throws: ProfileError.busy(processID: getpid())) { try Profile.open(at: link) }
        profile.close()
        #expect(try Profile.open(at: link).folder == profile.folder)
    }

    @Test("A folder on a network file system is refused, and one on a disk is not")
    func network() throws {
        for name in ["nfs4", "cifs", "9p", "fuse.sshfs"] {
            #expect(throws: ProfileError.networkFileSystem(name)) { try open(fileSystem: name) }
        }
        for name in ["ext4", "btrfs", "tmpfs", "fuse.gocryptfs", "fuseblk", "overlay"] {
            try open(fileSystem: name).close()
        }
    }

    @Test("The table of mounts tells the kind of file system by the number of the mount")
    func mounts() {
        let table = """
            22 1 0:20 / /proc rw,nosuid shared:5 - proc proc rw
            29 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
            129 29 0:52 / /mnt/a rw shared:70 master:3 - fuse.sshfs b@c: rw,user_id=0
            130 29 0:53
            """
        func name(_ description: String) -> String? {
            FileSystemType(description: description, mounts: table).name
        }
        #expect(name("pos:\t0\nflags:\t02100000\nmnt_id:\t129\nino:\t2") == "fuse.sshfs")
        #expect(name("mnt_id:\t29") == "ext4")
        #expect(name("mnt_id:\t130") == nil)
        #expect(name("mnt_id:\t2") == nil)
        #expect(name("") == nil)
    }

    @Test("The kind of file system of a folder is known")
    func known() throws {
        let descriptor = Glibc.open("/proc", O_RDONLY)
        defer { close(descriptor) }
        #expect(FileSystemType(of: descriptor).name == "proc")
    }

    @Test("A profile of a newer version is refused")
    func tooNew() async throws {
        try open().close()
        let database = try DatabaseQueue(path: folder + "/state.sqlite")
        try await database.write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('of a later year')")
        }
        try database.close()
        #expect(throws: ProfileError.tooNew) { try open() }
    }

    @Test("A damaged profile is set aside, saved, and reported")
    func salvaged() async throws {
        let profile = try open()
        try await profile.store.commit([.owner(StoreFixture.guest), StoreFixture.queue(1)])
        profile.close()
        let file = profile.folder + "/state.sqlite"
        var bytes = try Data(contentsOf: URL(filePath: file))
        bytes[20] = 9
        try bytes.write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        let again = try open(at: 1_741)
        let salvage = try #require(again.salvage)
        #expect(
            salvage
                == ProfileSalvage(setAside: file + ".corrupt-1741", commands: 1, isComplete: true)
        )
        #expect(
            "\(salvage)" == "the profile was damaged: 1 waiting message was saved; the damaged "
                + "file is kept as \(file).corrupt-1741"
        )
        #expect(try again.store.content().commands.map(\.position) == [1])
        again.close()
        #expect(try open().salvage == nil)
    }

    @Test("A profile is found by its name, where the environment says that state belongs")
    func names() throws {
        let home = ["HOME": "/a/b"]
        #expect(
            try Profile.folder(named: "ana-1_2.x", environment: home)
                == "/a/b/.local/state/docket/profiles/ana-1_2.x"
        )
        let state = ["HOME": "/a/b", "XDG_STATE_HOME": "/c"]
        #expect(
            try Profile.folder(named: "x", application: "chat", environment: state)
                == "/c/chat/profiles/x"
        )
        let relative = ["HOME": "/a/b", "XDG_STATE_HOME": "c"]
        #expect(
            try Profile.folder(named: "x", environment: relative)
                == "/a/b/.local/state/docket/profiles/x"
        )
        #expect(throws: ProfileError.self) { try Profile.folder(named: "x", environment: [:]) }
        let longest = String(repeating: "n", count: 64)
        #expect(try Profile.folder(named: longest, environment: home).hasSuffix(longest))
    }

    @Test(
        "A name that is not a plain file name is refused",
        arguments: ["", ".", "..", ".a", "a/b", "a b", "\u{E9}", "a\0", "\n", "n65"]
    )
    func badName(name: String) {
        let name = name == "n65" ? String(repeating: "n", count: 65) : name
        let home = ["HOME": "/a"]
        #expect(throws: ProfileError.invalidName(name)) {
            try Profile.folder(named: name, environment: home)
        }
        #expect(throws: ProfileError.invalidName(name)) {
            try Profile.folder(named: "x", application: name, environment: home)
        }
    }

    @Test("A path that cannot be a folder is refused in words")
    func noFolder() throws {
        try Data().write(to: URL(filePath: folder))
        for path in ["", folder, folder + "/x", "a\0b"] {
            let error = try #require(throws: ProfileError.self) { try Profile.open(at: path) }
            guard case .failed = error else {
                Issue.record("\(error)")
                continue
            }
        }
    }

    @Test("Every error says what to do about it")
    func descriptions() {
        let errors: [ProfileError] = [
            .busy(processID: 7), .busy(processID: nil), .notOwned("/a"), .networkFileSystem("nfs"),
            .tooNew, .full, .damaged("x"), .invalidName("?"), .failed("x"),
        ]
        for error in errors { #expect("\(error)".contains(": "), "\(error)") }
        #expect("\(ProfileError.busy(processID: 7))".contains("process 7"))
    }
}
