/// The bounds of a connection within the process; the defaults are those of the wire.
package struct InProcessLimits: Equatable, Sendable {
    /// The longest message, in bytes.
    package var maximumMessage = 4 << 20
    /// The credit with which each direction of a call starts, in cost units.
    package var streamCredit = 65_536
    /// Calls that may be in progress before the connection has signed in.
    package var callsBeforeSignIn = 8
    /// Calls that may be in progress once the connection has signed in.
    package var calls = 100
    /// Calls that may wait for others to end before more are refused.
    package var waitingCalls = 10_000

    /// The defaults.
    package init() {}
}
