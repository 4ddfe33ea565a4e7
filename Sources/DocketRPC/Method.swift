/// A class of callers, as the method table names them.
package enum Caller: UInt8, CaseIterable, Sendable {
    /// Anybody, also before signing in.
    case anyone = 1
    /// A customer, on what is the customer's own.
    case contact = 2
    /// An employee who answers.
    case agent = 3
    /// An agent who leads others.
    case supervisor = 4
    /// An agent who configures the desk.
    case administrator = 5
    /// A channel that speaks for contacts.
    case integration = 6
    /// Another company's system.
    case partner = 7
}

/// Who may call a method.
package struct Callers: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Exactly these.
    package init(_ callers: Caller...) {
        rawValue = callers.reduce(0) { $0 | 1 << $1.rawValue }
    }

    /// Whether a connection that acts as `caller`, or as nobody, may call.
    package func allow(_ caller: Caller?) -> Bool {
        if rawValue & 1 << Caller.anyone.rawValue != 0 { return true }
        guard let caller else { return false }
        return rawValue & 1 << caller.rawValue != 0
    }
}

/// How many messages go each way.
package enum CallShape: String, CaseIterable, Sendable {
    /// One each way.
    case unary
    /// One to the server, any number back.
    case serverStreaming
    /// Any number to the server, one back.
    case clientStreaming
    /// Any number each way, at any time.
    case bidirectional
}

/// What the method table says of a method.
package struct Method: Hashable, Sendable {
    /// The full name, such as `docket.v1.Health/Check`.
    package let name: String
    /// The 32-bit FNV-1a hash of the name: what travels.
    package let hash: UInt32
    /// How many messages go each way.
    package let shape: CallShape
    /// Who may call it.
    package let callers: Callers
    /// The deadline of a call that names none; nil means none.
    package let defaultTimeout: Duration?
    /// Whether it changes something: its message carries a command's id, under which the same bytes
    /// take effect once.
    package let isCommand: Bool

    /// Describes a method; its hash is computed from the name.
    package init(
        _ name: String,
        _ shape: CallShape,
        callers: Callers,
        defaultTimeout: Duration?,
        isCommand: Bool = false
    ) {
        self.name = name
        hash = Self.hash(of: name)
        self.shape = shape
        self.callers = callers
        self.defaultTimeout = defaultTimeout
        self.isCommand = isCommand
    }

    /// 32-bit FNV-1a over the name's UTF-8.
    package static func hash(of name: String) -> UInt32 {
        name.utf8.reduce(0x811c_9dc5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }

    /// The name without its package, such as `Health/Check`.
    package var shortName: Substring {
        name[(name.lastIndex(of: ".").map(name.index(after:)) ?? name.startIndex)...]
    }
}

/// Who an authenticated connection acts as, as far as the calls' runtime has to know.
package final class CallerIdentity: Equatable, Sendable {
    /// The class by which methods name their callers.
    package let caller: Caller
    /// The principal's UUIDv7, 16 bytes.
    package let id: [UInt8]
    /// What the layer that made the identity knows of it beside that.
    package let details: any AnyObject & Sendable

    /// Names a principal.
    package init(caller: Caller, id: [UInt8], details: any AnyObject & Sendable) {
        self.caller = caller
        self.id = id
        self.details = details
    }

    package static func == (left: CallerIdentity, right: CallerIdentity) -> Bool {
        left.caller == right.caller && left.id == right.id && left.details === right.details
    }
}
