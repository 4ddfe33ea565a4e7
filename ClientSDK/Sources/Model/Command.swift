internal import DocketMessages
internal import FoundationEssentials

/// Something that a client asks the server to change.
///
/// Its id is its caller's: the server does what one id asks for once, and answers its repetitions
/// with the same verdict: for ever if something was created, for 37 days otherwise.
public enum Command {}

/// The id of a command that creates nothing; one that does has the id of what it creates.
///
/// The library makes one for each call and repeats the call with it until there is a verdict. Give
/// one yourself to go on after `outcomeUnknown`, or in another process: the same id with the same
/// arguments.
public typealias CommandID = Identifier<Command>

extension Docket_V1_CommandHeader {
    /// The header of a command.
    ///
    /// - Parameters:
    ///   - id: Its id, or the id of what it creates.
    ///   - version: The version at which its author saw what it changes; nil where any will do.
    init<Subject>(_ id: Identifier<Subject>, expecting version: UInt64? = nil) {
        self.init()
        commandID = Data(id.bytes)
        if let version { expectedVersion = version }
    }
}
