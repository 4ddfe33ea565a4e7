import DocketClient
import DocketTesting

/// A message that somebody has sent, known by its text, which no other message has.
///
/// Everything of the simulation runs on one thread, see `OneThread`.
final class SentMessage: @unchecked Sendable {
    /// What is known of it by its sender.
    enum Standing: Equatable {
        /// `send` returned: it is to be delivered.
        case kept
        /// The process ended while it was sent: it may be delivered.
        case unknown
        /// `send` threw: it was never there.
        case notKept
        /// A person has discarded it: it may be delivered.
        case discarded
        /// A person has taken it back, or discarded it once it was refused: it is never delivered.
        case gone
    }

    let text: String
    let device: Int
    let conversation: Int
    /// Its id now; a retry of a refused one gives it another.
    var id: MessageID
    var standing = Standing.unknown
    /// Whether the server has had it and has lost it with a restore.
    var isLost = false
    /// The ids under which it was refused.
    var refused: [MessageID] = []

    init(_ text: String, device: Int, conversation: Int, id: MessageID) {
        self.text = text
        self.device = device
        self.conversation = conversation
        self.id = id
    }
}

/// A read mark that somebody has made on a device.
struct MadeMark {
    let device: Int
    let conversation: Int
    /// Where the last message of another stood that was read; 0 for none.
    let offset: UInt64
    /// What was shown then, and whether nothing was missing in it.
    let texts: Set<String>
    let isWhole: Bool
    /// How often the server had been restored.
    let restores: Int
}

/// One life of a client's process.
///
/// Everything of the simulation runs on one thread, see `OneThread`.
final class Life: @unchecked Sendable {
    /// How many commits are left before it ends; nil where nobody has killed it.
    var commitsLeft: Int?
    /// Whether it has ended.
    var isOver = false
    /// The client, once it is open.
    var client: DocketClient?
}

/// A device of the guest: what it keeps, its network, and its client, which can be killed.
///
/// Everything of the simulation runs on one thread, see `OneThread`.
final class Device: @unchecked Sendable {
    let number: Int
    let network: ModelNetwork
    let disk: MemoryDisk
    /// What it signs in with.
    let credential: Credential
    var life = Life()
    var lives = 0
    /// How long it rests when it was killed.
    var rest = Duration.zero
    var isFull = false
    /// Whether entries were left out of its feeds.
    var lacksEntries = false
    /// How far its wall clock is off.
    var clockOffset = Duration.zero
    /// The views of each conversation that were seen last.
    var views: [Int: ViewRecord] = [:]

    init(_ number: Int, _ network: ModelNetwork, as credential: Credential) throws {
        self.number = number
        self.credential = credential
        self.network = network
        disk = try MemoryDisk()
    }

    /// The client; nil while none runs.
    var client: DocketClient? { life.isOver ? nil : life.client }

    /// Asked before each commit of a life.
    func obstacle(to life: Life) -> MemoryDisk.Obstacle? {
        if let left = life.commitsLeft {
            life.commitsLeft = left - 1
            if left <= 0 { life.isOver = true }
        }
        if life.isOver { return .ended }
        return isFull ? .full : nil
    }
}

/// What a device has shown of a conversation.
struct ViewRecord {
    /// The view that was seen last.
    var view: TimelineView
    /// How often the server had been restored when offsets last went back.
    var restores: Int
}
