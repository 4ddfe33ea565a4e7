internal import DocketClient
internal import FoundationEssentials

/// What the bridge keeps on the disk beside the profile: of each mail that was taken in what an
/// answer needs, and of each answer under way who has it already.
struct MailRecords: Sendable {
    private let threads: String
    private let sending: String

    /// The longest record, in bytes: forty references of the longest kind, and as many addresses.
    private static let longest = 256 << 10

    /// Keeps records in a folder, which is there.
    init(in folder: String) throws(FolderFault) {
        threads = folder + "/threads"
        sending = folder + "/sending"
        try DurableFile.makeFolder(threads)
        try DurableFile.makeFolder(sending)
    }

    // MARK: Mails that were taken in

    /// Keeps what an answer needs, durably.
    func keep(_ mail: Correspondence, of message: MessageID) throws(FolderFault) {
        let folder = self.folder(of: message)
        try DurableFile.makeFolder(folder)
        try DurableFile.write(Self.bytes(of: mail), to: "\(message)", in: folder)
    }

    /// What was kept of a mail; nil for one that the bridge has not taken in.
    func correspondence(_ message: MessageID) throws(FolderFault) -> Correspondence? {
        let bytes = try DurableFile.read(
            "\(folder(of: message))/\(message)",
            atMost: Self.longest
        )
        return bytes.flatMap { Self.value(in: $0) }
    }

    /// Folders of a moderate size each, by the last byte of the id, which is chance.
    private func folder(of message: MessageID) -> String {
        let byte = message.bytes.last ?? 0
        return "\(threads)/\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
    }

    // MARK: Answers under way

    /// Keeps for whom the server has taken an answer over, durably.
    func keepRecipients(_ addresses: [String], of message: MessageID) throws(FolderFault) {
        try DurableFile.write(Self.bytes(of: addresses), to: "\(message)", in: sending)
    }

    /// For whom the server has taken an answer over already.
    func recipients(_ message: MessageID) throws(FolderFault) -> [String] {
        let bytes = try DurableFile.read("\(sending)/\(message)", atMost: Self.longest)
        return bytes.flatMap { Self.value(in: $0) } ?? []
    }

    /// Forgets an answer that is done with.
    func forgetRecipients(_ message: MessageID) throws(FolderFault) {
        try DurableFile.remove("\(sending)/\(message)")
    }

    // MARK: JSON

    private static func bytes(of value: some Encodable) -> [UInt8] {
        // Texts and lists of texts always can be written as JSON.
        (try? JSONEncoder().encode(value)).map(Array.init) ?? []
    }

    /// The value in a file; nil where somebody has changed it into something else.
    private static func value<Value: Decodable>(in bytes: [UInt8]) -> Value? {
        try? JSONDecoder().decode(Value.self, from: Data(bytes))
    }
}
