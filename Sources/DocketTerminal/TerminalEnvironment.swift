internal import Glibc

/// What the environment of the process says about its terminal.
public struct TerminalEnvironment: Hashable, Sendable {
    /// The value of `TERM`.
    public var term: String?

    /// The value of `NO_COLOR`.
    public var noColour: String?

    /// Creates an environment.
    public init(term: String?, noColour: String?) {
        self.term = term
        self.noColour = noColour
    }

    /// The environment of this process.
    public static var current: TerminalEnvironment {
        TerminalEnvironment(term: variable("TERM"), noColour: variable("NO_COLOR"))
    }

    /// Whether the terminal cannot move its cursor, or nothing is known of it.
    public var isDumb: Bool { ["", "dumb"].contains(term ?? "") }

    /// Whether the person wants no colours from any program.
    var refusesColours: Bool { !(noColour ?? "").isEmpty }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
