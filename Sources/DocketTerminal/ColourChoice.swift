/// What a person said about colours, by `--color` or by saying nothing.
public enum ColourChoice: String, Hashable, Sendable, CaseIterable {
    /// Colours on a terminal that has them, unless `NO_COLOR` is set.
    case auto
    case always
    case never

    /// Whether to write colours.
    ///
    /// An explicit choice beats the environment; `NO_COLOR` counts when it is set and not empty
    /// (no-color.org).
    ///
    /// - Parameters:
    ///   - environment: What the environment says about the terminal.
    ///   - isTerminal: Whether the output is a terminal.
    /// - Returns: Whether to write colours.
    public func usesColours(in environment: TerminalEnvironment, isTerminal: Bool) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto: isTerminal && !environment.isDumb && !environment.refusesColours
        }
    }
}
