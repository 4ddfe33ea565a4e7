internal import DocketClient
internal import FoundationEssentials

/// What the bridge keeps on the disk beside the profile: of each mail that was taken in what an
/// answer needs, and of each answer under way who has it already.
struct MailRecords: Sendable {
    /// How much of what an answer needs is kept.
    struct Limits: Hashable, Sendable {
        /// How long after its mail it is kept: longer than anybody waits for an answer.
        var age = Duration.seconds(2 * 365 * 86_400)
        /// How many mails each of the 256 folders keeps, the newest: 256,000 in all, which take
        /// about 1 GiB of a disk with blocks of 4 KiB.
        var mailsInFolder = 1_000
    }

    /// Room on the disk in which is kept who has an answer.
    struct Reservation: Hashable, Sendable {
        fileprivate let message: MessageID
        fileprivate let addresses: Set<String>
    }

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

    /// What was kept of a mail; nil for one that the bridge has not taken in, or has forgotten.
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

    /// Forgets mails that are older than the limits, or more than they allow.
    ///
    /// - Parameters:
    ///   - limits: How much is kept.
    ///   - moment: When this happens.
    /// - Returns: How many were forgotten.
    /// - Throws: `FolderFault` for what cannot be read or removed.
    func sweep(_ limits: Limits = Limits(), at moment: Timestamp) throws(FolderFault) -> Int {
        let now = Int(clamping: moment.millisecondsSinceEpoch / 1_000)
        let oldest = now - Int(clamping: limits.age.components.seconds)
        var count = 0
        for name in try DurableFile.names(in: threads) {
            let folder = "\(threads)/\(name)"
            var mails: [(path: String, written: Int)] = []
            for name in try DurableFile.names(in: folder) {
                let path = "\(folder)/\(name)"
                if let written = try DurableFile.written(path) { mails.append((path, written)) }
            }
            mails.sort { $0.written > $1.written }
            for (index, mail) in mails.enumerated()
            where index >= limits.mailsInFolder || mail.written < oldest {
                try DurableFile.remove(mail.path)
                count += 1
            }
        }
        return count
    }

    // MARK: Answers under way

    /// Makes room to keep for whom the server has taken an answer over.
    ///
    /// Once it has, a full disk must not let the bridge forget it.
    ///
    /// - Parameters:
    ///   - addresses: Everybody who may have it then.
    ///   - message: The answer.
    /// - Returns: The room.
    /// - Throws: `FolderFault` where there is none.
    func reserve(
        for addresses: [String],
        of message: MessageID
    ) throws(FolderFault) -> Reservation {
        try DurableFile.write(Self.bytes(of: addresses), to: Self.roomName(message), in: sending)
        return Reservation(message: message, addresses: Set(addresses))
    }

    /// Keeps for whom the server has taken an answer over, durably.
    ///
    /// - Parameters:
    ///   - addresses: Those, of whom there may be no others than room was made for.
    ///   - room: The room.
    /// - Throws: `FolderFault` where it cannot be kept; it may be tried again.
    func keep(_ addresses: [String], in room: Reservation) throws(FolderFault) {
        let path = "\(sending)/\(Self.roomName(room.message))"
        if Set(addresses) != room.addresses {
            try DurableFile.shrink(path, to: Self.bytes(of: addresses))
        }
        try DurableFile.move(path, to: "\(sending)/\(room.message)")
        try DurableFile.sync(sending)
    }

    /// For whom the server has taken an answer over already.
    func recipients(_ message: MessageID) throws(FolderFault) -> [String] {
        let bytes = try DurableFile.read("\(sending)/\(message)", atMost: Self.longest)
        return bytes.flatMap { Self.value(in: $0) } ?? []
    }

    /// Forgets an answer that is done with.
    func forgetRecipients(_ message: MessageID) throws(FolderFault) {
        try DurableFile.remove("\(sending)/\(message)")
        try DurableFile.remove("\(sending)/\(Self.roomName(message))")
    }

    private static func roomName(_ message: MessageID) -> String { "\(message).room" }

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
