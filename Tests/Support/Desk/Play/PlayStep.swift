import DocketDomain

/// Who does a step of a play, by the part they have in it.
package enum PlayActor: Hashable, Sendable {
    /// Whoever speaks for the contact of the conversation or request.
    case owner
    /// One of the contacts.
    case contact(Int)
    /// One of the agents.
    case agent(Int)
    /// The agent who has the request, or any where nobody has.
    case assignee
    /// The channel's integration.
    case integration
    /// Another company's system.
    case partner
    /// The desk itself, which never asks from outside.
    case desk
}

/// One change of a request's edit in a play; numbers choose among what there is.
package enum PlayEdit: Hashable, Sendable {
    /// Give it a title, or take it away.
    case title(String?)
    /// Say what it is about, or that nothing is said.
    case topic(Int?)
    /// Say what sort of matter it is, or that nothing is said.
    case type(Int?)
    /// Say how urgent it is.
    case priority(Int)
    /// Fill a field, or empty it.
    case field(Int, value: Int?)
    /// Add a tag.
    case addTag(Int)
    /// Remove a tag.
    case removeTag(Int)
    /// Let an agent watch it.
    case addWatcher(Int)
    /// Let an agent stop watching it.
    case removeWatcher(Int)
    /// Let it concern another contact.
    case addParticipant(Int)
    /// Let it no longer concern another contact.
    case removeParticipant(Int)
}

/// What a new request of a play says of itself; numbers choose among what there is.
package struct PlayCreation: Hashable, Sendable {
    /// Its kind.
    package var kind: Int
    /// Its channel.
    package var channel: Int
    /// Whose it is.
    package var contact: Int
    /// What it is about.
    package var topic: Int?
    /// What sort of matter it is.
    package var type: Int?
    /// How urgent it is.
    package var priority: Int?
    /// Whether it has a title.
    package var hasTitle: Bool
    /// The fields that are filled, which also says with what.
    package var fields: [Int]
    /// Its tags.
    package var tags: [Int]
    /// Whether the contact is to hear nothing of it.
    package var isInternal: Bool
    /// The request it is made from.
    package var source: Int?
}

/// What somebody asks for in a play.
///
/// Requests are counted from the newest, everything else from the first, and every number is taken
/// modulo how many there are: a step keeps a meaning when others before it are left out.
package enum PlayCommand: Hashable, Sendable {
    /// Give a conversation on a channel.
    case open(channel: Int)
    /// Say something in a conversation.
    case post(conversation: Int, hasTitle: Bool)
    /// Say something in a request that is named.
    case answer(request: Int, text: Int)
    /// Open a request on purpose.
    case create(PlayCreation)
    /// Become the assignee.
    case take(Int)
    /// Make an agent the assignee, or nobody.
    case assign(Int, to: Int?)
    /// Look at a request.
    case view(Int)
    /// Set a status, perhaps until so many seconds later.
    case setStatus(Int, status: Int, hasReason: Bool, wakeAfter: Int?)
    /// Finish a chat.
    case finish(Int, status: Int?)
    /// Write an internal comment.
    case note(Int)
    /// Change what a request is about.
    case edit(Int, [PlayEdit])
    /// Split off what was said since a finished chat was begun anew.
    case splitNewMessages(Int)
    /// Split off the messages whose bits are set.
    case splitMessages(Int, chosen: UInt64)
    /// Merge a request with another, or with the one before it.
    case merge(Int, with: Int?)
    /// Link two requests.
    case link(Int, kind: Int, other: Int)
    /// Take a link away.
    case unlink(Int, link: Int)
    /// Remove a request.
    case delete(Int)
    /// Bring a request back.
    case restore(Int)
    /// Say how far one has read.
    case markRead(conversation: Int, upTo: UInt64)
    /// Say how far everything has arrived.
    case markReceived(conversation: Int, upTo: UInt64)
}

/// One step of a play.
package enum PlayStep: Hashable, Sendable {
    /// Somebody asks for something, perhaps at the version they have seen, or at another.
    case ask(PlayCommand, by: PlayActor, atVersion: Int?)
    /// Time passes and timers fire.
    case wait(seconds: Int)
    /// What was asked so many commands ago is asked again under the same id.
    case again(Int)
    /// One of the play's policies comes into force.
    case apply(policy: Int)
}

extension PlayStep: CustomStringConvertible {
    /// The step as people read it.
    package var description: String {
        switch self {
        case .ask(let command, let actor, let version):
            let suffix = version.map { ", at version +\($0)" } ?? ""
            return "\(actor) asks: \(command)\(suffix)"
        case .wait(let seconds): return "\(seconds) s pass"
        case .again(let back): return "the command before the last \(back) is asked again"
        case .apply(let policy): return "policy \(policy) is applied"
        }
    }
}
