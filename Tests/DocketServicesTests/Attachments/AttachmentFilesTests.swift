import DeskSupport
import DocketCrypto
import DocketDomain
import DocketRPC
import Foundation
import Synchronization
import Testing

@testable import DocketServices

@Suite("The folder with the contents of attachments")
struct AttachmentFilesTests {
    private let directory: TemporaryDirectory
    private let files: AttachmentFiles
    private let content = Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })

    init() throws {
        directory = try TemporaryDirectory()
        files = AttachmentFiles(folder: directory.path + "/attachments")
    }

    private func key(_ number: UInt64, of principal: UInt64 = 1) -> UploadKey {
        UploadKey(
            principal: PrincipalID(high: 0x7000, low: 1 << 63 | principal),
            attachment: AttachmentID(high: 0x7000, low: 1 << 63 | number)
        )
    }

    /// Uploads a whole content in pieces, and gives its digest.
    @discardableResult
    private func store(
        _ content: Data,
        _ key: UploadKey,
        piece: Int = 60_000
    ) throws -> InspectedContent {
        let size = UInt64(content.count)
        let upload = try files.begin(key, at: 0, of: size, limit: 16)
        defer { files.end(key, upload) }
        for start in stride(from: 0, to: content.count, by: piece) {
            try upload.append(content.dropFirst(start).prefix(piece))
        }
        let found = try upload.complete()
        try files.keep(upload, as: found)
        files.release(found.sha256)
        return found
    }

    /// Every file below the folder, by its path in it.
    private var names: [String] {
        let all = FileManager.default.enumerator(atPath: directory.path + "/attachments")
        let paths = all?.compactMap { $0 as? String } ?? []
        return paths.filter { path in
            let full = "\(directory.path)/attachments/\(path)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: full)
            return attributes?[.type] as? FileAttributeType != .typeDirectory
        }.sorted()
    }

    @Test("A content lies under its digest and is read back, whole and in part")
    func storing() throws {
        let found = try store(content, key(1))
        #expect(found.sha256 == SHA256.digest(of: content.span.bytes).bytes)
        let digits = found.sha256.map { String(format: "%02x", $0) }.joined()
        #expect(names == ["\(digits.prefix(2))/\(digits.dropFirst(2))"])
        #expect(try files.read(found.sha256, from: 0, count: 300_000) == content)
        #expect(try files.read(found.sha256, from: 199_999, count: 9) == content.suffix(1))
        #expect(try files.read(found.sha256, from: 200_000, count: 9).isEmpty)
        #expect(throws: AttachmentFault.missing) {
            try files.read(Array(repeating: 0, count: 32), from: 0, count: 1)
        }
    }

    @Test("The same content is there once, however often it is uploaded")
    func sameContent() throws {
        let first = try store(content, key(1))
        let second = try store(content, key(2, of: 2), piece: 1_000)
        #expect(first == second)
        #expect(names.count == 1)
    }

    @Test("An empty content is a content", arguments: [Data()])
    func empty(content: Data) throws {
        let found = try store(content, key(1))
        #expect(found.mediaType == "application/octet-stream")
        #expect(try files.read(found.sha256, from: 0, count: 1).isEmpty)
    }

    @Test("An upload goes on from where it came to, and from nowhere else")
    func resuming() throws {
        let size = UInt64(content.count)
        #expect(try files.received(key(1)) == 0)
        let parts: [Range<Int>] = [0..<0, 0..<70_000, 70_000..<70_001, 70_001..<200_000]
        for part in parts {
            let there = UInt64(part.lowerBound)
            #expect(try files.received(key(1)) == there)
            for wrong in [there + 1, there &- 1, 0, size] where wrong != there {
                #expect(throws: AttachmentFault.offsetMismatch(received: there)) {
                    try files.begin(key(1), at: wrong, of: size, limit: 16)
                }
            }
            let upload = try files.begin(key(1), at: there, of: size, limit: 16)
            try upload.append(content[part])
            files.end(key(1), upload)
        }
        #expect(try files.received(key(1)) == size)
        let upload = try files.begin(key(1), at: size, of: size, limit: 16)
        let found = try upload.complete()
        #expect(found.sha256 == SHA256.digest(of: content.span.bytes).bytes)
        try files.keep(upload, as: found)
        #expect(try files.received(key(1)) == 0)
    }

    @Test("More data than announced are refused, fewer complete nothing, and what came is kept")
    func sizes() throws {
        let upload = try files.begin(key(1), at: 0, of: 10, limit: 16)
        try upload.append(Data(count: 9))
        #expect(throws: AttachmentFault.sizeMismatch) { try upload.complete() }
        #expect(throws: AttachmentFault.sizeMismatch) { try upload.append(Data(count: 2)) }
        #expect(try files.received(key(1)) == 9)
        try upload.append(Data(count: 1))
        _ = try upload.complete()
        files.end(key(1), upload)
        #expect(throws: AttachmentFault.sizeMismatch) {
            try files.begin(key(1), at: 10, of: 9, limit: 16)
        }
    }

    @Test("The newest call goes on with an upload, and an older one writes nothing any more")
    func takingOver() throws {
        let old = try files.begin(key(1), at: 0, of: 10, limit: 16)
        try old.append(Data([1, 2, 3]))
        let new = try files.begin(key(1), at: 3, of: 10, limit: 16)
        #expect(throws: AttachmentFault.superseded) { try old.append(Data([4])) }
        #expect(throws: AttachmentFault.superseded) { try old.complete() }
        old.discard()
        files.end(key(1), old)
        #expect(try files.received(key(1)) == 3)
        try new.append(Data(count: 7))
        let found = try new.complete()
        try files.keep(new, as: found)
        #expect(names.count == 1)
    }

    @Test("A principal has so many unfinished uploads and not one more")
    func limit() throws {
        for number in 1...3 {
            let upload = try files.begin(key(UInt64(number)), at: 0, of: 5, limit: 3)
            try upload.append(Data([0]))
            files.end(key(UInt64(number)), upload)
        }
        #expect(throws: AttachmentFault.tooManyUploads(limit: 3)) {
            try files.begin(key(4), at: 0, of: 5, limit: 3)
        }
        // Those that there are go on, and another principal's do not count.
        files.end(key(2), try files.begin(key(2), at: 1, of: 5, limit: 3))
        files.end(key(4, of: 2), try files.begin(key(4, of: 2), at: 0, of: 5, limit: 3))
        let upload = try files.begin(key(1), at: 1, of: 5, limit: 3)
        try upload.append(Data(count: 4))
        try files.keep(upload, as: upload.complete())
        files.end(key(4), try files.begin(key(4), at: 0, of: 5, limit: 3))
    }

    @Test("A process that ended behind the move left a content that the next upload finds")
    func endedBehindTheMove() throws {
        // Nobody was told of the first: the store knows nothing, and the upload begins anew.
        let first = try store(content, key(1))
        #expect(try files.received(key(1)) == 0)
        let second = try store(content, key(1))
        #expect(first == second)
        #expect(names.count == 1)
        #expect(try files.read(second.sha256, from: 0, count: 300_000) == content)
    }

    @Test("Without a descriptor a file is answered overloaded, with a time to retry")
    func noDescriptor() {
        for number in [EMFILE, ENFILE] {
            let error = RPCError(AttachmentFault(errno: number, "a file"))
            #expect(error.reason == .overloaded)
            #expect(error.retryAfter == .seconds(1))
        }
    }

    @Test("A full disk is told, keeps what fitted, and the upload goes on when there is room")
    func fullDisk() throws {
        let room = Mutex(5)
        let files = AttachmentFiles(folder: directory.path + "/attachments") { file, bytes, place in
            let count = room.withLock { left in
                defer { left -= min(left, bytes.count) }
                return min(left, bytes.count)
            }
            guard count > 0 else {
                errno = ENOSPC
                return -1
            }
            return bytes.prefix(count).withUnsafeBytes {
                pwrite(file, $0.baseAddress, count, place)
            }
        }
        let upload = try files.begin(key(1), at: 0, of: 8, limit: 16)
        #expect(throws: AttachmentFault.full) { try upload.append(Data([1, 2, 3, 4, 5, 6, 7, 8])) }
        files.end(key(1), upload)
        #expect(try files.received(key(1)) == 5)
        room.withLock { $0 = 100 }
        let rest = try files.begin(key(1), at: 5, of: 8, limit: 16)
        try rest.append(Data([6, 7, 8]))
        let found = try rest.complete()
        try files.keep(rest, as: found)
        #expect(try files.read(found.sha256, from: 0, count: 9) == Data(1...8))
    }

    @Test("A call that wrote into a full disk goes on where the file ends, not where it believed")
    func partlyWritten() throws {
        let isFull = Mutex(true)
        let files = AttachmentFiles(folder: directory.path + "/attachments") { file, bytes, place in
            let count = isFull.withLock { $0 } ? min(1, bytes.count) : bytes.count
            guard place == 0 || !isFull.withLock({ $0 }) else {
                errno = ENOSPC
                return -1
            }
            return bytes.prefix(count).withUnsafeBytes {
                pwrite(file, $0.baseAddress, count, place)
            }
        }
        let upload = try files.begin(key(1), at: 0, of: 4, limit: 16)
        #expect(throws: AttachmentFault.full) { try upload.append(Data([1, 2])) }
        isFull.withLock { $0 = false }
        try upload.append(Data([1, 2, 3, 4]))
        #expect(try upload.complete().sha256 == SHA256.digest(of: Data(1...4).span.bytes).bytes)
    }

    @Test("Uploads that nobody goes on with are removed, and nothing else is")
    func housekeeping() throws {
        let found = try store(content, key(9))
        for number: UInt64 in [1, 2] {
            let upload = try files.begin(key(number, of: number), at: 0, of: 5, limit: 16)
            try upload.append(Data([0]))
            files.end(key(number, of: number), upload)
        }
        let old = names.filter { $0.hasPrefix("partial/") }.first
        let path = "\(directory.path)/attachments/\(try #require(old))"
        let day = Date(timeIntervalSince1970: 1_000_000)
        try FileManager.default.setAttributes([.modificationDate: day], ofItemAtPath: path)
        let second = { (seconds: UInt64) in Timestamp(milliseconds: seconds * 1_000) }
        #expect(files.removeAbandoned(before: second(1_000_000)) == 0)
        #expect(files.removeAbandoned(before: second(1_000_001)) == 1)
        #expect(try files.received(key(1, of: 1)) + files.received(key(2, of: 2)) == 1)
        #expect(files.removeAbandoned(before: .init(milliseconds: .max)) == 1)
        #expect(names.count == 1)
        #expect(files.problem(with: found.sha256, size: 200_000, deeply: true) == nil)
    }

    @Test("An upload that was removed while a call stood still begins anew")
    func removedUnderneath() throws {
        let upload = try files.begin(key(1), at: 0, of: 5, limit: 16)
        try upload.append(Data([0]))
        files.removeAbandoned(before: .init(milliseconds: .max))
        #expect(throws: AttachmentFault.offsetMismatch(received: 0)) {
            try upload.append(Data([1]))
        }
        #expect(throws: AttachmentFault.offsetMismatch(received: 0)) {
            try files.begin(key(1), at: 1, of: 5, limit: 16)
        }
        #expect(names.isEmpty)
    }

    @Test("A look finds a content that is missing, has another size or is another")
    func checking() throws {
        let found = try store(content, key(1))
        let path = files.path(of: found.sha256)
        let problem = { deep in
            files.problem(with: found.sha256, size: 200_000, deeply: deep)
        }
        #expect(problem(true) == nil)
        var other = content
        other[100_000] ^= 1
        try other.write(to: URL(filePath: path))
        #expect(problem(false) == nil)
        #expect(problem(true) == .changed)
        try other.dropLast().write(to: URL(filePath: path))
        #expect(problem(false) == .resized(199_999))
        try FileManager.default.removeItem(atPath: path)
        #expect(problem(false) == .missing)
    }

    // MARK: Removing contents

    /// Looks at a content that nothing uses.
    private func settle(_ content: InspectedContent) throws -> Bool {
        try files.settle(content.sha256) { false }
    }

    @Test("A content of no more use is removed, one of use stays, and both are settled")
    func settling() throws {
        let found = try store(content, key(1))
        #expect(try files.settle(found.sha256) { true })
        #expect(names.count == 1)
        #expect(try settle(found))
        #expect(names.isEmpty)
        #expect(try settle(found), "a process that ended behind the removal has said nothing")
        let other = InspectedContent(sha256: Array(repeating: 7, count: 32), mediaType: "")
        #expect(try settle(other), "nor is there a folder for it")
    }

    @Test("Nothing is removed where nobody can tell whether it is of use")
    func unknownUse() throws {
        let found = try store(content, key(1))
        #expect(throws: AttachmentFault.failed("no store")) {
            try files.settle(found.sha256) { () throws(AttachmentFault) in
                throw .failed("no store")
            }
        }
        #expect(names.count == 1)
        #expect(try settle(found), "and it can be looked at again")
    }

    @Test("A content that an upload has put into its place is held until all who did let go")
    func holding() throws {
        var found: [InspectedContent] = []
        for number: UInt64 in [1, 2] {
            let upload = try files.begin(key(number), at: 0, of: 3, limit: 16)
            try upload.append(Data("abc".utf8))
            found.append(try upload.complete())
            #expect(try settle(found[0]) == (number == 1), "before the move nothing is held")
            try files.keep(upload, as: found[0])
            files.end(key(number), upload)
        }
        #expect(try !settle(found[0]))
        files.release(found[0].sha256)
        #expect(try !settle(found[0]))
        #expect(names.count == 1)
        files.release(found[0].sha256)
        #expect(try settle(found[0]))
        #expect(names.isEmpty)
    }

    @Test("An upload that could not be put into its place holds nothing")
    func failedMove() throws {
        let found = try store(content, key(1))
        let old = try files.begin(key(2), at: 0, of: 0, limit: 16)
        files.end(key(2), try files.begin(key(2), at: 0, of: 0, limit: 16))
        #expect(throws: AttachmentFault.superseded) { try files.keep(old, as: found) }
        #expect(try settle(found))
    }

    @Test("An upload of a content that comes while it is removed finds its place behind that")
    func uploadDuringRemoval() async throws {
        let found = try store(content, key(1))
        let upload = try files.begin(key(2), at: 0, of: UInt64(content.count), limit: 16)
        try upload.append(content)
        let moved = DispatchSemaphore(value: 0)
        let isSettled = try files.settle(found.sha256) { () throws(AttachmentFault) in
            Thread.detachNewThread { [files] in
                do {
                    try files.keep(upload, as: found)
                } catch {
                    Issue.record(error)
                }
                moved.signal()
            }
            return false
        }
        #expect(isSettled)
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                moved.wait()
                continuation.resume()
            }
        }
        #expect(try files.read(found.sha256, from: 0, count: 300_000) == content)
        #expect(try !settle(found), "and holds it there")
    }

    @Test("A link in the place of an upload is not followed")
    func links() throws {
        let upload = try files.begin(key(1), at: 0, of: 5, limit: 16)
        files.end(key(1), upload)
        let path = "\(directory.path)/attachments/\(try #require(names.first))"
        try FileManager.default.removeItem(atPath: path)
        let target = directory.path + "/target"
        try Data("secret".utf8).write(to: URL(filePath: target))
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        #expect(throws: AttachmentFault.self) {
            try files.begin(key(1), at: 0, of: 5, limit: 16)
        }
        #expect(throws: AttachmentFault.self) { try files.received(key(1)) }
    }
}
