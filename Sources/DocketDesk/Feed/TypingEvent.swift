internal import DocketDomain
internal import DocketMessages
internal import DocketStore
internal import Foundation
internal import SwiftProtobuf

extension Desk {
    /// The encoded event that somebody is typing.
    ///
    /// It has no place in the log.
    static func typingEvent(
        by principal: Principal,
        in conversation: ConversationID,
        at now: Timestamp
    ) -> Data {
        var event = Docket_V1_Event()
        event.atMilliseconds = now.milliseconds
        event.actor = Docket_V1_Actor(principal.party)
        event.conversationID = conversation.data
        event.typingStarted = Docket_V1_TypingStarted()
        return (try? event.serializedBytes()) ?? Data()
    }
}
