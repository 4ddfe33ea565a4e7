/// What happens at a terminal.
public enum TerminalEvent: Hashable, Sendable {
    /// A person pressed a key.
    case key(Key)
    /// The terminal has another size.
    case resized(TerminalSize)
    /// The process goes on after it was stopped; the screen may hold anything: paint it again.
    case resumed(TerminalSize)
    /// The process was told to end by this signal. The terminal is already as it was before.
    case interrupted(signal: Int32)
    /// There is no more input.
    case closed
}
