/// What stands at the bottom of the screen while a person types.
public struct Prompt: Hashable, Sendable {
    /// Where the status line stands.
    public enum StatusPlacement: Hashable, Sendable, CaseIterable {
        case above
        case below
    }

    /// One line about what goes on, shortened to the width of the screen; empty for none.
    public var status: TerminalText

    /// Where the status line stands.
    public var placement: StatusPlacement

    /// What stands before the draft.
    public var label: TerminalText

    /// What the person has written so far.
    public var draft: Draft

    /// Creates a prompt.
    ///
    /// - Parameters:
    ///   - draft: What the person has written so far.
    ///   - label: What stands before it.
    ///   - status: One line about what goes on; empty for none.
    ///   - placement: Where that line stands.
    public init(
        _ draft: Draft,
        label: TerminalText = "> ",
        status: TerminalText = "",
        placement: StatusPlacement = .above
    ) {
        self.draft = draft
        self.label = label
        self.status = status
        self.placement = placement
    }
}
