internal import Glibc

/// What the local store does with files beside SQLite, so that it outlives a loss of power.
enum DurableFiles {
    /// Makes an empty file that is its owner's alone; nothing to do where there is one.
    ///
    /// - Throws: `LocalStoreError` where it cannot be made.
    static func create(_ path: String) throws(LocalStoreError) {
        let descriptor = unsafe open(
            path,
            O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            0o600
        )
        guard descriptor >= 0 else {
            guard errno == EEXIST else { throw .system(path) }
            return
        }
        _ = close(descriptor)
        try synchronize(folder(of: path))
    }

    /// Makes the content of a file or a folder durable.
    static func synchronize(_ path: String) throws(LocalStoreError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path) }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(path) }
    }

    /// Gives a file another name; nothing to do where there is no such file.
    static func rename(_ path: String, to target: String) throws(LocalStoreError) {
        guard unsafe Glibc.rename(path, target) == 0 || errno == ENOENT else {
            throw .system(path)
        }
    }

    /// Whether there is a file.
    static func exists(_ path: String) -> Bool {
        var information = stat()
        return unsafe lstat(path, &information) == 0
    }

    /// How many bytes a file has; 0 where there is none.
    static func size(of path: String) -> UInt64 {
        var information = stat()
        guard unsafe lstat(path, &information) == 0 else { return 0 }
        return UInt64(clamping: information.st_size)
    }

    /// Removes a file, where it exists, which does no harm if it stays.
    static func remove(_ path: String) {
        _ = unsafe unlink(path)
    }

    /// Removes a file that must not stay; nothing to do where there is none.
    static func erase(_ path: String) throws(LocalStoreError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .system(path) }
    }

    /// Removes a folder, if nothing is in it.
    static func removeFolder(_ path: String) {
        _ = unsafe rmdir(path)
    }

    /// Whether there is a folder, and no link to one.
    static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return unsafe lstat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    /// The names of everything in a folder.
    static func names(in folder: String) throws(LocalStoreError) -> [String] {
        guard let listing = unsafe opendir(folder) else { throw .system(folder) }
        defer { unsafe closedir(listing) }
        var names: [String] = []
        while true {
            errno = 0
            // An entry lives until the next is read; its name is copied before.
            guard let entry = unsafe readdir(listing) else { break }
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { text in
                    unsafe String(cString: text)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw .system(folder) }
        return names
    }

    /// The folder that a file lies in.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The bytes of a file from a place on: as many as asked for, or as there are.
    static func read(
        _ path: String,
        upTo count: Int,
        from start: UInt64 = 0
    ) throws(LocalStoreError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .system(path) }
        defer { _ = close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        var length = 0
        while length < count {
            let result = unsafe bytes.withUnsafeMutableBytes { buffer in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[length...])
                let place = off_t(clamping: start) + off_t(length)
                return unsafe pread(descriptor, rest.baseAddress, rest.count, place)
            }
            if result < 0, errno == EINTR { continue }
            guard result >= 0 else {
                throw errno == EIO ? .damaged("\(path) cannot be read") : .system(path)
            }
            guard result > 0 else { break }
            length += result
        }
        return Array(bytes.prefix(length))
    }

    /// Writes bytes over the beginning of a file, which is made where there is none.
    static func overwrite(_ path: String, with bytes: [UInt8]) throws(LocalStoreError) {
        try write(bytes, to: path, at: 0)
    }

    /// Writes bytes to a file from a place on.
    static func overwrite(
        _ path: String,
        with bytes: [UInt8],
        from start: UInt64
    ) throws(LocalStoreError) {
        try write(bytes, to: path, at: off_t(clamping: start))
    }

    /// Writes a file anew, durably, whole or not at all.
    ///
    /// Of several that do so at once, in one process or in many, one is the last. Until then each
    /// writes to a file of its own, whose name is the file's with a dot and chance behind it.
    static func replace(_ path: String, with bytes: [UInt8]) throws(LocalStoreError) {
        let temporary = path + "." + String(UInt64.random(in: 0 ... .max), radix: 16)
        let descriptor = unsafe open(
            temporary,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            0o600
        )
        guard descriptor >= 0 else { throw .system(path) }
        do throws(LocalStoreError) {
            defer { _ = close(descriptor) }
            try write(bytes, to: descriptor, of: temporary, at: 0)
            guard fsync(descriptor) == 0 else { throw .system(temporary) }
            guard unsafe Glibc.rename(temporary, path) == 0 else { throw .system(path) }
            try synchronize(folder(of: path))
        } catch {
            remove(temporary)
            throw error
        }
    }

    /// Copies a file.
    static func copy(_ path: String, to target: String) throws(LocalStoreError) {
        let source = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard source >= 0 else { throw .system(path) }
        defer { _ = close(source) }
        var offset: off_t = 0
        try overwrite(target, with: [])
        while true {
            var piece = [UInt8](repeating: 0, count: 1 << 20)
            let count = unsafe piece.withUnsafeMutableBytes { buffer in
                unsafe pread(source, buffer.baseAddress, buffer.count, offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(path) }
            guard count > 0 else { return }
            try write(Array(piece.prefix(count)), to: target, at: offset)
            offset += off_t(count)
        }
    }

    private static func write(
        _ bytes: [UInt8],
        to path: String,
        at offset: off_t
    ) throws(LocalStoreError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(path) }
        defer { _ = close(descriptor) }
        try write(bytes, to: descriptor, of: path, at: offset)
    }

    private static func write(
        _ bytes: [UInt8],
        to descriptor: CInt,
        of path: String,
        at offset: off_t
    ) throws(LocalStoreError) {
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
                return unsafe pwrite(
                    descriptor,
                    rest.baseAddress,
                    rest.count,
                    offset + off_t(written)
                )
            }
            if result < 0, errno == EINTR { continue }
            guard result > 0 else { throw .system(path) }
            written += result
        }
    }
}
