import DocketClient
import DocketTesting

/// One thing that happens in a script.
enum Step: Hashable, Sendable {
    /// What may happen to calls on their way.
    enum Accident: Hashable, Sendable {
        case losesCalls
        case losesReplies
        case comesTwice
        case comesLate(milliseconds: Int)
        case isRefused(reason: String, retryAfter: Int?)
    }

    case send(device: Int, conversation: Int, count: Int)
    case wait(milliseconds: Int)
    case answer(conversation: Int)
    case markRead(device: Int, conversation: Int)
    case openDevice(Int)
    case takeBack(device: Int)
    case retry(device: Int)
    case discard(device: Int)
    case reconnect(device: Int)
    case sync(device: Int, seconds: Int)

    case cut(device: Int)
    case cutAfterCalls(device: Int, Int)
    case cutAfterMessages(device: Int, Int)
    case partition(device: Int)
    case heal(device: Int)
    case refuseConnections(device: Int, count: Int)
    case meet(device: Int, Accident, MethodName, count: Int)
    case dropEntries(device: Int, Int)
    case doubleEntries(device: Int, Int)
    case disturb(device: Int, percent: Int)

    case kill(device: Int, afterCommits: Int, restMilliseconds: Int)
    case fillDisk(device: Int)
    case freeDisk(device: Int)
    case jumpClock(device: Int, seconds: Int)

    case refusePosts(count: Int)
    case restartServer(keepingSessions: Bool)
    case expireSessions
    case backUp
    case restore
    case forget
}

/// What happens in one run, made from a seed.
struct Script: Sendable {
    /// The seed, from which chance within the run follows too.
    let seed: UInt64
    /// What happens, in order.
    var steps: [Step]

    /// How many devices a guest has at most.
    static let devices = 2
    /// On which channels the guest has a conversation.
    static let channels = ["bridge", "chat", "portal"]

    /// A script with some steps of another.
    init(seed: UInt64, steps: [Step]) {
        self.seed = seed
        self.steps = steps
    }

    /// The script of a seed.
    init(seed: UInt64) {
        self.seed = seed
        var random = SeededGenerator(seed: seed)
        // Some runs are short, so that what a single fault does is seen alone.
        let count = Int.random(in: 5...60, using: &random)
        steps = (0..<count).map { _ in Step(using: &random) }
    }
}

extension Step {
    /// A step by chance; usual things are likelier than faults.
    init(using random: inout SeededGenerator) {
        let device = Int.random(in: 0..<3, using: &random) / 2
        let conversation = Int.random(in: 0..<Script.channels.count, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<24:
            let count = Int.random(in: 1...4, using: &random)
            self = .send(device: device, conversation: conversation, count: count)
        case 24..<42: self = .wait(milliseconds: Self.milliseconds(using: &random))
        case 42..<50: self = .answer(conversation: conversation)
        case 50..<54: self = .markRead(device: device, conversation: conversation)
        case 54..<57: self = .openDevice(1)
        case 57..<64: self = .byPerson(device, using: &random)
        case 64..<85: self = .onNetwork(device, using: &random)
        case 85..<93: self = .onDevice(device, using: &random)
        default: self = .onServer(using: &random)
        }
    }

    /// A time between almost nothing and some minutes; short ones are as likely as long ones.
    private static func milliseconds(using random: inout SeededGenerator) -> Int {
        let largest = [50, 1_000, 10_000, 70_000, 400_000].randomElement(using: &random) ?? 1
        return Int.random(in: 1...largest, using: &random)
    }

    /// What a person decides.
    private static func byPerson(_ device: Int, using random: inout SeededGenerator) -> Step {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: .takeBack(device: device)
        case 1: .retry(device: device)
        case 2: .discard(device: device)
        case 3: .sync(device: device, seconds: Int.random(in: 1...300, using: &random))
        default: .reconnect(device: device)
        }
    }

    /// A fault of a device's network.
    private static func onNetwork(_ device: Int, using random: inout SeededGenerator) -> Step {
        let few = Int.random(in: 1...3, using: &random)
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<2: return .cut(device: device)
        case 2: return .cutAfterCalls(device: device, few)
        case 3..<6:
            let count = Int.random(in: 0...12, using: &random)
            return .cutAfterMessages(device: device, count)
        case 6..<8: return .partition(device: device)
        case 8..<10: return .heal(device: device)
        case 10: return .refuseConnections(device: device, count: few)
        case 11: return .dropEntries(device: device, few)
        case 12: return .doubleEntries(device: device, few)
        case 13:
            let percent = [0, 0, 10, 30].randomElement(using: &random) ?? 0
            return .disturb(device: device, percent: percent)
        default:
            let methods: [MethodName] = [
                .post, .post, .submitLane, .submitLane, .subscribe, .snapshot, .history, .describe,
                .signIn, .markRead,
            ]
            let method = methods.randomElement(using: &random) ?? .post
            let accident = Accident(using: &random)
            // A server that fails at a message every time is another matter than one that does so
            // now and then.
            if case .isRefused("server_error", _) = accident, few > 1 {
                return .meet(device: device, accident, .post, count: 12)
            }
            return .meet(device: device, accident, method, count: few)
        }
    }

    /// What happens to a device.
    private static func onDevice(_ device: Int, using random: inout SeededGenerator) -> Step {
        switch Int.random(in: 0..<8, using: &random) {
        case 0..<4:
            let commits = Int.random(in: 0...8, using: &random)
            let rest = milliseconds(using: &random) / 10
            return .kill(device: device, afterCommits: commits, restMilliseconds: rest)
        case 4: return .fillDisk(device: device)
        case 5: return .freeDisk(device: device)
        default:
            let days = [0, 0, 1, 40].randomElement(using: &random) ?? 0
            let span = 3_600 + days * 86_400
            return .jumpClock(device: device, seconds: .random(in: -span...span, using: &random))
        }
    }

    /// What happens to the server.
    private static func onServer(using random: inout SeededGenerator) -> Step {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<2: .refusePosts(count: Int.random(in: 1...2, using: &random))
        case 2: .restartServer(keepingSessions: Bool.random(using: &random))
        case 3: .expireSessions
        case 4..<6: .backUp
        case 6..<8: .restore
        default: .forget
        }
    }
}

extension Step.Accident {
    /// An accident by chance.
    fileprivate init(using random: inout SeededGenerator) {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: self = .losesCalls
        case 1: self = .losesReplies
        case 2: self = .comesTwice
        case 3: self = .comesLate(milliseconds: .random(in: 1...40_000, using: &random))
        case 4: self = .isRefused(reason: "overloaded", retryAfter: nil)
        default:
            let seconds = [nil, 2, 30, 100].randomElement(using: &random) ?? nil
            self = .isRefused(reason: "server_error", retryAfter: seconds)
        }
    }
}
