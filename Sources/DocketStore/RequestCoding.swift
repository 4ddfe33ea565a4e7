package import DocketDomain
package import DocketMessages
internal import SwiftProtobuf

extension Docket_V1_Request {
    /// The request as others see it.
    package init(_ request: SupportRequest) {
        self.init()
        id = request.id.data
        number = request.number
        conversationID = request.conversation.data
        status = request.status
        category = Docket_V1_StatusCategory(request.category)
        if let agent = request.assignee { assignee = Docket_V1_Actor(agent.party) }
        version = request.version
        openedMilliseconds = request.openedAt.milliseconds
        changedMilliseconds = request.changedAt.milliseconds
        contact = Docket_V1_Actor(request.contact.party)
        sequence = request.sequence
        description_p = request.description
        channel = request.channel
    }
}

extension Docket_V1_Conversation {
    /// A conversation with its newest request, as others see them.
    package init(_ conversation: Conversation, newestRequest request: SupportRequest?) {
        self.init()
        id = conversation.id.data
        contact = Docket_V1_Actor(conversation.contact.party)
        channel = conversation.channel
        if let request { newestRequest = Docket_V1_Request(request) }
    }
}
