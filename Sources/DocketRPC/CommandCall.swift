package import DocketMessages
package import SwiftProtobuf

/// The message of a command, whatever it asks for.
package protocol CommandCall: SwiftProtobuf.Message, Sendable {
    /// The command's id, and the version that the caller has seen.
    var header: Docket_V1_CommandHeader { get }
}
