/// Writes plays: the same one for the same seed.
package struct PlayScript {
    private var random: SeededGenerator

    /// So many steps.
    package static func steps(_ count: Int, seed: UInt64) -> [PlayStep] {
        var script = PlayScript(random: SeededGenerator(seed: seed))
        return (0..<count).map { _ in script.step() }
    }

    // MARK: Chance

    private mutating func number(_ range: Range<Int>) -> Int {
        Int.random(in: range, using: &random)
    }

    private mutating func happens(_ parts: Int, of whole: Int) -> Bool {
        number(0..<whole) < parts
    }

    private mutating func maybe(_ range: Range<Int>) -> Int? {
        happens(1, of: 2) ? number(range) : nil
    }

    /// A request, more often one of the newest.
    private mutating func request() -> Int {
        happens(3, of: 4) ? number(0..<4) : number(0..<16)
    }

    // MARK: Steps

    private mutating func step() -> PlayStep {
        switch number(0..<100) {
        case 0..<9: return .wait(seconds: happens(1, of: 2) ? number(1..<120) : number(100..<4_000))
        case 9..<15: return .again(number(0..<8))
        case 15: return .apply(policy: number(0..<16))
        default: break
        }
        let command = command()
        let version = happens(1, of: 12) ? number(0..<2) : nil
        return .ask(command, by: actor(for: command), atVersion: version)
    }

    private mutating func command() -> PlayCommand {
        switch number(0..<52) {
        case 0..<11: return .post(conversation: number(0..<6), hasTitle: happens(1, of: 2))
        case 11..<19: return .answer(request: request(), text: number(0..<900))
        case 19, 20, 21: return .create(creation())
        case 22, 23, 24: return .take(request())
        case 25, 26, 27: return .assign(request(), to: maybe(0..<4))
        case 28, 29: return .view(request())
        case 30, 31, 32, 33: return status()
        case 34, 35, 36: return .finish(request(), status: maybe(0..<12))
        case 37: return .note(request())
        case 38, 39, 40: return .edit(request(), (0..<number(1..<4)).map { _ in edit() })
        case 41, 42: return .splitNewMessages(request())
        case 43: return .splitMessages(request(), chosen: random.next())
        case 44, 45: return .merge(request(), with: maybe(0..<6))
        case 46: return .link(request(), kind: number(0..<10), other: request())
        case 47: return .unlink(request(), link: number(0..<4))
        case 48: return .delete(request())
        case 49: return .restore(request())
        case 50: return .markRead(conversation: number(0..<6), upTo: UInt64(number(0..<300)))
        default: return last()
        }
    }

    private mutating func last() -> PlayCommand {
        happens(1, of: 4)
            ? .open(channel: number(0..<8))
            : .markReceived(conversation: number(0..<6), upTo: UInt64(number(0..<300)))
    }

    private mutating func status() -> PlayCommand {
        .setStatus(
            request(),
            status: number(0..<12),
            hasReason: happens(2, of: 3),
            wakeAfter: happens(1, of: 3) ? number(-10..<2_000) : nil
        )
    }

    private mutating func creation() -> PlayCreation {
        PlayCreation(
            kind: happens(1, of: 8) ? 2 : number(0..<2),
            channel: number(0..<8),
            contact: number(0..<4),
            topic: maybe(0..<6),
            type: happens(1, of: 3) ? number(0..<4) : nil,
            priority: happens(1, of: 3) ? number(0..<4) : nil,
            hasTitle: happens(3, of: 4),
            fields: (0..<number(0..<4)).map { _ in number(0..<8) },
            tags: (0..<number(0..<2)).map { _ in number(0..<4) },
            isInternal: happens(1, of: 4),
            source: happens(1, of: 3) ? request() : nil
        )
    }

    private mutating func edit() -> PlayEdit {
        switch number(0..<12) {
        case 0: return .title(happens(2, of: 3) ? "title \(number(0..<9))" : nil)
        case 1: return .topic(maybe(0..<6))
        case 2: return .type(maybe(0..<4))
        case 3: return .priority(number(0..<5))
        case 4, 5: return .field(number(0..<8), value: happens(3, of: 4) ? number(0..<9) : nil)
        case 6: return .addTag(number(0..<4))
        case 7: return .removeTag(number(0..<4))
        case 8: return .addWatcher(number(0..<4))
        case 9: return .removeWatcher(number(0..<4))
        case 10: return .addParticipant(number(0..<4))
        default: return .removeParticipant(number(0..<4))
        }
    }

    // MARK: People

    /// Mostly whoever may ask for it, and now and then anybody.
    private mutating func actor(for command: PlayCommand) -> PlayActor {
        guard !happens(1, of: 10) else { return anybody() }
        switch command {
        case .open: return happens(1, of: 3) ? .integration : .contact(number(0..<3))
        case .post: return .owner
        case .create:
            switch number(0..<6) {
            case 0, 1, 2: return .agent(number(0..<4))
            case 3: return .contact(number(0..<3))
            case 4: return .integration
            default: return .partner
            }
        case .markRead, .markReceived: return happens(1, of: 2) ? .owner : .agent(number(0..<4))
        case .answer where happens(1, of: 4): return .owner
        case .answer, .take, .assign, .view, .setStatus, .finish, .note, .edit, .splitNewMessages,
            .splitMessages, .merge, .link, .unlink, .delete, .restore:
            return happens(2, of: 3) ? .assignee : .agent(number(0..<4))
        }
    }

    private mutating func anybody() -> PlayActor {
        switch number(0..<7) {
        case 0: .owner
        case 1: .contact(number(0..<3))
        case 2: .agent(number(0..<4))
        case 3: .assignee
        case 4: .integration
        case 5: .partner
        default: .desk
        }
    }
}
