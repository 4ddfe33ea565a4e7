internal import DocketClient
internal import DocketTerminal

/// The column that tells who speaks.
///
/// It stands before every name: whatever people call themselves, what they say begins with another
/// sign than what the desk says.
enum Speech {
    /// Stands before what the desk or the program tells, and before notes.
    static let desk: TerminalText = "-"

    /// Stands before what somebody says.
    static func sign(isOwn: Bool) -> TerminalText { isOwn ? ">" : "<" }

    /// What people see of a party: the desk itself has no name of its own.
    static func name(of party: Party?) -> TerminalText {
        guard let party, party.kind != .desk || !party.name.isEmpty else { return "the desk" }
        return "\(party.name)"
    }
}
