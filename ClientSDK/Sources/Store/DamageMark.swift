/// A note beside a file that it was found damaged while it was in use; the next opening salvages
/// it.
struct DamageMark {
    private let path: String

    /// The mark of a file.
    init(of file: String) {
        path = file + ".damaged"
    }

    /// Whether the file was found damaged.
    var exists: Bool { DurableFiles.exists(path) }

    /// Notes that the file is damaged.
    ///
    /// Where even that cannot be written, the damage is found again.
    func put() {
        try? DurableFiles.create(path)
    }

    /// Forgets it.
    func remove() {
        DurableFiles.remove(path)
    }
}
