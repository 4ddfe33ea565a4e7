/// The kind of file system that a folder is on, as far as it matters for who else may work there.
///
/// The table of mounts names it. The system call for it gives a number instead, which is the same
/// for all file systems that run as programs (FUSE), some of which are on this machine.
struct FileSystemType: Hashable, Sendable {
    /// The name that the kernel has for it, such as `ext4`; nil where the table does not say.
    let name: String?

    /// Names a kind.
    init(name: String?) {
        self.name = name
    }

    /// The kind of the file system of an open folder.
    init(of descriptor: CInt) {
        let folder = "/proc/self"
        self.init(
            description: Self.text("\(folder)/fdinfo/\(descriptor)"),
            mounts: Self.text("\(folder)/mountinfo")
        )
    }

    /// Finds the kind of an open file in the kernel's description of it and the table of mounts.
    ///
    /// - Parameters:
    ///   - description: What `/proc/self/fdinfo` says of the file, with the mount's number.
    ///   - mounts: What `/proc/self/mountinfo` says: the mount's number first, and the kind of file
    ///     system behind a hyphen.
    init(description: String, mounts: String) {
        let label = "mnt_id:"
        let line = description.split(separator: "\n").first { $0.hasPrefix(label) }
        let number = line?.dropFirst(label.count).filter { !$0.isWhitespace }
        for mount in mounts.split(separator: "\n") {
            let fields = mount.split(separator: " ")
            guard let first = fields.first, String(first) == number,
                let separator = fields.firstIndex(of: "-"), separator + 1 < fields.count
            else { continue }
            self.init(name: String(fields[separator + 1]))
            return
        }
        self.init(name: nil)
    }

    /// The name of a file system that other machines may work in too; nil for any other.
    ///
    /// SQLite's write-ahead log needs memory that all who work with a file share, and the lock of a
    /// profile is known to one kernel only.
    var networkName: String? {
        name.flatMap { Self.network.contains($0) ? $0 : nil }
    }

    /// The names of network file systems, as their modules and programs register them.
    private static let network: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "afs", "coda", "ocfs2", "ncpfs",
        "gfs2", "lustre", "gpfs", "beegfs", "pvfs2", "vboxsf", "fuse.sshfs", "fuse.rclone",
        "fuse.s3fs", "fuse.glusterfs", "fuse.ceph", "fuse.ceph-fuse", "fuse.curlftpfs",
        "fuse.davfs", "fuse.gcsfuse", "fuse.juicefs", "fuse.mfs", "fuse.smbnetfs",
        "fuse.vmhgfs-fuse",
    ]

    /// The longest description to read: a machine with thousands of mounts keeps within it.
    private static let maximumLength = 1 << 20

    private static func text(_ path: String) -> String {
        let bytes = (try? DurableFiles.read(path, upTo: maximumLength)) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }
}
