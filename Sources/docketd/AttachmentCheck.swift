internal import DocketDomain
internal import DocketServices
internal import DocketStoreSQLite

/// What `docketd check` finds of the contents of attachments.
struct AttachmentCheck {
    /// How many contents the store's attachments have.
    private(set) var count = 0
    /// What is wrong with them, in words.
    private(set) var problems: [String] = []

    /// Looks whether every content that the store names is there with its size, and where `deep`
    /// whether it is what it was.
    init(_ configuration: ServerConfiguration, deep: Bool) throws {
        let files = AttachmentFiles(folder: DataFolder.attachments(in: configuration.data))
        try configuration.explained(configuration.data) {
            try SQLiteStore.forEachContent(at: configuration.data) { sha256, size in
                count += 1
                guard let problem = files.problem(with: sha256, size: size, deeply: deep) else {
                    return
                }
                problems.append("the content \(sha256.hexadecimal) \(problem)")
            }
        }
    }
}
