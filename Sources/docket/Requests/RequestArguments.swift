internal import ArgumentParser
internal import DocketClient
internal import DocketConsole

/// A moment, as it is written on a command line.
struct MomentArgument: ExpressibleByArgument {
    /// What was typed.
    let argument: String
    let text: MomentText

    init?(argument: String) {
        guard let text = MomentText(argument) else { return nil }
        self.argument = argument
        self.text = text
    }
}

/// What a field holds for the library; the policy's own type has the same name.
typealias FieldContent = FieldValue

/// What a field is to hold, as it is written on a command line.
struct FieldArgument: ExpressibleByArgument {
    private let text: FieldText

    init?(argument: String) {
        guard let text = FieldText(argument) else { return nil }
        self.text = text
    }

    var key: String { text.key }
    var value: String { text.value }
}

/// A kind of request, as it is written on a command line.
enum KindArgument: String, ExpressibleByArgument, CaseIterable {
    case chat
    case ticket
    case task

    /// The kind that the library knows.
    var kind: RequestKind {
        switch self {
        case .chat: .chat
        case .ticket: .ticket
        case .task: .task
        }
    }
}

/// A kind of link that people make, as it is written on a command line.
enum LinkArgument: String, ExpressibleByArgument, CaseIterable {
    case related
    case duplicate
    case parent
    case child

    /// The kind that the library knows.
    var kind: LinkKind {
        switch self {
        case .related: .related
        case .duplicate: .duplicate
        case .parent: .parent
        case .child: .child
        }
    }
}

/// The id of a message, as it is written on a command line.
struct MessageArgument: ExpressibleByArgument {
    let value: MessageID

    init?(argument: String) {
        guard let value = MessageID(argument) else { return nil }
        self.value = value
    }
}
