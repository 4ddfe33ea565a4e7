internal import Glibc

/// Small files that are whole or not there at all, whenever the power goes.
enum DurableFile {
    /// Writes a file in place of the one that was there, and returns once it is on the disk.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - name: The file's name.
    ///   - folder: Its folder, which is there.
    /// - Throws: `FolderFault`.
    static func write(
        _ bytes: [UInt8],
        to name: String,
        in folder: String
    ) throws(FolderFault) {
        let path = folder + "/" + name
        let new = path + ".new"
        let file = unsafe open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw FolderFault(action: "write \(path)", code: errno) }
        let code = fill(file, with: bytes)
        close(file)
        guard code == 0 else { throw FolderFault(action: "write \(path)", code: code) }
        guard unsafe rename(new, path) == 0 else {
            throw FolderFault(action: "write \(path)", code: errno)
        }
        try sync(folder)
    }

    /// Writes less into a file than is in it, in the room that it has.
    ///
    /// It returns once that is on the disk; a crash before leaves anything in the file.
    static func shrink(_ path: String, to bytes: [UInt8]) throws(FolderFault) {
        let file = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw FolderFault(action: "write \(path)", code: errno) }
        defer { close(file) }
        guard ftruncate(file, bytes.count) == 0 else {
            throw FolderFault(action: "write \(path)", code: errno)
        }
        let code = fill(file, with: bytes)
        guard code == 0 else { throw FolderFault(action: "write \(path)", code: code) }
    }

    /// Writes everything and waits for the disk; gives the system's number of what failed, or 0.
    private static func fill(_ file: Int32, with bytes: [UInt8]) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            // The buffer lives for the call.
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = rest.dropFirst(count)
        }
        return fsync(file) == 0 ? 0 : errno
    }

    /// Waits until what was done to the entries of a folder is on the disk.
    static func sync(_ folder: String) throws(FolderFault) {
        let file = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw FolderFault(action: "open \(folder)", code: errno) }
        let code = fsync(file) == 0 ? 0 : errno
        close(file)
        guard code == 0 else { throw FolderFault(action: "write \(folder)", code: code) }
    }

    /// Reads a file; nil where there is none.
    static func read(_ path: String, atMost limit: Int) throws(FolderFault) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw FolderFault(action: "read \(path)", code: errno)
        }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else {
            throw FolderFault(action: "read \(path)", code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FolderFault(action: "read \(path)", code: EINVAL)
        }
        guard status.st_size <= limit else {
            throw FolderFault(action: "read \(path)", code: EFBIG)
        }
        return try contents(of: file, path, atMost: limit)
    }

    /// How much is read at a time, in bytes.
    private static let blockBytes = 1 << 18

    private static func contents(
        of file: Int32,
        _ path: String,
        atMost limit: Int
    ) throws(FolderFault) -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: blockBytes)
        while true {
            // The buffer lives for the call.
            let count = unsafe block.withUnsafeMutableBytes {
                unsafe Glibc.read(file, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FolderFault(action: "read \(path)", code: errno) }
            guard count > 0 else { return bytes }
            bytes += block.prefix(count)
            // It may grow while it is read.
            guard bytes.count <= limit else {
                throw FolderFault(action: "read \(path)", code: EFBIG)
            }
        }
    }

    /// Makes a folder, where it is not there.
    static func makeFolder(_ path: String) throws(FolderFault) {
        guard unsafe mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw FolderFault(action: "make \(path)", code: errno)
    }

    /// Moves a file to another folder of the same disk.
    static func move(_ path: String, to target: String) throws(FolderFault) {
        guard unsafe rename(path, target) != 0 else { return }
        throw FolderFault(action: "move \(path)", code: errno)
    }

    /// Removes a file, if it is there.
    static func remove(_ path: String) throws(FolderFault) {
        guard unsafe unlink(path) != 0, errno != ENOENT else { return }
        throw FolderFault(action: "remove \(path)", code: errno)
    }

    /// When a file was written last, in seconds since 1970; nil where there is none.
    static func written(_ path: String) throws(FolderFault) -> Int? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw FolderFault(action: "read \(path)", code: errno)
        }
        return status.st_mtim.tv_sec
    }

    /// The names in a folder, in no order, without those that begin with a dot.
    static func names(in folder: String) throws(FolderFault) -> [String] {
        guard let stream = unsafe opendir(folder) else {
            throw FolderFault(action: "read \(folder)", code: errno)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        // An entry lives until the next is read; its name is copied before.
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name.first != "." { names.append(name) }
        }
        return names
    }
}
